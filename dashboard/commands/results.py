"""`python -m dashboard results MODEL`: compute the results that pages show, into the model's folder."""

from __future__ import annotations

import sys
import time

import click

from dashboard.commands.group import ended_tidily
from dashboard.errors import InputError
from dashboard.settings import WEIGHTS, load_settings


@click.command
@click.argument("model")
@click.option("--bases", type=click.IntRange(20, 5000), help="Random faces that each slider is moved on. [500]")
@click.option("--judged", type=click.IntRange(1, 5000), help="How many of these a judge also scores. [200]")
@click.option("--anew", is_flag=True, help="Recompute existing results.")
@click.option("--check", is_flag=True, help="Compute nothing: list missing or stale results, with exit status 1.")
def results(model: str, bases: int | None, judged: int | None, anew: bool, check: bool) -> None:
    """Compute the results that the pages show of MODEL, a name or a folder, and store them in the folder's results/.

    A server of the model then shows numbers immediately. Existing results are kept; an interrupted run continues with
    the missing ones.
    """
    from dashboard.commands.tour import make_tour
    from dashboard.entanglement.rescoring_results import BASES
    from dashboard.jobs.shipped_results import JUDGED, compute, missing, tasks_of, versions
    from dashboard.library.shipped_collection import FILE
    from dashboard.serving.open_model import first_seed
    from dashboard.stores.shipped_results import FOLDER, drop_stale, shipped_results, stale_results
    from dashboard.synthesis.installed_models import find_model
    from dashboard.synthesis.model_folder import open_model

    settings = load_settings()
    found = open_model(find_model(model, (WEIGHTS, settings.home / "models")))
    tasks = list(tasks_of(found, bases or BASES, judged or JUDGED))
    if not tasks:
        found.require_scorer()
        raise InputError(f"Expected a model with a bank or a scorer. Received: {found.name}. It has no results.")
    if check:
        stale = stale_results(found, versions())
        wanted = [task for task in tasks if missing(task, found)]
        for line in (*stale, *(f"{task.title}: not there." for task in wanted)):
            click.echo(line)
        sys.exit(1 if stale or wanted else 0)
    for line in drop_stale(found, versions()):
        click.echo(f"{line} It was removed.")
    wanted = [task for task in tasks if anew or missing(task, found)]
    with ended_tidily():
        for number, task in enumerate(wanted, 1):
            head = f"{number} of {len(wanted)}: {task.title}"
            seconds = compute(task, found, _PrintedProgress(head))
            click.echo(f"{head}, {seconds:.0f} s")
    made = make_tour(found, first_seed(found))
    if made is not None:
        (found.path / FILE).write_bytes(made)
        click.echo(f"{found.name}: a collection of slides, in {found.path / FILE}")
    held = sum(file.stat().st_size for file in (found.path / FOLDER).rglob("*") if file.is_file())
    click.echo(f"{found.name}: {len(shipped_results(found))} results, {held / 1e6:.1f} MB, in {found.path / FOLDER}")


class _PrintedProgress:
    """Progress of a task: one line on a terminal, otherwise a line every half minute."""

    APART = 30.0

    def __init__(self, head: str) -> None:
        self._head, self._begun = head, time.perf_counter()
        self._last = self._begun

    def __call__(self, fraction: float, step: str) -> None:
        now = time.perf_counter()
        left = (now - self._begun) * (1 - fraction) / fraction if fraction > 0.02 else None
        words = f"{self._head}: {100 * fraction:.0f} %, {step}" + (f", {left / 60:.1f} min left" if left else "")
        if sys.stderr.isatty():
            click.echo(f"\r\033[K{words}" + ("\r\033[K" if fraction >= 1 else ""), nl=False, err=True)
        elif now - self._last >= self.APART:
            self._last = now
            click.echo(words, err=True)

"""`python -m dashboard report MODEL`: findings, figures and methods as one file, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dashboard.errors import InputError, NotFound
from dashboard.settings import WEIGHTS, load_settings


@click.command
@click.argument("model")
@click.option("--out", type=click.Path(path_type=Path), help="File to write, .html or .md. [MODEL-report.html]")
@click.option(
    "--judge", "by", type=click.Choice(["scorer", "judge"]), default="scorer", show_default=True, help="Who read."
)
def report(model: str, out: Path | None, by: str) -> None:
    """Write a report of MODEL, a name or a folder: findings, methods, and a paragraph for a methods section.

    It uses existing measurements of the pages or of `results`.
    """
    from dashboard import __version__
    from dashboard.entanglement.bias_audit import targets_of
    from dashboard.entanglement.judges import judge_of, judges_of, other_judge
    from dashboard.entanglement.report import packed
    from dashboard.entanglement.report import report as written
    from dashboard.entanglement.rescoring_results import KIND, Measured, measured_of, rescoring_params
    from dashboard.jobs.registry import kind_of
    from dashboard.stores.result import Origin, model_parts
    from dashboard.stores.result_lookup import find_result
    from dashboard.stores.shipped_results import find_shipped
    from dashboard.synthesis.installed_models import find_model
    from dashboard.synthesis.model_folder import open_model

    settings = load_settings()
    found = open_model(find_model(model, (WEIGHTS, settings.home / "models")))
    path = out or Path(f"{found.name}-report.html")
    if path.suffix not in (".html", ".md"):
        raise click.UsageError(f"Expected a file .html or .md. Received: {path.name}. Choose one.")
    kind = kind_of(KIND)
    found.require_scorer()
    judges = judges_of(found)
    if not found.names:
        raise InputError(f"Expected a model with directions. Received: {model}, which has none. Choose another.")
    judge = judge_of(judges, by)
    if judge.word != by:
        raise InputError(f"Expected a model with a {by}. Received: {found.name}. Leave --judge out.")
    second = other_judge(judges, judge)

    def run_of(held: tuple[str, ...], reader: str) -> Measured | None:
        params = kind.canonical(rescoring_params(held, None, reader), found)
        origin = Origin(KIND, kind.version, model_parts(found), params)
        kept = find_shipped(origin, found, kind.loose) or find_result(settings.home / "cache" / "jobs", origin)
        return None if kept is None else measured_of(kept.arrays(), found, reader)

    held = tuple(target.name for target in targets_of(found))
    runs = [run_of((), judge.by), run_of(held, judge.by) if held else None]
    given: dict[str, Any] = {
        "judge": judge.words,
        "other": None if second is None else run_of((), second.by),
        "alone": {name: run_of((name,), judge.by) for name in held},
    }
    if runs[0] is None:
        raise NotFound(
            f"Expected measured effects of {found.name}. Received: none. Run python -m dashboard results {model} first."
        )
    if path.suffix == ".html":
        path.write_text(written(found, runs[0], runs[1], __version__, "html", **given), encoding="utf-8")
    else:
        for name, text in packed(found, runs[0], runs[1], __version__, **given).items():
            file = path if name.endswith(".md") else path.parent / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    click.echo(f"{path}: {runs[0].bases:,} people")

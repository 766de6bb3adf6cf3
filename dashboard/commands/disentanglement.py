"""`python -m dashboard disentanglement MODEL...`: published measures of models' codes, as a table."""

from __future__ import annotations

import click

from dashboard.errors import InputError
from dashboard.settings import WEIGHTS, load_settings

FACES_HEAD = "| model | linear separability | path length | standard error | at half the step | pairs |"


@click.command
@click.argument("models", nargs=-1, required=True)
@click.option("--pairs", type=click.IntRange(10, 5000), default=100, show_default=True, help="Of the path length.")
def disentanglement(models: tuple[str, ...], pairs: int) -> None:
    """Measure how disentangled the codes of MODELS are, by their own scorers and by true labels, if any."""
    from dashboard.entanglement.disentanglement_results import (
        KIND,
        MEASURES,
        VERSION,
        ModelDisentanglement,
        can_be_measured,
        disentanglement_of,
    )
    from dashboard.jobs.kinds.disentanglement import run
    from dashboard.jobs.shipped_results import DirectWork
    from dashboard.stores.result import Origin, model_parts
    from dashboard.synthesis.installed_models import find_model
    from dashboard.synthesis.model_folder import open_model

    folders = (WEIGHTS, load_settings().home / "models")
    compared = [open_model(find_model(name, folders)) for name in models]
    for model in compared:
        model.require_scorer()
        if not can_be_measured(model):
            raise InputError(
                f"Expected models with directions, a scorer and a bank. Received: {model.name}. Leave it out."
            )
    measured: list[tuple[str, ModelDisentanglement]] = []
    for model in compared:
        work = DirectWork(
            Origin(KIND, VERSION, model_parts(model), {"pairs": pairs, "seed": 0}), model, lambda *_: None
        )
        run(work)  # type: ignore[arg-type]  # has the parts of `Work` that a job's function uses
        measured.append((model.name, disentanglement_of(work.arrays)))
    click.echo(f"| model | codes | factors | {' | '.join(MEASURES)} | faces |\n|{'---|' * (4 + len(MEASURES))}")
    for name, found in measured:
        for row in found.rows:
            numbers = " | ".join(f"{number:.2f}" for number in row.numbers)
            click.echo(f"| {name} | {row.codes} ({row.count}) | {row.factors} | {numbers} | {row.faces:,} |")
    click.echo(f"\n{FACES_HEAD}\n|{'---|' * 6}")
    for name, found in measured:
        click.echo(
            f"| {name} | {found.separability:.2f} over {found.binary} | {found.length:.1f} | {found.error:.1f} | "
            f"{found.halved:.1f} | {found.pairs} |"
        )

"""``python -m training home``: convert an accelerated run to a run that fit, measure and publish read."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="What `accelerated` left in its --out.")
@click.option("--run", "folder", type=click.Path(path_type=Path), required=True, help="Working folder to make.")
@click.option("--average", default="average-adversarial-256", show_default=True, help="Which averaged generator.")
def command(out: Path, folder: Path, average: str) -> None:
    """Unpack networks, scorer, judge and logs of an accelerated run. With --average average-pairs-256 it is the
    network before the adversarial stage."""
    from training.accelerated.kept import bring_home

    recipe = bring_home(out, folder, average)
    click.echo(f"{average} in {folder / 'train'}, {recipe.total} faces shown, {recipe.alone} of them on pairs alone.")

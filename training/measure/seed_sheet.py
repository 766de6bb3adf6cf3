"""``python -m training.measure seeds``: the faces of many seeds in one picture, to choose the first face from."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

COLUMNS = 20
"""Faces a row: the seed is COLUMNS times the row plus the column."""


@click.command()
@click.option("--run", type=click.Path(path_type=Path), required=True, help="Folder of a run: train, scorer, judge.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The sheet, WebP.")
@click.option("--count", default=200, show_default=True, help="Seeds from 0 on.")
@click.option("--side", default=128, show_default=True, help="Of each face in pixels, at most.")
def command(run: Path, out: Path, count: int, side: int) -> None:
    """Draw the faces of seeds 0 and on, 20 a row, the row's first seed next to it."""
    from training.pictures import open_pictures
    from training.shards import reduce
    from training.sheets import save_sheet
    from training.trained import read_published

    trained, _, _ = read_published(*(run / name for name in ("train", "scorer", "judge")))
    pictures = open_pictures(trained.config, trained.networks["Gs"])
    latents = np.concatenate(
        [np.random.RandomState(seed).randn(1, trained.config.latent_size) for seed in range(count)]
    )
    images = reduce(pictures.bytes(latents), min(side, trained.config.resolution))
    names = [f"{first} to {min(first + COLUMNS, count) - 1}" for first in range(0, count, COLUMNS)]
    save_sheet(out, images, COLUMNS, names)
    click.echo(f"{count} seeds in {out}.")

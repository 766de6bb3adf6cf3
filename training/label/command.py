"""``python -m training label``."""

from __future__ import annotations

import os
from pathlib import Path

import click
import numpy as np


@click.command()
@click.option("--faces", type=click.Path(path_type=Path), required=True, help="Data set that the render step wrote.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the scorer.")
@click.option("--size", default=64, show_default=True, help="Pixels a side of the picture the scorer looks at.")
@click.option("--channels", default="32,64,96,128", show_default=True, help="Feature maps of each convolution.")
@click.option("--epochs", default=30, show_default=True)
@click.option("--seed", default=1, show_default=True)
def command(faces: Path, out: Path, size: int, channels: str, epochs: int, seed: int) -> None:
    """Train the scorer on rendered faces and measure it on held-out ones. Goes on where it was stopped."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from tqdm import tqdm

    from training.errors import TrainingError
    from training.label.scorer import Lesson, train_scorer
    from training.label.truth import Truth, read_truth
    from training.train.data import open_shards, reduce

    truth = read_truth(faces)
    images = np.concatenate([reduce(shard, size) for shard in open_shards(faces)])
    # A data set that is still being rendered has labels of faces that are not there yet, or the other way round.
    n = min(len(images), len(truth.values))
    truth = Truth(truth.names, truth.groups, truth.kinds, truth.values[:n])
    try:
        widths = tuple(int(width) for width in channels.split(","))
        with tqdm(total=epochs, unit=" epochs") as bar:

            def told(epoch: int, loss: float) -> None:
                bar.update(epoch - bar.n)
                bar.set_postfix_str(f"loss {loss:.4f}")

            scorer = train_scorer(images[:n], truth, Lesson(widths, epochs, seed), out, told)
    except ValueError as error:
        raise TrainingError(str(error)) from error
    scorer.write(out)
    for name, figures in scorer.figures.items():
        for figure, value in figures.items():
            click.echo(f"{name:20} {figure.upper():4} {value:.3f}")

"""``python -m training label``."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
from click.core import ParameterSource

from training.label.truth import Truth, read_truth
from training.precision import precision_option

if TYPE_CHECKING:
    from training.label.lesson import Lesson
    from training.label.scorer import Scorer


@click.command()
@click.option("--faces", type=click.Path(path_type=Path), help="Data set that the render step wrote.")
@click.option("--celeba", type=click.Path(path_type=Path), help="Folder of CelebA, instead of --faces.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the scorer.")
@click.option(
    "--judge", is_flag=True, help="Train the second scorer: another architecture, another split of the faces."
)
@click.option(
    "--published",
    type=click.Path(path_type=Path),
    help="Model folder whose scorer, or with --judge its judge, is measured on all of --faces; nothing is trained.",
)
@click.option("--size", default=64, show_default=True, help="Pixels a side of the picture the scorer looks at.")
@click.option("--channels", help="Feature maps of each convolution, such as 32,64,96,128.")
@click.option("--residual", type=click.IntRange(0, 8), help="Residual blocks after each convolution.")
@click.option("--epochs", type=click.IntRange(1), help="Passes over the training faces.")
@click.option("--seed", type=int, help="Of weights, order and augmentation.")
@precision_option
def command(
    faces: Path | None, celeba: Path | None, out: Path, judge: bool, published: Path | None, size: int,
    channels: str | None, residual: int | None, epochs: int | None, seed: int | None, precision: str,
) -> None:  # fmt: skip
    """Train the scorer on rendered faces, or on CelebA, and measure it on held-out ones. Resumes where it stopped.

    Defaults are in training/label/lesson.py; they differ between the scorer and the judge. With --published, give faces
    of another --seed than those that the network learned from.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from training.errors import TrainingError
    from training.label.lesson import JUDGE, SCORER

    if (faces is None) == (celeba is None):
        raise TrainingError(f"Expected either --faces or --celeba. Received: {'both' if faces else 'neither'}.")
    if published is not None:
        _refuse_settings()
        scorer = _measured(published, judge, faces)
    else:
        truth, images = rendered(faces, size) if faces else of_celeba(celeba, size, out)  # type: ignore[arg-type]
        try:
            widths = tuple(int(width) for width in channels.split(",")) if channels else None
            given = {"channels": widths, "residual": residual, "epochs": epochs, "seed": seed, "precision": precision}
            lesson = replace(JUDGE if judge else SCORER, **{k: v for k, v in given.items() if v is not None})
            scorer = _trained(truth, images, lesson, out)
        except ValueError as error:
            raise TrainingError(str(error)) from error
    scorer.write(out)
    for name, figures in scorer.figures.items():
        for figure, value in figures.items():
            click.echo(f"{name:20} {figure.upper():4} {value:.3f}")


def _trained(truth: Truth, images: np.ndarray, lesson: Lesson, out: Path) -> Scorer:
    from tqdm import tqdm

    from training.label.learning import train_scorer

    # While a data set is being rendered, labels and pictures may differ in number.
    n = min(len(images), len(truth.values))
    with tqdm(total=lesson.epochs, unit=" epochs", bar_format="{l_bar}{bar}| {n:.2f} of {total} epochs [{elapsed}"
              "<{remaining}{postfix}]") as bar:  # fmt: skip

        def progress(done: float, loss: float) -> None:
            bar.update(done - bar.n)
            bar.set_postfix_str(f"loss {loss:.4f}", refresh=False)

        return train_scorer(images[:n], truth.first(n), lesson, out, progress)


def _refuse_settings() -> None:
    """Raise TrainingError if settings of a training came along, which would have no effect."""
    from training.errors import TrainingError

    context = click.get_current_context()
    settings = ("size", "channels", "residual", "epochs", "seed")
    if given := [name for name in settings if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]:
        raise TrainingError(f"Expected --published without --{', --'.join(given)}: nothing is trained. Received: both.")


def _measured(folder: Path, judge: bool, faces: Path | None) -> Scorer:
    from training.errors import TrainingError
    from training.label.published import measure_network, read_network

    if faces is None:
        raise TrainingError("Expected --faces with --published. Received: --celeba.")
    truth = read_truth(faces)  # reports a missing or malformed data set
    described = json.loads((faces / "dataset.json").read_text(encoding="utf-8"))
    config, variables = read_network(folder, judge, described["seed"])
    images = pictures_of(faces, config.size)
    n = min(len(images), len(truth.values))
    return measure_network(config, variables, images[:n], truth.first(n))


def rendered(faces: Path, size: int) -> tuple[Truth, np.ndarray]:
    """Return the labels and pictures uint8 (n, size, size, 3) of a data set that the render step wrote."""
    return read_truth(faces), pictures_of(faces, size)


def pictures_of(faces: Path, size: int) -> np.ndarray:
    """Return the pictures uint8 (n, size, size, 3) of a data set that the render step wrote."""
    from training.shards import open_shards, reduce

    return np.concatenate([reduce(shard, size) for shard in open_shards(faces)])


def of_celeba(folder: Path, size: int, out: Path) -> tuple[Truth, np.ndarray]:
    """Return the labels and pictures uint8 (n, size, size, 3) of CelebA; the pictures are kept next to the scorer."""
    from tqdm import tqdm

    from training.label.celeba import read_celeba, read_pictures

    truth, files = read_celeba(folder)
    with tqdm(total=len(files), unit=" pictures") as bar:
        return truth, read_pictures(files, size, out / f"celeba-{size}.npy", bar.update)

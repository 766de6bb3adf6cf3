"""``python -m training codes``: the code of every rendered face, its part of a latent, for training on pairs.

A rendered face is drawn from standard normal numbers (``training.render.chance``); they are its code. So a random
latent represents a face that is as likely as those of the data set, and attributes that are correlated in the data set
(beards and men) are correlated in the generator's faces, as in a generator trained on pictures.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import numpy as np

from training.errors import TrainingError
from training.render.dataset import read_plan

NAME = "codes.npy"


def codes_of(folder: Path, progress: bool = True) -> np.ndarray:
    """Return the codes of a data set, float32 (n, K).

    Args:
        folder: of the data set.
        progress: show a progress bar.
    """
    from tqdm import tqdm

    plan = read_plan(folder)
    faces = tqdm(range(plan.n), unit=" faces", file=sys.stderr, mininterval=1.0, disable=not progress)
    return np.stack([plan.code(index) for index in faces])


def read_codes(folder: Path, room: int) -> np.ndarray:
    """Return the codes of a data set, float32 (n, K), memory-mapped.

    Raises:
        TrainingError: there are none, or they have more numbers than ``room``, the latent's size.
    """
    path = folder / NAME
    if not path.is_file():
        raise TrainingError(f"Expected {NAME} in {folder}. Received: no such file. Run the codes step first.")
    codes = np.load(path, mmap_mode="r", allow_pickle=False)
    if codes.dtype != np.float32 or codes.ndim != 2 or codes.shape[1] > room:
        raise TrainingError(f"Expected float32 (n, at most {room}) in {path}. Received: {codes.dtype} {codes.shape}.")
    return codes


@click.command()
@click.option("--faces", type=click.Path(path_type=Path), help="Data set that the render step wrote.")
@click.option("--slopes", is_flag=True, help="Only print how well a straight line tells each drawn number from a code.")
def command(faces: Path | None, slopes: bool) -> None:
    """Write codes.npy into a data set: the part of each face's latent in training on pairs."""
    if slopes:
        from training.render.slopes import measure_slopes, table

        click.echo(table(measure_slopes()))
        return
    if faces is None:
        raise TrainingError("Expected --faces with a data set, or --slopes. Received: neither.")
    codes = codes_of(faces)
    part = faces / f"{NAME}.{os.getpid()}.partial"
    with part.open("wb") as file:
        np.save(file, codes, allow_pickle=False)
    part.replace(faces / NAME)
    click.echo(f"{codes.shape[1]} numbers for each of {len(codes)} faces in {faces / NAME}.")

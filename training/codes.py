"""``python -m training codes``: for every rendered face a code, its own part of a latent, for training on pairs.

The traits of the faces (``training.render.traits``) become standard normal numbers by rank, where ties are broken by
chance; a choice among n becomes n numbers of which the chosen one is the largest; whitening takes out what is
correlated over the data set. A latent that is drawn at random then stands for a face about as likely as those of the
data set, and the data set's correlations (beards and men) stay in the faces, as in a generator trained on pictures.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
import numpy as np

from training.errors import TrainingError

NAME = "codes.npy"

FLOOR = 1e-3
"""Components with less than this share of the largest one's variance are what other traits tell already: left out."""


def by_rank(values: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Standard normal numbers (n, K) in the order of each column of ``values`` (n, K); equal values in random order."""
    from scipy.special import ndtri

    n = len(values)
    ranks = np.empty(values.shape, np.int64)
    for column in range(values.shape[1]):
        order = np.lexsort((random.random(n), values[:, column]))
        ranks[order, column] = np.arange(n)
    return ndtri((ranks + 0.5) / n)


def by_choice(chosen: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Numbers (n, count) whose largest is the chosen one's: normal noise in which it and the largest change places.

    Args:
        chosen: integers (n,) below ``count``.
        count: how many there are to choose from.
        random: source of chance.
    """
    rows, scores = np.arange(len(chosen)), random.standard_normal((len(chosen), count))
    largest = scores.argmax(1)
    scores[rows, largest], scores[rows, chosen] = scores[rows, chosen], scores[rows, largest].copy()
    return scores


def uncorrelated(numbers: np.ndarray) -> np.ndarray:
    """Whitened principal components (n, at most K) of the standardised columns of ``numbers`` (n, K)."""
    centred = (numbers - numbers.mean(0)) / np.maximum(numbers.std(0), 1e-9)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = values > FLOOR * values.max()
    return centred @ (vectors[:, kept] / np.sqrt(values[kept]))


def codes_of(assets: Path, folder: Path, progress: bool = True) -> np.ndarray:
    """The codes of a data set, float32 (n, K), uncorrelated.

    Args:
        assets: the folder from which the faces were rendered.
        folder: of the data set.
        progress: show a progress bar.
    """
    from tqdm import tqdm

    from training.render.dataset import read_plan
    from training.render.kit import load_kit
    from training.render.traits import choice_traits, scalar_traits, skin_names

    plan, kit = read_plan(folder), load_kit(assets)
    skins = skin_names(kit)
    scalars: list[np.ndarray] = []
    choices: list[dict[str, tuple[int, int]]] = []
    for index in tqdm(range(plan.n), unit=" faces", file=sys.stderr, mininterval=1.0, disable=not progress):
        person = plan.person(index)
        scalars.append(scalar_traits(kit, person, skins))
        choices.append(choice_traits(kit, person))
    random = np.random.default_rng(plan.seed)
    parts = [by_rank(np.stack(scalars), random)]
    for name, (_, count) in choices[0].items():
        parts.append(by_choice(np.array([choice[name][0] for choice in choices]), count, random))
    return uncorrelated(np.concatenate(parts, axis=1)).astype(np.float32)


def read_codes(folder: Path, room: int) -> np.ndarray:
    """The codes of a data set, float32 (n, K), memory-mapped.

    Raises:
        TrainingError: there are none, or more numbers than ``room``, the latent's size.
    """
    path = folder / NAME
    if not path.is_file():
        raise TrainingError(f"Expected {NAME} in {folder}. Received: no such file. Run the codes step first.")
    codes = np.load(path, mmap_mode="r", allow_pickle=False)
    if codes.dtype != np.float32 or codes.ndim != 2 or codes.shape[1] > room:
        raise TrainingError(f"Expected float32 (n, at most {room}) in {path}. Received: {codes.dtype} {codes.shape}.")
    return codes


@click.command()
@click.option("--assets", type=click.Path(path_type=Path), required=True, help="Asset folder of the render step.")
@click.option("--faces", type=click.Path(path_type=Path), required=True, help="Data set that the render step wrote.")
def command(assets: Path, faces: Path) -> None:
    """Write codes.npy into a data set: what each face's latent holds when the generator is trained on pairs."""
    codes = codes_of(assets, faces)
    part = faces / f"{NAME}.{os.getpid()}.partial"
    with part.open("wb") as stream:
        np.save(stream, codes, allow_pickle=False)
    part.replace(faces / NAME)
    click.echo(f"{codes.shape[1]} numbers for each of {len(codes)} faces in {faces / NAME}.")

"""``python -m training codes``: for every rendered face a code, its own part of a latent, for training on pairs.

A rendered face is drawn from standard normal numbers (``training.render.chance``); they are its code. So a latent that
is drawn at random stands for a face as likely as those of the data set, and what goes together in the data set (beards
and men) goes together in the generator's faces, as in a generator trained on pictures.

Colour and style of the hair are drawn as the largest of several numbers. The code tells them by a tree of questions
(long or short, with bangs or without, ...), each answered by whether a normal number is below a threshold: such numbers
as would have led to the very choice. So long hair and bangs have a number each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np

from training.errors import TrainingError
from training.render.chance import largest
from training.render.dataset import Plan, read_plan
from training.render.hair import style_shares
from training.render.person import (
    COLOUR_NUMBERS,
    PERSON_NUMBERS,
    STYLE_NUMBERS,
    begin,
    natural_shares,
    stream,
)

NAME = "codes.npy"

STREAMS = {
    **{"individual shape": 82, "light": 27, "looks": 15, "skins": 15, "brow": 12, "background": 9, "cloth": 8},
    **{"glasses": 8, "frames": 7, "camera": 6, "hair wave": 3, "gaze": 2, "iris": 1, "hair tips": 1},
    **{"brow colour": 1, "skin": 1, "teeth": 1},
}
"""How many numbers of a person's chance for each purpose count. What is left out (asymmetry, lashes) hardly shows."""

Tree = str | tuple[int, Any, Any]
"""What was chosen, or a question: which number answers it, what follows where that is low, and where it is high."""

COLOUR: Tree = (0, (1, "black", "brown"), (2, "red", "blond"))
SHORT: Tree = (2, (3, "buzz", "afro01"), (4, (5, "short01", "short04"), "ponytail01"))
STYLE: Tree = (0, (1, SHORT, (6, "short02", "short03")), (1, "long01", (7, (8, "bob01", "bob02"), "braid01")))
"""Long hair or short; either way the same number says whether there are bangs."""


def by_tree(tree: Tree, chosen: str, shares: Mapping[str, float], random: np.random.Generator) -> np.ndarray:
    """Independent standard normal numbers that lead through a tree to what was chosen.

    Args:
        tree: of questions; on no way through it does a number answer two.
        chosen: one of its leaves.
        shares: how likely each is; one that is missing is never chosen.
        random: source of chance.

    Returns:
        (n,) numbers, standard normal if `chosen` is drawn by the shares.
    """
    from scipy.special import ndtri

    uniform, node = random.random(1 + max(_numbers(tree))), tree
    while not isinstance(node, str):
        number, *answers = node
        low, high = (sum(shares.get(leaf, 0.0) for leaf in _leaves(answer)) for answer in answers)
        threshold, is_high = low / (low + high), chosen in _leaves(answers[1])
        start, end = (threshold, 1.0) if is_high else (0.0, threshold)
        uniform[number] = start + (end - start) * uniform[number]
        node = answers[is_high]
    return ndtri(np.clip(uniform, 1e-12, 1 - 1e-12))


def _leaves(tree: Tree) -> list[str]:
    return [tree] if isinstance(tree, str) else [leaf for answer in tree[1:] for leaf in _leaves(answer)]


def _numbers(tree: Tree) -> list[int]:
    return [] if isinstance(tree, str) else [tree[0], *(k for answer in tree[1:] for k in _numbers(answer))]


def code_of(plan: Plan, index: int) -> np.ndarray:
    """The code of face `index` of a data set, float64 (K,)."""
    seed, chance = begin(plan.chance(index))
    person, own = plan.person(index), chance.normals(PERSON_NUMBERS)
    random = np.random.default_rng([seed, *b"code"])
    colours, styles = natural_shares(person.ancestry[2]), style_shares(person.man, plan.styles)
    colour, style = (
        list(shares)[largest(list(shares.values()), own[numbers])]
        for shares, numbers in ((colours, COLOUR_NUMBERS), (styles, STYLE_NUMBERS))
    )
    parts = [
        np.delete(own, np.r_[COLOUR_NUMBERS, STYLE_NUMBERS]),
        by_tree(COLOUR, colour, colours, random),
        by_tree(STYLE, style, styles, random),
        *(stream(seed, name).normals(count) for name, count in STREAMS.items()),
    ]
    return np.concatenate(parts)


def codes_of(folder: Path, progress: bool = True) -> np.ndarray:
    """The codes of a data set, float32 (n, K).

    Args:
        folder: of the data set.
        progress: show a progress bar.
    """
    from tqdm import tqdm

    plan = read_plan(folder)
    faces = tqdm(range(plan.n), unit=" faces", file=sys.stderr, mininterval=1.0, disable=not progress)
    return np.stack([code_of(plan, index).astype(np.float32) for index in faces])


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
@click.option("--faces", type=click.Path(path_type=Path), required=True, help="Data set that the render step wrote.")
def command(faces: Path) -> None:
    """Write codes.npy into a data set: what each face's latent holds when the generator is trained on pairs."""
    codes = codes_of(faces)
    part = faces / f"{NAME}.{os.getpid()}.partial"
    with part.open("wb") as file:
        np.save(file, codes, allow_pickle=False)
    part.replace(faces / NAME)
    click.echo(f"{codes.shape[1]} numbers for each of {len(codes)} faces in {faces / NAME}.")

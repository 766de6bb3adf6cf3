"""Scores of faces from a file, and the directions along which they grow: TL-GAN's regression in w or z.

This gives a model without a scorer directions: `python -m dashboard faces --seeds 0-1999 --out DIR --manifest FILE`
makes pictures, any network or person scores them, and each column of scores becomes a user direction of its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.marks import LearntDirection, directions_of_scores
from dashboard.entanglement.picture_manifest import COLUMNS
from dashboard.errors import InputError, LikenessError
from dashboard.faces.bases import latent_of, seed_latents
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.face import VERSION, Face, Seed, parse
from dashboard.library.columns import counted
from dashboard.library.direction_from_examples import keep
from dashboard.library.extra_directions import Library
from dashboard.library.score_files import check_rows, matched_rows
from dashboard.library.text_form import is_missing
from dashboard.library.user_directions import MAX_TITLE
from dashboard.synthesis.model import Model

MAX_NAMES = 64
"""Columns of scores of a file, at most."""

MAX_FACES = 10_000
"""Faces that a regression takes: a random sample of more."""

FEWEST = 3
"""Scores that a column needs."""


@dataclass(frozen=True, eq=False)
class FaceScores:
    """Scores of faces.

    Args:
        names: S titles of the columns.
        faces: n faces such as "1:31" or "31.5".
        values: (n, S) scores; nan where there is none.
        words: what was read, in a sentence.
    """

    names: tuple[str, ...]
    faces: tuple[str, ...]
    values: NDArray[np.float64]
    words: str


def read_face_scores(scores: Sequence[Path], manifests: Sequence[Path], model: Model) -> FaceScores:
    """Read scores of faces.

    Args:
        scores: tables, a row a picture: a column of scores for each attribute, under its name.
        manifests: of these pictures, as `faces --manifest` writes them; none where the tables have a column face.
        model: the model of the pictures.

    Returns:
        The scores. Pictures of moved sliders are left out.

    Raises:
        InputError: the tables do not fit; says what was expected, and what to do.
    """
    table, left_out = matched_rows(scores, manifests)
    if "face" not in table.columns:
        raise InputError(
            "Expected the faces of the pictures: a manifest, or a column face. Received: neither. Give the manifest "
            "that python -m dashboard faces --manifest wrote, too."
        )
    if "digest" in table.columns or not len(table):
        check_rows(table, model)
    moved = 0
    if "moved" in table.columns:
        single = table["moved"] == ""
        moved, table = int((~single).sum()), table[single]
    faces = [str(face).strip() for face in table["face"]]
    blank = next((str(name) for name, face in zip(table["picture"], faces, strict=True) if not face), None)
    if blank is not None or not faces:
        raise InputError(
            f"Expected pictures of seeds. Received: {blank[:60] if blank else 'pictures of moved sliders alone'}. Make "
            "them with python -m dashboard faces --seeds 0-1999."
        )
    rows = np.arange(len(faces))
    if len(faces) > MAX_FACES:
        rows = np.sort(np.random.default_rng(0).permutation(len(faces))[:MAX_FACES])
    names, values, ignored = _columns(table.iloc[rows])
    parts = [f"{counted(len(faces), 'face', 'faces')}, scores of {', '.join(names)}"]
    if len(faces) > MAX_FACES:
        parts.append(f"{MAX_FACES:,} of them are used, drawn at random")
    if ignored:
        parts.append(f"left out, because they hold no numbers that differ: {', '.join(ignored[:8])}")
    if moved:
        parts.append(f"{counted(moved, 'picture', 'pictures')} of moved sliders left out")
    if left_out:
        parts.append(f"{counted(left_out, 'row', 'rows')} left out")
    return FaceScores(names, tuple(faces[row] for row in rows), values, "; ".join(parts) + ".")


def directions_of(model: Model, scores: FaceScores) -> list[LearntDirection]:
    """Regress scores on the points of their faces: w standardised, or z, where the model's directions live.

    Returns:
        A direction for each column of scores.

    Raises:
        InputError: a face is none of the model's, or no direction follows from the scores.
    """
    points = _points(model, scores.faces)
    there = np.isfinite(scores.values)
    groups: dict[bytes, list[int]] = {}  # columns with scores of the same faces are one regression
    for k, column in enumerate(there.T):
        groups.setdefault(column.tobytes(), []).append(k)
    found: dict[int, LearntDirection] = {}
    for columns in groups.values():
        rows = there[:, columns[0]]
        found.update(zip(columns, directions_of_scores(points[rows], scores.values[rows][:, columns]), strict=True))
    return [found[k] for k in range(len(scores.names))]


def keep_directions(library: Library, model: Model, scores: FaceScores) -> list[dict[str, Any]]:
    """Keep the direction of each column of scores as a user direction, all or none.

    Returns:
        For each what `dashboard.library.direction_from_examples.keep` returns.

    Raises:
        InputError: as `directions_of`, or there is no room for so many.
    """
    library.user_directions.require_room(model, len(scores.names))
    made = directions_of(model, scores)
    return [keep(library, model, name, found, "scores") for name, found in zip(scores.names, made, strict=True)]


def _columns(table: Any) -> tuple[tuple[str, ...], NDArray[np.float64], list[str]]:
    """Return titles and scores (n, S) of the columns of numbers that differ, and the titles of the others."""
    import pandas

    names, values, ignored = [], [], []
    for title in (column for column in table.columns if column not in COLUMNS):
        cells = table[title].astype(str)
        given: Any = pandas.to_numeric(cells, errors="coerce")
        numbers = np.array(given, np.float64)
        filled = ~cells.map(is_missing).to_numpy(bool)
        good = filled & np.isfinite(numbers)
        shown = "".join(letter for letter in str(title).replace("_", " ") if letter.isprintable())
        name = " ".join(shown.split())[:MAX_TITLE]
        if not name or (good != filled).any() or good.sum() < FEWEST or not np.ptp(numbers[good]) > 0:
            ignored.append(name or "a column without a title")
            continue
        names.append(name)
        values.append(np.where(good, numbers, np.nan))
    if not 1 <= len(names) <= MAX_NAMES:
        beside = f", beside {', '.join(ignored[:6])}" if ignored else ""
        raise InputError(
            f"Expected 1 to {MAX_NAMES} columns of scores, each with {FEWEST} numbers or more that differ. Received: "
            f"{len(names)}{beside}. Name a column for each attribute."
        )
    return tuple(names), np.column_stack(values), ignored


def _points(model: Model, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return the points (n, L) of faces; those of seeds alone are computed together."""
    names = DirectionNames(model)
    faces = [_read(text, names) for text in texts]
    drawn = seed_latents(faces, model.config.latent_size)
    points = np.empty((len(faces), model.size))
    seeds = {
        k: (face.base.seed, face.base.row)
        for k, face in enumerate(faces)
        if isinstance(face.base, Seed) and face == Face(face.base)
    }
    if seeds:
        points[list(seeds)] = model.points(np.stack([drawn[seed] for seed in seeds.values()]))
    for k, face in enumerate(faces):
        if k not in seeds:
            points[k] = _named(texts[k], lambda face=face: latent_of(face, model, None, drawn))
    return points


def _read(text: str, names: DirectionNames) -> Face:
    return _named(text, lambda: parse(text if ":" in text else f"{VERSION}:{text}", names))


def _named(text: str, function: Any) -> Any:
    """Call a function; its error names the face."""
    try:
        return function()
    except LikenessError as error:
        raise InputError(f"Face {text[:60]}: {error}") from error

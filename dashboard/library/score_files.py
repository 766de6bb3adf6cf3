"""Files of scores by another scorer: tables, matched to the manifest of the pictures.

The manifest is what `python -m dashboard faces --traversals N --manifest FILE` wrote. A table of scores has a row a
picture: its name in the column `picture`, and a column for each attribute. Both may be one table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.rescoring import STEPS
from dashboard.entanglement.picture_manifest import COLUMNS, JOINED
from dashboard.entanglement.rescoring_results import SEED, is_binary
from dashboard.errors import InputError
from dashboard.faces.face import Seed, parse_base
from dashboard.library.file_kinds import kind_of, refuse_pickle
from dashboard.library.table_reader import LeftOut, Table
from dashboard.synthesis.model import Model

MAX_BASES = 5000
MAX_LINE = 1 << 16
PICTURE = ("picture", "file", "filename", "file_name", "image", "path", "name")
"""Names of the column that names a picture."""

WHAT = "a table of scores, or a manifest, as CSV"
EDGE = 1e-6
"""Distance to 0 and 1 at which a probability is clipped before the logit."""


@dataclass(frozen=True, eq=False)
class FileScores:
    """Scores by another scorer.

    Args:
        names: (S,) the model's attributes that they are of.
        deviations, thresholds: (S,) over the faces that are no step of a slider: standard deviations, and the
            scores at which a face counts as flipped (0 of a logit, else the median).
        runs: by the names of what was locked, scores (B, M, T, S) and feasible (B, M, T).
        words: what was read, in a sentence or two.
    """

    names: tuple[str, ...]
    deviations: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    runs: dict[tuple[str, ...], tuple[NDArray[np.float32], NDArray[np.bool_]]]
    words: str


def read_scores(scores: Sequence[Path], manifests: Sequence[Path], model: Model) -> FileScores:
    """Read scores and match them to the pictures of a model.

    Args:
        scores: tables, a row a picture.
        manifests: of these pictures; none where the tables have the manifest's columns themselves.
        model: the model.

    Returns:
        The scores.

    Raises:
        InputError: they do not fit; says what was expected, and what to do.
    """
    table, left_out = matched_rows(scores, manifests)
    lacking = [column for column in COLUMNS if column not in table.columns]
    if lacking:
        raise InputError(
            f"Expected a manifest with {', '.join(COLUMNS)}. Received: none with {lacking[0]}. Give the manifest that "
            "python -m dashboard faces --traversals wrote, too."
        )
    check_rows(table, model)
    if not (table["moved"] != "").any():
        raise InputError(
            "Expected pictures of sliders that are moved. Received: single faces. Make them with "
            "python -m dashboard faces --traversals 200. Scores of single faces give directions: import them on the "
            "tab Make your own."
        )
    names, values, ignored, logits = _values(table, model)
    runs, spread, middle = _sorted(table, names, values, model)
    parts = [f"{len(table):,} pictures, {', '.join(names)}"]
    if logits:
        parts.append(f"taken for probabilities: {', '.join(logits)}")
    if ignored:
        parts.append(f"columns that are no attribute: {', '.join(ignored[:8])}")
    if left_out:
        parts.append(f"{left_out:,} rows left out")
    return FileScores(names, spread, middle, runs, "; ".join(parts) + ".")


def matched_rows(scores: Sequence[Path], manifests: Sequence[Path]) -> tuple[Any, int]:
    """Return the rows of tables of scores, with the columns of their manifest, and how many rows were left out.

    Args:
        scores, manifests: as of `read_scores`.

    Returns:
        A frame of text, and a count.

    Raises:
        InputError: a file is no such table, or a picture occurs twice.
    """
    table, left_out = _joined(scores)
    if manifests:
        listed = _joined(manifests)[0]
        listed = listed[[column for column in COLUMNS if column in listed.columns]]
        own = ["picture", *(column for column in table.columns if column not in COLUMNS)]
        table = listed.merge(table[own], on="picture", how="inner", validate="one_to_one") if len(listed) else table
    return table, left_out


def is_of_moved(scores: Sequence[Path], manifests: Sequence[Path]) -> bool:
    """Return whether scores are of pictures whose sliders are moved, and not of single faces alone."""
    table = matched_rows(scores, manifests)[0]
    return "moved" in table.columns and bool((table["moved"] != "").any())


def _joined(paths: Sequence[Path]) -> tuple[Any, int]:
    """Return all rows of some tables as text, with the column `picture`, and how many rows were left out."""
    import pandas

    found, left_out = [], 0
    for path in paths:
        kind = kind_of(path, WHAT)
        if kind == "pickle":
            raise refuse_pickle(WHAT)
        if kind != "text":
            raise InputError(f"Expected {WHAT}. Received: {path.name}, which is no table. Write it as CSV.")
        table = Table(path, MAX_LINE, header="yes", delimiter=_delimiter(path))
        lost: list[LeftOut] = []
        rows = [part.frame for part in table.rows(set(range(table.width)), lost)]
        if not rows:
            raise InputError(f"Expected rows in {path.name}. Received: none. Choose another file.")
        frame = pandas.concat(rows, ignore_index=True).fillna("")
        frame.columns = [low if (low := name.strip().lower()) in COLUMNS + PICTURE else name for name in table.names]
        pictures = next((name for name in (*PICTURE, "face") if name in frame.columns), None)
        if pictures == "face":  # a table of faces and scores needs no pictures
            frame["picture"] = frame["face"]
        elif pictures is None:
            raise InputError(
                f"Expected a column picture in {path.name}. Received: {', '.join(map(str, frame.columns))[:80]}. Name "
                "the pictures as the manifest does."
            )
        else:
            frame = frame.rename(columns={pictures: "picture"})
            frame["picture"] = [_base_name(str(name)) for name in frame["picture"]]
        found.append(frame)
        left_out += len(lost)
    whole = pandas.concat(found, ignore_index=True)
    twice = whole.loc[whole["picture"].duplicated(), "picture"].tolist()
    if twice:
        raise InputError(f"Expected one row a picture. Received: {twice[0][:60]} twice. Keep one of them.")
    return whole, left_out


def _delimiter(path: Path) -> str:
    """Return the most frequent delimiter between the titles: face strings have other signs in them."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = file.readline(MAX_LINE)
    return max(",\t;", key=head.count)


def check_rows(table: Any, model: Model) -> None:
    """Check that there are rows, and that they are of pictures of a model.

    Raises:
        InputError: there are none, or they are of another model.
    """
    if not len(table):
        raise InputError("Expected names of pictures as the manifest has them. Received: none that fits. Compare both.")
    others = [str(digest) for digest in table["digest"].unique() if digest != model.digest]
    if others:
        raise InputError(
            f"Expected pictures of {model.name} as it is now (digest {model.digest[:8]}). Received: pictures of digest "
            f"{others[0][:8]}. Make them again, or choose their model."
        )


def _values(table: Any, model: Model) -> tuple[tuple[str, ...], NDArray[np.float64], list[str], list[str]]:
    """Return names, scores (n, S), columns that are no attribute, and those that were probabilities."""
    import pandas

    by_plain_name = {_plain(name): name for name in model.names}
    beside = [column for column in table.columns if column not in COLUMNS]
    columns = {by_plain_name[_plain(column)]: column for column in beside if _plain(column) in by_plain_name}
    if not columns:
        raise InputError(
            f"Expected a column for an attribute of {model.name} ({', '.join(model.names[:6])}, ...). Received: "
            f"{', '.join(map(str, beside))[:80] or 'none'}. Name the columns so."
        )
    names = tuple(name for name in model.names if name in columns)
    values = np.empty((len(table), len(names)))
    logits = []
    for k, name in enumerate(names):
        numbers: Any = pandas.to_numeric(table[columns[name]], errors="coerce")
        column = np.array(numbers, np.float64)
        column[~np.isfinite(column)] = np.nan
        there = column[np.isfinite(column)]
        if is_binary(model, name) and len(there) and there.min() >= 0 and there.max() <= 1:
            share = np.clip(column, EDGE, 1 - EDGE)
            column = np.log(share / (1 - share))
            logits.append(name)
        values[:, k] = column
    return names, values, [str(column) for column in beside if _plain(column) not in by_plain_name], logits


def _sorted(table: Any, names: tuple[str, ...], values: NDArray, model: Model) -> tuple[dict, NDArray, NDArray]:
    """Put scores where they belong: by run, base, slider and step; spread and middle of the faces themselves."""
    rows = np.array([_row(str(base)) for base in table["base"]])
    bases = int(rows.max()) + 1
    steps = {f"{step:g}": t for t, step in enumerate(STEPS)}
    runs: dict[tuple[str, ...], tuple[NDArray, NDArray]] = {}
    own = np.full((bases, len(names)), np.nan)
    for k, (moved, step, locked) in enumerate(zip(table["moved"], table["step"], table["locked"], strict=True)):
        if not moved:
            own[rows[k]] = values[k]
            continue
        held = tuple(name for name in model.names if name in str(locked).split(JOINED))
        if moved not in model.names or _step(step) not in steps or JOINED.join(held) != locked:
            raise InputError(
                f"Expected rows as the manifest has them. Received: {str(moved)[:30]} at {str(step)[:12]}, locked "
                f"{str(locked)[:40] or 'nothing'}. Leave the manifest as it was."
            )
        if held not in runs:
            shape = bases, len(model.names), len(STEPS)
            runs[held] = np.full((*shape, len(names)), np.nan, np.float32), np.zeros(shape, bool)
        cell = rows[k], model.column(moved), steps[_step(step)]
        runs[held][0][cell], runs[held][1][cell] = values[k], True
    if np.isfinite(own).all(axis=1).sum() < 2:
        raise InputError(
            "Expected scores of the bases themselves, such as 0.png, 0.1.png. Received: fewer than two. Score all of "
            "the manifest's pictures."
        )
    binary = np.array([is_binary(model, name) for name in names])
    return runs, np.nanstd(own, axis=0), np.where(binary, 0.0, np.nanmedian(own, axis=0))


def _row(text: str) -> int:
    base = parse_base(text)
    if not isinstance(base, Seed) or base.seed != SEED or base.row >= MAX_BASES:
        raise InputError(f"Expected bases such as {SEED}.12. Received: {text[:30]}. Leave the manifest as it was.")
    return base.row


def _step(text: object) -> str:
    try:
        return f"{float(str(text)):g}"
    except ValueError:
        return str(text)


def _base_name(text: str) -> str:
    return PurePosixPath(text.replace("\\", "/")).name


def _plain(name: object) -> str:
    return re.sub(r"[^a-z0-9]", "", str(name).lower()) if str(name).lower() not in COLUMNS + PICTURE else str(name)

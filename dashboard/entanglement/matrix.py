"""The matrix of a view: its numbers, their intervals, their order, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.matrices import (
    Tree,
    correlation_interval,
    cosines,
    ordered,
    pearsons,
    relative_effect,
    score_correlations,
)
from dashboard.entanglement.rescoring_results import Measured
from dashboard.entanglement.view import DIFFERENCE, TITLES, View
from dashboard.spaces.sample import faces_of, scored_only
from dashboard.synthesis.model import Model

Array = NDArray[np.float64]
Runs = Mapping[tuple[tuple[str, ...], str | None], Measured | None]
"""What was measured, by the names of what was locked, and of the direction beyond the model's own that was moved: None
where its own attributes were."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix of F attributes, in the model's order.

    Args:
        values: (F, F), row moved, column looked at; nan where nothing is known.
        low, high: (F, F) the 95 % interval; None where the numbers are exact.
        unit: of a cell: "" or "σ".
        caption: what it is, of how many.
        tree: how it is ordered.
    """

    values: Array
    low: Array | None
    high: Array | None
    unit: str
    caption: str
    tree: Tree

    @property
    def doubtful(self) -> NDArray[np.bool_]:
        """(F, F) cells whose interval holds 0."""
        if self.low is None or self.high is None:
            return np.zeros(self.values.shape, bool)
        return (self.low <= 0) & (self.high >= 0)


def matrix_of(model: Model, view: View, runs: Runs) -> Matrix | None:
    """Compute the matrix of a view.

    Args:
        model: the model.
        view: the view.
        runs: what was measured so far.

    Returns:
        The matrix; None where it needs a run that is not there.
    """
    parts = [measure(model, kind, view.held, runs, relative=view.kind == DIFFERENCE) for kind in view.measures]
    shown = [part for part in parts if part is not None]
    if len(shown) < len(parts):
        return None
    values, low, high, unit, caption = shown[0]
    if view.kind == DIFFERENCE:
        values, low, high = values - shown[1][0], None, None
        unit, caption = "", f"{_named(view.pair[0])} less {_named(view.pair[1])}"
    if view.held:
        caption += f" · {len(view.held)} locked"
    groups = [attribute.group for attribute in model.attributes]
    # The order is that of the matrix before locking, so that both are read alike.
    before = [measure(model, kind, (), runs, relative=view.kind == DIFFERENCE) for kind in view.measures]
    if any(part is None for part in before):
        basis = values
    else:
        basis = before[0][0] if len(before) == 1 else before[0][0] - before[1][0]  # type: ignore[index]
    return Matrix(values, low, high, unit, caption, ordered(view.order, model.names, groups, basis))


Part = tuple[Array, Array | None, Array | None, str, str]


def measure(model: Model, kind: str, held: tuple[str, ...], runs: Runs, relative: bool = False) -> Part | None:
    """One kind of matrix: values, the ends of their interval, unit, caption.

    Args:
        model: the model.
        kind: one of `view.TITLES` but a difference.
        held: names of what is locked.
        runs: what was measured so far.
        relative: whether effects are in units of the own effect, and so comparable with a cosine.

    Returns:
        The part; None where nothing was measured yet.
    """
    locked = [model.column(name) for name in held]
    size = f"{model.config.latent_size} numbers each"
    if kind == "cosine":
        return cosines(model.directions, locked), None, None, "", f"of the angle between two directions · {size}"
    if kind == "pearson":
        return pearsons(model.directions, locked), None, None, "", f"correlation of two directions' entries · {size}"
    if kind == "scores":
        scores, known = scores_or_coordinates(model)
        values = score_correlations(scores, locked)
        low, high = correlation_interval(values, len(scores), len(locked))
        unknown = ~known
        for part in (values, low, high):
            part[unknown], part[:, unknown] = np.nan, np.nan
        what = "partial correlation" if held else "correlation"
        added = "; coordinates where added" if any("~" in name for name in model.names) else ""
        return values, low, high, "", f"{what} of two scores · {len(scores):,} faces of the bank{added}"
    run = runs.get((held, None))
    if run is None:
        return None
    rows = {name: runs.get((held, name)) for name in model.names if "~" in name}
    effect, low, high = (
        _with_rows(model, [getattr(each.found, part) for each in (run, *filter(None, rows.values()))], rows)
        for part in ("matrix", "low", "high")
    )
    if relative:
        return relative_effect(effect), None, None, "", f"{run.bases:,} bases"
    return (
        effect,
        low,
        high,
        "σ",
        f"score of the column, in σ, per σ moved along the row · {run.bases:,} bases",
    )


def scores_or_coordinates(model: Model) -> tuple[Array, NDArray[np.bool_]]:
    """Scores of the bank in the order of the directions.

    Nobody scored what is beyond the model's own attributes: there a face's coordinate stands for it, which is exact.

    Returns:
        (n, F), noughts for an attribute without one, and which directions have one.
    """
    scores, names = scored_only(model)
    known = np.array([name in names for name in model.names], bool)
    columns = [names.index(name) if name in names else 0 for name in model.names]
    values = np.where(known, np.asarray(scores[:, columns], np.float64), 0.0)
    added = np.array(["~" in name for name in model.names], bool)
    if added.any():
        values[:, added] = faces_of(model).latents @ model.directions[:, added]
    return values, known | added


def _with_rows(model: Model, found: list[Array], rows: Mapping[str, Measured | None]) -> Array:
    """(F, F) of the model's own attributes and, below them, of directions beyond them: nan in rows not measured.

    Args:
        model: the model, widened.
        found: of its own attributes, (M, F), and of each of the others that was measured, (1, F).
        rows: the others, by name.
    """
    count = len(model.names)
    whole = np.full((count, count), np.nan)
    measured = [name for name in model.names if name not in rows or rows[name] is not None]
    whole[[model.column(name) for name in measured]] = np.concatenate(found)
    return whole


def _named(kind: str) -> str:
    return "effect R(i,j) / R(i,i)" if kind == "effect" else TITLES[kind].lower()

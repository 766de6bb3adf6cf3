"""The matrix of a view: its numbers, their intervals, their order, and its caption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.inference import (
    LEVEL,
    Selection,
    correlation_interval,
    correlation_p,
    mean_interval,
    means_of,
    p_values,
    select,
)
from dashboard.analysis.matrices import (
    Tree,
    cosines,
    ordered,
    pearsons,
    relative_effect,
    score_correlations,
    score_errors,
    score_freedom,
)
from dashboard.entanglement.rescoring_results import JUDGE, Measured
from dashboard.entanglement.view import DIFFERENCE, TITLES, View
from dashboard.spaces.sample import faces_of, scored_only
from dashboard.synthesis.model import Model

Array = NDArray[np.float64]

RELEVANT = 0.05
"""Smallest relevant size of a cell: with enough people even smaller ones differ significantly from 0."""

Runs = Mapping[tuple[tuple[str, ...], str | None], Measured | None]
"""Measured runs by the names of the locked attributes and of the moved extra direction (None for the attributes).
"""


@dataclass(frozen=True, eq=False)
class Matrix:
    """A matrix of F attributes, in the model's order.

    Args:
        values: (F, F), rows are moved, columns observed; nan if unknown.
        low, high: (F, F) the 95 % interval, for selected cells the wider one of `choice`; None if the values are exact,
            nan below 50 people or faces.
        unit: of a cell: "" or "σ".
        caption: description with the sample size.
        tree: its order.
        choice: the cells that differ significantly from 0; None if the values are exact or there are too few people.
    """

    values: Array
    low: Array | None
    high: Array | None
    unit: str
    caption: str
    tree: Tree
    choice: Selection | None = None

    @property
    def doubtful(self) -> NDArray[np.bool_]:
        """(F, F) cells that do not differ significantly from 0, the diagonal left out."""
        if self.choice is None:
            return np.zeros(self.values.shape, bool)
        return ~self.choice.chosen & ~np.eye(*self.values.shape, dtype=bool) & np.isfinite(self.values)


def matrix_of(model: Model, view: View, runs: Runs) -> Matrix | None:
    """Compute the matrix of a view.

    Args:
        model: the model.
        view: the view.
        runs: the measured runs.

    Returns:
        The matrix; None if it needs a missing run.
    """
    parts = [measure(model, kind, view.held, runs, relative=view.kind == DIFFERENCE) for kind in view.measures]
    shown = [part for part in parts if part is not None]
    if len(shown) < len(parts):
        return None
    values, low, high, unit, caption = shown[0]
    choice = None if view.kind == DIFFERENCE else choice_of(model, view, runs)
    if choice is not None:
        # Selected cells have adjusted intervals, so that a cell and its interval agree.
        wide = measure(model, view.kind, view.held, runs, level=choice.level)
        assert wide is not None
        assert low is not None
        assert high is not None
        assert wide[1] is not None
        assert wide[2] is not None
        low, high = np.where(choice.chosen, wide[1], low), np.where(choice.chosen, wide[2], high)
        # The two cells of a correlation are one number.
        each = 2 if view.kind == "scores" and not view.held else 1
        counts = (choice.chosen, choice.chosen & (np.abs(values) >= RELEVANT))
        sure, large = (int(cells.sum()) // each for cells in counts)
        caption += (
            f" · {sure} of {choice.tested // each} differ from 0 (false finds at most {100 * view.false_share:g} %), "
            f"{large} of them by {RELEVANT:g} {unit}".rstrip()
            + " or more"
        )
    if view.kind == DIFFERENCE:
        values, low, high = values - shown[1][0], None, None
        unit, caption = "", f"{_named(view.pair[0])} less {_named(view.pair[1])}"
    if view.held:
        caption += f" · {len(view.held)} locked"
    groups = [attribute.group for attribute in model.attributes]
    # Use the order of the matrix before locking, so that both can be compared.
    before = [measure(model, kind, (), runs, relative=view.kind == DIFFERENCE) for kind in view.measures]
    if any(part is None for part in before):
        basis = values
    else:
        basis = before[0][0] if len(before) == 1 else before[0][0] - before[1][0]  # type: ignore[index]
    return Matrix(values, low, high, unit, caption, ordered(view.order, model.names, groups, basis), choice)


Part = tuple[Array, Array | None, Array | None, str, str]


def choice_of(model: Model, view: View, runs: Runs) -> Selection | None:
    """Choose the cells that differ significantly from 0, with the view's share of false finds (Benjamini and
    Hochberg).

    Returns:
        The choice over all off-diagonal cells that are not locked; None if a matrix is exact, nothing was measured, or
        there are too few people or faces.
    """
    locked = [model.column(name) for name in view.held]
    if view.kind == "scores":
        scores, measurable = scores_or_coordinates(model)
        errors, freedom = score_errors(scores, locked), score_freedom(scores, locked)
        p = correlation_p(score_correlations(scores, locked), errors, freedom)
        p[~measurable], p[:, ~measurable] = np.nan, np.nan
    elif view.kind == "effect":
        found = _effects(model, view.held, runs, LEVEL)
        if found is None:
            return None
        p = found[3]
    else:
        return None
    np.fill_diagonal(p, np.nan)
    p[:, locked] = np.nan
    return select(p, view.false_share) if np.isfinite(p).any() else None


def measure(
    model: Model, kind: str, held: tuple[str, ...], runs: Runs, relative: bool = False, level: float = LEVEL
) -> Part | None:
    """Return one kind of matrix: values, interval ends, unit, caption.

    Args:
        model: the model.
        kind: one of `view.TITLES` except a difference.
        held: names of the locked attributes.
        runs: the measured runs.
        relative: whether effects are divided by the own effect, and so comparable with a cosine.
        level: of the intervals.

    Returns:
        The matrix; None if nothing has been measured yet.
    """
    locked = [model.column(name) for name in held]
    size = f"{model.size} numbers each"
    if kind == "cosine":
        return cosines(model.directions, locked), None, None, "", f"of the angle between two directions · {size}"
    if kind == "pearson":
        return pearsons(model.directions, locked), None, None, "", f"correlation of two directions' entries · {size}"
    if kind == "scores":
        scores, measurable = scores_or_coordinates(model)
        values = score_correlations(scores, locked)
        errors, freedom = score_errors(scores, locked), score_freedom(scores, locked)
        low, high = correlation_interval(values, errors, level, freedom)
        unknown = ~measurable
        for part in (values, low, high):
            part[unknown], part[:, unknown] = np.nan, np.nan
        what = "partial correlation" if held else "correlation"
        added = "; coordinates where added" if any("~" in name for name in model.names) else ""
        return values, low, high, "", f"{what} of two scores · {len(scores):,} faces of the bank{added}"
    found = _effects(model, held, runs, level)
    if found is None:
        return None
    effect, low, high, _ = found
    bases = runs[held, None].bases  # type: ignore[union-attr]
    if relative:
        return relative_effect(effect), None, None, "", f"{bases:,} bases"
    return (
        effect,
        low,
        high,
        "σ",
        f"score of the column, in σ, per σ moved along the row · {bases:,} bases · {_reader(runs[held, None])}",
    )


def scores_or_coordinates(model: Model) -> tuple[Array, NDArray[np.bool_]]:
    """Return the scores of the bank in the order of the directions.

    An extra direction has no score: the face's coordinate is used instead, which is exact.

    Returns:
        (n, F), zeros for attributes without a score, and which directions have one.
    """
    scores, names = scored_only(model)
    measurable = np.array([name in names for name in model.names], bool)
    columns = [names.index(name) if name in names else 0 for name in model.names]
    values = np.where(measurable, np.asarray(scores[:, columns], np.float64), 0.0)
    added = np.array(["~" in name for name in model.names], bool)
    if added.any():
        values[:, added] = faces_of(model).latents @ model.directions[:, added]
    return values, measurable | added


def _effects(model: Model, held: tuple[str, ...], runs: Runs, level: float) -> tuple[Array, Array, Array, Array] | None:
    """Return R, the ends of its interval and p, by Student's t over people; None if nothing was measured."""
    run = runs.get((held, None))
    if run is None:
        return None
    rows = {name: runs.get((held, name)) for name in model.names if "~" in name}
    means = [means_of(each.found.slopes) for each in (run, *filter(None, rows.values()))]
    ends = [mean_interval(each, level) for each in means]
    return (
        _with_rows(model, [each.value for each in means], rows),
        _with_rows(model, [low for low, _ in ends], rows),
        _with_rows(model, [high for _, high in ends], rows),
        _with_rows(model, [p_values(each) for each in means], rows),
    )


def _with_rows(model: Model, found: list[Array], rows: Mapping[str, Measured | None]) -> Array:
    """Return (F, F) for the model's attributes followed by extra directions: nan in rows not measured.

    Args:
        model: the model with extra directions.
        found: of its own attributes, (M, F), and of each measured extra direction, (1, F).
        rows: the extra directions, by name.
    """
    count = len(model.names)
    whole = np.full((count, count), np.nan)
    measured = [name for name in model.names if name not in rows or rows[name] is not None]
    whole[[model.column(name) for name in measured]] = np.concatenate(found)
    return whole


def _reader(run: Measured | None) -> str:
    by = "" if run is None else run.by
    return {"": "read by the scorer", JUDGE: "read by the judge"}.get(by, "read by imported scores")


def _named(kind: str) -> str:
    return "effect R(i,j) / R(i,i)" if kind == "effect" else TITLES[kind].lower()

"""Contents of the card of one pair of directions, for the matrix and for the list of findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
from dash import Output, html, no_update

from dashboard.analysis.people import people_a_dot, stacked_dots
from dashboard.components.slider_row import display_name
from dashboard.entanglement.judges import Judge
from dashboard.entanglement.matrix import Runs, measure
from dashboard.entanglement.rescoring_results import is_binary
from dashboard.entanglement.traversals import traversal_rows
from dashboard.faces.direction_names import title_of
from dashboard.faces.site_path import site_path
from dashboard.pages.directions.cell_panel import cell_body, number, traversal_grid
from dashboard.pages.directions.cell_text import finding, presence_words
from dashboard.pages.directions.rescoring_runs import judges_now, runs_of
from dashboard.synthesis.model import Model

HIDDEN = {"display": "none"}

BINS = 48
"""Stacks of dots from one end of their axis to the other."""


@dataclass(frozen=True)
class CellContents:
    """Contents of a pair's card: above the curve, the curve with its caption, the style of its box, and the people as
    dots with theirs.
    """

    body: list[Any]
    figure: Any
    title: str
    caption: str
    note: str
    box: dict[str, str]
    people: Any
    people_caption: str
    people_box: dict[str, str]


def people_outputs(card: str) -> tuple[Output, ...]:
    """Return the outputs for the people of a cell: figure, caption, style, and the two files of data."""
    return (
        *(Output(card, "figure"), Output(f"{card}-caption", "children"), Output(f"{card}-box", "style")),
        *(Output(f"{card}-csv", "href"), Output(f"{card}-npz", "href")),
    )


def cell_files(what: str, query: Mapping[str, str]) -> list[str]:
    """Return the addresses of a cell's data, "curves" or "people", as CSV and NPZ."""
    words = urlencode({word: text for word, text in query.items() if text}, safe=",~")
    return [site_path(f"/directions/{what}.{form}?{words}") for form in ("csv", "npz")]


def cell_contents(
    model: Model,
    moved: str,
    seen: str,
    held: tuple[str, ...],
    measuring: Any,
    judge: Judge,
    scheme: Any,
    locked: tuple[str, ...] = (),
) -> CellContents:
    """Show the effect of one direction on another.

    Args:
        model: the model with both directions.
        moved, seen: the pair.
        held: names of the locked directions.
        measuring: as of `rescoring_runs.run_of`.
        judge: the judge of the scores.
        scheme: "light" or "dark".
        locked: names locked in further rows and a further number, if `held` is empty.
    """
    from dashboard.figures.curves import Curve, curves

    titles = title_of(model, moved), title_of(model, seen)
    i, j = model.column(moved), model.column(seen)
    runs = _runs(model, held, measuring, (moved, seen), judge.by)
    run, row = (runs.get((held, moved)), 0) if "~" in moved else (runs.get((held, None)), i)
    kinds = ("effect", "cosine", "pearson", *(["scores"] if model.has_bank else []))
    parts = {kind: measure(model, kind, held, runs) for kind in kinds}
    effect, cosine = parts["effect"], parts["cosine"]
    triple = None if effect is None else tuple(float(effect[k][i, j]) for k in range(3))  # type: ignore[index]
    back = float("nan") if effect is None else float(effect[0][j, i])
    sentence = finding(*titles, triple, back, float(cosine[0][i, j]) if cosine else 0.0)  # type: ignore[arg-type]
    unmeasured = "not measured yet" if model.has_scorer else "no scorer"
    numbers = [number(f"Effect by {judge.short}, σ", effect, i, j, unmeasured)]
    if locked:
        runs = {**_runs(model, locked, measuring, (moved, seen), judge.by), **runs}
        kept = measure(model, "effect", locked, runs)
        numbers.append(number("Locked, σ", kept, i, j, unmeasured))
    for each in judges_now(model):
        if each.by != judge.by and len(numbers) < 4:
            other = measure(model, "effect", held, _runs(model, held, measuring, (moved, seen), each.by))
            numbers.append(number(f"By {each.short}, σ", other, i, j, unmeasured))
    numbers += [number("Cosine", cosine, i, j, ""), number("Pearson", parts["pearson"], i, j, "")]
    numbers.append(number("Scores", parts.get("scores"), i, j, "no bank"))
    if locked:
        traversals = [
            html.P("free", className="lk-figure-caption"),
            *traversal_grid(model, traversal_rows(model, (moved,), held)),
            html.P(
                f"{', '.join(display_name(name) for name in locked)} locked",
                className="lk-figure-caption lk-audit-left",
            ),
            *traversal_grid(model, traversal_rows(model, (moved,), locked)),
        ]
    else:
        traversals = traversal_grid(model, traversal_rows(model, (moved, seen), held))
    body = cell_body(*titles, sentence, numbers[: 4 if locked else None], traversals, swap=not locked)
    people = _people(runs, locked or held, moved, (row, j), judge, scheme)
    title = f"Along {display_name(titles[0])}"
    scored = [k for k in dict.fromkeys((i, j)) if "~" not in model.names[k]]
    if run is None or not scored:
        note = "Score curves come with the measured effect." if model.has_scorer else "Score curves need a scorer."
        if model.has_scorer and not scored:
            note = "The scorer has no score of an extra direction: choose another column."
        return CellContents(body, no_update, title, "", note, HIDDEN, *people)
    # A binary attribute changes from absent to present: a mean would say little, so the share is drawn.
    binary = [k for k in scored if is_binary(model, model.names[k])] if j in scored else []
    if j in binary:
        pair = [Curve(display_name(model.names[k]), *run.presence(row, k)) for k in binary]
        figure = curves(run.run.steps, pair, f"{display_name(titles[0])}, σ", scheme, share=True)
        note = presence_words(display_name(titles[1]), run.run.steps, pair[-1].mean, run.half_slopes(row, j))
        caption = f"mean P(present) of {run.bases:,} people by the {judge.short}; band: 95 %"
        return CellContents(body, figure, title, caption, note, {}, *people)
    pair = [Curve(display_name(model.names[k]), *run.curve(row, k)) for k in scored]
    figure = curves(run.run.steps, pair, f"{display_name(titles[0])}, σ", scheme)
    caption = f"mean of {run.bases:,} bases by the {judge.short}; band: their middle 68 %"
    return CellContents(body, figure, title, caption, "", {}, *people)


def _people(
    runs: Runs, locked: tuple[str, ...], moved: str, cell: tuple[int, int], judge: Judge, scheme: Any
) -> tuple[Any, str, dict[str, str]]:
    """Draw the effect of a cell in every person, free and with locks; figure, caption and style of its box."""
    found = []
    for label, locks in dict([("free", ()), *([("locked", locked)] if locked else [])]).items():
        run = runs.get((locks, moved if "~" in moved else None))
        slopes = None if run is None else run.found.slopes[:, cell[0], cell[1]]
        if slopes is not None and np.isfinite(slopes).any():
            found.append((label, slopes[np.isfinite(slopes)]))
    if not found:
        return no_update, "", HIDDEN
    from dashboard.figures.dots import dots

    limit = max(1.0, *(float(np.ceil(4 * np.abs(slopes).max()) / 4) for _, slopes in found))
    count = max(len(slopes) for _, slopes in found)
    groups = [(label, stacked_dots(slopes, people_a_dot(count), 2 * limit / BINS)) for label, slopes in found]
    caption = f"of {count:,} people by the {judge.short}; one dot: {groups[0][1].words}"
    return dots(groups, limit, "change of score per σ, σ", scheme), caption, {}


def _runs(model: Model, held: tuple[str, ...], measuring: Any, names: Sequence[str], by: str) -> Runs:
    if not model.has_scorer:
        return {}
    return {(run.locked, run.moved): run.measured for run in runs_of(model, held, measuring, names, by)}

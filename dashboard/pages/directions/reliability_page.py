"""The Directions page, tab Reliability: a row of measures for each direction."""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, html, no_update

from dashboard.analysis.reliability import MATCHED
from dashboard.components.dock import register_dock
from dashboard.components.initial_state import open_face
from dashboard.components.job_card import job_card
from dashboard.components.missing_parts import model_lacks
from dashboard.entanglement.angles import KIND, RESAMPLES, angles_params, enough_faces
from dashboard.entanglement.reliability import reliability
from dashboard.pages.directions.asked_for_panel import asked_for_card
from dashboard.pages.directions.filters import filter_store, register_filters
from dashboard.pages.directions.frame import directions_page
from dashboard.pages.directions.imported_scores_panel import imported_scores_card, register_imported_scores
from dashboard.pages.directions.judge_field import JUDGE, judge_field, judges_at, whose
from dashboard.pages.directions.matrix_panel import no_directions
from dashboard.pages.directions.reliability_panel import (
    how_it_is_measured,
    table_holder,
    table_row,
    table_stores,
    table_tools,
)
from dashboard.pages.directions.rescoring_runs import angles_now, judges_now, key_of, measure_card, run_of
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.model import Model

NAME = "directions-reliability"
HELP = "Arrow keys move between cells, Enter opens the direction's row of the matrix or, in its column, the slider."

dash.register_page(
    __name__,
    path="/directions/reliability",
    name="Reliability of directions",
    title="Reliability · Directions · Likeness",
    description="See how reliable each direction is, and what else it changes.",
)
register_dock(NAME)
register_imported_scores()


def layout(face: Any = None, model: Any = None, **words: Any) -> html.Div:
    """Lay out the tab for the face, the model and the view in the address.

    Args:
        face: a face string, or None.
        model: the name of a model, or None.
        words: judge; find, filter and hide, the fields above the table;
            `assets/js/directions/reliability_table.js` also reads them, and sort, for the table.

    Returns:
        The page; callbacks fill the table and the cards of the required runs.
    """
    begin = open_face(face, model)
    shown = begin.open_model.model
    if not shown.names:
        return directions_page(NAME, begin, [no_directions()])
    lacks = _lacking(shown)
    return directions_page(
        NAME,
        begin,
        [
            *table_stores(shown.name, len(judges_now(shown)) > 1),
            model_lacks(lacks, shown.name) if lacks else None,
            filter_store([JUDGE]),
            html.Div(judge_field(shown, words), className="lk-controls-part"),
            table_tools(words, list(dict.fromkeys(one.group for one in shown.attributes))),
            table_holder(),
            html.Div(id="table-cards", className="lk-audit-cards lk-table-cards"),
            html.Div(id="table-how"),
            html.P(HELP, id="table-help", className="lk-figure-caption"),
            asked_for_card(shown),
            imported_scores_card(shown),
        ],
    )


@callback(
    Output("table-rows", "data"),
    Output("table-how", "children"),
    Output("table-cards", "children"),
    Output("table-missing", "data"),
    Input("measuring", "data"),
    Input("angles-message", "data"),
    Input("filter-judge", "value"),
    Input("scheme-now", "data"),
    State("table-missing", "data"),
    State("table-model", "data"),
)
def fill(measuring: Any, angles_done: Any, judged: Any, scheme: Any, before: Any, name: str) -> Any:
    """Fill the measured columns of the table, and lay out the cards of the missing runs."""
    if scheme is None:
        return (no_update,) * 4
    model = current_runtime().open_model(name).model
    angles = angles_now(model)
    judge, other = judges_at(model, judged) if model.has_scorer else (None, None)
    by = judge.by if judge else ""
    runs = [run_of(model, locked, measuring, by=by) for locked in ((), model.names)] if judge else []
    second = run_of(model, (), measuring, by=other.by).measured if other else None
    missing = [
        *(["angles"] if angles is None and enough_faces(model) else []),
        *(key_of(model, run.locked, by=by) for run in runs if not run.done),
    ]
    free, locked = (run.measured for run in runs) if runs else (None, None)
    rows = [table_row(row) for row in reliability(model, angles, free, locked, second)]
    notes = [
        *([f"angle: bootstrap, {angles.resamples:,} resamples of the bank's {angles.faces:,} faces"] if angles else []),
        *([f"response, leakage, dependency: {free.bases:,} bases in latent z, everything free"] if free else []),
        *([f"{locked.bases:,} bases, all others locked"] if locked else []),
        *([whose(model, judge, other if second else None).strip()] if judge and free else []),
        *([f"dependency at a change of {MATCHED:g} σ of the own score; σ over the bank"] if free else []),
    ]
    # Keep the card while its run continues: a new card would lose its progress.
    cards = _cards(model, missing, by) if missing != before else no_update
    return rows, how_it_is_measured(notes) if notes else None, cards, missing


clientside_callback(
    ClientsideFunction("table", "lay"), Output("table-holder", "children"), Input("table-layout", "data")
)
clientside_callback(ClientsideFunction("table", "rows"), Output(NAME, "data-rows"), Input("table-rows", "data"))
clientside_callback(ClientsideFunction("table", "find"), Output(NAME, "data-find"), Input("table-find", "value"))
clientside_callback(ClientsideFunction("table", "group"), Output(NAME, "data-group"), Input("table-group", "value"))
clientside_callback(ClientsideFunction("table", "show"), Output(NAME, "data-columns"), Input("table-columns", "value"))


register_filters(NAME, [JUDGE])


def _cards(model: Model, missing: list[str], by: str) -> list[Any]:
    locks = {key_of(model, held, by=by): held for held in ((), model.names)}
    titles = {(): "Leakage, everything free", model.names: "With all others locked"}
    return [
        _angles_card(model) if key == "angles" else measure_card(model, locks[key], titles[locks[key]], "table", by=by)
        for key in missing
    ]


def _angles_card(model: Model) -> html.Div:
    text = (
        f"The regression behind each direction is repeated on {RESAMPLES} resamples of the bank's faces; "
        "the smaller the change in angle, the more reliable the direction. It takes about half a minute."
    )
    return job_card("table-angles", KIND, "Angle of each direction", text, model.name, angles_params(), "Compute")


def _lacking(model: Model) -> str:
    """Name the columns that cannot be filled for a model, and why; empty if all can."""
    if not model.has_scorer:
        return (
            f"{model.name} has no scorer: response, leakage and dependency cannot be measured"
            f"{'' if enough_faces(model) else ', and without a bank nor can the angles'}. "
            "The table shows the model's own figures."
        )
    if not enough_faces(model):
        return f"{model.name} has no bank large enough to resample its faces: the angles stay empty."
    return ""

"""The Directions page, matrix: directions compared by geometry and by measurement, cell by cell.

Scripts handle direct interaction (`assets/js/directions/matrix.js`); callbacks answer choices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, no_update

from dashboard.components.dock import register_dock
from dashboard.components.initial_state import open_face
from dashboard.components.missing_parts import no_scorer
from dashboard.components.slider_row import display_name
from dashboard.entanglement.matrix import Runs, matrix_of
from dashboard.entanglement.population import population
from dashboard.entanglement.view import TITLES, View, read_view, strongest, view_words
from dashboard.faces.direction_names import title_of
from dashboard.faces.site_path import site_path
from dashboard.library.direction_rows import with_rows
from dashboard.pages.directions.cell_contents import cell_contents, cell_files, people_outputs
from dashboard.pages.directions.cell_panel import cell_panel
from dashboard.pages.directions.cell_text import cell_words
from dashboard.pages.directions.controls import matrix_controls
from dashboard.pages.directions.frame import directions_page
from dashboard.pages.directions.graph_panel import graph_panel, register_graph
from dashboard.pages.directions.judge_field import judges_at
from dashboard.pages.directions.lock_panel import lock_panel, register_lock
from dashboard.pages.directions.matrix_panel import matrix_panel, no_directions
from dashboard.pages.directions.rescoring_runs import Run, key_of, measure_card, runs_of
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.model import Model

NAME = "directions-matrix"

dash.register_page(
    __name__,
    path="/directions/matrix",
    name="Matrix of directions",
    title="Matrix · Directions · Likeness",
    description="See which attributes are entangled, and what locking changes.",
)
register_dock(NAME)
register_graph()
register_lock()


def layout(face: Any = None, model: Any = None, **words: Any) -> html.Div:
    """Lay out the page for the face and the view in the address.

    Args:
        face: a face string, or None.
        model: the name of a model, or None.
        words: matrix, of, less, order, locked, after, false, judge, hold, cell: the view (docs/guide/directions.md).

    Returns:
        The page. Invalid parameters get their default, and the page shows a message.
    """
    begin = open_face(face, model)
    shown = begin.open_model.model
    if not shown.names:
        return directions_page(NAME, begin, [no_directions()])
    added = begin.store.data["extras"]  # type: ignore[attr-defined]
    view, problem = read_view(words, with_rows(shown, [*added, *str(words.get("cell")).split(",")]))
    return directions_page(
        NAME,
        begin,
        [
            dcc.Store(id="directions-model", data=shown.name),
            dcc.Store(id="directions-problem", data=None if problem is None else str(problem)),
            dcc.Store(id="matrix-plain", data=view_words(read_view({}, shown)[0])),
            dcc.Store(id="cell", data=list(view.cell) if view.cell else None),
            dcc.Store(id="shown-cell"),
            dcc.Store(id="measuring"),
            dcc.Store(id="instead"),
            dcc.Store(id="matrix-added", data=added),
            html.Div(id="measures", hidden=True),
            matrix_controls(view, shown),
            None if shown.has_scorer else no_scorer(shown.name),
            html.Div(
                [
                    html.Div([matrix_panel(), graph_panel()], className="lk-directions-column"),
                    html.Div([cell_panel(), lock_panel(view, shown)], className="lk-directions-column"),
                ],
                className="lk-directions-panels",
            ),
        ],
    )


VIEW = tuple(
    Input(f"matrix-{word}", "value")
    for word in ("kind", "of", "less", "order", "locked", "after", "false", "judge", "hold")
)
ADDED = Input("matrix-added", "data")
NAMED = State("directions-model", "data")


@callback(
    Output("matrix", "figure"),
    Output("matrix-title", "children"),
    Output("matrix-caption", "children"),
    Output("matrix-box", "style"),
    Output("matrix-pair", "style"),
    Output("matrix-instead", "children"),
    Output("instead", "data"),
    Output("matrix-csv", "href"),
    Output("matrix-npz", "href"),
    *VIEW,
    ADDED,
    Input("measuring", "data"),
    Input("scheme-now", "data"),
    State("instead", "data"),
    NAMED,
)
def draw_matrix(*given: Any) -> Any:
    """Draw the matrix of the view, or lay out the card of the required run."""
    *words, added, measuring, scheme, instead, name = given
    if scheme is None:
        return (no_update,) * 9
    from dashboard.figures.matrix import matrix

    model, view = _seen(name, added, *words)
    pair = {} if view.kind == "difference" else {"display": "none"}
    runs, missing = _runs(model, view, measuring)
    # Keep the card while its run continues: a new card would lose its progress.
    wanted = None if missing is None else key_of(model, missing.locked, missing.moved, missing.by)
    card = _card(model, missing) if wanted != instead else no_update
    found = matrix_of(model, view, runs)
    links = [site_path(f"/directions/matrix.{form}?{_query(name, view, added)}") for form in ("csv", "npz")]
    if found is None:
        return no_update, TITLES[view.kind], "", {"display": "none"}, pair, card, wanted, *links
    names = [display_name(title_of(model, name)) for name in model.names]
    figure = matrix(found.values, found.doubtful, cell_words(found, names), names, found.tree, scheme, model.names)
    return figure, TITLES[view.kind], found.caption, {}, pair, card, wanted, *links


@callback(
    Output("cell-body", "children"),
    Output("curves", "figure"),
    Output("curves-title", "children"),
    Output("curves-caption", "children"),
    Output("curves-note", "children"),
    Output("curves-box", "style"),
    Output("shown-cell", "data"),
    Output("curves-csv", "href"),
    Output("curves-npz", "href"),
    *people_outputs("people"),
    Input("cell", "data"),
    Input("matrix-locked", "value"),
    Input("matrix-after", "value"),
    Input("matrix-judge", "value"),
    Input("measuring", "data"),
    Input("scheme-now", "data"),
    State("matrix-added", "data"),
    NAMED,
)
def open_cell(
    cell: Any, locked: Any, after: str, judge: Any, measuring: Any, scheme: Any, added: Any, name: str
) -> Any:
    """Show the effect of one direction on another."""
    if scheme is None:
        return (no_update,) * 14
    kind = "effect" if _has_scorer(name) else "cosine"
    model, view = _seen(name, [*(cell or ()), *added], kind, None, None, "name", locked, after, None, judge)
    moved, seen = cell or strongest(current_runtime().open_model(name).model)
    shown = cell_contents(model, moved, seen, view.held, measuring, judges_at(model, view.by)[0], scheme)
    query = {"model": name, **view_words(view), "cell": f"{moved},{seen}"}
    return (
        *(shown.body, shown.figure, shown.title, shown.caption, shown.note, shown.box, [moved, seen]),
        *cell_files("curves", query),
        *(shown.people, shown.people_caption, shown.people_box),
        *cell_files("people", query),
    )


@callback(
    Output("pair", "figure"),
    Output("pair-title", "children"),
    Output("pair-caption", "children"),
    Output("pair-csv", "href"),
    Output("pair-npz", "href"),
    Input("shown-cell", "data"),
    Input("pair-of", "value"),
    Input("scheme-now", "data"),
    NAMED,
)
def draw_pair(cell: Any, of: str, scheme: Any, name: str) -> Any:
    """Draw the joint distribution of two attributes in the population."""
    if scheme is None or not cell:
        return (no_update,) * 5
    from dashboard.figures.pair import pair

    model = with_rows(current_runtime().open_model(name).model, cell)
    found = population(model, cell[0], cell[1], of)
    titles = [display_name(title_of(model, direction)) for direction in cell]
    query = urlencode({"model": name, "cell": ",".join(cell), "of": found.of}, safe=",")
    links = [site_path(f"/directions/pair.{form}?{query}") for form in ("csv", "npz")]
    figure = pair(found.x, found.y, (f"{titles[0]}, σ", f"{titles[1]}, σ"), scheme)
    return figure, found.title, found.caption, *links


for function, inputs in (
    ("matrix", (Input("matrix", "figure"),)),
    ("cell", (Input("shown-cell", "data"),)),
    ("view", (*VIEW, State("matrix-plain", "data"))),
    ("problem", (Input("directions-problem", "data"),)),
):
    clientside_callback(ClientsideFunction("directions", function), Output(NAME, f"data-{function}"), *inputs)


def _has_scorer(name: str) -> bool:
    return current_runtime().open_model(name).model.has_scorer


def _seen(
    name: str,
    added: Any,
    kind: Any,
    of: Any,
    less: Any,
    order: Any,
    locked: Any,
    after: Any,
    false: Any = None,
    judge: Any = None,
    hold: Any = None,
) -> tuple[Model, View]:
    """Return the model with all directions that are rows, and the view of the controls."""
    model = with_rows(current_runtime().open_model(name).model, added or ())
    words = {"matrix": kind, "of": of, "less": less, "order": order, "after": after, "locked": ",".join(locked or [])}
    words |= {"false": false, "judge": judge, "hold": hold or None}
    view, problem = read_view(words, model)
    if problem is not None:
        raise problem
    return model, view


def _runs(model: Model, view: View, measuring: Any, names: Sequence[str] | None = None) -> tuple[Runs, Run | None]:
    """Return the runs of a view, for the named directions or for all, and the first of them that is not
    complete.
    """
    if "effect" not in view.measures:
        return {}, None
    found = runs_of(model, view.held, measuring, model.names if names is None else names, view.by)
    unfinished = (run for run in found if run.locked == view.held and not run.done)
    return {(run.locked, run.moved): run.measured for run in found}, next(unfinished, None)


def _card(model: Model, run: Run | None) -> Any:
    if run is None:
        return None
    of = f" of {display_name(title_of(model, run.moved))}" if run.moved else ""
    locked_names = " and ".join(display_name(title_of(model, name)) for name in run.locked)
    title = f"Measured effect{of} with {locked_names} locked" if locked_names else f"Measured effect{of}"
    return measure_card(model, run.locked, title, "measure", run.moved, run.by)


def _query(name: str, view: View, added: Sequence[str]) -> str:
    words = {"model": name, **view_words(view), "with": ",".join(added)}
    return urlencode({word: text for word, text in words.items() if text}, safe=",~")

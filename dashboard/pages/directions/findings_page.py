"""The Directions page, first tab: findings, the largest first, each a link to its cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, no_update

from dashboard.components.dock import register_dock
from dashboard.components.icon import icon
from dashboard.components.initial_state import open_face
from dashboard.components.slider_row import display_name
from dashboard.entanglement.bias_audit import targets_of
from dashboard.entanglement.findings import FALSE_SHARE, LEAST, ORDERS, findings
from dashboard.entanglement.findings_export import FORMS, how
from dashboard.entanglement.findings_question import SHARES, SIZES, question_of
from dashboard.faces.site_path import site_path
from dashboard.pages.directions import page as matrix_page
from dashboard.pages.directions.bias_audit_text import listed
from dashboard.pages.directions.cell_contents import cell_contents, cell_files, people_outputs
from dashboard.pages.directions.filters import Filter, filter_store, inputs, read_filters, register_filters, select
from dashboard.pages.directions.findings_panel import (
    finding_panel,
    findings_card,
    findings_foot,
    no_findings,
    targets_data,
)
from dashboard.pages.directions.frame import directions_page
from dashboard.pages.directions.judge_field import JUDGE, judge_field, judges_at, whose
from dashboard.pages.directions.rescoring_runs import key_of, measure_card, run_of, runs_beside
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.model import Model

NAME = "directions-findings"

OF_MATRIX = ("matrix", "of", "less", "order", "locked", "after", "cell")
"""Query parameters of the matrix in old addresses, when it was the first tab."""

FILTERS = (
    Filter("about", "any", "", "The slider that is moved, or the score that it changes", 170),
    Filter("on", "any", "Changes", "What a slider changes", 210),
    Filter("least", f"{LEAST:g}", "At least", "Smallest effect to list", 150),
    Filter("false", f"{FALSE_SHARE:g}", "False finds, at most", "Benjamini and Hochberg, over all pairs", 224),
    Filter("by", "effect", "Order", "Sort order of the list", 190),
    JUDGE,
)

dash.register_page(
    __name__,
    path="/directions",
    name="Directions",
    title="Findings · Directions · Likeness",
    description="See what each slider changes, and in how many people.",
)
register_dock(NAME)


def layout(face: Any = None, model: Any = None, **words: Any) -> html.Div:
    """Lay out the tab for the face, the model and the question in the address.

    Args:
        face: a face string, or None.
        model: the name of a model, or None.
        words: about, on, least, false, by, judge: the filter, found: the open pair (see
            docs/guide/directions.md); parameters of the matrix lead there, as in old links.

    Returns:
        The page; a callback fills the list, or lays out the cards of the required runs.
    """
    if any(word in words for word in OF_MATRIX):
        return matrix_page.layout(face, model, **words)
    begin = open_face(face, model)
    shown = begin.open_model.model
    if not shown.names or not shown.has_scorer:
        return directions_page(NAME, begin, [no_findings(shown)])
    return directions_page(
        NAME,
        begin,
        [
            dcc.Store(id="findings-model", data=shown.name),
            dcc.Store(id="measuring"),
            dcc.Store(id="findings-missing"),
            dcc.Store(id="found-cell", data=_cell_of(words.get("found"), shown)),
            filter_store(FILTERS),
            html.Div(id="measures", hidden=True),
            html.Div(
                [
                    html.Div(_fields(shown, words), className="lk-controls-part lk-findings-filters"),
                    html.Div(id="findings-export", className="lk-audit-tools"),
                ],
                className="lk-directions-controls",
            ),
            html.Div(id="findings-cards", className="lk-audit-cards"),
            html.Div(
                [html.Div(id="findings", className="lk-findings-holder"), finding_panel()],
                className="lk-directions-panels lk-findings-panels",
            ),
        ],
    )


@callback(
    Output("findings", "children"),
    Output("findings-cards", "children"),
    Output("findings-missing", "data"),
    Output("findings-export", "children"),
    *inputs(FILTERS),
    Input("measuring", "data"),
    Input("scheme-now", "data"),
    State("findings-missing", "data"),
    State("face", "data"),
    State("findings-model", "data"),
)
def show_findings(*given: Any) -> Any:
    """Show the findings measured so far, and the cards of the missing runs."""
    *values, measuring, scheme, before, face, name = given
    if scheme is None:
        return (no_update,) * 4
    model = current_runtime().open_model(name).model
    held = tuple(target.name for target in targets_of(model))
    words = dict(zip((each.word for each in FILTERS), values, strict=True))
    judge, other = judges_at(model, words["judge"])
    runs = [run_of(model, locks, measuring, by=judge.by) for locks in dict.fromkeys(((), held))]
    missing = [run.locked for run in runs if not run.done]
    # Keep the card while its run continues: a new card would lose its progress.
    keys = [key_of(model, locks, by=judge.by) for locks in missing]
    what = listed([target.title.lower() for target in targets_of(model)])
    titles = {(): "Everything free", held: f"With {what} locked"} if held else {(): "Everything free"}
    cards = (
        [measure_card(model, locks, titles[locks], "findings", by=judge.by) for locks in missing]
        if keys != before
        else no_update
    )
    free, locked = runs[0].measured, runs[1].measured if held else None
    if free is None:
        return None, cards, keys, None
    asked = question_of(words)
    second, alone = runs_beside(model, judge, other, measuring)
    found = findings(model, free, locked, asked, other=second, alone=alone)
    query = {each.word: value for each, value in zip(FILTERS, values, strict=True) if value != each.plain}
    query = urlencode({"model": name, **query}, quote_via=quote)
    links = [
        html.A(words, href=site_path(f"/directions/findings.{form}?{query}"), className="lk-link", download="")
        for form, words in zip(FORMS, ("CSV", "Markdown", "JSON"), strict=True)
    ]
    of = {"model": name, **({"judge": judge.word} if judge.by else {})}
    report = site_path(f"/directions/report.html?{urlencode(of, quote_via=quote)}")
    links.append(html.A("Report, Markdown", href=report.replace(".html", ".zip", 1), className="lk-link", download=""))
    links.append(html.A([icon("download", 16), "Report"], href=report, className="lk-button", download=""))
    return (
        [
            findings_card(model, found, asked, str(face or ""), judge, other if second else None),
            findings_foot(how(found, asked, judge.words), whose(model, judge, other if second else None)),
        ],
        cards,
        keys,
        links,
    )


register_filters(NAME, FILTERS)


@callback(
    Output("found-body", "children"),
    Output("found-curve", "figure"),
    Output("found-curve-title", "children"),
    Output("found-curve-caption", "children"),
    Output("found-curve-note", "children"),
    Output("found-curve-box", "style"),
    Output("found-curve-csv", "href"),
    Output("found-curve-npz", "href"),
    *people_outputs("found-people"),
    Input("found-cell", "data"),
    Input("filter-judge", "value"),
    Input("measuring", "data"),
    Input("scheme-now", "data"),
    State("findings-model", "data"),
)
def open_finding(cell: Any, judge: Any, measuring: Any, scheme: Any, name: str) -> Any:
    """Show the effect of one slider on one score, free and with the targets locked."""
    model = current_runtime().open_model(name).model
    if scheme is None or not isinstance(cell, list) or _cell_of(",".join(map(str, cell)), model) is None:
        return (no_update,) * 13
    held = tuple(target.name for target in targets_of(model))
    by = judges_at(model, judge)[0]
    shown = cell_contents(model, cell[0], cell[1], (), measuring, by, scheme, locked=held)
    query = {"model": name, "cell": ",".join(cell), "judge": by.word}
    people = {**query, "locked": ",".join(held), "after": "1"}
    return (
        *(shown.body, shown.figure, shown.title, shown.caption, shown.note, shown.box),
        *cell_files("curves", query),
        *(shown.people, shown.people_caption, shown.people_box),
        *cell_files("people", people),
    )


clientside_callback(
    ClientsideFunction("findings", "cell"),
    Output(NAME, "data-cell"),
    Input("found-cell", "data"),
    Input("findings", "children"),
)


def _cell_of(text: Any, model: Model) -> list[str] | None:
    names = str(text or "").split(",")
    return names if len(names) == 2 and all(name in model.names for name in names) else None


def _fields(model: Model, words: Mapping[str, Any]) -> list[Any]:
    data = {
        "about": [("any", "Any attribute"), *((name, display_name(name)) for name in model.names)],
        "on": targets_data(model),
        "least": [(size, f"{float(size):g} σ") for size in SIZES],
        "false": [(share, f"{100 * float(share):g} %") for share in SHARES],
        "by": list(ORDERS.items()),
    }
    plain = FILTERS[:-1]
    at = read_filters(plain, {word: [value for value, _ in values] for word, values in data.items()}, words)
    fields = [select(each, data[each.word], at[each.word], searchable=each.word == "about") for each in plain]
    return [*fields, judge_field(model, words)]

"""The Directions page, tab Models: disentanglement of each model's codes, and two models compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import dash
import numpy as np
from dash import Input, Output, State, callback, dcc, html, no_update

from dashboard import jobs
from dashboard.components.dock import register_dock
from dashboard.components.figure_card import figure_card
from dashboard.components.initial_state import open_face
from dashboard.components.job_card import job_card
from dashboard.components.slider_row import display_name
from dashboard.entanglement.disentanglement_results import (
    KIND,
    PAIRS,
    can_be_measured,
    disentanglement_of,
    disentanglement_params,
)
from dashboard.entanglement.two_models import alignments, compare, same_latents
from dashboard.errors import LikenessError
from dashboard.faces.site_path import site_path
from dashboard.pages.directions.filters import Filter, filter_store, register_filters, select
from dashboard.pages.directions.frame import directions_page
from dashboard.pages.directions.models_panel import alignment_card, code_table, face_table, pair_table
from dashboard.pages.directions.rescoring_runs import run_of
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.model import Model

NAME = "directions-models"
MOST = 12
"""Models in the table, at most."""

OTHER = Filter("other", "", "Beside", "The model to compare with", 260)

dash.register_page(
    __name__,
    path="/directions/models",
    name="Models compared",
    title="Models · Directions · Likeness",
    description="See how disentangled each model is, and compare two models.",
)
register_dock(NAME)


def layout(face: Any = None, model: Any = None, other: Any = None, **_: Any) -> html.Div:
    """Lay out the tab.

    Args:
        face, model: the face and the model of the address, or None.
        other: name of the model to compare with, or None.
    """
    begin = open_face(face, model)
    shown = begin.open_model.model
    others = [each.name for each in installed() if each.name != shown.name and each.has_scorer and each.names]
    fields = [("", "No other model"), *((name, name) for name in others)]
    graphs = [
        figure_card(f"two-{part}", title, className="lk-matrix-card lk-two-card")
        for part, title in (("first", shown.name), ("second", "The other"), ("difference", "Difference"))
    ]
    return directions_page(
        NAME,
        begin,
        [
            dcc.Store(id="two-model", data=shown.name),
            dcc.Store(id="measuring"),
            html.Div(id="measures", hidden=True),
            filter_store([OTHER]),
            html.Section(
                [
                    html.H2("Disentanglement", className="lk-figure-title", id="codes-title"),
                    html.Div(id="codes-table", className="lk-two-body"),
                    *_cards(),
                ],
                className="lk-figure-card lk-two-section",
                **{"aria-labelledby": "codes-title"},
            ),
            html.Section(
                [
                    html.H2("Two models on the same labels", className="lk-figure-title", id="two-title"),
                    select(OTHER, fields, other if other in others else "", searchable=len(others) > 8),
                    html.Div(id="two-words", className="lk-two-body"),
                ],
                className="lk-figure-card lk-two-section",
                **{"aria-labelledby": "two-title"},
            ),
            html.Div([*graphs, html.Div(id="two-findings")], id="two-graphs", className="lk-two-graphs", hidden=True),
        ],
    )


def installed() -> list[Model]:
    """Return the installed, valid models, the default one first."""
    runtime = current_runtime()
    found = []
    for name in runtime.names()[:MOST]:
        try:
            found.append(runtime.open_model(name).model)
        except LikenessError:
            continue
    return found


@callback(
    Output("codes-table", "children"),
    Input("codes-message", "data"),
    Input("two-model", "data"),
)
def show_codes(_: Any, name: str) -> Any:
    """Lay out the available measures of every model."""
    models = installed()
    kept = [(model, _measured(model)) for model in models]
    rows = [(model.name, found) for model, found in kept if found is not None]
    lacking = [model.name for model in models if not can_be_measured(model)]
    return [code_table(rows), face_table(rows), _words(models, lacking)]


@callback(
    Output("two-words", "children"),
    Output("two-graphs", "hidden"),
    Output("two-first", "figure"),
    Output("two-second", "figure"),
    Output("two-difference", "figure"),
    Output("two-second-title", "children"),
    Output("two-findings", "children"),
    Output("two-graphs", "style"),
    *(Output(f"two-{part}-{form}", "href") for part in ("first", "second", "difference") for form in ("csv", "npz")),
    Input("filter-other", "value"),
    Input("scheme-now", "data"),
    State("two-model", "data"),
)
def show_two(other: Any, scheme: Any, name: str) -> Any:
    """Show the effects of two models, their difference, and the CKA of their features."""
    if scheme is None:
        return (no_update,) * 14
    runtime = current_runtime()
    first = runtime.open_model(name).model
    hidden = (True, no_update, no_update, no_update, "", None, no_update, *[""] * 6)
    if not other:
        text = "Choose another model to compare the attributes that both have."
        return html.P(text, className="lk-figure-caption"), *hidden
    second = runtime.open_model(other).model
    runs = [run_of(model, (), None).measured for model in (first, second)]
    aligned = alignment_card(first, second, alignments(first, second) if same_latents(first, second) else None)
    if runs[0] is None or runs[1] is None:
        lacking = first.name if runs[0] is None else second.name
        text = html.P(
            f"No measured effects of {lacking} yet: open its findings and press Measure.", className="lk-figure-caption"
        )
        return [text, aligned], *hidden
    from dashboard.analysis.matrices import ordered
    from dashboard.figures.matrix import matrix

    found = compare((first, second), (runs[0], runs[1]))
    shown = [display_name(each) for each in found.names]
    groups = [attribute.group for attribute in first.attributes if attribute.name in found.names]
    clusters = ordered("clusters", found.names, groups, found.first)
    tree = replace(clusters, links=clusters.links[:0])  # the joins are the first model's alone
    figures = []
    for values, whose, doubtful in (
        (found.first, first.name, np.zeros(found.first.shape, bool)),
        (found.second, second.name, np.zeros(found.second.shape, bool)),
        (found.difference, "difference", ~found.sure),
    ):
        words = [
            [f"{row} → {column}, {whose}: {values[i, j]:+.2f} σ" for j, column in enumerate(shown)]
            for i, row in enumerate(shown)
        ]
        figures.append(matrix(values, doubtful, words, shown, tree, scheme, found.names))
    text = html.P(
        f"{len(found.names)} attributes of both; {int(found.sure.sum())} of {found.sure.size} effects differ (Welch's "
        f"t over {found.people[0]:,} and {found.people[1]:,} people, Benjamini and Hochberg, false finds at most 5 %). "
        "Each effect is in its own model's standard deviations and scored by its own scorer, so a difference may be "
        f"due to the scorers. The order is that of {first.name}'s clusters. Code: "
        "dashboard/entanglement/two_models.py.",
        className="lk-figure-caption",
    )
    links = [
        site_path(f"/directions/models.{form}?model={name}&other={other}") for _ in range(3) for form in ("csv", "npz")
    ]
    table = pair_table(found, (first.name, second.name))
    width, height = figures[0].layout.meta["least"]
    least = {"--least-width": f"{width}px", "--least-height": f"{height}px"}
    return [text, aligned], False, *figures, second.name, table, least, *links


register_filters(NAME, [OTHER])


def _measured(model: Model) -> Any:
    if not can_be_measured(model):
        return None
    kept = jobs.kept(KIND, model.name, disentanglement_params())
    return None if kept is None else disentanglement_of(kept.arrays())


def _cards() -> list[Any]:
    cards: list[Any] = [dcc.Store(id="codes-message")]
    for k, model in enumerate(installed()):
        if can_be_measured(model) and _measured(model) is None:
            text = f"DCI, MIG, SAP, modularity and separability on the bank, and the path length of {PAIRS} pairs."
            title = f"Disentanglement of {model.name}"
            cards.append(job_card(f"codes-{k}", KIND, title, text, model.name, disentanglement_params(), "Measure"))
    return cards


def _words(models: list[Model], lacking: list[str]) -> html.P:
    true = [model.name for model in models if model.has_true_directions]
    text = (
        f"Models with true labels, from training on pairs: {', '.join(true)}. "
        if true
        else "None of these models has the renderer's true labels of its latents, so nothing is compared with "
        "true labels: the factors are the scores by each model's own scorer. "
    )
    if lacking:
        text += f"Not measured, without directions, scorer and bank: {', '.join(lacking)}. "
    return html.P(
        text
        + "Coordinates are fitted to the scores that they are compared with, so they score highest. Models with other "
        "attributes are not comparable. Code: dashboard/analysis/disentanglement.py.",
        className="lk-figure-caption",
    )

"""The card of the graph of partial correlations, beside the matrix."""

from __future__ import annotations

from typing import Any

from dash import Input, Output, State, callback, html, no_update

from dashboard.components.figure_card import figure_card
from dashboard.components.slider_row import display_name
from dashboard.faces.site_path import site_path
from dashboard.serving.runtime import current_runtime


def graph_panel() -> html.Section:
    """Lay out the card; a callback fills the graph `graph`."""
    return figure_card(
        "graph",
        "Partial correlations, all others held constant",
        before=html.P(id="graph-note", className="lk-finding"),
        className="lk-graph-card",
    )


def register_graph() -> None:
    """Register the callback that draws the graph, once for each application."""
    callback(
        Output("graph", "figure"),
        Output("graph-caption", "children"),
        Output("graph-note", "children"),
        Output("graph-box", "style"),
        Output("graph-csv", "href"),
        Output("graph-npz", "href"),
        Input("matrix-false", "value"),
        Input("scheme-now", "data"),
        State("directions-model", "data"),
    )(draw_graph)


def draw_graph(false: Any, scheme: Any, name: str) -> Any:
    """Draw the graph of the bank's scores."""
    if scheme is None:
        return (no_update,) * 6
    model = current_runtime().open_model(name).model
    links = [site_path(f"/directions/graph.{form}?model={name}&false={false}") for form in ("csv", "npz")]
    if not model.has_bank or not model.has_scorer:
        return no_update, "", "A graph of scores needs a bank of scored faces.", {"display": "none"}, *links
    from dashboard.entanglement.score_graph import score_graph
    from dashboard.figures.graph import graph

    found = score_graph(model, float(false))
    names = [display_name(each) for each in found.names]
    values, low, high = found.found.values, found.found.low, found.found.high
    edges = [
        (
            i,
            j,
            float(values[i, j]),
            f"{names[i]}, {names[j]}: {values[i, j]:+.2f} ({low[i, j]:+.2f} to {high[i, j]:+.2f})",
        )
        for i, j in found.edges
    ]
    note = "Solid: positive; dotted: negative. Correlation does not show the cause."
    return graph(names, edges, scheme), found.caption, note, {}, *links

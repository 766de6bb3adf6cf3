"""The card of the matrix; `assets/js/directions/matrix.js` moves the cell, marks rows and opens what is clicked."""

from __future__ import annotations

from dash import html

from dashboard.components.figure_card import figure_card
from dashboard.components.icon import icon
from dashboard.faces.site_path import site_path

HELP = "Arrow keys move the cell, Enter opens it. Row: the moved attribute; column: the scored one."


def matrix_panel() -> html.Section:
    """Lay out the card.

    Returns:
        The card. A callback fills the graph `matrix`, or `matrix-instead`, which replaces it while there
        is nothing to draw; `matrix-progress` is shown above it while the matrix is being refined.
    """
    card = figure_card("matrix", "Cosine", before=html.Div(id="matrix-instead"), className="lk-matrix-card")
    return html.Div(  # type: ignore[return-value]
        [
            card,
            html.P(HELP, id="matrix-help", className="lk-unseen"),
            html.P(id="matrix-cell", className="lk-unseen", role="status"),
        ],
        className="lk-matrix-holder",
    )


def no_directions() -> html.Div:
    """Explain that the model has no directions to compare, and how to add some."""
    return html.Div(
        [
            icon("matrix", 20),
            html.P("This model has no directions", className="lk-nothing-title"),
            html.P("A matrix compares directions of the latent space. The Models page explains how to add them."),
            html.A("Models", href=site_path("/models"), className="lk-button"),
        ],
        className="lk-nothing",
    )

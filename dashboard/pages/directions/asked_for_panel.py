"""The angle of each direction to the true direction from training on pairs, for models that have it."""

from __future__ import annotations

import numpy as np
from dash import html

from dashboard.components.icon import icon
from dashboard.components.slider_row import display_name
from dashboard.synthesis.curves import TrueDirections
from dashboard.synthesis.model import Model

FAR = 20.0
"""Degrees above which a direction is flagged as different from its label."""


def asked_for_card(model: Model) -> html.Section:
    """Lay out the angles between a model's directions and those that training on pairs gave its labels.

    Args:
        model: the model; if it has no true directions, a message says so.
    """
    if model.has_true_directions:
        parts: list = [
            html.P(
                "Training on pairs gave this model's latents known labels. Each label is regressed on the codes of "
                "persons and mapped to z; the angle is that to the direction that was found. Intervals resample "
                "single faces.",
                className="lk-figure-caption",
            ),
            asked_for_table(model.names, model.true_directions()),
        ]
    else:
        parts = [
            html.P(
                f"{model.name} has no true directions, so the angle between its directions and its labels is "
                "unknown. The method's own error, on true directions, is among the figures on the About page; "
                "it is a different quantity.",
                className="lk-figure-caption",
            )
        ]
    return html.Section(
        [html.H2("Angle to the true direction", className="lk-figure-title", id="asked-for-title"), *parts],
        className="lk-figure-card lk-user-direction-making",
        **{"aria-labelledby": "asked-for-title"},
    )


def asked_for_table(names: tuple[str, ...], true: TrueDirections) -> html.Table:
    """Lay out a row for each attribute, the largest angle first; those above `FAR` carry a flag."""
    order = np.argsort(-np.asarray(true.angle), kind="stable")
    head = html.Tr([html.Th(words) for words in ("attribute", "degrees", "95 % interval", "R² of the label")])
    rows = [
        html.Tr(
            [
                html.Th(display_name(names[k])),
                html.Td([f"{true.angle[k]:.1f}", _flag(names[k]) if true.angle[k] > FAR else None]),
                html.Td(f"{true.low[k]:.1f} to {true.high[k]:.1f}"),
                html.Td(f"{true.r2[k]:.2f}"),
            ]
        )
        for k in order
    ]
    return html.Table([html.Thead(head), html.Tbody(rows)], className="lk-asked-for")


def _flag(name: str) -> html.Span:
    words = f"{display_name(name)} is more than {FAR:.0f} degrees from the true direction"
    return html.Span(icon("doubt", 16), title=words, role="img", className="lk-table-doubt", **{"aria-label": words})

"""Unsupervised directions: a table of their cosines with the attributes, and traversals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import dash_mantine_components as dmc
import numpy as np
from dash import html

from dashboard.components.icon import icon
from dashboard.components.slider_row import display_name
from dashboard.faces.describe import signed
from dashboard.faces.face import Base, Face
from dashboard.faces.routes import face_address
from dashboard.synthesis.model import Model

STEPS = (-3.0, -1.5, 0.0, 1.5, 3.0)


@dataclass(frozen=True, eq=False)
class Row:
    """An unsupervised direction.

    Args:
        name: as in a face string.
        title: display name.
        share: its share, in words.
        cosines: (F,) with the model's attributes.
    """

    name: str
    title: str
    share: str
    cosines: np.ndarray


def cosine_table(rows: Sequence[Row], names: Sequence[str]) -> html.Div:
    """Lay out the cosines, with a row for each direction and a column for each attribute.

    Args:
        rows: the directions.
        names: of the attributes.

    Returns:
        A horizontally scrolling table; each cell is shaded by its cosine and shows the number.
    """
    if not names:
        return html.Div("This model has no attributes to compare with.", className="lk-cosines")
    head = html.Tr(
        [html.Td(), *(html.Th(html.Span(display_name(name)), scope="col") for name in names)],
    )
    body = [html.Tr([html.Th(row.title, scope="row"), *(_cell(float(value)) for value in row.cosines)]) for row in rows]
    return html.Div(
        html.Table([html.Thead(head), html.Tbody(body)]),
        className="lk-cosines",
        tabIndex=0,
        role="region",
        **{"aria-label": "Cosines of the directions with the attributes"},
    )


def traversal_list(model: Model, base: Base, rows: Sequence[Row], names: Sequence[str]) -> html.Ul:
    """Lay out a traversal of each direction, from the base of the face on the page.

    Args:
        model: the model.
        base: the base.
        rows: the directions.
        names: of the attributes.
    """
    return html.Ul([_traversal(model, base, row, names) for row in rows], className="lk-unsupervised-list")


def _cell(value: float) -> html.Td:
    return html.Td(
        signed(value),
        style={"--size": f"{min(1.0, abs(value) / 0.6):.3f}"},
        className="lk-cosine lk-cosine-up" if value > 0 else "lk-cosine",
    )


def _traversal(model: Model, base: Base, row: Row, names: Sequence[str]) -> html.Li:
    order = np.argsort(-np.abs(row.cosines))[:3]
    leans = ", ".join(f"{display_name(names[k])} {signed(float(row.cosines[k]))}" for k in order)
    return html.Li(
        [
            html.Div(
                [html.Strong(row.title), html.P(row.share), html.P(f"Cosine: {leans}") if leans else None],
            ),
            html.Div(
                [
                    html.Img(
                        src=face_address(model, Face(base, ((row.name, step),))),
                        alt=f"This base at {signed(step)} sigma on {row.title}",
                        title=f"{signed(step)} σ",
                        width=64,
                        height=64,
                    )
                    for step in STEPS
                ],
                className="lk-unsupervised-traversal",
            ),
            dmc.Button(
                "Add as slider",
                leftSection=icon("sliders", 16),
                variant="default",
                size="xs",
                **{
                    "data-action": "add-direction",
                    "data-direction": row.name,
                    "data-help": "A slider for this direction, on every page with a face",
                    "aria-label": f"Add {row.title} as slider",
                },
            ),
        ],
        className="lk-unsupervised-row",
    )

"""The card of a selection: the average face, some members, and the differences from all faces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import quote

import dash_mantine_components as dmc
import numpy as np
from dash import html

from dashboard.analysis.selection import Effects
from dashboard.components.icon import icon
from dashboard.components.page_address import page_address
from dashboard.components.slider_row import display_name
from dashboard.faces.site_path import site_path

MEMBERS = 12
STRONGEST = 6
DRAWN_ON = (
    "The outline was drawn on scores by the same scorer: these differences only describe the selection, so no interval "
    "is shown."
)

COMPARED = 6
"""Members that open on the Compare page."""


def selection_panel() -> html.Section:
    """Lay out the card; a callback fills `selection-body`."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Selection", className="lk-figure-title", id="selection-title"),
                    html.Span(id="selection-count", className="lk-count"),
                    html.Div(id="selection-tools", className="lk-figure-controls"),
                ],
                className="lk-figure-head",
            ),
            html.Div(nothing_selected(), id="selection-body"),
        ],
        className="lk-figure-card lk-selection-card",
        **{"aria-labelledby": "selection-title"},
    )


def nothing_selected() -> html.Div:
    """Explain how to select faces."""
    return html.Div(
        [
            icon("lasso", 20),
            html.P("Draw around some faces", className="lk-nothing-title"),
            html.P("The page then shows them, their average and how they differ from the others."),
            dmc.Button(
                "Lasso",
                leftSection=icon("lasso", 16),
                variant="default",
                size="xs",
                **{"data-action": "tool", "data-tool": "lasso", "data-help": "Then draw around faces in the scatter"},
            ),
        ],
        className="lk-nothing",
    )


def refused_selection(sentence: str) -> html.Div:
    """Explain why a selection in a link cannot be shown; the page is unchanged."""
    return html.Div(
        [html.P([icon("error", 18), "This selection cannot be shown"], className="lk-problem-title"), html.P(sentence)],
        className="lk-problem lk-problem-error",
        role="alert",
    )


def clear_selection() -> html.Button:
    """Lay out the button that clears the selection."""
    return html.Button(
        "Clear",
        type="button",
        className="lk-link",
        **{"data-action": "clear-selection", "data-help": "Removes the selection from every page"},
    )


def take_selection(model: str, text: str) -> html.Span:
    """Lay out the links that download the selected faces as data."""
    address = site_path(f"/latent-space/selection.{{}}?model={quote(model)}&sel={quote(text)}")
    return html.Span(
        [html.A(form.upper(), href=address.format(form), className="lk-link", download="") for form in ("csv", "npz")],
        className="lk-take",
    )


def go_on(face: str, model: str, text: str, members: Sequence[str]) -> html.Div:
    """Lay out the actions of a selection.

    Args:
        face: the face on the page, for the links.
        model: the name of the model.
        text: the selection.
        members: some of the selected faces, as face strings.

    Returns:
        Links and a button (`assets/js/latent_space/selection.js`).
    """
    parts: list = [
        dmc.Anchor(
            [icon("sliders", 16), "Make a direction"],
            id="selection-direction",
            href=page_address("/directions/own", face, model, sel=text),
            underline="never",
            className="lk-button",
            **{"data-face": "/directions/own"},
        ),
        html.Button(
            [icon("face", 16), "Open average"],
            type="button",
            className="lk-button",
            **{"data-action": "open-average", "data-help": "Opens the average of their latents as a face"},
        ),
    ]
    if len(members) > 1:
        faces = "!".join(["*", *members[1:]])
        parts.append(
            dmc.Anchor(
                [icon("columns", 16), f"Compare {len(members)}"],
                href=page_address("/compare", members[0], model, faces=faces, sel=text),
                underline="never",
                className="lk-button",
            )
        )
    return html.Div(parts, className="lk-go-on")


def selected_faces(
    average: str,
    averaged: int,
    members: list[int],
    named: Callable[[int], str],
    found: Effects,
    names: tuple[str, ...],
    unit: str,
    actions: html.Div,
    drawn_on: bool = False,
) -> list:
    """Show a selection.

    Args:
        average: address of the average picture; empty if there is none.
        averaged: number of the selected faces in it.
        members: rows of some of the selected faces.
        named: their names.
        found: their differences from all faces.
        names: of the quantities of `found`.
        unit: of these quantities: "scores" or "coordinates".
        actions: from `go_on`.
        drawn_on: whether the outline was drawn on the same quantities.

    Returns:
        The content of the card.
    """
    order = np.argsort(-np.abs(found.difference), kind="stable")
    strongest = [_effect(names[k], found, int(k), drawn_on) for k in order[:STRONGEST]]
    rest = [_effect(names[k], found, int(k), drawn_on) for k in order[STRONGEST:]]
    return [
        html.Div(
            [
                html.Figure(
                    [
                        html.Img(src=average, alt="Average of the selected faces"),
                        html.Figcaption(f"average of {averaged:,}"),
                    ],
                    className="lk-average",
                )
                if average
                else None,
                html.Ul([_member(row, named(row)) for row in members], className="lk-members"),
            ],
            className="lk-selected-faces",
        ),
        actions,
        html.Div(
            [html.Span(f"Selection against all faces, {unit}"), html.Span("difference, σ")], className="lk-effects-head"
        ),
        html.P(DRAWN_ON, className="lk-figure-caption") if drawn_on else None,
        html.Ul(strongest, className="lk-effects"),
        html.Details([html.Summary(f"{len(rest)} more"), html.Ul(rest, className="lk-effects")], className="lk-more")
        if rest
        else None,
    ]


def _member(row: int, name: str) -> html.Li:
    words = f"Open {name}"
    return html.Li(
        html.Button(
            type="button",
            className="lk-member",
            title=words,
            **{"aria-label": words, "data-action": "open-row", "data-row": str(row)},
        )
    )


def _effect(name: str, found: Effects, k: int, drawn_on: bool) -> html.Li:
    difference = float(found.difference[k])
    signed = f"{difference:+.2f}".replace("-", "−")
    margin = "" if drawn_on else f" ± {1.96 * float(found.error[k]):.2f}"
    return html.Li(
        [
            html.Span(display_name(name), className="lk-effect-name"),
            html.Span(
                [
                    html.Span(
                        className="lk-effect-span", style={"--lo": float(found.low[k]), "--hi": float(found.high[k])}
                    ),
                    html.Span(className="lk-effect-dot", style={"--at": difference}),
                ],
                className="lk-effect-rail",
                title=f"{display_name(name)}: mean {signed} σ{margin}; "
                f"the middle 50 % is from {found.low[k]:+.2f} to {found.high[k]:+.2f}".replace("-", "−"),
            ),
            html.Span(signed, className="lk-effect-value"),
        ]
    )

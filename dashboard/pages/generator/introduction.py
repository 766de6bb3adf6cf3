"""The card of a first visit: a sentence about Likeness, and three questions that other pages answer."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.icon import icon
from dashboard.faces.site_path import site_path

QUESTIONS = (
    ("Which attributes change together?", "/directions"),
    ("Where is this face among {faces}?", "/latent-space"),
    ("What does a slider do to perceived gender, age and skin tone?", "/directions/bias-audit"),
)
"""Questions of a first visitor, and the pages that answer them."""


def introduction(faces: int) -> html.Section:
    """Lay out the card; `assets/js/generator/introduction.js` hides it permanently, the About page restores it.

    Args:
        faces: number of faces on the Latent space page.
    """
    return html.Section(
        [
            html.P("Move a slider and see what else moves: this generator has learnt which attributes occur together."),
            html.Ul(
                [
                    html.Li(
                        dmc.Anchor(
                            [words.format(faces=f"{faces:,}"), icon("arrow-right", 16)],
                            href=site_path(address),
                            id=f"question-{number}",
                            **{"data-face": address},
                        )
                    )
                    for number, (words, address) in enumerate(QUESTIONS, 1)
                ]
            ),
            html.Button(
                [icon("x", 16), "Hide"],
                type="button",
                className="lk-introduction-hide",
                **{
                    "data-action": "hide-introduction",
                    "data-help": "Hides this permanently; the About page restores it",
                },
            ),
        ],
        id="introduction",
        className="lk-introduction",
        **{"aria-label": "What this is"},
    )

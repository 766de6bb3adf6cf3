"""The side panel: differences of the faces on a shared axis, and the sliders of the selected face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.face_card import face_tools
from dashboard.components.help_text import with_help
from dashboard.components.slider_panel import slider_panel
from dashboard.pages.compare.controls import choice

QUANTITIES = (("coordinates", "Coordinates"), ("scores", "Scores"), ("pins", "Pins"))


WHAT = "Coordinates are computed from latents, scores from pictures; pins are the requested values"


def compare_side(attributes: Sequence[Mapping[str, Any]], base: str, quantity: str) -> html.Section:
    """Lay out the card.

    Args:
        attributes: as `/model.json` lists them.
        base: the base of the selected face.
        quantity: the initial quantity: "coordinates", "scores" or "pins".

    Returns:
        The card. `assets/js/compare/differences.js` draws into `#differs`.
    """
    return html.Section(
        [
            html.Div(
                [
                    dmc.SegmentedControl(
                        id="compare-tab",
                        data=[{"value": "differs", "label": "What differs"}, {"value": "sliders", "label": "Sliders"}],
                        value="differs",
                        size="xs",
                        persistence=True,
                        persistence_type="session",
                        **{
                            "aria-label": "Beside the faces",
                            "data-help": "How the faces differ, or sliders to move them",
                        },
                    ),
                    html.Div(
                        with_help(choice("what", "What is compared", QUANTITIES, quantity, w=132), WHAT),
                        className="lk-compare-quantity",
                    ),
                ],
                className="lk-compare-side-head",
            ),
            html.Div(
                [
                    html.Div(id="differs-head", className="lk-differs-head"),
                    html.Ol(id="differs", className="lk-differs", tabIndex=0, **{"aria-label": "What differs"}),
                    html.Div(
                        [
                            html.Span(id="differs-folded", **{"aria-live": "polite"}),
                            html.Button(
                                "Show all",
                                type="button",
                                id="differs-all",
                                className="lk-link",
                                **{
                                    "data-action": "compare-all",
                                    "data-help": "Also show attributes that hardly differ",
                                },
                            ),
                        ],
                        className="lk-differs-foot",
                    ),
                ],
                className="lk-compare-differs",
            ),
            html.Div(
                [
                    html.P(id="compare-hand", className="lk-figure-caption"),
                    face_tools(base),
                    slider_panel(attributes),
                ],
                className="lk-dock lk-compare-sliders",
            ),
        ],
        className="lk-compare-side",
        id="compare-side",
        **{"aria-label": "What differs, and sliders", "data-tab": "differs"},
    )

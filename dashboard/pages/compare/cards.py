"""The compared faces: six cards, of which the script shows one for each face."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.icon import icon
from dashboard.components.menu_button import opener
from dashboard.sheets.plan import MAX_FACES

LETTERS = "ABCDEF"

MENU = (
    ("Use as reference", "compare-reference", "good"),
    ("Duplicate", "compare-duplicate", "plus"),
    ("Swap with the reference", "compare-swap", "swap"),
    ("Open in the generator", "compare-open", "face"),
    ("Remove", "compare-remove", "trash"),
)


CHOOSE = "Selects this face for the sliders"
MORE = "Use as reference, duplicate, swap, open, remove"


def compare_cards() -> html.Div:
    """Lay out the cards.

    Returns:
        The list; `assets/js/compare/face_cards.js` fills and shows the cards that have a face.
    """
    return html.Div(
        [*(_card(index, LETTERS[index]) for index in range(MAX_FACES)), _lonely()],
        id="compare-cards",
        className="lk-compare-cards",
    )


def letter(index: int) -> html.Span:
    """Return the letter of a card, in its colour."""
    return html.Span(LETTERS[index], className="lk-letter", **{"data-letter": LETTERS[index]})


def _card(index: int, name: str) -> html.Section:
    return html.Section(
        [
            html.Div(
                [
                    html.Button(
                        [letter(index), html.Span(className="lk-compare-name")],
                        type="button",
                        className="lk-compare-choose",
                        **{"data-action": "compare-choose", "aria-pressed": "false", "data-help": CHOOSE},
                    ),
                    html.Span("reference", className="lk-compare-is-reference"),
                    html.Button(
                        icon("grip", 16),
                        type="button",
                        className="lk-compare-handle",
                        **{
                            "data-help": "Drag, or press the arrow keys, to move this face",
                            "aria-label": f"Move face {name}: arrow keys",
                        },
                    ),
                    _menu(name),
                ],
                className="lk-compare-head",
            ),
            html.Div(
                [
                    html.Canvas(className="lk-compare-picture", role="img", width=0, height=0),
                    html.Canvas(className="lk-compare-inset", width=0, height=0, **{"aria-hidden": "true"}),
                    html.Span(className="lk-compare-preview"),
                    dmc.Slider(
                        id={"type": "wipe", "index": index},
                        min=0,
                        max=100,
                        value=50,
                        label=None,
                        thumbLabel=f"Wipe between the reference and face {name}",
                        className="lk-compare-wipe",
                        **{"data-help": "Left: the reference; right: this face"},
                        updatemode="drag",
                    ),
                ],
                className="lk-compare-frame",
            ),
            html.P(className="lk-compare-problem", hidden=True),
            html.Ul(className="lk-compare-pins"),
        ],
        className="lk-compare-card",
        hidden=True,
        **{"data-index": str(index), "aria-label": f"Face {name}"},
    )


def _menu(name: str) -> dmc.Menu:
    items = [
        dmc.MenuItem(words, leftSection=icon(picture, 16), **{"data-action": action}) for words, action, picture in MENU
    ]
    return dmc.Menu(
        [
            opener(
                dmc.MenuTarget, icon("more", 18), name=f"More for face {name}", className="lk-figure-more", words=MORE
            ),
            dmc.MenuDropdown(items),
        ],
        position="bottom-end",
        width=210,
        withinPortal=False,  # inside the card: the script finds the card of an entry
    )


def _lonely() -> html.Div:
    return html.Div(
        [
            html.P("Two faces make a comparison", className="lk-nothing-title"),
            html.P("Add one above, or press Add to compare on any page with a face."),
        ],
        id="compare-lonely",
        className="lk-compare-lonely",
        hidden=True,
    )

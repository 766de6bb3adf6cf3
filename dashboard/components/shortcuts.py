"""The list of keyboard shortcuts, and the switch that turns the single keys off."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

SLIDER = (
    ("step 0.05", ("←", "→")),
    ("step 0.50", ("PageUp", "PageDown")),
    ("−4 and +4", ("Home", "End")),
    ("pin at the average face", ("0",)),
    ("lock here, or release", ("L",)),
    ("put back where the seed had it", ("Shift", "L")),
    ("release", ("Delete",)),
)
FACE = (
    ("random face, pins kept", ("R",)),
    ("hold: face without pins", ("B",)),
    ("favourite", ("F",)),
    ("find an attribute", ("/",)),
    ("undo", ("Ctrl", "Z")),
    ("redo", ("Ctrl", "Shift", "Z")),
    ("redo", ("Ctrl", "Y")),
)
ELSEWHERE = (
    ("matrix: another cell", ("←", "→", "↑", "↓")),
    ("matrix: open the cell", ("Enter",)),
    ("traverse: a step along it", ("←", "→")),
    ("compare, collections: move a card", ("←", "→", "↑", "↓")),
    ("make your own: mark a face", ("+", "−")),
)
STAGE = (
    ("next slide", ("→", "Space")),
    ("slide before", ("←",)),
    ("first and last", ("Home", "End")),
    ("open what is shown", ("Enter",)),
    ("leave", ("Esc",)),
)
EVERYWHERE = (
    ("page in the bar", ("1", "to", "7")),
    ("save", ("S",)),
    ("copy link", ("K",)),
    ("download", ("D",)),
    ("light or dark", ("T",)),
    ("this list", ("?",)),
    ("close", ("Esc",)),
)


def shortcuts() -> dmc.Modal:
    """Lay out the list; `assets/js/keys.js` opens it and does what it says."""
    return dmc.Modal(
        html.Div(
            [
                html.Div(
                    [
                        _table("A slider, focused", SLIDER),
                        _table("A page with a face", FACE),
                        _table("With the focus on it", ELSEWHERE),
                    ]
                ),
                html.Div(
                    [
                        _table("Everywhere", EVERYWHERE),
                        _table("Presentation", STAGE),
                        dmc.Switch(
                            id="single-keys",
                            label="Single keys",
                            description="Letters and digits act outside fields. Off: only those with Ctrl do.",
                            checked=True,
                            persistence=True,
                            persistence_type="local",
                            className="lk-single-keys",
                        ),
                    ]
                ),
            ],
            className="lk-shortcuts",
        ),
        id="shortcuts",
        title="Keyboard shortcuts",
        size=800,
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
    )


def _table(title: str, rows: tuple[tuple[str, tuple[str, ...]], ...]) -> html.Section:
    return html.Section(
        [
            html.H3(title, className="lk-section-title"),
            html.Dl(
                [
                    html.Div([html.Dt(what), html.Dd([html.Kbd(key, className="lk-kbd") for key in keys])])
                    for what, keys in rows
                ]
            ),
        ]
    )

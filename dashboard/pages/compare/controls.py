"""Controls of query parameters: one callback passes their values to the script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon

WORD = "compare-word"


def word_id(name: str, of: str = WORD) -> dict[str, str]:
    """Name a control, for Dash and for the browser script; by default the control of a query parameter."""
    return {"type": of, "name": name}


def segments(
    name: str, label: str, options: Sequence[tuple[str, str]], value: str, of: str = WORD
) -> dmc.SegmentedControl:
    """Return a control for a choice of a few options."""
    return dmc.SegmentedControl(
        id=word_id(name, of),
        data=[{"value": option, "label": words} for option, words in options],
        value=value,
        size="xs",
        **{"aria-label": label},
    )


def choice(
    name: str, label: str, options: Sequence[tuple[str, str]], value: str, of: str = WORD, **given: Any
) -> dmc.Select:
    """Return a control for a choice of many options."""
    return dmc.Select(
        id=word_id(name, of),
        data=[{"value": option, "label": words} for option, words in options],
        value=value,
        size="xs",
        allowDeselect=False,
        comboboxProps={"withinPortal": False},
        **{"aria-label": label, **given},
    )


def number(
    name: str, label: str, value: float, low: float, high: float, step: float, of: str = WORD, room: int = 46
) -> dmc.NumberInput:
    """Return a number field with its label inside; `room` is the label's width in pixels."""
    return dmc.NumberInput(
        id=word_id(name, of),
        value=value,
        min=low,
        max=high,
        step=step,
        size="xs",
        hideControls=True,
        debounce=True,
        leftSection=html.Span(label, className="lk-base-label"),
        leftSectionWidth=room,
        leftSectionPointerEvents="none",
        className="lk-compare-number",
        **{"aria-label": label},
    )


def toolbar(view: str, apart: bool) -> html.Div:
    """Lay out the controls above the faces.

    Args:
        view: the initial view of the faces.
        apart: whether sliders initially move one face only.

    Returns:
        The row.
    """
    return html.Div(
        [
            _button("Add face", "compare-new", "plus", "Another random person"),
            _button(
                "Same person, one attribute different",
                "compare-attribute",
                None,
                "Adds the reference with one more attribute moved by 2 σ",
            ),
            _button(
                "Same pins, different people", "compare-person", None, "Adds the pins of the reference on a new seed"
            ),
            html.Div(
                [
                    html.Div(
                        dmc.Switch(
                            id={"type": "compare-switch", "name": "together"},
                            label="Move sliders together",
                            checked=not apart,
                            size="sm",
                        ),
                        **{"data-help": "A slider moves all faces, or only the selected one"},
                    ),
                    with_help(
                        dmc.Button(
                            "Swap", variant="default", size="xs", id="compare-blink", **{"data-action": "compare-blink"}
                        ),
                        "Shows the reference instead of each face, and back",
                    ),
                    with_help(
                        segments(
                            "view",
                            "How the faces are shown",
                            (
                                ("pictures", "Pictures"),
                                ("difference", "Difference"),
                                ("wipe", "Wipe"),
                                ("blink", "Blink"),
                            ),
                            view,
                        ),
                        "Show the faces, their difference from the reference, or both in one picture",
                    ),
                ],
                className="lk-compare-looks",
            ),
        ],
        className="lk-compare-toolbar",
    )


def _button(words: str, action: str, picture: str | None, help_text: str) -> dmc.Button:
    return with_help(
        dmc.Button(
            words,
            leftSection=icon(picture, 16) if picture else None,
            variant="default",
            size="xs",
            **{"data-action": action},
        ),
        help_text,
    )

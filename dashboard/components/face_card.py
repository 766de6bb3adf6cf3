"""The face card: the base, the picture, the readout, and the message below it."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon


def face_card(base: str, below: Any = None, tools: Any = None) -> html.Section:
    """Lay out the card of the one face on the page.

    Args:
        base: the initial base, as in a face string.
        below: the foot of the card.
        tools: next to Random face.

    Returns:
        The section. The browser script shows the picture in `#stage` and error messages in `#message`.
    """
    return html.Section(
        [face_tools(base, tools), *face_frame(), below],
        className="lk-face-card",
        **{"aria-label": "Face"},
    )


def face_frame() -> list[html.Div]:
    """Lay out the picture, its render time, and the message below it."""
    return [
        html.Div(
            [
                html.Div(id="stage", className="lk-stage"),
                html.Div("Making the first face", className="lk-skeleton", id="skeleton"),
                html.Div(className="lk-slow", **{"aria-hidden": "true"}),
            ],
            id="frame",
            className="lk-frame",
            **{"data-empty": "true"},
        ),
        html.Div(id="readout", className="lk-readout"),
        html.Div(id="message", className="lk-message", **{"aria-live": "polite"}),
    ]


def step_buttons() -> list[dmc.ActionIcon]:
    """Lay out Undo and Redo; they act on the whole face."""
    return [
        with_help(
            dmc.ActionIcon(
                icon(name, 18),
                variant="subtle",
                size=30,
                className=f"lk-step lk-{name}",
                **{"aria-label": label, "data-action": name, "aria-disabled": "true"},
            ),
            does,
        )
        for name, label, does in (
            ("undo", "Undo", "Undoes the last step"),
            ("redo", "Redo", "Redoes the step"),
        )
    ]


def face_tools(base: str, more: Any = None) -> html.Div:
    """Lay out the base, a button for another one, what the page has besides, and the steps."""
    return html.Div(
        [
            with_help(_base(base), "The base of the face: a seed, a row of a seed, a mix or an average"),
            with_help(
                dmc.Button(
                    "Random face",
                    leftSection=icon("dice", 16),
                    variant="default",
                    size="xs",
                    id="random",
                    **{"data-action": "random"},
                ),
                "Another seed; pins are kept",
            ),
            more,
            html.Div(step_buttons(), className="lk-steps"),
        ],
        className="lk-face-tools",
    )


def _base(base: str) -> dmc.TextInput:
    return dmc.TextInput(
        id="base",
        value=base,
        size="xs",
        className="lk-base",
        leftSection=html.Span("Seed", className="lk-base-label"),
        leftSectionWidth=48,
        leftSectionPointerEvents="none",
        autoComplete="off",
        debounce=True,
        inputProps={"spellCheck": False},
        **{"aria-label": "Seed, or any base: 4217, 1000.83, mix(1,2,0.5)"},
    )

"""Help texts of controls: shown half a second after pointing at one, immediately on focus."""

from __future__ import annotations

from typing import TypeVar

from dash.development.base_component import Component

Control = TypeVar("Control", bound=Component)


def with_help(control: Control, words: str) -> Control:
    """Add help to a control.

    `assets/js/help.js` shows the words of whatever is pointed at in the page's one box for help, so that help costs a
    control an attribute and the page nothing while it draws.

    Args:
        control: a button, a field or the like, with its own name; for a switch, its container.
        words: one short sentence.

    Returns:
        The control itself.
    """
    setattr(control, "data-help", words)
    return control

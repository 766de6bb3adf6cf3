"""Help with a control: half a second after it is pointed at, at once where it gets the focus."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc

DELAY = 500
"""Milliseconds under the pointer before the words come."""


def with_help(control: Any, words: str, className: str = "") -> dmc.Tooltip:
    """Put help beside a control that has a name of its own.

    Args:
        control: a button or the like.
        words: one short sentence.
        className: of the box that Mantine puts around the control.

    Returns:
        The control, with its help.
    """
    return dmc.Tooltip(
        control,
        label=words,
        openDelay=DELAY,
        events={"hover": True, "focus": True, "touch": False},
        multiline=True,
        maw=280,
        boxWrapperProps={"data-help": words, "className": className},
    )

"""A button that opens a menu or a popover."""

from __future__ import annotations

from typing import Any, TypeVar

import dash_mantine_components as dmc

Target = TypeVar("Target", dmc.MenuTarget, dmc.PopoverTarget)


def opener(
    target: type[Target], children: Any, name: str | None = None, className: str = "", words: str | None = None
) -> Target:
    """Lay out the button that opens a `dmc.Menu` or `dmc.Popover`.

    Dash's Mantine puts a box around a target and says on the box that it opens something; a nested `dmc.Button` would
    not say so, and assistive technology would meet a box without a role. So the box itself is made the button.

    Args:
        target: `dmc.MenuTarget` or `dmc.PopoverTarget`.
        children: the button's content.
        name: its name if it has no text.
        className: further classes.
        words: one short sentence of help.

    Returns:
        The target.
    """
    box = {"component": "button", "type": "button", "className": f"lk-button lk-opener {className}".strip()}
    if name:
        box["aria-label"] = name
    if words:
        box["data-help"] = words
    return target(children, boxWrapperProps=box)

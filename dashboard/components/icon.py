"""Icons: files in `assets/icons`, shown by a CSS mask so that they take the colour of the text."""

from __future__ import annotations

from dash import html


def icon(name: str, size: int = 18, className: str = "") -> html.Span:
    """Show an icon beside a word, or inside a control that has a name of its own.

    Args:
        name: file name in `assets/icons` without `.svg`; `assets/css/icons.css` has one rule for each.
        size: width and height in CSS pixels, 16 to 20.
        className: further classes.

    Returns:
        A span that assistive technology passes over.
    """
    classes = f"lk-icon lk-icon-{name} {className}".strip()
    return html.Span(className=classes, style={"width": f"{size}px", "height": f"{size}px"}, **{"aria-hidden": "true"})

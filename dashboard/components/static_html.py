"""Plain HTML that a page's script inserts, for parts that Dash never updates.

Every component of a layout costs the browser time when a page opens: Dash wraps each, and tells each of every change.
The rows of the sliders alone were three quarters of a page's components, and the scripts move all of them. As HTML they
are one component; `assets/js/static_html.js` writes it.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any, TypeVar

from dash.development.base_component import Component

NAMES = {"className": "class", "tabIndex": "tabindex"}
"""Attributes that have another name in HTML; `data-` and `aria-` ones, and those of one word, have the same."""

EMPTY = ("img", "br", "input")


Element = TypeVar("Element", bound=Component)


def static(part: Element) -> Element:
    """Return the same element with its children as HTML, written into it by the script.

    Args:
        part: of `dash.html` alone, without callbacks.
    """
    props = part.to_plotly_json()["props"]
    return type(part)(**{**props, "children": None, "data-html": to_html(props.get("children"))})


def to_html(part: Any) -> str:
    """Return a layout as HTML; texts and values are escaped.

    Raises:
        TypeError: a component that is not of `dash.html`.
    """
    if part is None:
        return ""
    if isinstance(part, list | tuple):
        return "".join(map(to_html, part))
    if not isinstance(part, Component):
        return escape(str(part))
    if part._namespace != "dash_html_components":
        raise TypeError(f"Expected components of dash.html. Received: {part._type} of {part._namespace}.")
    props = part.to_plotly_json()["props"]
    children, tag = props.pop("children", None), part._type.lower()
    # Dash returns the attributes in no fixed order.
    start = f"<{tag}{''.join(_attribute(name, props[name]) for name in sorted(props))}>"
    return start if tag in EMPTY else f"{start}{to_html(children)}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    if name == "style":
        value = "; ".join(f"{_kebab(key)}: {each}" for key, each in value.items())
    return f" {NAMES.get(name, name)}" + ("" if value is True else f'="{escape(str(value))}"')


def _kebab(name: str) -> str:
    return name if name.startswith("--") else re.sub(r"([A-Z])", r"-\1", name).lower()

"""A slider row: an attribute's name, its rail, its value, its lock.

The page never redraws a row: at every frame `assets/js/sliders.js` gives each mark its position, and the style sheet
(`assets/css/sliders.css`) does the rest. So a row is plain HTML: of a component library's slider, number field and
buttons nothing would be left but their form, and a page has two dozen rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.components.icon import icon
from dashboard.faces.direction_names import GROUP

LOW, HIGH = WHOLE = (-4.0, 4.0)

TYPED = "Type a value and press Enter: the attribute is pinned there"


def display_name(name: str) -> str:
    """Write an attribute's display name: `Mouth_Slightly_Open` is "Mouth Slightly Open"."""
    return name.replace("_", " ")


def slider_row(attribute: Mapping[str, Any], index: int, hidden: bool = False) -> html.Div:
    """Lay out the row of one attribute.

    Args:
        attribute: name, group and calibrated range, as `/model.json` lists them.
        index: of the attribute in the model, from 0.
        hidden: whether a first visit does not show it.

    Returns:
        The row; it is at 0 until the browser script sets its first numbers.
    """
    name = attribute["name"]
    shown = attribute.get("title") or display_name(name)
    added = attribute["group"] == GROUP
    low, high = attribute["range"]
    ended = ends_words(attribute)
    return html.Div(
        [
            html.Div(
                [
                    html.Span(
                        [shown, html.Span(ended[0], className="lk-ended", title=", ".join(ended)) if ended else None],
                        className="lk-name-text",
                    ),
                    html.Span(icon("doubt", 16), className="lk-doubt", tabIndex=-1),
                    _remove(shown) if added else None,
                ],
                className="lk-name",
            ),
            _rail(shown, attribute.get("ends", WHOLE)),
            html.Div(className="lk-drift", **{"aria-hidden": "true"}),
            html.Div(
                [
                    # Holds a text field, which is the script's: Dash has none that is plain HTML.
                    html.Span(className="lk-input", **{"data-help": TYPED}),
                    html.Span(className="lk-number", **{"aria-hidden": "true"}),
                ],
                className="lk-value",
            ),
            _button("lock", f"Hold {shown}", [icon("lock-open", 16, "lk-open"), icon("lock", 16, "lk-closed")]),
            _button("release", f"Release {shown}", icon("release", 16)),
        ],
        className="lk-row",
        style={"--clo": low, "--chi": high},
        hidden=hidden,
        **{
            "data-name": name,
            "data-index": str(index),
            "data-shown-name": shown,
            **({"data-added": ""} if added else {}),
        },
    )


def ends_words(attribute: Mapping[str, Any]) -> list[str]:
    """Describe the coordinates at which a score is constant: "none below −0.5"; empty if there are none."""
    low, high = attribute.get("ends", WHOLE)
    binary = attribute.get("kind") == "binary" and attribute.get("name") != "Male"  # below that it is female, not none
    clauses = [
        f"{'none' if binary else 'no change'} below {_coordinate(low)}" if low > LOW else "",
        f"no change above {_coordinate(high)}" if high < HIGH else "",
    ]
    return [words for words in clauses if words]


def _coordinate(value: float) -> str:
    return f"{value:+g}".replace("-", "−")


def _rail(shown: str, ends: tuple[float, float]) -> html.Div:
    layers = ("reach", "hairline", "range", "trail", "lean")
    return html.Div(
        [
            *(html.Span(className=f"lk-{layer}") for layer in layers),
            *(
                html.Span(className=f"lk-end lk-end-{side}", style={"--end": end})
                for side, end, limit in zip(("low", "high"), ends, WHOLE, strict=True)
                if end != limit
            ),
            html.Span(className="lk-expected"),
            html.Button(
                className="lk-seed",
                tabIndex=-1,
                type="button",
                **{"aria-label": f"Put {shown} back and hold it", "data-action": "put-back"},
            ),
            html.Div(
                className="lk-thumb",
                role="slider",
                tabIndex=0,
                **{
                    "aria-label": f"{shown}, in sigma",
                    "aria-valuemin": f"{LOW:g}",
                    "aria-valuemax": f"{HIGH:g}",
                    "aria-valuenow": "0",
                },
            ),
            html.Span(className="lk-pin"),
            html.Span(className="lk-apart"),
            html.Span(className="lk-measured"),
            html.Span(className="lk-bubble", **{"aria-hidden": "true"}),
        ],
        className="lk-rail",
    )


def _remove(shown: str) -> html.Button:
    words = f"Take {shown} off the sliders"
    return html.Button(
        icon("x", 14),
        type="button",
        className="lk-remove-direction",
        title=words,
        **{"aria-label": words, "data-action": "remove-direction"},
    )


def _button(action: str, name: str, children: Any) -> html.Button:
    return html.Button(
        children,
        type="button",
        className=f"lk-row-button lk-{action}",
        **{"aria-label": name, "data-action": action},
    )

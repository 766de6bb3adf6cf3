from typing import Any

import pytest
from dash import dcc, html

from dashboard.components.static_html import static, to_html

QUOTED: dict[str, Any] = {"aria-label": '"quoted"'}
NAMED: dict[str, Any] = {"data-name": "<x>", "data-added": ""}
HIDDEN: dict[str, Any] = {"aria-hidden": "true"}


def test_elements_attributes_and_texts_are_written_and_escaped() -> None:
    part = html.Div(
        ["5 < 6 & ", None, html.Button("Go", type="button", tabIndex=-1, **QUOTED), html.Br(), 7],
        className="a b",
        style={"--low": -3.0, "backgroundColor": "red"},
        hidden=True,
        title=None,
        **NAMED,
    )
    assert to_html(part) == (
        '<div class="a b" data-added="" data-name="&lt;x&gt;" hidden style="--low: -3.0; background-color: red">'
        '5 &lt; 6 &amp; <button aria-label="&quot;quoted&quot;" tabindex="-1" type="button">Go</button><br>7</div>'
    )
    assert to_html(html.Button(hidden=False)) == "<button></button>"


def test_the_element_itself_stays_a_component() -> None:
    made: Any = static(html.Div([html.P("text")], className="lk-list"))
    assert (made.className, getattr(made, "data-html")) == ("lk-list", "<p>text</p>")
    listed: Any = static(html.Ul([html.Li("first")], className="lk-legend", **HIDDEN))
    assert (listed._type, getattr(listed, "aria-hidden"), getattr(listed, "data-html")) == (
        "Ul",
        "true",
        "<li>first</li>",
    )


def test_what_needs_dash_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Received: Store of dash_core_components"):
        to_html(html.Div(dcc.Store(id="x")))

"""The presenter's window: the current slide, the next one, notes, time and clock.

`assets/js/present/presenter.js` synchronises it with the stage, without the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.icon import icon


def presenter_view(now: html.Div, slides: Sequence[dict[str, Any]], name: str) -> html.Div:
    """Lay out the window.

    Args:
        now: the stage, which is also live here.
        slides: from `dashboard.library.slides.slides`.
        name: of the collection.

    Returns:
        The page.
    """
    return html.Div(
        [
            html.Header(
                [
                    html.Span(name, className="lk-presenter-name"),
                    html.Span(id="presenter-screen", className="lk-presenter-screen", role="status"),
                    html.Button(
                        "Open it again", id="presenter-again", type="button", className="lk-button", hidden=True
                    ),
                    html.Div(
                        [
                            html.Label(
                                ["Talk, minutes ", html.Span(id="presenter-plan-holder")], className="lk-presenter-plan"
                            ),
                            html.Div(
                                [html.I(id="presenter-gone"), html.B(id="presenter-mark")], className="lk-presenter-bar"
                            ),
                            html.Span(id="presenter-left"),
                        ],
                        className="lk-presenter-talk",
                    ),
                    html.Span("00:00", id="presenter-time", className="lk-presenter-time"),
                    html.Button("Pause", id="presenter-pause", type="button", className="lk-button"),
                    html.Span(id="presenter-clock", className="lk-presenter-clock"),
                ],
                className="lk-presenter-head",
            ),
            html.Div(now, className="lk-presenter-now"),
            html.Aside(
                [
                    html.Div([html.Span("Next", className="lk-caps"), html.Span(id="presenter-next-count")]),
                    html.Div(
                        [html.Img(id="presenter-next-picture", alt=""), html.P(id="presenter-next-title")],
                        id="presenter-next",
                    ),
                    html.Div(
                        [
                            html.Span("Notes", className="lk-caps"),
                            html.Button(
                                "A−",
                                id="presenter-smaller",
                                type="button",
                                className="lk-button",
                                title="Smaller notes",
                            ),
                            html.Button(
                                "A+", id="presenter-larger", type="button", className="lk-button", title="Larger notes"
                            ),
                        ],
                        className="lk-presenter-notes-head",
                    ),
                    html.Div(id="presenter-notes", className="lk-presenter-notes", tabIndex=0),
                ],
                className="lk-presenter-aside",
                **{"aria-label": "Next slide and notes"},
            ),
            html.Nav(
                [_thumb(slide, index) for index, slide in enumerate(slides)],
                className="lk-presenter-slides",
                **{"aria-label": "Slides"},
            ),
            html.Div(
                [
                    _button("Back", "←", "back"),
                    _button("Next", "→", "next"),
                    _button("Black", ".", "black"),
                    _button("Slide as saved", "0", "saved"),
                    _button("End", "Esc", "end"),
                ],
                className="lk-presenter-buttons",
            ),
        ],
        id="presenter",
        className="lk-presenter",
    )


def _thumb(slide: dict[str, Any], index: int) -> html.Button:
    picture = slide["pictures"][0] if slide["pictures"] else None
    kind = "lk-saved-figure" if picture and picture.get("figure") else ""
    shown = html.Img(src=picture["address"], alt="", className=kind) if picture else icon("presentation", 20)
    return html.Button(
        [shown, html.Span(str(index + 1))],
        type="button",
        **{"data-slide": str(index), "aria-label": f"Slide {index + 1}: {slide['title']}"},
    )


def _button(words: str, key: str, action: str) -> html.Button:
    return html.Button(
        [words, html.Kbd(key, className="lk-kbd")],
        type="button",
        className="lk-button" + (" lk-button-filled" if action == "next" else ""),
        **{"data-presenter": action},
    )

"""The presentation of a collection: full-screen slides.

See `assets/js/present/present.js`.
"""

from __future__ import annotations

from typing import Any

import dash
from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html

from dashboard.components.slider_row import slider_row
from dashboard.errors import LikenessError
from dashboard.faces.site_path import site_path
from dashboard.library.collections import Collections
from dashboard.library.shipped_collection import all_listed, read_collection
from dashboard.library.slides import slides, stage_attributes
from dashboard.library.snapshots import still_address
from dashboard.pages.present.presenter import presenter_view
from dashboard.serving.runtime import current_runtime

dash.register_page(
    __name__,
    path="/present",
    path_template="/present/<collection>",
    name="Presentation",
    title="Presentation · Likeness",
    description="A collection as slides.",
)


def layout(collection: Any = None, slide: Any = None, presenter: Any = None, **_: Any) -> html.Div:
    """Lay out the stage.

    Args:
        collection: the collection's name in addresses; None for the first.
        slide: number of the first slide, from 1.
        presenter: "1" for the presenter's window.

    Returns:
        The page.
    """
    runtime = current_runtime()
    try:
        library = Collections(runtime.records)
        if collection is None:
            listed = all_listed(library, runtime.model)
            if not listed:
                return _nothing(
                    "There is no collection to present yet. Save something to create one.", site_path("/collections")
                )
            collection = listed[0].slug
        kept = read_collection(str(collection), library, runtime.model)
        stills = {
            index: {
                "address": still_address(kept.slug, item.id, item.still),
                "words": item.still.words,
                "figure": item.draft.kind == "view",
            }
            for index, item in enumerate(kept.items)
            if item.still
        }
        made = slides([item.draft for item in kept.items], runtime, stills)
    except LikenessError as error:
        return _nothing(str(error), site_path("/collections"))
    if not made:
        return _nothing("Nothing saved yet. Save puts the current face here.", site_path(f"/collections/{kept.slug}"))
    first = int(slide) if isinstance(slide, str) and slide.isdecimal() and len(slide) < 5 else 1
    stage = _stage(kept.slug, kept.name, made, first)
    return presenter_view(stage, made, kept.name) if presenter else stage


def _stage(slug: str, name: str, made: list[dict[str, Any]], first: int) -> html.Div:
    """Lay out the container in which the script shows the slides."""
    return html.Div(
        [
            dcc.Store(id="slides", data={"slug": slug, "slides": made, "first": first}),
            html.Main(
                [
                    html.Div(
                        html.Div(html.Div(id="stage", className="lk-stage"), id="frame", className="lk-frame"),
                        className="lk-slide-face",
                    ),
                    html.Div(
                        [
                            html.H1(id="slide-title", className="lk-slide-title"),
                            html.P(id="slide-note", className="lk-slide-note"),
                            html.P(id="slide-caption", className="lk-slide-caption"),
                            html.A(id="slide-open", className="lk-slide-open", href="#", hidden=True),
                            html.Section(
                                [
                                    slider_row(attribute, index)
                                    for index, attribute in enumerate(stage_attributes(made))
                                ],
                                id="panel",
                                className="lk-panel lk-slide-rows",
                                **{"aria-label": "Attributes"},
                            ),
                            html.Div(id="readout", className="lk-readout", hidden=True),
                            html.Div(id="message", className="lk-message", **{"aria-live": "polite"}),
                        ],
                        className="lk-slide-words",
                    ),
                    html.Div(id="slide-sheet", className="lk-slide-sheet"),
                ],
                className="lk-slide",
                id="slide",
                **{"aria-live": "polite"},
            ),
            html.Section(
                [
                    html.Div(
                        [html.Span(className="lk-slide-dot") for _ in made],
                        className="lk-slide-dots",
                        **{"aria-hidden": "true"},
                    ),
                    html.Span(name, className="lk-slide-name"),
                    html.Span(id="slide-count"),
                ],
                className="lk-slide-foot",
                **{"aria-label": "Position in the presentation"},
            ),
        ],
        id="present",
        className="lk-present",
    )


def _nothing(sentence: str, back: str) -> html.Div:
    return html.Div(
        html.Main(
            [html.H1(sentence, className="lk-slide-note"), dcc.Link("Back", href=back)], className="lk-slide-none"
        ),
        className="lk-present",
    )


clientside_callback(
    ClientsideFunction("likeness_present", "open"), Output("present", "data-open"), Input("slides", "data")
)

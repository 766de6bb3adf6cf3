"""The Collections page: saved items with titles and notes. `/collections/ID` shows one, `/collections` the first.

Changes go to the routes of `dashboard/pages/collections/routes.py` from
`assets/js/collections/collections.js`; the callback here only updates the layout.
"""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State, callback, dcc, html

from dashboard.components.icon import icon
from dashboard.components.method_notes import method_note
from dashboard.components.shell import page
from dashboard.components.write_access import write_access
from dashboard.errors import LikenessError
from dashboard.library.collections import Collection, Collections
from dashboard.library.item_contents import shown
from dashboard.library.shipped_collection import SLUG, all_listed, read_collection
from dashboard.pages.collections.cards import card, collection_head, nothing_saved, shipped_head
from dashboard.pages.collections.collection_list import names
from dashboard.serving.runtime import current_runtime


def title(collection: str | None = None) -> str:
    """Return the title of the browser tab: the page, and the collection of the address."""
    runtime = current_runtime()
    try:
        kept = read_collection(collection, Collections(runtime.records), runtime.model) if collection else None
    except LikenessError:
        kept = None  # the page gives the reason
    return " · ".join([*([kept.name] if kept else []), "Collections", "Likeness"])


dash.register_page(
    __name__,
    path="/collections",
    path_template="/collections/<collection>",
    name="Collections",
    title=title,
    description="Saved faces and views, and their presentation.",
)


def layout(collection: Any = None, **_: Any) -> html.Div:
    """Lay out the page.

    Args:
        collection: the collection's name in addresses; None for the first.

    Returns:
        The page.
    """
    writable, access = write_access(current_runtime().settings)
    return page(
        "Collections",
        html.Div(
            [
                dcc.Store(id="collection-chosen", data=collection),
                dcc.Store(id="collections-changed"),
                access,
                html.Div(_content(collection), id="collections", className="lk-collections"),
                html.Div(id="collections-message", className="lk-unseen", **{"aria-live": "polite"}),
            ],
            className="lk-collections-page",
        ),
        actions=_import() if writable else None,
        note=method_note("collections", current_runtime().model),
    )


@callback(
    Output("collections", "children"),
    Input("collections-changed", "data"),
    State("collection-chosen", "data"),
    prevent_initial_call=True,
)
def _anew(_changed: int, chosen: Any) -> list[Any]:
    return _content(chosen)


def _content(wanted: Any) -> list[Any]:
    runtime = current_runtime()
    library = Collections(runtime.records)
    writable, _ = write_access(runtime.settings)
    try:
        listed = all_listed(library, runtime.model)
        chosen = wanted if isinstance(wanted, str) else listed[0].slug if listed else None
        left = names(listed, chosen or "", writable)
        return [
            left,
            _one(read_collection(chosen, library, runtime.model), writable)
            if chosen
            else html.Section(nothing_saved()),
        ]
    except LikenessError as error:
        problem = html.Section(html.P(str(error), className="lk-empty", role="alert"), className="lk-collection")
        return [names(_listed(library), "", writable), problem]


def _listed(library: Collections) -> list[Any]:
    try:
        return library.listed()
    except LikenessError:
        return []  # the message on the page gives the reason


def _one(collection: Collection, writable: bool) -> html.Section:
    runtime = current_runtime()
    ours = collection.slug == SLUG  # shipped with the model: read-only
    cards = [
        card(collection.slug, item, shown(item.draft, runtime), writable and not ours) for item in collection.items
    ]
    return html.Section(
        [
            shipped_head(collection, writable) if ours else collection_head(collection, writable),
            html.Ol(cards, id="items", className="lk-items") if cards else nothing_saved(),
        ],
        className="lk-collection",
        **{"aria-label": collection.name},
    )


def _import() -> dmc.Button:
    return dmc.Button(
        "Import",
        leftSection=icon("upload", 16),
        variant="default",
        size="xs",
        **{
            "data-action": "collection-import",
            "data-help": "Imports a collection that was exported as JSON",
        },
    )

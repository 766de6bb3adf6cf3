"""One collection: its name, its actions, and a card for each item."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.icon import icon
from dashboard.components.menu_button import opener
from dashboard.components.shell import NAVIGATION
from dashboard.faces.routes import face_address
from dashboard.faces.site_path import site_path
from dashboard.library.collections import Collection, Item
from dashboard.library.item_contents import Shown, ShownFace
from dashboard.library.items import MAX_NAME, MAX_NOTE, MAX_TITLE
from dashboard.library.snapshots import still_address

KIND_WORDS = {
    "face": "Face",
    "comparison": "Comparison",
    "sweep": "Sweep",
    "grid": "Grid",
    "mix": "Mix",
    "styles": "Style mix",
    "view": "View",
}
SIGNS = tuple((address, picture) for _, address, picture in NAVIGATION if address != "/")
COMPARE = "/compare"
PICTURES = 4
"""Faces of a comparison or a sheet in its card."""


def collection_head(collection: Collection, writable: bool) -> html.Div:
    """Lay out the name and the actions of the collection: present, export, remove."""
    name = (
        dmc.TextInput(
            id="collection-name",
            value=collection.name,
            variant="unstyled",
            className="lk-collection-title",
            autoComplete="off",
            inputProps={"maxLength": MAX_NAME},
            **{
                "aria-label": "Name of the collection",
                "data-help": "Type to rename it; press Enter or leave the field to save",
            },
        )
        if writable
        else None
    )
    return html.Div(
        [
            html.H2(collection.name, className="lk-unseen" if writable else "lk-collection-title"),
            name,
            who_words(collection),
            _present(collection.slug) if collection.items else None,
            _more(collection, writable),
        ],
        className="lk-collection-head",
        **{"data-slug": collection.slug, "data-version": str(collection.version), "data-name": collection.name},
    )


def shipped_head(collection: Collection, writable: bool) -> html.Div:
    """Lay out the head of the collection shipped with the model: present it, or copy it to edit the copy."""
    copy = html.Button(
        [icon("plus", 16), "Copy to my collections"],
        type="button",
        className="lk-button",
        **{"data-action": "collection-copy", "data-help": "Makes your own copy of these slides, which you can edit"},
    )
    return html.Div(
        [
            html.H2(collection.name, className="lk-collection-title"),
            html.Span("comes with the model, read-only", className="lk-collection-shipped"),
            _present(collection.slug),
            copy if writable else None,
        ],
        className="lk-collection-head",
        **{"data-slug": collection.slug, "data-version": str(collection.version), "data-name": collection.name},
    )


def card(collection: str, item: Item, seen: Shown, writable: bool) -> html.Li:
    """Lay out one item of a collection.

    Args:
        collection: the collection's name in addresses.
        item: the item.
        seen: its faces, or the reason why there are none.
        writable: whether the visitor may change it.

    Returns:
        The card.
    """
    draft = item.draft
    handle = html.Button(
        icon("grip", 18),
        type="button",
        className="lk-grip",
        **{
            "data-help": "Drag, or press the arrow keys, to move",
            "aria-label": f"Move {draft.title}: arrow up or down",
        },
    )
    return html.Li(
        [
            handle if writable else None,
            dcc.Link(
                _pictures(collection, item, seen),
                href=site_path(_leads_to(draft.address, seen)),
                className="lk-item-pictures" + (" lk-several" if len(_preview(seen)) > 1 else ""),
            ),
            html.Div([*_texts(item, writable), _about(item, seen), who_words(item)], className="lk-item-text"),
            _remove(draft.title) if writable else None,
        ],
        className="lk-item",
        id=f"item-{item.id}",
        **{
            "data-item": str(item.id),
            "data-version": str(item.version),
            "data-title": draft.title,
            "data-note": draft.note,
        },
    )


def nothing_saved() -> html.Div:
    """Lay out the message of an empty collection."""
    return html.Div(
        [
            html.P("Nothing saved yet. Save puts the current face here."),
            dcc.Link("Open the generator", href=site_path("/")),
        ],
        className="lk-empty lk-collection-empty",
    )


def _pictures(collection: str, item: Item, seen: Shown) -> list[Any]:
    draft, still = item.draft, item.still
    if still is not None and (draft.kind == "view" or seen.problem):
        kind = "lk-still lk-saved-figure" if draft.kind == "view" else "lk-still"
        address = still_address(collection, item.id, still)
        return [html.Img(src=address, alt=f"Open: {still.words}", className=kind)]
    if not seen.faces and seen.instead:
        one = seen.instead[0]
        address = face_address(one.open_model.model, one.face)
        return [html.Img(src=address, alt=f"The same pins on {one.open_model.model.name}", width=128, height=128)]
    if not seen.faces:
        # Items without a face have the icon of their page.
        picture = "picture" if seen.problem else next((name for at, name in SIGNS if draft.path.startswith(at)), "face")
        return [
            html.Span(icon(picture, 20), className="lk-item-missing"),
            html.Span(f"Open {draft.page}", className="lk-unseen"),
        ]
    return [
        html.Img(src=face_address(one.open_model.model, one.face), alt=f"Open: {one.words}", width=128, height=128)
        for one in _preview(seen)
    ]


def _leads_to(address: str, seen: Shown) -> str:
    """Return the address of an item, or, if its model is missing, of the same pins on an installed model."""
    if not seen.problem or not seen.instead:
        return address
    words = {"model": seen.instead[0].open_model.model.name, "face": str(seen.instead[0].face)}
    if len(seen.instead) > 1:
        words["faces"] = "!".join(str(one.face) for one in seen.instead)
    return f"{COMPARE if len(seen.instead) > 1 else '/'}?{urlencode(words)}"


def _preview(seen: Shown) -> list[ShownFace]:
    """Return a few of the faces: the first of a comparison, or some of a sheet's first row from end to end."""
    if seen.sheet is None:
        return list(seen.faces[:PICTURES])
    row = seen.faces[: sum(not cell.reason for cell in seen.sheet.rows[0].cells)] or seen.faces
    count = min(PICTURES, len(row))
    return [row[step * (len(row) - 1) // max(1, count - 1)] for step in range(count)]


def _texts(item: Item, writable: bool) -> list[Any]:
    draft = item.draft
    if not writable:
        return [
            html.H3(draft.title, className="lk-item-title"),
            html.P(draft.note, className="lk-item-note") if draft.note else None,
        ]
    return [
        html.H3(draft.title, className="lk-unseen"),
        dmc.TextInput(
            id={"type": "item-title", "item": item.id},
            value=draft.title,
            variant="unstyled",
            className="lk-item-title lk-edit-title",
            autoComplete="off",
            inputProps={"maxLength": MAX_TITLE},
            **{"aria-label": f"Title of {draft.title}", "data-help": "The headline of its slide"},
        ),
        dmc.Textarea(
            id={"type": "item-note", "item": item.id},
            value=draft.note,
            placeholder="Note: the line below the title",
            variant="unstyled",
            className="lk-item-note lk-edit-note",
            autosize=True,
            minRows=1,
            maxRows=8,
            inputProps={"maxLength": MAX_NOTE},
            **{"aria-label": f"Note of {draft.title}", "data-help": "The line below the title on its slide"},
        ),
    ]


def _about(item: Item, seen: Shown) -> html.P:
    kind = KIND_WORDS[item.draft.kind]
    if seen.problem:
        content = [f"{kind}. ", html.Span(seen.problem, className="lk-item-problem")]
        if seen.instead:
            words = f"The same pins on {seen.instead[0].open_model.model.name}"
            content += [" ", dcc.Link(words, href=site_path(_leads_to(item.draft.address, seen)))]
        return html.P(content, className="lk-item-about")
    words = f"{kind} · {len(seen.faces)} faces"
    if item.draft.kind == "face":
        words = seen.faces[0].words
    elif item.draft.kind == "view":
        words = f"{kind} of {item.draft.page}"
    elif seen.sheet is not None:
        words = f"{kind} · {seen.sheet.title} · {len(seen.faces)} faces"
    return html.P(words, className="lk-item-about")


def who_words(kept: Item | Collection) -> html.P | None:
    """Name the authors of something; None if users are not identified."""
    authors = [f"made by {kept.made_by}"] if kept.made_by else []
    authors += [f"changed by {kept.changed_by}"] if kept.changed_by else []
    return html.P(" · ".join(authors), className="lk-item-about") if authors else None


def _present(slug: str) -> dcc.Link:
    return dcc.Link(
        [icon("presentation", 16), "Present"],
        href=site_path(f"/present/{slug}"),
        className="lk-button lk-button-filled",
        id="present-link",
    )


def _remove(title: str) -> dmc.ActionIcon:
    return dmc.ActionIcon(
        icon("trash", 18),
        variant="subtle",
        size=30,
        **{
            "aria-label": f"Remove {title}",
            "data-action": "item-remove",
            "data-help": "Removes it from the collection; Undo restores it",
        },
    )


def _more(collection: Collection, writable: bool) -> dmc.Menu:
    items: list[Any] = [
        dmc.MenuItem("Export, JSON", leftSection=icon("download", 16), **{"data-action": "collection-export"})
    ]
    if writable:
        items += [
            dmc.MenuDivider(),
            dmc.MenuItem("Remove", leftSection=icon("trash", 16), **{"data-action": "collection-remove"}),
        ]
    return dmc.Menu(
        [
            opener(
                dmc.MenuTarget,
                icon("more", 18),
                name=f"More of {collection.name}",
                words="Export or remove the collection",
            ),
            dmc.MenuDropdown(items),
        ],
        position="bottom-end",
        width=180,
        withinPortal=False,
    )

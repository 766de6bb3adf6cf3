"""The list of all collections, and the form for a new one."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.icon import icon
from dashboard.faces.site_path import site_path
from dashboard.library.collections import Listed
from dashboard.library.items import MAX_NAME


def names(listed: Sequence[Listed], chosen: str, writable: bool) -> html.Nav:
    """Lay out the list.

    Args:
        listed: all collections.
        chosen: name in addresses of the open one.
        writable: whether the visitor may create one.

    Returns:
        The list of links.
    """
    return html.Nav(
        [
            html.Ul([html.Li(_name(each, each.slug == chosen)) for each in listed], className="lk-collection-names"),
            _new() if writable else None,
        ],
        className="lk-collections-left",
        **{"aria-label": "Collections"},
    )


def _name(listed: Listed, chosen: bool) -> dcc.Link:
    return dcc.Link(
        [
            html.Span(listed.name, className="lk-collection-name"),
            html.Span(str(listed.count), className="lk-collection-count", title=f"{listed.count} saved"),
        ],
        href=site_path(f"/collections/{listed.slug}"),
        className="lk-collection-link" + (" lk-chosen" if chosen else ""),
    )


def _new() -> html.Div:
    return html.Div(
        [
            dmc.TextInput(
                id="collection-new",
                placeholder="New collection",
                size="xs",
                autoComplete="off",
                inputProps={"maxLength": MAX_NAME},
                **{"aria-label": "Name of a new collection", "data-help": "Type its name, then Enter"},
            ),
            dmc.ActionIcon(
                icon("plus", 18),
                variant="default",
                size=30,
                **{
                    "aria-label": "Begin the collection",
                    "data-action": "collection-new",
                    "data-help": "Creates an empty collection with this name",
                },
            ),
        ],
        className="lk-collection-new",
    )

"""The tabs of the Directions page: each has an address, and keeps the face.

The script `assets/js/directions/tabs.js` scrolls them to the open one.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import dash
import dash_mantine_components as dmc
from dash import html

from dashboard.faces.site_path import site_path


@dataclass(frozen=True)
class Tab:
    """A tab.

    Args:
        name: of its page, for scripts and styles.
        words: its label.
        address: of its page.
    """

    name: str
    words: str
    address: str


TABS = (
    Tab("directions-findings", "Findings", "/directions"),
    Tab("directions-matrix", "Matrix", "/directions/matrix"),
    Tab("directions-reliability", "Reliability", "/directions/reliability"),
    Tab("directions-bias-audit", "Bias audit", "/directions/bias-audit"),
    Tab("directions-models", "Models", "/directions/models"),
    Tab("directions-unsupervised", "Unsupervised", "/directions/unsupervised"),
    Tab("user-directions", "Make your own", "/directions/own"),
)
"""Tabs from left to right; those whose page is registered are shown."""


def directions_tabs(name: str, face: str, model: str | None = None) -> html.Nav:
    """Lay out the tabs.

    Args:
        name: of the tab that is open.
        face: the page's initial face, for the links (`assets/js/history.js` updates it).
        model: the model's name unless it is the default one.

    Returns:
        The tabs, as links.
    """
    query = f"?face={quote(face, safe=':;=,')}" + (f"&model={quote(model)}" if model else "")
    there = {page["path"] for page in dash.page_registry.values()}
    return html.Nav(
        [_tab(tab, tab.name == name, query) for tab in TABS if tab.address in there],
        className="lk-tabs",
        **{"aria-label": "Directions"},
    )


def _tab(tab: Tab, open_now: bool, query: str) -> dmc.Anchor:
    return dmc.Anchor(
        tab.words,
        id=f"tab-{tab.name}",
        href=site_path(tab.address + query),
        underline="never",
        className="lk-tab",
        **{"data-face": tab.address, **({"aria-current": "page"} if open_now else {})},
    )

"""The frame of every page: the navigation bar, the header, the messages."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html, page_container

from dashboard.components.icon import icon
from dashboard.components.menu_button import opener
from dashboard.components.save_dialog import save_dialog
from dashboard.components.shortcuts import shortcuts
from dashboard.faces.site_path import site_path
from dashboard.figures.theme import mantine_theme
from dashboard.serving.runtime import current_runtime

NAVIGATION = (
    ("Generator", "/", "face"),
    ("Latent space", "/latent-space", "scatter"),
    ("Directions", "/directions", "matrix"),
    ("Compare", "/compare", "columns"),
    ("Collections", "/collections", "collections"),
    ("Models", "/models", "cube"),
    ("Demo", "/demo", "sliders"),
)
"""Name, address and icon of each page, in the order of the navigation bar."""

ABOUT = ("About", "/about", "info")

WITH_FACE = ("/", "/latent-space", "/directions", "/compare")
"""Addresses of the pages that keep the face and the selection (`assets/js/history.js`)."""

ON_PHONES = 4
"""Number of pages in a phone's bar; the others are under More."""

HEADER, NAVBAR = 52, 72

NARROW = 767
"""Width in px up to which the bar lies at the bottom; the style sheets say the same. A named one of Mantine's starts at
768, where the bar would cover the whole page."""


def shell() -> dmc.MantineProvider:
    """Lay out what every page shares, with room for the page itself.

    Returns:
        The layout of the whole application.
    """
    return dmc.MantineProvider(
        [
            dcc.Store(id="face"),
            dmc.NotificationContainer(id="notifications", position="bottom-right", autoClose=4000, limit=3),
            dmc.AppShell(
                [_navbar(), page_container],
                header={"height": HEADER},
                navbar={"width": NAVBAR, "breakpoint": NARROW, "collapsed": {"mobile": False}},
                padding=0,
                layout="alt",
                transitionDuration=0,
                className="lk-shell",
            ),
            shortcuts(),
            save_dialog(current_runtime().settings),
        ],
        theme=mantine_theme(),
        defaultColorScheme="auto",
    )


def page(title: str, children: Any, chip: Any = None, actions: Any = None, note: Any = None) -> html.Div:
    """Lay out one page: its header and what is on it.

    Args:
        title: the page's heading.
        children: the page's content.
        chip: next to the heading, such as the model's name.
        actions: at the right of the header.
        note: the (i) next to the model's name.

    Returns:
        The page's layout.
    """
    return html.Div(
        [
            dmc.AppShellHeader(
                [
                    html.Span(className="lk-logo lk-logo-small", **{"aria-hidden": "true"}),
                    html.H1(title, className="lk-title"),
                    chip,
                    note,
                    html.Div(id="selection-chip", className="lk-selection-chip"),
                    html.Div(actions, className="lk-header-actions"),
                ],
                className="lk-header",
            ),
            dmc.AppShellMain(children, className="lk-main"),
        ],
        className="lk-page",
    )


def model_chip(name: str, resolution: int, attributes: int) -> dcc.Link:
    """Name the model, with a link to the others: "rendered-64  64 px · 18 attributes"."""
    return dcc.Link(
        [
            icon("cube", 16),
            html.Span(name, className="lk-chip-name"),
            html.Span(f"{resolution} px · {attributes} attributes", className="lk-chip-more"),
        ],
        href=site_path(f"/models?model={name}"),
        className="lk-chip",
        title="Card of this model, and other models",
    )


def _navbar() -> dmc.AppShellNavbar:
    links = [_nav_link(name, address, picture) for name, address, picture in NAVIGATION]
    return dmc.AppShellNavbar(
        [
            html.Span(className="lk-logo", **{"aria-hidden": "true"}),
            html.Div(links, className="lk-nav"),
            html.Div(
                [
                    dmc.UnstyledButton(
                        [icon("keyboard", 20), html.Span("Shortcuts")],
                        className="lk-nav-link lk-nav-link-keys",
                        **{"data-action": "shortcuts", "data-help": "List of keyboard shortcuts"},
                    ),
                    dmc.ColorSchemeToggle(
                        id="scheme",
                        lightIcon=_face_of_scheme("moon", "Dark"),
                        darkIcon=_face_of_scheme("sun", "Light"),
                        className="lk-nav-link lk-nav-link-scheme",
                        **{"aria-label": "Dark or Light", "data-help": "Dark or light colours"},
                    ),
                    _nav_link(*ABOUT),
                ],
                className="lk-nav lk-nav-below",
            ),
            html.Div(_more(), className="lk-more"),
        ],
        className="lk-navbar",
        **{"aria-label": "Pages"},
    )


def _nav_link(name: str, address: str, picture: str) -> dmc.NavLink:
    return dmc.NavLink(
        id=f"nav-{name.lower().replace(' ', '-')}",
        label=name,
        href=site_path(address),
        leftSection=icon(picture, 20),
        active="exact" if address == "/" else "partial",  # the tabs of a page are below its address
        className="lk-nav-link",
        classNames={"section": "lk-nav-icon", "body": "lk-nav-body", "label": "lk-nav-label"},
        **({"data-face": address} if address in WITH_FACE else {}),
    )


def _more() -> dmc.Menu:
    """Lay out the menu of a phone's bar: the remaining pages, the scheme, About."""
    items = [
        dmc.MenuItem(name, href=site_path(address), leftSection=icon(picture, 18))
        for name, address, picture in (*NAVIGATION[ON_PHONES:], ABOUT)
    ]
    scheme = dmc.MenuItem("Light or dark", leftSection=icon("moon", 18), **{"data-action": "scheme"})
    return dmc.Menu(
        [
            opener(dmc.MenuTarget, [icon("more", 20), html.Span("More")], className="lk-nav-link", words="More pages"),
            dmc.MenuDropdown([*items, dmc.MenuDivider(), scheme]),
        ],
        position="top-end",
        width=200,
        withinPortal=False,  # inside the bar, because it has to be in a landmark
    )


def _face_of_scheme(picture: str, word: str) -> html.Span:
    return html.Span([icon(picture, 20), html.Span(word)], className="lk-scheme-face")

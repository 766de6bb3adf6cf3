"""The list of keyboard shortcuts, and the switch that turns the single keys off."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.action_table import SCOPES, Action, rows
from dashboard.components.static_html import static
from dashboard.faces.site_path import site_path


def shortcuts() -> dmc.Modal:
    """Lay out the list, as HTML that is written when it opens; `assets/js/keys.js` handles the keys."""
    return dmc.Modal(
        html.Div(
            [
                static(html.Div([_table("slider"), _table("face"), _table("focus")])),
                html.Div(
                    [
                        static(html.Div([_table("everywhere"), _table("presentation")])),
                        dmc.Switch(
                            id="single-keys",
                            label="Single keys",
                            description="Letters and digits work outside text fields. If off, only keys with Ctrl do.",
                            checked=True,
                            persistence=True,
                            persistence_type="local",
                            className="lk-single-keys",
                        ),
                        html.A("Glossary of terms", href=site_path("/about#glossary"), className="lk-link"),
                    ]
                ),
            ],
            className="lk-shortcuts",
        ),
        id="shortcuts",
        title="Keyboard shortcuts",
        size=800,
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
    )


def _table(where: str) -> html.Section:
    return html.Section(
        [
            html.H3(SCOPES[where], className="lk-section-title"),
            html.Dl([_row(action, keys) for action, keys in rows(where)]),
        ]
    )


def _row(action: Action, keys: tuple[str, ...]) -> html.Div:
    return html.Div([html.Dt(action.title), html.Dd([_key(key) for key in keys])], **{"data-shortcut": action.id})


def _key(key: str) -> html.Kbd | html.Span:
    return html.Span("to") if key == "to" else html.Kbd(key, className="lk-kbd")

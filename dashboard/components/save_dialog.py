"""The save dialog: saves the view of the page in a collection, with a title and a note
(`assets/js/save_dialog.js`).
"""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.components.write_access import write_access
from dashboard.library.items import MAX_NAME, MAX_NOTE, MAX_TITLE
from dashboard.settings import Settings

KEEP = "Saves what the page shows into a collection"


def save_button(small: bool = False) -> Any:
    """Lay out the action in the header of a page that has a state, left of Copy link.

    Args:
        small: whether it is an icon only, as on phones.
    """
    act = {"data-action": "save"}
    if small:
        button = dmc.ActionIcon(icon("save", 20), variant="subtle", size=44, **{"aria-label": "Save", **act})
    else:
        button = dmc.Button("Save", leftSection=icon("save", 16), variant="default", size="xs", **act)
    return with_help(button, KEEP)


def save_dialog(settings: Settings) -> dmc.Modal:
    """Lay out the dialog, which is part of the shell of every page.

    Args:
        settings: with the permissions.

    Returns:
        The dialog; if the visitor may not save, with the reason.
    """
    writable, access = write_access(settings)
    return dmc.Modal(
        html.Div([access, *(_fields() if writable else ())], className="lk-modal-body"),
        id="save-dialog",
        title="Save",
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
    )


def _fields() -> list[Any]:
    return [
        html.Div(
            [
                # A native select, which the script fills and reads without Dash.
                html.Div(
                    [
                        html.Label("Collection", htmlFor="save-collection", className="lk-label"),
                        html.Select(
                            id="save-collection",
                            className="lk-select",
                            **{"data-help": "An existing collection, or a new one"},
                        ),
                    ]
                ),
                dmc.TextInput(
                    id="save-name",
                    label="Name of the new collection",
                    description="It gets its own page and address.",
                    autoComplete="off",
                    inputProps={"maxLength": MAX_NAME},
                ),
            ],
            id="save-where",
            className="lk-save-where",
            **{"data-new": "true"},
        ),
        dmc.TextInput(
            id="save-heading",
            label="Title",
            description="The sentence on its slide.",
            autoComplete="off",
            inputProps={"maxLength": MAX_TITLE},
        ),
        dmc.Textarea(
            id="save-note",
            label="Note",
            description="The line below the title.",
            autosize=True,
            minRows=2,
            maxRows=8,
            inputProps={"maxLength": MAX_NOTE},
        ),
        html.P("", id="save-problem", className="lk-save-problem", role="alert"),
        html.Div(
            dmc.Button(
                "Save",
                className="lk-filled",
                **{"data-action": "save-now", "data-help": "Saves it in the collection above"},
            ),
            className="lk-modal-buttons",
        ),
    ]

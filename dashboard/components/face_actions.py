"""Actions on the face of the page: save it, copy its address, download its picture."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.face_card import step_buttons
from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.components.menu_button import opener
from dashboard.components.save_dialog import save_button

LINK = "Copies the address: it opens this face with these pins"


def face_actions() -> list[html.Div]:
    """Lay out the actions at the right of the header, for wide screens and for phones."""
    wide = html.Div(
        [
            save_button(),
            with_help(
                dmc.Button(
                    "Add to compare",
                    leftSection=icon("columns", 16),
                    variant="default",
                    size="xs",
                    **{"data-action": "compare-add"},
                ),
                "Puts this face beside others on the Compare page",
            ),
            with_help(
                dmc.Button(
                    "Copy link",
                    leftSection=icon("link", 16),
                    variant="default",
                    size="xs",
                    id="copy-link",
                    **{"data-action": "copy-link"},
                ),
                LINK,
            ),
            _menu(
                opener(
                    dmc.MenuTarget,
                    [icon("download", 16), "Download", icon("chevron-down", 16)],
                    words="The picture, or the data to generate it elsewhere",
                ),
                [],
            ),
        ],
        className="lk-wide-actions",
    )
    narrow = html.Div(
        [
            *step_buttons(),
            with_help(
                dmc.ActionIcon(
                    icon("link", 20),
                    variant="subtle",
                    size=44,
                    **{"aria-label": "Copy link", "data-action": "copy-link"},
                ),
                LINK,
            ),
            _menu(
                opener(
                    dmc.MenuTarget,
                    icon("more", 20),
                    name="More",
                    className="lk-opener-icon",
                    words="Save, compare, reset, download",
                ),
                [
                    dmc.MenuItem("Save", leftSection=icon("save", 16), **{"data-action": "save"}),
                    dmc.MenuItem("Add to compare", leftSection=icon("columns", 16), **{"data-action": "compare-add"}),
                    dmc.MenuItem("Reset all", leftSection=icon("release", 16), **{"data-action": "reset"}),
                    dmc.MenuDivider(),
                ],
            ),
        ],
        className="lk-narrow-actions",
    )
    return [wide, narrow]


def _menu(target: dmc.MenuTarget, before: list) -> dmc.Menu:
    return dmc.Menu(
        [
            target,
            dmc.MenuDropdown(
                [
                    *before,
                    dmc.MenuItem("Picture, PNG", leftSection=icon("picture", 16), **{"data-action": "download"}),
                    *(
                        dmc.MenuItem(
                            words,
                            leftSection=icon("download", 16),
                            **{"data-action": "download-numbers", "data-form": form},
                        )
                        for words, form in (
                            ("Latent, NPY", "npy"),
                            ("Numbers, CSV", "csv"),
                            ("Numbers, JSON", "numbers.json"),
                        )
                    ),
                    dmc.MenuDivider(),
                    dmc.MenuItem(
                        "Copy as command", leftSection=icon("terminal", 16), **{"data-action": "copy-command"}
                    ),
                    dmc.MenuItem("Copy as Python", leftSection=icon("code", 16), **{"data-action": "copy-python"}),
                ]
            ),
        ],
        position="bottom-end",
        width=200,
        withinPortal=False,  # inside the header, because it has to be in a landmark
    )

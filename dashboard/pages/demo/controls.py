"""The controls of the demo: a slider from 0 to 100 for each feature, the choice of features, and a note on biases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.icon import icon
from dashboard.components.menu_button import opener
from dashboard.components.save_dialog import KEEP, save_button
from dashboard.components.slider_row import display_name
from dashboard.faces.demo import MIDDLE, SEED, STEP
from dashboard.faces.site_path import site_path

START = "The face of a first visit, with nothing pinned"
LINK = "Copies the address: it opens this face"


def slider_id(name: str) -> dict[str, str]:
    """Name the slider of a feature, for Dash and for the browser script."""
    return {"type": "demo-slider", "name": name}


def demo_controls(names: Sequence[str], controlled: Collection[str], literal: bool, audit: str) -> html.Aside:
    """Lay out the controls.

    Args:
        names: features that may be controlled, in the order of the model.
        controlled: the controlled ones.
        literal: whether the demo's own formula is used; otherwise the sliders move a base face.
        audit: address of the bias audit.

    Returns:
        The column; `assets/js/demo/demo.js` moves the sliders.
    """
    lead = html.P("Move the sliders. The face is made while you move them.", className="lk-demo-lead")
    return html.Aside(
        [
            lead if names else None,
            html.Div([_row(name, name not in controlled) for name in names], id="demo-sliders"),
            _advanced(names, controlled, literal) if names else _none(),
            _note(audit, "Smiling" if "Smiling" in names else names[0]) if names else None,
        ],
        className="lk-demo-controls",
        **{"aria-label": "Features"},
    )


def demo_actions(literal: bool) -> list[Any]:
    """Lay out the actions at the right of the header.

    Args:
        literal: whether the demo's own formula is used, which has no base face to draw.
    """
    others = () if literal else (("Random face", "dice", "random", "Another person; moved sliders stay"),)
    return [
        html.Div(
            [
                *(_action(*other, "subtle") for other in others),
                _action("Start again", "refresh", "demo-start", START, "subtle"),
                _action("Full screen", "maximize", "full-screen", "Shows the page in full screen; Escape leaves it"),
                save_button(),
                _action("Copy link", "link", "copy-link", LINK),
                dmc.Menu(
                    [
                        opener(
                            dmc.MenuTarget,
                            [icon("download", 16), "Download", icon("chevron-down", 16)],
                            words="The picture, as a file",
                        ),
                        dmc.MenuDropdown(
                            dmc.MenuItem("Picture, PNG", leftSection=icon("picture", 16), **{"data-action": "download"})
                        ),
                    ],
                    position="bottom-end",
                    width=180,
                    withinPortal=False,
                ),
            ],
            className="lk-wide-actions",
        ),
        html.Div(
            [
                dmc.ActionIcon(
                    icon(picture, 20),
                    variant="subtle",
                    size=44,
                    **{"aria-label": words, "data-action": action, "data-help": help_text},
                )
                for words, picture, action, help_text in (
                    *others,
                    ("Start again", "refresh", "demo-start", START),
                    ("Save", "save", "save", KEEP),
                    ("Copy link", "link", "copy-link", LINK),
                    ("Download", "download", "download", "The picture, as PNG"),
                )
            ],
            className="lk-narrow-actions",
        ),
    ]


def _row(name: str, hidden: bool) -> html.Div:
    shown = display_name(name)
    return html.Div(
        [
            html.Div(
                [html.Span(shown, className="lk-demo-name"), html.Output(str(MIDDLE), className="lk-demo-value")],
                className="lk-demo-head",
                **{"aria-hidden": "true"},
            ),
            dmc.Slider(
                id=slider_id(name),
                min=0,
                max=100,
                step=STEP,
                value=MIDDLE,
                label=None,
                updatemode="drag",
                thumbLabel=shown,
                marks=[{"value": value, "label": str(value)} for value in (0, MIDDLE, 100)],
                classNames={"root": "lk-demo-slider"},
            ),
        ],
        className="lk-demo-row",
        hidden=hidden,
        **{"data-name": name},
    )


def _advanced(names: Sequence[str], controlled: Collection[str], literal: bool) -> html.Details:
    rest = (
        f"The others stay close to the middle, as drawn from seed {SEED}."
        if literal
        else "The others are free: they drift with the sliders that you move."
    )
    return html.Details(
        [
            html.Summary(["Advanced options", icon("chevron-down", 18)], className="lk-demo-summary"),
            dmc.MultiSelect(
                id="demo-controlled",
                label="Features to control",
                description=rest,
                inputWrapperOrder=["label", "input", "description", "error"],
                data=[{"value": name, "label": display_name(name)} for name in names],
                value=[name for name in names if name in controlled],
                searchable=True,
                size="sm",
                nothingFoundMessage="No feature has this name.",
                comboboxProps={"withinPortal": False},
                withScrollArea=False,
                classNames={"dropdown": "lk-demo-options"},
            ),
        ],
        className="lk-demo-advanced",
    )


def _none() -> html.P:
    return html.P(
        [
            "This model has no directions, so there is nothing to move. ",
            dcc.Link("Add directions", href=site_path("/models")),
        ],
        className="lk-demo-lead",
    )


def _note(audit: str, moved: str) -> html.Div:
    return html.Div(
        [
            html.P(
                [
                    html.Strong("Look for the model's biases. "),
                    f"Move {display_name(moved)} and watch what else changes: perceived gender, age, skin. "
                    "The model learnt this from its training pictures.",
                ]
            ),
            dcc.Link("See it measured", href=audit),
        ],
        className="lk-demo-note",
        role="note",
    )


def _action(words: str, picture: str, action: str, help_text: str, variant: str = "default") -> dmc.Button:
    look = "lk-plain" if variant == "subtle" else ""
    return dmc.Button(
        words,
        leftSection=icon(picture, 16),
        variant=variant,
        size="xs",
        className=look,
        **{"data-action": action, "data-help": help_text},
    )

"""The panel of sliders: which attributes are shown, the rows in their groups, the legend."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.components.menu_button import opener
from dashboard.components.no_sliders import no_sliders
from dashboard.components.slider_row import display_name, slider_row
from dashboard.components.static_html import static
from dashboard.faces.direction_names import GROUP

AttributeData = Mapping[str, Any]

LEGEND = {
    "free": "where the face is now",
    "pinned": "pinned",
    "drifted": "drift",
    "lean": "where it would drift",
    "measured": "measured, in the range to expect",
    "ended": "no further change",
    "calibrated": "calibrated range",
    "reachable": "within reach",
    "middle": "68 % of faces",
}


def slider_panel(attributes: Sequence[AttributeData]) -> html.Section:
    """Lay out the panel.

    Args:
        attributes: name, group and range of each, in the order of the model (as in `/model.json`).

    Returns:
        The section, with every attribute's row in it; the browser script hides what is not chosen. Without attributes,
        a section that says how to get some.
    """
    if not attributes:
        return no_sliders()
    own = own_attributes(attributes)
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Attributes", className="lk-section-title"),
                    html.Div([_find(), _chooser(own), _reset()], className="lk-panel-tools"),
                ],
                className="lk-panel-head",
            ),
            *_static_parts(json.dumps(attributes)),
        ],
        id="panel",
        className="lk-panel",
        **{"aria-label": "Attributes"},
    )


@functools.lru_cache(maxsize=32)
def _static_parts(attributes: str) -> tuple[html.Div | html.Ul, ...]:
    """Return scale, rows and legend as HTML; writing it takes most of the time in which a page is laid out."""
    return static(_scale()), static(slider_list(json.loads(attributes))), static(legend())


def slider_list(attributes: Sequence[AttributeData]) -> html.Div:
    """Lay out the rows in their groups, below their axis."""
    return html.Div([_axis(), *_groups(attributes)], className="lk-list")


def own_attributes(attributes: Sequence[AttributeData]) -> list[AttributeData]:
    """Return the model's own attributes; added ones are always visible."""
    return [attribute for attribute in attributes if attribute["group"] != GROUP]


def default_shown(attributes: Sequence[AttributeData], a_group: int = 3) -> list[str]:
    """Choose the few attributes that a first visit shows: the first of each group.

    Args:
        attributes: in the model's order.
        a_group: how many of each group.

    Returns:
        Their names, in the order of the model.
    """
    seen: dict[str, int] = {}
    names = []
    for attribute in attributes:
        group = attribute["group"]
        seen[group] = seen.get(group, 0) + 1
        if seen[group] <= a_group:
            names.append(attribute["name"])
    return names


def _grouped(attributes: Sequence[AttributeData]) -> list[tuple[str, list[tuple[int, AttributeData]]]]:
    """Group attributes; groups are in the order of their first attribute."""
    order = list(dict.fromkeys(attribute["group"] for attribute in attributes))
    ranked = sorted(enumerate(attributes), key=lambda item: order.index(item[1]["group"]))
    return [(group, list(items)) for group, items in groupby(ranked, key=lambda item: item[1]["group"])]


def _groups(attributes: Sequence[AttributeData]) -> list[html.Div]:
    few = [*default_shown(own_attributes(attributes)), *(a["name"] for a in attributes if a["group"] == GROUP)]
    return [
        html.Div(
            [
                html.H3(group, className="lk-caps"),
                *(slider_row(attribute, index, attribute["name"] not in few) for index, attribute in items),
            ],
            className="lk-group",
            hidden=not any(attribute["name"] in few for _, attribute in items),
            role="group",
            **{"aria-label": group},
        )
        for group, items in _grouped(attributes)
    ]


def _chooser(attributes: Sequence[AttributeData]) -> dmc.Popover:
    names = [attribute["name"] for attribute in attributes]
    options = [
        {"group": group, "items": [{"value": item["name"], "label": display_name(item["name"])} for _, item in items]}
        for group, items in _grouped(attributes)
    ]
    return dmc.Popover(
        [
            opener(
                dmc.PopoverTarget,
                [icon("sliders", 16), html.Span(f"{len(names)} shown", id="shown-count"), icon("chevron-down", 16)],
                words="Choose the attributes that have a slider; pinned ones always have one",
            ),
            dmc.PopoverDropdown(
                [
                    html.Div(
                        [
                            dmc.Button(
                                "Show all",
                                variant="default",
                                size="xs",
                                **{"data-action": "show-all", "data-help": "A slider for every attribute"},
                            ),
                            dmc.Button(
                                "Show a few",
                                variant="default",
                                size="xs",
                                **{"data-action": "show-few", "data-help": "The first of each group"},
                            ),
                        ],
                        className="lk-choose-tools",
                    ),
                    dmc.MultiSelect(
                        id="shown",
                        label="Attributes shown",
                        description="Pinned attributes are always shown.",
                        data=options,
                        value=default_shown(attributes),
                        searchable=True,
                        size="xs",
                        nothingFoundMessage="No attribute has this name.",
                        withScrollArea=False,
                        classNames={"dropdown": "lk-options"},
                        comboboxProps={"withinPortal": False},
                        persistence=True,
                        persistence_type="local",
                    ),
                ],
                className="lk-chooser",
            ),
        ],
        width=340,
        position="bottom-end",
        # The list of options makes it taller once it is open: it then scrolls in the room on its side of the button.
        middlewares={"flip": True, "shift": True, "size": {"padding": 8}},
        trapFocus=True,
        withinPortal=True,
    )


def _find() -> dmc.TextInput:
    field = dmc.TextInput(
        id="find",
        placeholder="Find an attribute",
        size="xs",
        className="lk-find",
        leftSection=icon("search", 16),
        autoComplete="off",
        inputProps={"spellCheck": False},
        **{"aria-label": "Find an attribute"},
    )
    return with_help(field, "Shows every attribute with these letters in its name (key /)")


def _reset() -> dmc.Button:
    button = dmc.Button(
        "Reset all",
        leftSection=icon("release", 16),
        variant="default",
        size="xs",
        id="reset",
        **{"data-action": "reset"},
    )
    return with_help(button, "Removes every pin and keeps the seed")


def _scale() -> html.Div:
    ticks = [
        html.Span(text, className="lk-tick", style={"--at": at})
        for text, at in (("−4", -4), ("−2", -2), ("0", 0), ("+2", 2), ("+4", 4))
    ]
    return html.Div(
        [
            html.Div([html.Strong("σ: how unusual. "), "0 is the average face."], className="lk-sigma-words"),
            html.Div([*ticks, _bell()], className="lk-ticks"),
            html.Div("drift", className="lk-drift"),
            html.Div("σ", className="lk-sigma"),
        ],
        className="lk-scale",
        **{"aria-hidden": "true"},
    )


def _bell() -> html.Div:
    """Lay out the distribution of faces on the scale: the normal curve over its axis."""
    words = ("two in three", "1 in 40", "1 in 40")
    return html.Div([html.I(), html.I(), *(html.Span(text) for text in words)], className="lk-bell")


def _axis() -> html.Div:
    return html.Div([html.Div(className="lk-axis-rail")], className="lk-axis", **{"aria-hidden": "true"})


def legend(kinds: Sequence[str] = tuple(LEGEND)) -> html.Ul:
    """Lay out the legend of the marks on the rails.

    Args:
        kinds: keys of LEGEND that the page has.
    """
    return html.Ul(
        [html.Li([html.Span(className=f"lk-key lk-key-{kind}"), LEGEND[kind]]) for kind in kinds], className="lk-legend"
    )

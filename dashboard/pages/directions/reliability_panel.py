"""The reliability table, a grid (AG Grid), and the cards of the runs that it needs.

AG Grid's script is larger than all other scripts of the dashboard together. So Dash is configured not to
include it, and `assets/js/directions/reliability_table.js` loads it when the grid is shown.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import dash
import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import dcc, html
from dash.fingerprint import build_fingerprint

from dashboard.analysis.reliability import MATCHED
from dashboard.components.icon import icon
from dashboard.components.menu_button import opener
from dashboard.components.slider_row import display_name
from dashboard.entanglement.reliability import WIDE, DirectionReliability

SCRIPT = "dash_ag_grid.min.js"

FIXED = ("title", "group", "slider", "matrix")
"""Columns that cannot be hidden, as in `assets/js/directions/reliability_table.js`."""

for resource in dag._js_dist:
    if resource["relative_package_path"] == SCRIPT:
        resource["dynamic"] = True


def script_address() -> str:
    """Return the address of AG Grid's script, which changes with its version so that browsers may keep it."""
    package = importlib.import_module("dash_ag_grid")
    changed = int((Path(str(package.__file__)).parent / SCRIPT).stat().st_mtime)
    name = build_fingerprint(SCRIPT, dag.__version__, changed)
    return dash.get_relative_path(f"/_dash-component-suites/dash_ag_grid/{name}")


def table_row(row: DirectionReliability) -> dict[str, Any]:
    """Return a row for the grid: its numbers, and its display name."""
    return {**asdict(row), "title": display_name(row.name), "unsure": row.unsure}


def grid(judged: bool = False) -> dag.AgGrid:
    """Lay out the grid; `assets/js/directions/reliability_table.js` sets the rows and handles events. No cell is a
    string of code.

    Args:
        judged: whether there is a second judge, whose disagreement is a column.

    Returns:
        The grid, `table`.
    """
    return dag.AgGrid(
        id="table",
        columnDefs=_columns(judged),
        defaultColDef={
            "sortable": True,
            "resizable": False,
            "suppressMovable": True,
            "filter": "agNumberColumnFilter",
            "filterParams": {"maxNumConditions": 1, "buttons": ["reset"]},
            "sortingOrder": ["desc", "asc", None],
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
            "flex": 1,
        },
        dashGridOptions={
            "domLayout": "autoHeight",
            "rowHeight": 37,
            "suppressMultiSort": True,
            "suppressColumnVirtualisation": True,
            "ensureDomOrder": True,
            "animateRows": False,
            "includeHiddenColumnsInQuickFilter": True,
            "localeText": {"noRowsToShow": "No direction matches"},
        },
        className="lk-table",
        style={"width": "100%"},
    )


def table_tools(words: Mapping[str, Any], groups: Sequence[str]) -> html.Div:
    """Lay out the controls above the grid: search, groups, columns, and a download of the visible rows.

    Args:
        words: the query parameters, unchecked: find, the search text; filter, of which a group is shown
            here; hide, the hidden columns.
        groups: of the directions, without duplicates.
    """
    find, kept, hidden = (str(words.get(word) or "")[:1000] for word in ("find", "filter", "hide"))
    group = next((name for name in groups if f"group:equals:{name}" in kept.split(",")), None)
    return html.Div(
        [
            dmc.TextInput(
                id="table-find",
                value=find[:60],
                placeholder="Find a direction or a group",
                leftSection=icon("search", 16),
                size="xs",
                className="lk-table-find",
                **{"aria-label": "Find a direction or a group", "data-help": "Shows the rows that contain this text"},
            ),
            dmc.Select(
                id="table-group",
                data=list(groups),
                value=group,
                placeholder="All groups",
                clearable=True,
                size="xs",
                className="lk-table-group-choice",
                **{"aria-label": "Group", "data-help": "Shows the directions of one group"},
            ),
            _column_chooser(hidden.split(",")),
            html.P(id="table-count", className="lk-figure-caption", role="status"),
            html.Div(
                [
                    html.A(form.upper(), id=f"table-{form}", className="lk-link", href="", download="")
                    for form in ("csv", "npz")
                ],
                className="lk-audit-tools",
            ),
        ],
        className="lk-table-tools",
    )


def _column_chooser(hidden: Sequence[str]) -> dmc.Popover:
    hideable = [(column["field"], column["headerName"]) for column in _columns() if column["field"] not in FIXED]
    boxes = [dmc.Checkbox(value=field, label=name, size="xs") for field, name in hideable]
    return dmc.Popover(
        [
            opener(
                dmc.PopoverTarget,
                [icon("columns", 16), "Columns", icon("chevron-down", 16)],
                words="Choose the columns of the table",
            ),
            dmc.PopoverDropdown(
                dmc.CheckboxGroup(
                    dmc.Stack(boxes, gap=8, mt=8),
                    id="table-columns",
                    value=[field for field, _ in hideable if field not in hidden],
                    label="Columns shown",
                    size="xs",
                )
            ),
        ],
        width=240,
        position="bottom-start",
        trapFocus=True,
        keepMounted=True,
        withinPortal=True,
    )


def how_it_is_measured(notes: Sequence[str]) -> html.P:
    """Describe the columns: their space and sample size."""
    return html.P(" · ".join(notes), className="lk-audit-how")


def _column(field: str, name: str, least: int, words: str, renderer: str, **given: Any) -> dict[str, Any]:
    return {
        "field": field,
        "headerName": name,
        "headerTooltip": words,
        "minWidth": least,
        "cellRenderer": renderer,
        **given,
    }


def _columns(judged: bool = True) -> list[dict[str, Any]]:
    text = {"filter": "agTextColumnFilter", "sortingOrder": ["asc", "desc", None]}
    link = {"sortable": False, "filter": False, "width": 58, "flex": 0}
    return [
        _column("title", "Direction", 168, "The attribute, and its group.", "LkName", **text, pinned="left", flex=0)
        | {"width": 168},
        {"field": "group", "hide": True, **text},
        _column(
            "scorer",
            "Scorer, held out",
            126,
            "How well the scorer predicts the attribute of held-out faces: R², or AUC if binary.",
            "LkShare",
            cellRendererParams={"measure": True},
        ),
        _column(
            "r2",
            "Direction, held-out R²",
            106,
            "Share of the score's variance that the direction explains on held-out faces.",
            "LkShare",
        ),
        _column(
            "angle_high",
            "Angle, 95 %",
            100,
            f"How far the direction turns when the bank's faces are resampled; marked above {WIDE:.0f} degrees.",
            "LkAngle",
        ),
        _column(
            "high",
            "Calibrated range, σ",
            142,
            "Coordinates at which faces still follow the attribute, on the axis from −4 to +4 σ.",
            "LkRange",
        ),
        _column("response", "Response, σ", 100, "Change of its own score per σ of the slider.", "LkNumber"),
        _column(
            "leakage",
            "Leakage of means, free and locked",
            160,
            "Size of the mean effect on other scores per unit of its own score: everything free, and all others "
            "locked. Effects of opposite sign on different people cancel out.",
            "LkLeakage",
        ),
        _column(
            "size",
            "Leakage per person",
            106,
            "Mean absolute effect per person on other scores, per unit of its own score, free and locked. The scorer's "
            "noise is included, so it is never 0.",
            "LkSizes",
        ),
        _column(
            "left",
            "Left by locking",
            84,
            "Share of the free leakage per person that remains with all others locked.",
            "LkLeft",
        ),
        *([_apart()] if judged else []),
        _column(
            "dependency",
            "Dependency",
            116,
            f"StyleSpace's attribute dependency: mean size of the other scores' changes where the own one has changed "
            f"by {MATCHED:g} σ, everything free.",
            "LkNumber",
        ),
        _column("slider", "Slider", 58, "Go to its slider.", "LkOpen", **link, cellRendererParams={"to": "slider"}),
        _column(
            "matrix", "Matrix", 58, "Its row of the matrix.", "LkOpen", **link, cellRendererParams={"to": "matrix"}
        ),
    ]


def _apart() -> dict[str, Any]:
    words = "Change of its own score per σ by the chosen judge, minus that by the other judge, for the same people."
    return _column("apart", "Judges differ", 96, words, "LkApart")


def table_holder() -> html.Div:
    """Return the grid's container, with a message until it is loaded."""
    return html.Div(
        html.P("Loading the table.", className="lk-figure-caption"),
        id="table-holder",
        className="lk-table-holder",
    )


def table_stores(model: str, judged: bool) -> list[Any]:
    """Lay out the stores by which callbacks and the script exchange data."""
    return [
        dcc.Store(id="table-model", data=model),
        dcc.Store(id="table-layout", data={"script": script_address(), "grid": grid(judged).to_plotly_json()}),
        dcc.Store(id="table-rows"),
        dcc.Store(id="table-missing"),
        dcc.Store(id="measuring"),
        dcc.Store(id="angles-message"),
        html.Div(id="measures", hidden=True),
    ]

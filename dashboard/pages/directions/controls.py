"""The controls above the matrix: kind, sort order, and locks."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.components.slider_row import display_name
from dashboard.entanglement.judges import SCORER, Judge, judge_of
from dashboard.entanglement.view import DIFFERENCE, FALSE_SHARES, ORDERS, TITLES, View, kinds_of
from dashboard.pages.directions.rescoring_runs import judges_now
from dashboard.synthesis.model import Model


def matrix_controls(view: View, model: Model) -> html.Div:
    """Lay out the controls.

    Args:
        view: the initial values.
        model: the model of the matrices.

    Returns:
        The row; ids `matrix-kind`, `matrix-of`, `matrix-less`, `matrix-order`, `matrix-locked`, `matrix-after`.
    """
    kinds, judges = kinds_of(model), judges_now(model) or [Judge("", SCORER, "")]
    plain = [{"value": kind, "label": TITLES[kind]} for kind in kinds if kind != DIFFERENCE]
    return html.Div(
        [
            html.Div(
                [
                    dmc.SegmentedControl(
                        id="matrix-kind",
                        data=[{"value": kind, "label": TITLES[kind]} for kind in kinds],
                        value=view.kind,
                        size="xs",
                        **{
                            "aria-label": "Kind of matrix",
                            "data-help": "Geometry of directions, correlation in the bank, or measured effect",
                        },
                    ),
                    html.Div(
                        [
                            _select(
                                "matrix-of",
                                plain,
                                view.pair[0],
                                "Of",
                                "The first matrix of the difference",
                                178,
                                "The first matrix of the difference",
                            ),
                            _select(
                                "matrix-less",
                                plain,
                                view.pair[1],
                                "less",
                                "What is subtracted",
                                182,
                                "The matrix that is subtracted",
                            ),
                        ],
                        id="matrix-pair",
                        className="lk-pair",
                        style={} if view.kind == DIFFERENCE else {"display": "none"},
                    ),
                    _select(
                        "matrix-order",
                        [{"value": value, "label": words} for value, words in ORDERS.items()],
                        view.order,
                        "Order",
                        "Order of the attributes",
                        140,
                        "By name, by group, or by clusters",
                    ),
                    _select(
                        "matrix-false",
                        [{"value": value, "label": words} for value, words in FALSE_SHARES.items()],
                        f"{view.false_share:g}",
                        "False",
                        "False finds, at most",
                        112,
                        "Limit of the false discovery rate among cells that differ from 0 (Benjamini and Hochberg)",
                    ),
                    html.Div(
                        _select(
                            "matrix-judge",
                            [{"value": each.word, "label": each.short} for each in judges],
                            judge_of(judges, view.by).word,
                            "By",
                            "Judged by",
                            150,
                            "The network that scored the faces",
                        ),
                        hidden=len(judges) < 2,
                    ),
                ],
                className="lk-controls-part",
            ),
            html.Div(
                [
                    dmc.MultiSelect(
                        id="matrix-locked",
                        data=[{"value": name, "label": display_name(name)} for name in model.names],
                        value=list(view.locked),
                        placeholder="Lock some",
                        searchable=True,
                        clearable=False,
                        size="xs",
                        leftSection=html.Span("Locked", className="lk-select-label"),
                        leftSectionWidth=56,
                        nothingFoundMessage="Nothing has this name.",
                        className="lk-locked",
                        comboboxProps={"withinPortal": False, "width": 220, "position": "bottom-end"},
                        **{
                            "aria-label": "Locked attributes",
                            "data-help": "Attributes to hold while others are moved",
                        },
                    ),
                    dmc.SegmentedControl(
                        id="matrix-after",
                        data=[{"value": "0", "label": "Before"}, {"value": "1", "label": "After locking"}],
                        value="1" if view.after else "0",
                        size="xs",
                        **{
                            "aria-label": "Before or after locking",
                            "data-help": "Show the matrix with everything free, or with locks",
                        },
                    ),
                ],
                className="lk-controls-part",
            ),
        ],
        className="lk-directions-controls",
    )


def _select(name: str, data: list, value: str, words: str, label: str, width: int, help_text: str) -> dmc.Select:
    return dmc.Select(
        id=name,
        data=data,
        value=value,
        size="xs",
        w=width,
        leftSection=html.Span(words, className="lk-select-label"),
        leftSectionWidth=48 if words == "Order" else 40,
        allowDeselect=False,
        comboboxProps={"withinPortal": False},
        **{"aria-label": label, "data-help": help_text},
    )

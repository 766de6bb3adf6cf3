"""The sheet panel: a sweep, a grid, a mix or a style mix of the compared faces, and its controls."""

from __future__ import annotations

from collections.abc import Mapping

import dash_mantine_components as dmc
from dash import html

from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.faces.direction_names import title_of
from dashboard.faces.initial_face import slider_names
from dashboard.faces.layer_ranges import ALL, named_ranges
from dashboard.pages.compare.controls import choice, number, segments, word_id
from dashboard.pages.compare.export_panel import export_button, export_panel
from dashboard.sheets.plan import LIMIT, MOST_STEPS, Plan
from dashboard.synthesis.model import Model

KINDS = (("sweep", "Sweep"), ("grid", "Grid"), ("mix", "Mix"))
STYLES = ("styles", "Style mix")

NO_LAYERS = (
    "A style mix, one face with the styles of another in some layers, needs a StyleGAN: this model has no such layers."
)

TYPED = "layers-typed"
"""Name of the field for layers by number, beside the control of the named ranges."""


def sheet_panel(plan: Plan, model: Model) -> html.Section:
    """Lay out the card.

    Args:
        plan: the initial sheet.
        model: the model of the attributes.

    Returns:
        The card. `assets/js/compare/sheet.js` lays out the cells in `#sheet` and fills them.
    """
    names = [(name, title_of(model, name)) for name in slider_names(model)]
    ranges = named_ranges(model.config.rows)
    return html.Section(
        [
            html.Div(
                [
                    with_help(
                        segments("sheet", "Kind of sheet", (*KINDS, STYLES) if ranges else KINDS, plan.kind),
                        "One attribute per row, two attributes on one person, the interpolation between two faces"
                        + (", or one face with the styles of another" if ranges else ""),
                    ),
                    with_help(
                        choice("on", "Attribute", names, plan.on, w=136, className="lk-of-sweep lk-of-grid"),
                        "The attribute across the columns",
                    ),
                    with_help(
                        choice("by", "Attribute down the rows", names, plan.by, w=136, className="lk-of-grid"),
                        "The attribute down the rows",
                    ),
                    html.Div(
                        [
                            with_help(number("from", "From", plan.low, -LIMIT, LIMIT, 0.5), "Start, in σ"),
                            with_help(number("to", "to", plan.high, -LIMIT, LIMIT, 0.5), "End, in σ"),
                        ],
                        className="lk-compare-range lk-of-sweep lk-of-grid",
                    ),
                    html.Div(
                        with_help(number("steps", "Steps", plan.steps, 2, MOST_STEPS, 1), "Faces from end to end"),
                        className="lk-of-steps",
                    ),
                    *([_layers(plan, ranges)] if ranges else []),
                    dmc.TextInput(
                        id=word_id("people"),
                        value=plan.people,
                        placeholder="faces above",
                        size="xs",
                        debounce=True,
                        leftSection=html.Span("Seeds", className="lk-base-label"),
                        leftSectionWidth=50,
                        leftSectionPointerEvents="none",
                        className="lk-compare-people lk-of-sweep",
                        **{
                            "aria-label": "Seeds of the people, instead of the faces above",
                            "data-help": "Seeds such as 1, 2, 3: a row each, instead of the faces above",
                        },
                    ),
                    html.Div(
                        with_help(
                            segments(
                                "runs",
                                "Which other attributes may change",
                                (("free", "Everything free"), ("locked", "Others locked"), ("both", "Both")),
                                plan.runs,
                            ),
                            "Let other attributes drift, lock them, or show a row of each",
                        ),
                        className="lk-of-steps",
                    ),
                    html.Div([_play(), _save(), export_button()], className="lk-sheet-actions"),
                ],
                className="lk-sheet-controls",
            ),
            export_panel(model.name),
            html.P(id="sheet-words", className="lk-sheet-words", **{"aria-live": "polite"}),
            *([] if ranges else [html.P(NO_LAYERS, className="lk-sheet-words lk-of-mix")]),
            html.Div(id="sheet", className="lk-tiles", role="region", tabIndex=0, **{"aria-label": "Sheet of faces"}),
        ],
        className="lk-figure-card lk-sheet-card",
        id="sheet-card",
        **{"aria-label": "Sheet", "data-kind": plan.kind},
    )


def _layers(plan: Plan, ranges: Mapping[str, tuple[int, int]]) -> html.Div:
    """Lay out the layers of a style mix: the named ranges, and a field for others by number."""
    named = [(name, _named(name, *rows)) for name, rows in ranges.items()]
    chosen = plan.layers if plan.layers in ranges else ""
    return html.Div(
        [
            with_help(
                segments("layers", "Layers whose styles come from the rows", named, chosen),
                "In the paper: coarse ones bring pose and face shape, middle ones features, fine ones colours",
            ),
            dmc.TextInput(
                id=word_id(TYPED),
                value="" if chosen else plan.layers,
                placeholder="0-3",
                size="xs",
                debounce=True,
                leftSection=html.Span("Layers", className="lk-base-label"),
                leftSectionWidth=54,
                leftSectionPointerEvents="none",
                className="lk-compare-layers",
                **{
                    "aria-label": "Layers by number, from 0, instead of a named range",
                    "data-help": "Any range of layers by number, from 0: 0-3, or 5 alone",
                },
            ),
        ],
        className="lk-of-styles lk-compare-range",
    )


def _named(name: str, first: int, last: int) -> str:
    numbers = str(first) if first == last else f"{first}–{last}"
    return name.capitalize() if name == ALL else f"{name.capitalize()} {numbers}"


def _play() -> dmc.Button:
    return with_help(
        dmc.Button(
            "Play",
            leftSection=icon("play", 16),
            variant="default",
            size="xs",
            id="sheet-play",
            **{"data-action": "sheet-play", "aria-pressed": "false"},
        ),
        "Shows the faces one after the other, row by row",
    )


def _save() -> dmc.Button:
    return with_help(
        dmc.Button(
            "Save",
            leftSection=icon("save", 16),
            variant="default",
            size="xs",
            id="sheet-save",
            **{"data-action": "sheet-save", "aria-label": "Save this sheet"},
        ),
        "Saves it in a collection, as a slide",
    )

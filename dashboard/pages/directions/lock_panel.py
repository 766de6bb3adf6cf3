"""The effect of a lock on the open cell: a card with a choice of the lock, and the run that it needs."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import Input, Output, State, callback, dcc, html, no_update

from dashboard.analysis.people import Estimate
from dashboard.components.slider_row import display_name
from dashboard.entanglement.judges import Judge
from dashboard.entanglement.lock_effect import LockEffect, lock_effect
from dashboard.entanglement.view import View
from dashboard.faces.direction_names import title_of
from dashboard.library.direction_rows import with_rows
from dashboard.pages.directions.bias_audit_text import estimate_words
from dashboard.pages.directions.judge_field import judges_at
from dashboard.pages.directions.rescoring_runs import Run, key_of, measure_card, moved_run
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.model import Model


def lock_panel(view: View, model: Model) -> html.Section:
    """Lay out the card; a callback fills `lock-body` and `lock-cards`.

    Args:
        view: with the initially locked attribute.
        model: the model of the attributes.
    """
    return html.Section(
        [
            html.Div(
                [
                    html.H2("Effect of a lock", className="lk-figure-title", id="lock-title"),
                    dmc.Select(
                        id="matrix-hold",
                        data=[{"value": "", "label": "Nothing"}]
                        + [{"value": name, "label": display_name(name)} for name in model.names],
                        value=view.alone,
                        size="xs",
                        w=230,
                        searchable=True,
                        allowDeselect=False,
                        leftSection=html.Span("Held alone", className="lk-select-label"),
                        leftSectionWidth=84,
                        comboboxProps={"withinPortal": False},
                        **{
                            "aria-label": "Held alone",
                            "data-help": "How much of the open cell's effect is left while only this attribute is "
                            "locked",
                        },
                    ),
                ],
                className="lk-figure-head",
            ),
            html.Div(id="lock-body", className="lk-lock-body", **{"aria-live": "polite"}),
            html.Div(id="lock-cards"),
            dcc.Store(id="lock-missing"),
        ],
        className="lk-figure-card lk-lock-card",
        **{"aria-labelledby": "lock-title"},
    )


def register_lock() -> None:
    """Register the callback that fills the card, once for each application."""
    callback(
        Output("lock-body", "children"),
        Output("lock-cards", "children"),
        Output("lock-missing", "data"),
        Input("shown-cell", "data"),
        Input("matrix-hold", "value"),
        Input("matrix-judge", "value"),
        Input("measuring", "data"),
        State("lock-missing", "data"),
        State("directions-model", "data"),
    )(show_lock)


def show_lock(cell: Any, hold: Any, judge: Any, measuring: Any, before: Any, name: str) -> Any:
    """Show how locking one attribute changes the open cell's effect, or lay out the runs that this needs."""
    if not cell:
        return (no_update,) * 3
    model = with_rows(current_runtime().open_model(name).model, cell)
    moved, seen = cell
    names = [title_of(model, each) for each in (moved, seen)]
    problem = _problem(model, moved, seen, hold)
    if problem:
        return html.P(problem, className="lk-figure-caption"), None, None
    by = judges_at(model, judge)[0]
    free, held = (moved_run(model, moved, locks, measuring, by) for locks in ((), (hold,)))
    missing = [run for run in (free, held) if not run.done]
    keys = [key_of(model, run.locked, run.moved, by.by) for run in missing]
    cards = no_update if keys == before else [_card(model, run, names[0], by) for run in missing]
    if free.measured is None or held.measured is None:
        note = "" if missing else f"{by.words} has no scores with only {display_name(hold)} locked."
        return html.P(note, className="lk-figure-caption"), cards, keys
    rows = tuple(0 if run.moved else model.column(moved) for run in (free, held))
    found = lock_effect(free.measured, held.measured, rows, model.column(seen), model.column(hold))  # type: ignore[arg-type]
    drift = float(model.directions[:, model.column(moved)] @ model.directions[:, model.column(hold)])
    return lock_table(found, names, display_name(hold), drift, by), cards, keys


def lock_table(found: LockEffect, names: list[str], hold: str, drift: float, judge: Judge) -> list[Any]:
    """Lay out the figures, with their method and limits."""
    moved, seen = (display_name(name) for name in names)
    rows = [
        (f"{moved} on {seen}, nothing locked", found.total),
        (f"left with only {hold} locked", found.left),
        ("difference, same people", found.taken),
        (f"{moved} on {hold}'s own score, nothing locked", found.drift),
        (f"the same with {hold} locked", found.drift_left),
    ]
    return [
        html.Table(
            [html.Tr([html.Th(words, scope="row"), html.Td(_words(estimate))]) for words, estimate in rows],
            className="lk-lock-table",
        ),
        html.P(
            f"{found.people:,} people; σ of each score per σ of the slider, with 95 % intervals (Student's t; the "
            f"difference by the paired bootstrap). Scored by {judge.words}. Without the lock, the coordinate of "
            f"{hold} drifts by {drift:+.2f} per σ; with it, by 0. The effect of the lock was measured by moving the "
            "slider in both directions; the cause inside the generator was not. Code: "
            "dashboard/entanglement/lock_effect.py.".replace("-0.", "−0."),
            className="lk-figure-caption",
        ),
    ]


def _words(estimate: Estimate) -> str:
    return f"{estimate_words(estimate)} σ" if estimate.value == estimate.value else "unknown"


def _problem(model: Model, moved: str, seen: str, hold: Any) -> str:
    if not model.has_scorer:
        return "The effect of a lock is measured on scores: this model has no scorer."
    if not hold:
        return "Choose an attribute to lock, and see how much of the open cell's effect is left."
    if hold not in model.names:
        return "Choose an attribute of this model."
    if hold in (moved, seen):
        return "Choose another attribute than the two of the cell."
    return "The scorer has no score of an extra direction." if "~" in seen else ""


def _card(model: Model, run: Run, moved: str, judge: Judge) -> Any:
    note = f" with {display_name(run.locked[0])} locked" if run.locked else ", nothing locked"
    return measure_card(model, run.locked, f"{display_name(moved)} moved{note}", "lock", run.moved, judge.by)

"""The Directions page, bias audit: what each slider does to perceived gender, age and skin tone, free and locked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import dash
from dash import Input, Output, State, callback, dcc, html, no_update

from dashboard.components.dock import register_dock
from dashboard.components.initial_state import open_face
from dashboard.components.slider_row import display_name
from dashboard.entanglement.bias_audit import FEW, audit, contrasts, groups_of, targets_of
from dashboard.faces.site_path import site_path
from dashboard.pages.directions.bias_audit_panel import (
    audit_foot,
    audit_head,
    audit_key,
    audit_table,
    cannot_audit,
    contrast_card,
    missing_targets,
    too_few,
)
from dashboard.pages.directions.bias_audit_text import listed
from dashboard.pages.directions.filters import Filter, filter_store, inputs, read_filters, register_filters, select
from dashboard.pages.directions.frame import directions_page
from dashboard.pages.directions.judge_field import JUDGE, judge_field, judges_at, whose
from dashboard.pages.directions.rescoring_runs import key_of, measure_card, run_of
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.model import Model

NAME = "directions-bias-audit"

FILTERS = {
    "Male": Filter("gender", "all", "People", "Filter by the perceived gender of the unchanged face", 200),
    "Young": Filter("age", "all", "Age", "Filter by the perceived age of the unchanged face", 150),
    "Skin_Tone": Filter("tone", "all", "Skin tone", "Filter by the skin tone of the unchanged face", 170),
}
"""Filters by the name of the target."""

FIELDS = [*FILTERS.values(), JUDGE]

dash.register_page(
    __name__,
    path="/directions/bias-audit",
    name="Bias audit",
    title="Bias audit · Directions · Likeness",
    description="See what each slider does to perceived gender, perceived age and skin tone.",
)
register_dock(NAME)


def layout(face: Any = None, model: Any = None, **words: Any) -> html.Div:
    """Lay out the tab for the face, the model and the people in the address.

    Args:
        face: a face string, or None.
        model: the name of a model, or None.
        words: `gender`, `age`, `tone`: "more" or "less" of each target's attribute, or "all"; judge.

    Returns:
        The page; a callback fills the audit, or lays out the cards of the required runs.
    """
    begin = open_face(face, model)
    shown = begin.open_model.model
    if not targets_of(shown):
        return directions_page(NAME, begin, [cannot_audit(shown)])
    return directions_page(
        NAME,
        begin,
        [
            dcc.Store(id="audit-model", data=shown.name),
            dcc.Store(id="measuring"),
            dcc.Store(id="audit-missing"),
            html.Div(id="measures", hidden=True),
            filter_store(FIELDS),
            missing_targets(shown),
            _people_row(shown, words),
            html.Div(id="audit-cards", className="lk-audit-cards"),
            html.Div(id="audit", className="lk-audit"),
        ],
    )


@callback(
    Output("audit", "children"),
    Output("audit-cards", "children"),
    Output("audit-missing", "data"),
    *inputs(FIELDS),
    Input("measuring", "data"),
    Input("scheme-now", "data"),
    State("audit-missing", "data"),
    State("audit-model", "data"),
)
def show_audit(*given: Any) -> Any:
    """Show the measured part of the audit of the chosen people, and the cards of the missing runs."""
    *sides, judged, measuring, scheme, before, name = given
    if scheme is None:
        return (no_update,) * 3
    model = current_runtime().open_model(name).model
    targets = targets_of(model)
    judge, other = judges_at(model, judged)
    held = tuple(target.name for target in targets)
    free, locked = (run_of(model, locks, measuring, by=judge.by) for locks in ((), held))
    second = None if other is None else run_of(model, (), measuring, by=other.by).measured
    other = other if second else None
    missing = [run.locked for run in (free, locked) if not run.done]
    # Keep the card while its run continues: a new card would lose its progress.
    keys = [key_of(model, locks, by=judge.by) for locks in missing]
    what = listed([target.title.lower() for target in targets])
    titles = {(): "Everything free", locked.locked: f"With {what} locked"}
    cards = (
        [measure_card(model, locks, titles[locks], "audit", by=judge.by) for locks in missing]
        if keys != before
        else no_update
    )
    if free.measured is None:
        return None, cards, keys
    groups = groups_of(model, free.measured)
    people = groups.chosen(dict(zip(FILTERS, sides, strict=True)))
    bases = free.measured.bases, locked.measured.bases if locked.measured else 0
    if people is not None and people.sum() < FEW:
        return [too_few(int(people.sum()))], cards, keys
    if people is not None:
        bases = int(people.sum()), int(people[: bases[1]].sum())
    everyone = audit(model, free.measured, locked.measured, None, second)
    rows = everyone if people is None else audit(model, free.measured, locked.measured, people, second)
    address = site_path(f"/directions/audit.{{}}?model={quote(name)}&judge={judge.word}")
    compared = [
        contrast_card(target, contrasts(model, free.measured, groups, target.name, everyone), targets)
        for target in targets
    ]
    return (
        [
            audit_head(rows, targets, address),
            audit_key(),
            audit_table(rows, targets, other),
            audit_foot(model, bases, whose(model, judge, other)),
            html.Section(
                [
                    html.H2("Does it differ between people?", className="lk-figure-title"),
                    html.Div(compared, className="lk-audit-contrasts"),
                ],
                className="lk-audit-groups",
            ),
        ],
        cards,
        keys,
    )


register_filters(NAME, FIELDS)


def _people_row(model: Model, words: Mapping[str, Any]) -> html.Div:
    """Lay out the filters, one for each target; those of targets that the model lacks are hidden."""
    targets = {target.name: target for target in targets_of(model)}
    choices = {each.word: ("all", "more", "less") for each in FILTERS.values()}
    at = read_filters(list(FILTERS.values()), choices, words)
    fields = []
    for name, field in FILTERS.items():
        target = targets.get(name)
        ends = (
            (f"Read as {target.more}", f"Read as {target.less}") if target else (display_name(name), display_name(name))
        )
        everyone = "All" if field.word == "gender" else "Any"
        data = [("all", everyone), ("more", ends[0]), ("less", ends[1])]
        fields.append(html.Div(select(field, data, at[field.word]), hidden=target is None))
    fields.append(judge_field(model, words))
    return html.Div(fields, className="lk-audit-filters", role="group", **{"aria-label": "People"})

"""The Directions page, bias audit: what each slider does to perceived gender, age and skin tone, free and locked."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import dash
from dash import Input, Output, State, callback, dcc, html, no_update

from dashboard.components.dock import register_dock
from dashboard.components.initial_state import open_face
from dashboard.entanglement.bias_audit import audit, targets_of
from dashboard.faces.site_path import site_path
from dashboard.pages.directions.bias_audit_panel import audit_head, audit_table, cannot_audit, missing_targets
from dashboard.pages.directions.bias_audit_text import listed
from dashboard.pages.directions.frame import directions_page
from dashboard.pages.directions.rescoring_runs import key_of, measure_card, run_of
from dashboard.serving.runtime import current_runtime

NAME = "directions-bias-audit"

dash.register_page(
    __name__,
    path="/directions/bias-audit",
    name="Bias audit",
    title="Bias audit · Directions · Likeness",
    description="See what each slider does to perceived gender, perceived age and skin tone.",
)
register_dock(NAME)


def layout(face: Any = None, model: Any = None, **_: Any) -> html.Div:
    """Lay out the tab for the face and the model in the address.

    Args:
        face: a face string, or None.
        model: the name of a model, or None.

    Returns:
        The page; a callback fills the audit, or the cards of the runs that it needs.
    """
    begin = open_face(face, model)
    shown = begin.opened.model
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
            missing_targets(shown),
            html.Div(id="audit-cards", className="lk-audit-cards"),
            html.Div(id="audit", className="lk-audit"),
        ],
    )


@callback(
    Output("audit", "children"),
    Output("audit-cards", "children"),
    Output("audit-missing", "data"),
    Input("measuring", "data"),
    Input("scheme-now", "data"),
    State("audit-missing", "data"),
    State("audit-model", "data"),
)
def show_audit(measuring: Any, scheme: Any, before: Any, name: str) -> Any:
    """Show the audit as far as it is measured, and the cards of the runs that are not."""
    if scheme is None:
        return (no_update,) * 3
    model = current_runtime().open_model(name).model
    targets = targets_of(model)
    free, locked = (run_of(model, locks, measuring) for locks in ((), tuple(target.name for target in targets)))
    missing = [run.locked for run in (free, locked) if not run.done]
    # A card stays while its run goes on: laid out anew it would not know how far that is.
    keys = [key_of(model, locks) for locks in missing]
    what = listed([target.title.lower() for target in targets])
    titles = {(): "Everything free", locked.locked: f"With {what} locked"}
    cards = [measure_card(model, locks, titles[locks], "audit") for locks in missing] if keys != before else no_update
    if free.measured is None:
        return None, cards, keys
    rows = audit(model, free.measured, locked.measured)
    bases = free.measured.bases, locked.measured.bases if locked.measured else 0
    address = site_path(f"/directions/audit.{{}}?model={quote(name)}")
    return [audit_head(rows, model, bases, address), audit_table(rows, targets)], cards, keys

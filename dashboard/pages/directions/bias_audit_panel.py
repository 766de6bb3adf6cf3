"""The bias audit as a table: words left, and for each target a pair of bars, free and locked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.icon import icon
from dashboard.entanglement.bias_audit import TARGETS, Bar, Row, Target, found, held_out_error, targets_of
from dashboard.faces.site_path import site_path
from dashboard.pages.directions.bias_audit_text import bar_words, finding_words, row_words
from dashboard.synthesis.model import Model


def audit_head(rows: Sequence[Row], model: Model, bases: tuple[int, int], address: str) -> html.Div:
    """Lay out the finding, how it was measured, and what can be done with it.

    Args:
        rows: of `entanglement.audit.audit`.
        model: the model.
        bases: how many the free and the locked run have measured so far, 0 for none.
        address: of the data, without its end.
    """
    targets = targets_of(model)
    attributes = {attribute.name: attribute for attribute in model.attributes}
    errors = [
        f"{target.name.replace('_', ' ')} {held_out_error(attributes[target.name])}".strip() for target in targets
    ]
    free, locked = bases
    size = f"{free:,} bases" if free == locked or not locked else f"{free:,} bases free, {locked:,} locked"
    return html.Div(
        [
            html.P(finding_words(found(rows), targets), className="lk-audit-finding"),
            html.Div(
                [
                    html.P(
                        f"One σ along each slider · {size} · measured by the model's own scorer, which has errors of "
                        f"its own (held out: {', '.join(errors)}) · bars with 95 % intervals over bases",
                        className="lk-audit-how",
                    ),
                    html.Div(
                        [
                            html.Span([html.I(className="lk-audit-free"), "everything free"]),
                            html.Span([html.I(className="lk-audit-locked"), "all of them locked"]),
                        ],
                        className="lk-audit-key",
                    ),
                    html.Div(
                        [
                            *(
                                html.A(form.upper(), href=address.format(form), className="lk-link", download="")
                                for form in ("csv", "npz")
                            ),
                            html.Button(
                                [icon("printer", 16), "Print"],
                                type="button",
                                className="lk-button lk-audit-print",
                                **{"data-action": "print", "data-help": "The audit on A4, without the page around it"},
                            ),
                        ],
                        className="lk-audit-tools",
                    ),
                ],
                className="lk-audit-about",
            ),
        ],
        className="lk-audit-head",
    )


def audit_table(rows: Sequence[Row], targets: Sequence[Target]) -> html.Div:
    """Lay out the table."""
    reach = max(1.0, *(row.size for row in rows)) if rows else 1.0
    head = html.Tr(
        [
            html.Th("One σ more of…", scope="col"),
            *(
                html.Th(
                    [
                        html.Strong(target.title),
                        html.Span(
                            [html.Span(f"{target.less} −{reach:.2g} σ"), html.Span(f"{target.more} +{reach:.2g} σ")]
                        ),
                    ],
                    scope="col",
                )
                for target in targets
            ),
        ]
    )
    return html.Div(
        html.Table(
            [html.Thead(head), html.Tbody([_row(row, targets, reach) for row in rows])], className="lk-audit-table"
        ),
        className="lk-audit-card",
        role="region",
        tabIndex=0,
        **{"aria-label": "Effect of each slider"},
    )


def cannot_audit(model: Model) -> html.Div:
    """Say why a model cannot be audited, and how one can."""
    reason = (
        f"{model.name} has no scorer. The audit needs one that reads faces."
        if not model.has_scorer
        else f"{model.name} has no direction with a score for Male, Young or Skin Tone. The audit needs one at least."
    )
    return html.Div(
        [
            icon("info", 20),
            html.P("No audit of this model", className="lk-nothing-title"),
            html.P(reason),
            html.P(
                [
                    "Train a scorer with ",
                    html.Code("python -m training label"),
                    " and find its directions with ",
                    html.Code("python -m training fit"),
                    ", or choose a model that has both.",
                ]
            ),
            html.A("Models", href=site_path("/models"), className="lk-button lk-link-button"),
        ],
        className="lk-nothing",
    )


def missing_targets(model: Model) -> html.P | None:
    """Say which of the three a model lacks."""
    there = targets_of(model)
    missing = [target for target in TARGETS if target not in there]
    if not missing or not there:
        return None
    told = " and ".join(f"{target.title.lower()} ({target.name.replace('_', ' ')})" for target in missing)
    return html.P(
        [
            icon("info", 16),
            html.Span(
                f"{model.name} has no direction with a score for {told}, so nothing is said about it. Name such an "
                "attribute when the model's scorer is trained (docs/training.md)."
            ),
        ],
        className="lk-note",
    )


def _row(row: Row, targets: Sequence[Target], reach: float) -> html.Tr:
    return html.Tr(
        [
            html.Th(html.P(row_words(row, targets)), scope="row"),
            *(
                html.Td([_bar("free", row.free[place], reach), _locked(row, place, reach)])
                for place in range(len(targets))
            ),
        ],
        **{"data-name": row.name},
    )


def _locked(row: Row, place: int, reach: float) -> Any:
    return None if row.locked is None else _bar("locked", row.locked[place], reach)


def _bar(kind: str, bar: Bar, reach: float) -> html.Div:
    words = f"{kind} {bar_words(bar)}"
    if bar.value != bar.value:  # no score
        return html.Div(html.Span(f"{kind}: not measured", className="lk-unseen"), className="lk-bar")
    at = {"--v": bar.value / reach, "--lo": bar.low / reach, "--hi": bar.high / reach}
    return html.Div(
        [html.I(className="lk-bar-body"), html.I(className="lk-bar-whisker"), html.Span(words, className="lk-unseen")],
        className=f"lk-bar lk-bar-{kind}",
        style={key: round(max(-1.0, min(1.0, value)), 4) for key, value in at.items()},
        title=words,
    )

"""The list of findings: a sentence, the uncertainty, and the effect free and locked on one axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboard.components.figure_card import figure_card
from dashboard.components.icon import icon
from dashboard.components.missing_parts import how_to_score
from dashboard.components.page_address import page_address
from dashboard.entanglement.bias_audit import targets_of
from dashboard.entanglement.findings import Finding, Findings, Question, headline, sentence
from dashboard.entanglement.findings_export import held_words
from dashboard.entanglement.judges import Judge
from dashboard.faces.site_path import site_path
from dashboard.pages.directions.cell_text import interval, signed
from dashboard.synthesis.model import Model

FIRST = 20
"""Findings that are listed first; the others open below them."""


def findings_card(
    model: Model, found: Findings, asked: Question, face: str, judge: Judge, other: Judge | None
) -> html.Section:
    """Lay out the list.

    Args:
        model: the model.
        found: the findings.
        asked: the filter.
        face: the face for the links.
        judge: the judge of the scores.
        other: the judge for comparison, or None.
    """
    count = len(found.listed)
    title = f"{count:,} finding{'' if count == 1 else 's'}"
    size = f"among {found.tested:,} pairs · {found.people:,} people, each slider from −2 to +2 σ · by the {judge.short}"
    if found.rough:
        size = f"rough: {found.people} people so far, no interval yet · " + size
    held = held_words(model)
    head = html.Div(
        [
            html.H2(title, className="lk-figure-title"),
            html.P(size, className="lk-figure-caption"),
            html.Div(
                [
                    html.Span([html.I(className="lk-audit-free"), "free"]),
                    html.Span([html.I(className="lk-audit-locked"), f"{', '.join(held)} locked"]) if held else None,
                ],
                className="lk-audit-key",
            ),
        ],
        className="lk-findings-head",
    )
    if not found.listed:
        return html.Section([head, _nothing(found, asked)], className="lk-findings")
    rows = [_row(model, rank, each, face, judge, other) for rank, each in enumerate(found.listed, 1)]
    more = html.Details(
        [html.Summary(f"Show {count - FIRST} more", className="lk-link"), html.Ol(rows[FIRST:], start=FIRST + 1)]
    )
    return html.Section(
        [head, _scale(other), html.Ol(rows[:FIRST]), more if count > FIRST else None],
        className=f"lk-findings{' lk-findings-judged' if other else ''}",
    )


def findings_foot(how: str, judge: str) -> html.Div:
    """Describe the method, the judge and the code of the list."""
    return html.Div(
        [
            html.P(how),
            html.P(
                f"{judge}Networks classify pictures, they do not say who anyone is. Each slider was moved on the same "
                "people, so its effect was measured; the cause inside the generator was not. Code: "
                "dashboard/entanglement/findings.py, dashboard/analysis/inference.py."
            ),
        ],
        className="lk-audit-foot",
    )


def finding_panel() -> html.Section:
    """Lay out the card next to the list, or over it where it is narrow; a callback shows the open pair in it."""
    nothing = html.P("Choose a finding: arrow keys move, Enter opens it in the matrix.", className="lk-figure-caption")
    return html.Section(
        [
            dmc.ActionIcon(
                icon("x", 18),
                variant="subtle",
                size=30,
                id="found-close",
                className="lk-found-close",
                **{"aria-label": "Close the finding", "data-help": "Back to the list (Escape)"},
            ),
            html.Div(nothing, id="found-body", className="lk-found-body"),
            html.A("Open it in the matrix", id="found-matrix", href="", className="lk-link", hidden=True),
            figure_card("found-curve", "Along", before=html.P(id="found-curve-note", className="lk-finding")),
            figure_card("found-people", "Effect in each person"),
        ],
        className="lk-figure-card lk-cell-card lk-found-panel",
        id="found-panel",
        tabIndex=-1,
        **{"aria-label": "Finding"},
    )


def no_findings(model: Model) -> html.Div:
    """Explain why a model has no findings, and what can be viewed."""
    return html.Div(
        [
            icon("info", 20),
            html.P("No findings of this model", className="lk-nothing-title"),
            html.P(f"{model.name} has no scorer, so effects cannot be measured.")
            if not model.has_scorer
            else html.P(f"{model.name} has no directions, so there is nothing to measure."),
            html.P(["To get both: ", *how_to_score(model.name)]),
            html.A(
                "Open the matrix",
                href=site_path(f"/directions/matrix?model={model.name}"),
                className="lk-button",
            ),
        ],
        className="lk-nothing",
    )


def evidence(finding: Finding) -> str:
    """Return a finding's details: "−0.70 to −0.62 · same direction in 471 of 500 · flips it in 88 %"."""
    parts = [] if finding.target is None else [finding.target.title.lower()]
    if math.isfinite(finding.low):
        parts.append(f"interval: {interval(finding.low, finding.high)}")
    parts.append(f"same direction in {finding.same.hits:,} of {finding.same.n:,}")
    if finding.flips is not None and finding.flips.n:
        flipped = f"flips {finding.target.changes if finding.target else ''} in {finding.flips.of_hundred} %"
        if finding.locked_flips is not None and finding.locked_flips.n:
            flipped += f", locked in {finding.locked_flips.of_hundred} %"
        if finding.alone_flips is not None and finding.alone_flips.n:
            flipped += f", with it alone locked in {finding.alone_flips.of_hundred} %"
        parts.append(flipped)
    if finding.apart is not None and math.isfinite(finding.apart.value):
        sure = f" ({interval(finding.apart.low, finding.apart.high)})" if math.isfinite(finding.apart.low) else ""
        parts.append(f"the other judge: {signed(finding.other)}, difference {signed(finding.apart.value)}{sure}")
    return " · ".join(parts)


def _row(model: Model, rank: int, finding: Finding, face: str, judge: Judge, other: Judge | None) -> html.Li:
    first, verb, second, end = headline(finding)
    words = {"matrix": "effect", "cell": f"{finding.moved},{finding.seen}"} | ({"judge": judge.by} if judge.by else {})
    address = page_address("/directions/matrix", face, model.name, **words)
    return html.Li(
        html.A(
            [
                html.Span(str(rank), className="lk-found-rank"),
                html.Span(
                    [
                        html.Span(
                            [html.Strong(first), f" {verb} ", html.Strong(second), f" {end}" if end else ""],
                            className="lk-found-words",
                        ),
                        html.Small(evidence(finding)),
                    ]
                ),
                html.Span(
                    [
                        _bar("free", finding.effect, finding.low, finding.high),
                        _bar("locked", finding.locked, finding.locked_low, finding.locked_high),
                    ],
                    className="lk-found-bars",
                    **{"aria-hidden": "true"},
                ),
                html.Span(signed(finding.effect), className="lk-found-number"),
                html.Span(
                    signed(finding.locked) if math.isfinite(finding.locked) else "",
                    className="lk-found-number lk-audit-left",
                ),
                None if other is None else _apart(finding),
            ],
            href=address,
            **{"data-found": f"{finding.moved},{finding.seen}"},
            title=sentence(finding, held_words(model)),
            className="lk-found",
        )
    )


def _apart(finding: Finding) -> html.Span:
    if finding.apart is None or not math.isfinite(finding.apart.value):
        return html.Span("", className="lk-found-number")
    sure = " lk-found-apart" if finding.apart.sure else ""
    return html.Span(signed(finding.apart.value), className=f"lk-found-number{sure}")


def _bar(kind: str, value: float, low: float, high: float) -> html.I | None:
    if not math.isfinite(value):
        return None
    at: dict[str, float] = {"--v": value}
    if math.isfinite(low):
        at |= {"--lo": low, "--hi": high}
    return html.I(
        html.I() if "--lo" in at else None,
        className=f"lk-found-bar lk-found-{kind}",
        style={name: round(max(-1.0, min(1.0, number)), 4) for name, number in at.items()},
    )


def _scale(other: Judge | None) -> html.Div:
    marks = [html.Span(words) for words in ("−1 σ", "−0.5", "0", "+0.5", "+1 σ")]
    return html.Div(
        [
            html.Span("One σ more of…"),
            html.Span(marks, className="lk-found-marks"),
            html.Span("free", className="lk-found-number"),
            html.Span("locked", className="lk-found-number lk-audit-left"),
            None if other is None else html.Span(f"less {other.short}", className="lk-found-number"),
        ],
        className="lk-found lk-found-scale",
        **{"aria-hidden": "true"},
    )


def _nothing(found: Findings, asked: Question) -> html.Div:
    content: list[Any] = [html.P("No finding passes.", className="lk-nothing-title")]
    if found.largest is not None:
        size = abs(found.largest.effect)
        pair = f"{found.largest.moved}, {found.largest.seen}".replace("_", " ")
        content.append(html.P(f"The largest is {size:.2f} σ ({pair}); the minimum is set to {asked.least:g} σ."))
    return html.Div(content, className="lk-nothing")


def targets_data(model: Model) -> Sequence[tuple[str, str]]:
    """List what a finding can change, as options of a field: any score, or one of the audit's targets."""
    return [("any", "Any score"), *((target.name, target.title) for target in targets_of(model))]

"""The bias audit as a table: a row a slider, people as dots, and effects on each target, free and locked."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.analysis.people import Spread
from dashboard.components.icon import icon
from dashboard.components.missing_parts import how_to_score
from dashboard.components.slider_row import display_name
from dashboard.entanglement.bias_audit import (
    FEW,
    TARGETS,
    Contrast,
    Effect,
    Row,
    Target,
    found,
    held_out_error,
    targets_of,
)
from dashboard.entanglement.judges import Judge
from dashboard.faces.site_path import site_path
from dashboard.pages.directions.bias_audit_text import (
    contrast_words,
    evidence_words,
    finding_words,
    row_words,
    share_words,
    signed,
    spread_words,
)
from dashboard.synthesis.model import Model

PITCH = 8
"""Distance of two dots in pixels."""

SHOWN = 4
"""Sliders named in each comparison of groups."""


def audit_head(rows: Sequence[Row], targets: Sequence[Target], address: str) -> html.Div:
    """Lay out the finding, its uncertainty, and its actions.

    Args:
        rows: of `entanglement.bias_audit.audit`.
        targets: of the model.
        address: of the data, without extension.
    """
    return html.Div(
        [
            html.Div(
                [
                    html.P(finding_words(rows, targets), className="lk-audit-finding"),
                    html.P(evidence_words(rows, found(rows), targets), className="lk-audit-how"),
                ],
                className="lk-audit-says",
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
                        className="lk-button",
                        **{"data-action": "print", "data-help": "Prints the audit on A4, without the rest of the page"},
                    ),
                ],
                className="lk-audit-tools",
            ),
        ],
        className="lk-audit-head",
    )


def audit_key() -> html.Div:
    """Return the legend of the two colours."""
    return html.Div(
        [
            html.Span([html.I(className="lk-audit-free"), "everything free"]),
            html.Span([html.I(className="lk-audit-locked"), "all targets locked"]),
            html.Span("below the bars, in σ: mean effect (mean absolute effect)"),
        ],
        className="lk-audit-key",
    )


def audit_table(rows: Sequence[Row], targets: Sequence[Target], other: Judge | None = None) -> html.Div:
    """Lay out the table, with the counts by a second judge if there is one."""
    reach = _reach(rows)
    head = html.Tr(
        [
            html.Th("One slider moved", scope="col"),
            html.Th(
                [html.Strong("Of 100 people"), html.Span("a dot is a person; filled: reads differently after")],
                scope="col",
                colSpan=2,
            ),
            html.Th(html.Strong("locked"), scope="col", className="lk-audit-left"),
            *([html.Th([html.Strong(f"by {other.short}"), html.Span("difference")], scope="col")] if other else []),
            *(
                html.Th(
                    [
                        html.Strong(target.title),
                        html.Span([html.Span(f"{target.less} −{reach:.2g}"), html.Span(f"{target.more} +{reach:.2g}")]),
                    ],
                    scope="col",
                )
                for target in targets
            ),
        ]
    )
    return html.Div(
        html.Table(
            [
                html.Colgroup(
                    [
                        html.Col(className=f"lk-audit-col-{name}")
                        for name in ("name", "dots", "count", "held", *(["judge"] if other else []))
                    ]
                ),
                html.Thead(head),
                html.Tbody([_row(row, targets, reach, other) for row in rows]),
            ],
            className="lk-audit-table",
        ),
        className="lk-audit-card",
        role="region",
        tabIndex=0,
        **{"aria-label": "Effect of each slider"},
    )


def audit_foot(model: Model, bases: tuple[int, int], judge: str) -> html.Div:
    """Describe the bars, the number of people, and the judge."""
    attributes = {attribute.name: attribute for attribute in model.attributes}
    targets = targets_of(model)
    errors = ", ".join(f"{display_name(t.name)} {held_out_error(attributes[t.name])}".strip() for t in targets)
    free, locked = bases
    size = f"{free:,} people" if free == locked or not locked else f"{free:,} people free, {locked:,} locked"
    return html.Div(
        [
            html.P(
                f"{size}. Bars: change of the score, in σ, for one σ of the slider, person by person: dot median, bar "
                "the middle 50 %, line 5 to 95 %; below them the mean effect and, in brackets, the mean absolute "
                "effect. Reads differently: at +2 σ on the other side of probability 0.5 than at −2 σ (perceived "
                "gender), or of the bank's median (age, skin tone). Shares have Wilson's interval."
            ),
            html.P(
                f"{judge}Scorers make errors (the model's own, held out: {errors}): they classify "
                "pictures and do not say who anyone is. Code: dashboard/entanglement/bias_audit.py."
            ),
        ],
        className="lk-audit-foot",
    )


def too_few(people: int) -> html.Div:
    """Return the message for a filter that leaves too few people."""
    return html.Div(
        [
            icon("info", 20),
            html.P("Too few people", className="lk-nothing-title"),
            html.P(f"{people} people match this filter; a share needs at least {FEW}. Choose a wider group."),
        ],
        className="lk-nothing",
    )


def contrast_card(by: Target, found: Sequence[Contrast], targets: Sequence[Target]) -> html.Section:
    """Lay out the differences between two groups of people.

    Args:
        by: the grouping target.
        found: of `entanglement.bias_audit.contrasts`.
        targets: of the model.
    """
    sure = [contrast for contrast in found if contrast.p <= 0.05]
    if not found:
        words = [html.P("A group is too small to compare.")]
    elif not sure:
        words = [html.P(f"None of {len(found)} sliders differs significantly between the two groups.")]
    else:
        words = [
            html.P(f"{len(sure)} of {len(found)} sliders do more to one group (false finds at most 5 %)."),
            html.Ul([html.Li(contrast_words(one, by, targets[one.target])) for one in sure[:SHOWN]]),
        ]
    return html.Section(
        [html.H3(f"Read as {by.more} or {by.less}{by.end}", className="lk-figure-title"), *words],
        className="lk-audit-contrast",
    )


def cannot_audit(model: Model) -> html.Div:
    """Explain why a model cannot be audited, and what is required."""
    reason = (
        f"{model.name} has no scorer. The audit needs one."
        if not model.has_scorer
        else f"{model.name} has no direction with a score for Male, Young or Skin Tone. The audit needs one at least."
    )
    return html.Div(
        [
            icon("info", 20),
            html.P("No audit of this model", className="lk-nothing-title"),
            html.P(reason),
            html.P(["Choose a model that has both, or: ", *how_to_score(model.name)]),
            html.A("Models", href=site_path("/models"), className="lk-button"),
        ],
        className="lk-nothing",
    )


def missing_targets(model: Model) -> html.P | None:
    """Name the targets that a model lacks."""
    there = targets_of(model)
    missing = [target for target in TARGETS if target not in there]
    if not missing or not there:
        return None
    names = " and ".join(f"{target.title.lower()} ({target.name.replace('_', ' ')})" for target in missing)
    return html.P(
        [
            icon("info", 16),
            html.Span(
                f"{model.name} has no direction with a score for {names}, so they are not audited. Include such an "
                "attribute when the model's scorer is trained (docs/training.md)."
            ),
        ],
        className="lk-note",
    )


def _row(row: Row, targets: Sequence[Target], reach: float, other: Judge | None) -> html.Tr:
    lead = row.leading
    flips, changed = row.free[lead].flips, targets[lead].changes
    locked = None if row.locked is None else row.locked[lead].flips
    return html.Tr(
        [
            html.Th([html.Strong(display_name(row.name)), html.Span(row_words(row, targets))], scope="row"),
            html.Td(_dots(flips.of_hundred, 0 if locked is None else locked.of_hundred), className="lk-audit-people"),
            html.Td(
                [html.Strong(str(flips.of_hundred)), f" change {changed}"],
                title=share_words(flips),
                className="lk-audit-count",
            ),
            html.Td(
                "" if locked is None else str(locked.of_hundred),
                title=None if locked is None else share_words(locked),
                className="lk-audit-left",
            ),
            *([_judged(row)] if other else []),
            *(
                html.Td(
                    [
                        _people("free", row.free[k].spread, reach),
                        None if row.locked is None else _people("locked", row.locked[k].spread, reach),
                        _means(row.free[k], None if row.locked is None else row.locked[k]),
                    ],
                    className="lk-audit-spread",
                )
                for k in range(len(targets))
            ),
        ],
        **{"data-name": row.name},
    )


def _judged(row: Row) -> html.Td:
    """Return the number of flips by another judge, and the difference for the same people."""
    if row.other is None or row.apart is None or not row.other[row.leading].n:
        return html.Td("")
    share, apart = row.other[row.leading], row.apart[row.leading]
    ends = f" ({signed(100 * apart.low, 0)} to {signed(100 * apart.high, 0)})" if apart.low == apart.low else ""
    return html.Td(
        [html.Strong(str(share.of_hundred)), html.Span(signed(100 * apart.value, 0))],
        title=f"{share_words(share)}; difference of 100 people: {signed(100 * apart.value, 0)}{ends}",
        className="lk-audit-judged",
    )


def _dots(free: int, locked: int) -> html.Div:
    """Draw 25 by 4 dots, filled column by column: first those who flip even when locked."""
    return html.Div(
        [
            html.I(),
            html.I(className="lk-dots-free", style={"clipPath": _first(free)}),
            html.I(className="lk-dots-locked", style={"clipPath": _first(min(locked, free))}),
        ],
        className="lk-dots",
        **{"aria-hidden": "true"},
    )


def _first(count: int) -> str:
    """Return the outline of the first dots, down each column of four."""
    whole, rest = divmod(count, 4)
    left, right, low = whole * PITCH, (whole + 1) * PITCH, rest * PITCH
    corners = [(0, 0), (right, 0), (right, low), (left, low), (left, 4 * PITCH), (0, 4 * PITCH)]
    return f"polygon({', '.join(f'{x}px {y}px' for x, y in corners)})"


def _people(kind: str, spread: Spread, reach: float) -> html.Div:
    words = f"{kind}: {spread_words(spread)}"
    if spread.mean.value != spread.mean.value:  # no score
        return html.Div(html.Span(words, className="lk-unseen"), className="lk-spread")
    names = ("--a", "--b", "--m", "--c", "--d")
    at = {name: value / reach for name, value in zip(names, spread.quantiles, strict=True)}
    return html.Div(
        [
            html.I(className="lk-spread-line"),
            html.I(className="lk-spread-half"),
            html.I(className="lk-spread-dot"),
            html.Span(words, className="lk-unseen"),
        ],
        className=f"lk-spread lk-spread-{kind}",
        style={key: round(max(-1.0, min(1.0, value)), 4) for key, value in at.items()},
        title=words,
    )


def _means(free: Effect, locked: Effect | None) -> html.Div:
    """Return the mean and mean absolute effect, free at the left and locked at the right, in their colours."""
    parts = [free, *([locked] if locked else [])]
    effects = [f"{signed(each.spread.mean.value)} ({each.spread.size.value:.2f})" for each in parts]
    return html.Div([html.Span(words) for words in effects], className="lk-audit-means")


def _reach(rows: Sequence[Row]) -> float:
    ends = [abs(q) for row in rows for effect in row.free for q in effect.spread.quantiles if q == q]
    return max(1.0, *ends) if ends else 1.0

"""The bias audit in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dash import html

from dashboard.analysis.people import Estimate, Share, Spread
from dashboard.components.slider_row import display_name
from dashboard.entanglement.bias_audit import LARGE, SMALL, Contrast, Finding, Row, Target

SLIGHT = 0.2
"""Effect below which a change is called slight."""

HARDLY = 5
"""People of 100 below which a slider is said to change hardly anyone."""


def finding_words(rows: Sequence[Row], targets: Sequence[Target]) -> list:
    """Return the main finding: the slider that changes the classification of most people, and the effect of locking."""
    top = next((row for row in rows if row.free[row.leading].flips.of_hundred >= HARDLY), None)
    if top is None:
        return [f"No slider changes how more than {HARDLY} of 100 people read."]
    share = top.free[top.leading].flips
    content: list = [
        "Of 100 people, one slider, ",
        html.Strong(display_name(top.name)),
        f", changes the {targets[top.leading].changes} of ",
        html.Strong(str(share.of_hundred)),
        ".",
    ]
    if top.locked is None:
        return content
    what = listed([target.title.lower() for target in targets])
    left = top.locked[top.leading].flips.of_hundred
    return [*content, f" With {what} locked, it is ", html.Strong(str(left), className="lk-audit-left"), "."]


def evidence_words(rows: Sequence[Row], found: Finding, targets: Sequence[Target]) -> str:
    """Return the uncertainty of the finding, and a summary of all sliders: by the effect size per person, and by the
    mean.
    """
    sentences = []
    if rows:
        top = rows[0]
        sentences.append(f"{share_words(top.free[top.leading].flips)}, slider from −2 to +2 σ.")
        if top.spared is not None and math.isfinite(top.spared[top.leading].low):
            spared = top.spared[top.leading]
            sentences.append(
                f"Locking spares {percent(spared.value)} of the same people ({percent(spared.low)} to "
                f"{percent(spared.high)})."
            )
    if not found.large:
        sentences.append(f"None of {found.sliders} sliders changes a person by more than {LARGE:g} σ on average.")
        return " ".join(sentences)
    verb = "changes" if found.large == 1 else "change"
    sentences.append(f"{found.large} of {found.sliders} sliders {verb} a person by more than {LARGE:g} σ on average")
    if found.kept is None:
        return " ".join(sentences) + "."
    return " ".join(sentences) + f"; locked, {percent(found.kept)} of that is left."


def row_words(row: Row, targets: Sequence[Target]) -> str:
    """Summarise what one slider does: "makes faces read as male"."""
    named = [k for k in range(len(targets)) if row.free[k].spread.mean.sure and abs(_mean(row, k)) >= SMALL]
    named.sort(key=lambda k: -abs(_mean(row, k)))
    # Next to a large effect, one of less than half its size is shown by the bars only.
    named = [k for k in named if abs(_mean(row, k)) >= abs(_mean(row, named[0])) / 2]
    if not named:
        return "moves people in both directions" if row.size_on(row.leading) > LARGE else "changes hardly anyone"
    ends = [(targets[k].more if _mean(row, k) > 0 else targets[k].less) + targets[k].end for k in named]
    slightly = "slightly " if abs(_mean(row, named[0])) < SLIGHT else ""
    return f"makes faces read as {slightly}{listed(ends)}"


def spread_words(spread: Spread) -> str:
    """Describe one bar, for assistive technology and as its title."""
    if not math.isfinite(spread.mean.value):
        return "not measured"
    low, quarter, middle, three, high = (signed(value) for value in spread.quantiles)
    return (
        f"median {middle} σ, middle half {quarter} to {three}, 5 to 95 %: {low} to {high}; "
        f"mean {estimate_words(spread.mean)}; mean absolute effect per person {spread.size.value:.2f}; "
        f"same direction in {spread.same.hits:,} of {spread.same.n:,}"
    )


def contrast_words(contrast: Contrast, target: Target, changed: Target) -> list:
    """Describe a slider that does more to one group: "Beard flips perceived gender in 96 of 100 who read as female,
    ...".
    """
    more, less = contrast.shares
    difference = contrast.difference
    return [
        html.Strong(display_name(contrast.name)),
        f" changes the {changed.changes} of {more.of_hundred} of 100 who read as {target.more}{target.end} and of "
        f"{less.of_hundred} of 100 who read as {target.less}{target.end}: ",
        html.Span(
            f"{signed(100 * difference.value, 0)} of 100 ({signed(100 * difference.low, 0)} to "
            f"{signed(100 * difference.high, 0)})",
            className="lk-audit-number",
        ),
    ]


def share_words(share: Share) -> str:
    """Return a share with its interval: "81 % (95 %: 77 to 84 %, n = 500)"."""
    if not share.n:
        return "no people measured"
    if not math.isfinite(share.low):
        return f"{percent(share.value)} (rough: n = {share.n})"
    return f"{percent(share.value)} (95 %: {percent(share.low)} to {percent(share.high)}, n = {share.n:,})"


def estimate_words(estimate: Estimate) -> str:
    """Return a figure with its interval: "+0.46 (+0.41 to +0.51)"."""
    value = signed(estimate.value)
    return f"{value} ({signed(estimate.low)} to {signed(estimate.high)})" if math.isfinite(estimate.low) else value


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign and a true minus; zero has no sign."""
    text = f"{value:+.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("+-")


def percent(share: float) -> str:
    """Return a share, rounded half up as are counts of people: "81 %"."""
    return f"{int(100 * share + 0.5)} %"


def listed(words: Sequence[str]) -> str:
    """Join words for a sentence: "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _mean(row: Row, target: int) -> float:
    return row.free[target].spread.mean.value

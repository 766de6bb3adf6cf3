"""The bias audit in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from dashboard.components.slider_row import display_name
from dashboard.entanglement.bias_audit import LARGE, SMALL, Bar, Finding, Row, Target

SLIGHT = 0.2
"""Effect below which a face only reads as slightly different."""


def finding_words(found: Finding, targets: Sequence[Target]) -> list:
    """The one finding: how many sliders change who the face seems to be, and what locking does about it."""
    what = listed([target.title.lower() for target in targets])
    if not found.large:
        return [f"None of {found.sliders} sliders changes {what} by more than {LARGE:g} σ."]
    verb = "changes" if found.large == 1 else "change"
    told: list = [
        html.Strong(f"{found.large} of {found.sliders} sliders"),
        f" {verb} who the face seems to be by more than {LARGE:g} σ.",
    ]
    if found.gone is None:
        return told
    return [*told, f" With {what} locked, ", html.Strong(f"{found.gone * 100:.0f} %"), " of that is gone."]


def row_words(row: Row, targets: Sequence[Target]) -> list:
    """What one slider does: "Beard makes faces read as male: +0.46 σ of Male. Locked, 0.05 is left."."""
    name = html.Strong(display_name(row.name))
    told = [place for place, bar in enumerate(row.free) if bar.sure and abs(bar.value) >= SMALL]
    told.sort(key=lambda place: -abs(row.free[place].value))
    # Beside a large effect, one of less than half its size is for the bars to say.
    told = [place for place in told if abs(row.free[place].value) >= abs(row.free[told[0]].value) / 2]
    if not told:
        return [name, f" changes none of these by more than {SMALL:g} σ that could be told from 0."]
    strongest = abs(row.free[told[0]].value)
    parts: list = [name, " makes faces read as slightly " if strongest < SLIGHT else " makes faces read as "]
    for count, place in enumerate(told):
        bar, target = row.free[place], targets[place]
        parts += [" and " if count else "", html.Strong((target.more if bar.value > 0 else target.less) + target.end)]
        parts.append(f" ({abs(bar.value):.2f} σ {'more' if bar.value > 0 else 'less'} {display_name(target.name)})")
    parts.append(".")
    if row.locked is not None:
        left = listed([f"{abs(row.locked[place].value):.2f}" for place in told])
        parts.append(html.Span(f" Locked, {left} {'is' if len(told) == 1 else 'are'} left."))
    return parts


def bar_words(bar: Bar) -> str:
    """One effect with its interval, for those who do not see the bar."""
    return f"{bar.value:+.2f} σ ({bar.low:+.2f} to {bar.high:+.2f})".replace("-", "−")


def listed(words: Sequence[str]) -> str:
    """Words in a sentence: "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

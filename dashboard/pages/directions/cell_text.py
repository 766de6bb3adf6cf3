"""Sentences about a cell: the attributes, the number, the uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dash import html

from dashboard.components.slider_row import display_name
from dashboard.entanglement.matrix import RELEVANT, Matrix


def signed(value: float, unit: str = "") -> str:
    """Format a number for the screen: "+0.46 σ"; sign always, true minus, two decimals; "unknown" for nan."""
    if not math.isfinite(value):
        return "unknown"
    text = f"{value:+.2f}"
    return f"{'+0.00' if text == '-0.00' else text} {unit}".replace("-", "−").strip()


def interval(low: float, high: float) -> str:
    """Return an interval: "+0.41 to +0.51"."""
    return f"{signed(low)} to {signed(high)}"


def cell_words(found: Matrix, names: tuple[str, ...]) -> list[list[str]]:
    """Return a sentence for each cell: "Smiling → Male: −0.21 σ (−0.25 to −0.17)".

    Args:
        found: the matrix.
        names: of the F attributes.

    Returns:
        F x F sentences, in the model's order.
    """
    shown = [display_name(name) for name in names]
    return [
        [_cell(found, i, j, f"{row} → {column}: ") for j, column in enumerate(shown)] for i, row in enumerate(shown)
    ]


def _cell(found: Matrix, i: int, j: int, pair: str) -> str:
    value = float(found.values[i, j])
    if not math.isfinite(value):
        return f"{pair}not measured" if found.unit else f"{pair}no score for it"
    text = pair + signed(value, found.unit)
    if found.low is None or found.high is None:
        return text
    if math.isfinite(found.low[i, j]):
        text += f" ({interval(float(found.low[i, j]), float(found.high[i, j]))})"
    if found.choice is not None and found.choice.chosen[i, j] and abs(value) < RELEVANT:
        return f"{text}: differs from 0, by less than {RELEVANT:g}"
    return f"{text}: could be 0, shown as 0" if found.doubtful[i, j] else text


def finding(moved: str, seen: str, effect: tuple[float, float, float] | None, back: float, cosine: float) -> list:
    """Describe the effect of moving one attribute on another.

    Args:
        moved, seen: names of the two.
        effect: R with the ends of its interval; None where it was not measured.
        back: R of the reversed pair, nan where it was not measured.
        cosine: of the two directions.

    Returns:
        A sentence or two, the number in bold.
    """
    row, column = display_name(moved), display_name(seen)
    if effect is None or not math.isfinite(effect[0]):
        verb = "raises" if cosine > 0 else "lowers"
        if moved == seen:
            return ["Pulling ", html.Strong(row), " moves its own coordinate by just what was asked for."]
        return [
            "One σ more ",
            html.Strong(row),
            f" {verb} the coordinate of {column} by ",
            html.Strong(f"{abs(cosine):.2f} σ"),
            " (the cosine of the two directions).",
        ]
    value, low, high = effect
    if not math.isfinite(low):
        low = high = value  # too few people for an interval
    reversed_ = [] if moved == seen or not math.isfinite(back) else [f" Reversed: {signed(back, 'σ')}."]
    if low <= 0 <= high:
        return [
            "One σ more ",
            html.Strong(row),
            f" does not measurably change the score of {column}: {interval(low, high)} σ holds 0.",
            *reversed_,
        ]
    verb = "raises" if value > 0 else "lowers"
    whose = "its own score" if moved == seen else f"the score of {column}"
    return [
        "One σ more ",
        html.Strong(row),
        f" {verb} {whose} by ",
        html.Strong(f"{abs(value):.2f} σ"),
        ".",
        *reversed_,
    ]


def presence_words(name: str, steps: Sequence[float], shares: Sequence[float], slopes: tuple[float, float]) -> str:
    """Describe a binary attribute over a slider: its share at both ends, and its slopes below and above 0.

    Args:
        name: of the attribute.
        steps, shares: (T,) of the slider, and P(present) there.
        slopes: below and above 0, in standard deviations of the score.
    """
    ends = [
        f"{100 * shares[k]:.0f} % at {steps[k]:+g} σ".replace("-", "−") for k in (0, -1) if math.isfinite(shares[k])
    ]
    text = f"{name} is present in {' and '.join(ends)}."
    if all(math.isfinite(slope) for slope in slopes):
        text += f" Slope below 0: {signed(slopes[0], 'σ')}, above: {signed(slopes[1], 'σ')}."
    return text

"""Figures of a report as self-contained SVG: the matrix, the largest findings, people who flip."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from dashboard.entanglement.bias_audit import Row
from dashboard.entanglement.findings import Finding, headline

FREE, LOCKED, INK, LINE = "#5b6572", "#1b64c8", "#17202b", "#cfd6de"
STOPS = ((64, 0, 75), (194, 165, 207), (247, 247, 247), (166, 219, 160), (0, 68, 27))
"""Colours from -1 to +1: PRGn (Brewer 2003), readable with red-green colour blindness."""

CELL, ROW = 16, 26
SHOWN = 20
"""Largest number of findings or sliders in a figure."""


def matrix_figure(names: Sequence[str], values: NDArray[np.float64], title: str) -> str:
    """Draw a matrix (F, F) of numbers from -1 to 1 as squares; nan cells are empty."""
    left, top, count = 130, 120, len(names)
    size = CELL * count
    parts = []
    for i, name in enumerate(names):
        y = top + CELL * i + CELL / 2
        x = left + CELL * i + CELL / 2
        parts.append(_text(left - 6, y + 4, name, "end"))
        parts.append(
            f'<text x="{x:g}" y="{top - 6}" transform="rotate(-52 {x:g} {top - 6})" fill="{INK}">{_safe(name)}</text>'
        )
        for j, value in enumerate(values[i]):
            if np.isfinite(value):
                parts.append(
                    f'<rect x="{left + CELL * j}" y="{top + CELL * i}" width="{CELL - 1}" height="{CELL - 1}" '
                    f'fill="{_colour(float(value))}"><title>{_safe(f"{name}, {names[j]}: {value:+.2f}")}</title></rect>'
                )
    return _svg(left + size + 90, top + size + 10, title, parts)


def findings_figure(found: Sequence[Finding], title: str) -> str:
    """Draw the first findings as bars, free and locked, with their intervals."""
    shown = found[:SHOWN]
    parts = [_axis(380, 340, len(shown), ("-1", "-0.5", "0", "+0.5", "+1 \u03c3"))]
    for k, each in enumerate(shown):
        y = 30 + ROW * k
        moved, verb, seen, end = headline(each)
        parts.append(_text(368, y + 13, f"{moved} {verb} {seen} {end}".strip(), "end"))
        for value, low, high, at, ink in (
            (each.effect, each.low, each.high, y, FREE),
            (each.locked, each.locked_low, each.locked_high, y + 10, LOCKED),
        ):
            parts.append(_bar(lambda v: 550 + 170 * max(-1.0, min(1.0, v)), value, low, high, at, ink))
    return _svg(740, 40 + ROW * len(shown), title, parts)


def flips_figure(rows: Sequence[Row], titles: Sequence[str], title: str) -> str:
    """Draw the shares of people whose reading flips, free and locked, with Wilson's intervals."""
    shown = rows[:SHOWN]
    parts = [_axis(380, 340, len(shown), ("0", "25", "50", "75", "100 %"))]
    for k, row in enumerate(shown):
        y, lead = 30 + ROW * k, row.leading
        parts.append(_text(368, y + 13, f"{row.name.replace('_', ' ')} on {titles[lead].lower()}", "end"))
        states = [(row.free[lead].flips, y, FREE)]
        if row.locked is not None:
            states.append((row.locked[lead].flips, y + 10, LOCKED))
        for share, at, ink in states:
            parts.append(_bar(lambda v: 380 + 340 * v, share.value, share.low, share.high, at, ink))
    return _svg(740, 40 + ROW * len(shown), title, parts)


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img" '
        f'font-family="system-ui,sans-serif" font-size="12" style="max-width:100%;height:auto;background:#fff">'
        f"<title>{_safe(title)}</title>{''.join(parts)}</svg>"
    )


def _axis(left: float, width: float, rows: int, words: Sequence[str]) -> str:
    parts = []
    for k, word in enumerate(words):
        x = left + width * k / (len(words) - 1)
        parts.append(f'<line x1="{x:g}" x2="{x:g}" y1="22" y2="{30 + ROW * rows}" stroke="{LINE}"/>')
        parts.append(_text(x, 16, word, "middle"))
    return "".join(parts)


def _bar(x_of: Callable[[float], float], value: float, low: float, high: float, y: float, ink: str) -> str:
    if not np.isfinite(value):
        return ""
    ends = sorted((x_of(0.0), x_of(value)))
    svg = f'<rect x="{ends[0]:.1f}" y="{y}" width="{max(ends[1] - ends[0], 1):.1f}" height="8" fill="{ink}"/>'
    if np.isfinite(low):
        x1, x2 = x_of(low), x_of(high)
        svg += f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y + 4}" y2="{y + 4}" stroke="{INK}" stroke-width="1.5"/>'
    return svg


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{INK}">{_safe(words)}</text>'


def _colour(value: float) -> str:
    at = (max(-1.0, min(1.0, value)) + 1) * (len(STOPS) - 1) / 2
    k = min(int(at), len(STOPS) - 2)
    return "#" + "".join(f"{round(a + (b - a) * (at - k)):02x}" for a, b in zip(STOPS[k], STOPS[k + 1], strict=True))


def _safe(text: str) -> str:
    return html.escape(text, quote=False)

"""How often the intervals of the Directions pages contain the true value: means, correlations, differences, shares.

python -m benchmarks.coverage [--draws 2000] [--output docs/benchmarks/coverage.md]

People are drawn from large populations with known figures: normal, of two peaks, and skewed.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from dashboard.analysis.inference import (
    correlation_error,
    correlation_freedom,
    correlation_interval,
    mean_interval,
    means_of,
    p_values,
    select,
    wilson,
)
from dashboard.analysis.people import paired_difference

KINDS = ("normal", "two peaks", "skewed")
SIZES = (50, 100, 200, 500)
POPULATION = 1_000_000


def draw(kind: str, n: int, generator: np.random.Generator) -> np.ndarray:
    """Draw n people with two scores that go together, (n, 2).

    Args:
        kind: one of `KINDS`.
        n: how many.
        generator: what draws.
    """
    if kind == "normal":
        return generator.multivariate_normal([0, 0.1], [[1, 0.5], [0.5, 1]], n)
    if kind == "skewed":
        return generator.exponential(size=(n, 1)) + generator.exponential(size=(n, 2))
    peak = generator.random((n, 1)) < 0.2
    return np.where(peak, 3.0, 0.0) + generator.normal(0, 1, (n, 2)) * np.where(peak, [2.0, 1.2], [0.7, 0.4])


def coverage(kind: str, size: int, draws: int, generator: np.random.Generator) -> dict[str, float]:
    """Return the share of draws whose interval contains the true value, by kind of interval.

    Args:
        kind: one of `KINDS`.
        size: people in a draw.
        draws: how many.
        generator: what draws.
    """
    whole = draw(kind, POPULATION, generator)
    mean, rho = whole[:, 0].mean(), np.corrcoef(whole, rowvar=False)[0, 1]
    change, above = (whole[:, 0] - whole[:, 1]).mean(), (whole[:, 0] > 1).mean()
    held = np.zeros((draws, 5), bool)
    for k in range(draws):
        x = draw(kind, size, generator)
        low, high = mean_interval(means_of(x[:, 0]))
        r = np.corrcoef(x, rowvar=False)
        ends = correlation_interval(r, correlation_error(x), freedom=correlation_freedom(x))
        half = 1.959964 / np.sqrt(size - 3)
        fisher = np.tanh(np.arctanh(r[0, 1]) - half), np.tanh(np.arctanh(r[0, 1]) + half)
        pair = paired_difference(x[:, 0], x[:, 1])
        share = wilson(int((x[:, 0] > 1).sum()), size)
        held[k] = (
            low <= mean <= high,
            ends[0][0, 1] <= rho <= ends[1][0, 1],
            fisher[0] <= rho <= fisher[1],
            pair.low <= change <= pair.high,
            share[0] <= above <= share[1],
        )
    words = ("mean, t", "correlation", "correlation, Fisher's own", "paired difference, bootstrap", "share, Wilson")
    return dict(zip(words, held.mean(axis=0), strict=True))


def selected(draws: int, generator: np.random.Generator) -> tuple[float, float]:
    """Return the share of selected cells that are false, and of their intervals that miss: 702 cells, a third of them
    there.

    Args:
        draws: how many.
        generator: what draws.
    """
    truth = np.where(np.arange(702) % 3 == 0, 0.2, 0.0)
    false, missed = [], []
    for _ in range(draws):
        means = means_of(generator.normal(truth, 1.0, (200, 702)))
        choice = select(p_values(means))
        low, high = mean_interval(means, choice.level)
        false.append((truth == 0)[choice.chosen].mean())
        missed.append(((truth < low) | (truth > high))[choice.chosen].mean())
    return float(np.mean(false)), float(np.mean(missed))


def report(draws: int) -> str:
    """Measure, and return the figures as Markdown."""
    generator = np.random.default_rng(0)
    lines = [
        "# Coverage of intervals",
        "",
        f"`python -m benchmarks.coverage --draws {draws}`: {draws:,} samples of people from populations with "
        "given parameters. The table shows the share of 95 % intervals that contain the true value.",
        "",
    ]
    head: list[str] = []
    for kind in KINDS:
        for size in SIZES:
            found = coverage(kind, size, draws, generator)
            if not head:
                head = list(found)
                lines += [f"| scores | people | {' | '.join(head)} |", "|---|---|" + "---|" * len(head)]
            lines.append(f"| {kind} | {size} | " + " | ".join(f"{share:.3f}" for share in found.values()) + " |")
    false, missed = selected(max(draws // 20, 20), generator)
    lines += [
        "",
        f"Of the cells selected at 5 % (Benjamini-Hochberg, 702 cells, a third with an effect, 200 people), "
        f"{100 * false:.1f} % are false, and {100 * missed:.1f} % of their widened intervals miss.",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--output", type=Path)
    asked = parser.parse_args(arguments)
    page = report(asked.draws)
    if asked.output:
        asked.output.parent.mkdir(parents=True, exist_ok=True)
        asked.output.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()

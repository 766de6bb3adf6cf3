"""Principal components of a million rows in a file: ours and scikit-learn's, in time, memory and exactness.

    python -m benchmarks.pca [--rows 1000000] [--columns 512] [--rounds 3] [--output docs/benchmarks/pca.md]

Each turn is a separate process: it maps the file, finds all components and ends. They take turns, round by round, so
that whatever else the machine does meets them all alike. The file is read through once before the first turn: how fast
a disk is, is not what is measured.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import describe_machine, peak_memory

ROOT = Path(__file__).parents[1]

OURS = "ours, in blocks"
REFERENCE = "scikit-learn, covariance, float64"
"""What the others' exactness is measured against."""

SOLVERS = {
    OURS: "ours",
    "scikit-learn, covariance": "covariance_eigh",
    "scikit-learn, full": "full",
    "scikit-learn, randomised": "randomized",
    REFERENCE: "float64",
}

GOAL_TIME = 1.2
"""Times the seconds of the fastest exact one of scikit-learn's in the rows' own type."""

GOAL_MEMORY = 1500
"""Megabytes."""

GOAL_ERROR = 1e-5
"""Of a variance, as a share of it: what may be called exact in float32."""

TURN = "import sys; from benchmarks.pca import turn; turn(*sys.argv[1:])"
"""Program of a turn's process. It imports no more than it needs: memory is measured."""

BLOCK = 50_000
RANDOMISED = 50
"""Components that the randomised solver finds: it is made for a few, not for all."""


@dataclass(frozen=True, eq=False)
class Found:
    """What one solver found.

    Args:
        seconds: the median of its turns.
        megabytes: peak memory of its process, the largest of its turns.
        variances: (K,) falling.
        axes: (K, d) unit rows.
    """

    seconds: float
    megabytes: float
    variances: NDArray[np.float64]
    axes: NDArray[np.float64]

    def errors(self, reference: Found) -> tuple[float, float]:
        """Return the largest difference of a variance, as a share of the reference's, and of a component's entry."""
        kept = len(self.variances)
        variances, axes = reference.variances[:kept], reference.axes[:kept]
        signs = np.sign(np.sum(self.axes * axes, axis=1, keepdims=True))
        return float(np.max(np.abs(self.variances / variances - 1))), float(np.max(np.abs(self.axes * signs - axes)))


def write_rows(path: Path, rows: int, columns: int) -> None:
    """Write an NPY file of float32 whose components differ: variances fall from 10 to 0.1, and no mean is 0."""
    random = np.random.default_rng(0)
    turned, _ = np.linalg.qr(random.standard_normal((columns, columns)))
    mixing = (np.sqrt(np.geomspace(10, 0.1, columns))[:, None] * turned).astype(np.float32)
    mean = random.standard_normal(columns).astype(np.float32)
    file = np.lib.format.open_memmap(path, "w+", np.float32, (rows, columns))
    for first in range(0, rows, BLOCK):
        part = file[first : first + BLOCK]
        part[:] = random.standard_normal(part.shape, np.float32) @ mixing + mean
    file.flush()


def solve(name: str, path: Path) -> tuple[float, NDArray, NDArray]:
    """Find the components of a file's rows.

    Args:
        name: a value of `SOLVERS`.
        path: the NPY file.

    Returns:
        Seconds from the opening of the file on, variances (K,) and axes (K, d).
    """
    return _solve_ours(path) if name == "ours" else _solve_theirs(name, path)


def _solve_ours(path: Path) -> tuple[float, NDArray, NDArray]:
    from dashboard.analysis.pca import components, covariance

    started = time.perf_counter()
    matrix = covariance(np.load(path, mmap_mode="r"))[1]
    variances, columns = components(matrix, len(matrix))
    return time.perf_counter() - started, variances, columns.T


def _solve_theirs(name: str, path: Path) -> tuple[float, NDArray, NDArray]:
    from sklearn.decomposition import PCA

    started = time.perf_counter()
    # Mapped so that it may be written to: what may not, scikit-learn copies first.
    rows = np.load(path, mmap_mode="c")
    if name == "float64":
        found = PCA(svd_solver="covariance_eigh").fit(rows.astype(np.float64))
    elif name == "randomized":
        found = PCA(min(RANDOMISED, *rows.shape), svd_solver="randomized", random_state=0).fit(rows)
    else:
        found = PCA(svd_solver=name).fit(rows)
    return time.perf_counter() - started, np.asarray(found.explained_variance_), np.asarray(found.components_)


def turn(name: str, path: str, answer: str) -> None:
    """Run one turn in its own process: solve, keep the result, and print seconds and megabytes."""
    seconds, variances, axes = solve(name, Path(path))
    print(json.dumps([seconds, peak_memory()]))
    np.savez(answer, variances=variances, axes=axes)


def measure(path: Path, rounds: int) -> dict[str, Found]:
    """Run all solvers in turns.

    Args:
        path: the NPY file.
        rounds: turns of each.

    Returns:
        What each found, by its label in `SOLVERS`.
    """
    turns: dict[str, list[tuple[float, float]]] = {label: [] for label in SOLVERS}
    answers = {label: path.with_name(f"{name}.npz") for label, name in SOLVERS.items()}
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass
    for _ in range(rounds):
        for label, name in SOLVERS.items():
            words = [sys.executable, "-c", TURN, name, str(path), str(answers[label])]
            done = subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
            turns[label].append(tuple(json.loads(done.stdout)))
    found = {}
    for label, values in turns.items():
        seconds, megabytes = zip(*values, strict=True)
        with np.load(answers[label]) as kept:
            arrays = [kept[name].astype(np.float64) for name in ("variances", "axes")]
        found[label] = Found(statistics.median(seconds), max(megabytes), *arrays)
    return found


def verdicts(found: Mapping[str, Found]) -> list[str]:
    """Return sentences that compare the goals with the measurements."""
    exact = ("scikit-learn, covariance", "scikit-learn, full")
    fastest = min(exact, key=lambda label: found[label].seconds)
    ours = found[OURS]
    ratio = ours.seconds / found[fastest].seconds
    variances, axes = ours.errors(found[REFERENCE])
    theirs = found[fastest].errors(found[REFERENCE])
    return [
        f"Ours against the fastest exact solver, {fastest}: {ratio:.2f} times its time. "
        f"Goal: at most {GOAL_TIME:g}; {_met(ratio <= GOAL_TIME)}.",
        f"Peak memory of ours: {ours.megabytes:.0f} MB. "
        f"Goal: under {GOAL_MEMORY:,} MB; {_met(ours.megabytes < GOAL_MEMORY)}.",
        f"Exactness: ours differs from float64 by {variances:.0e} in variances and {axes:.0e} in component entries, "
        f"the fastest by {theirs[0]:.0e} and {theirs[1]:.0e}. "
        f"Goal: at most {GOAL_ERROR:.0e} of a variance; {_met(variances <= GOAL_ERROR)}.",
    ]


def report(rows: int, columns: int, rounds: int) -> str:
    """Measure everything.

    Args:
        rows: of the file.
        columns: of the file.
        rounds: turns of each solver.

    Returns:
        A page in Markdown.
    """
    machine = describe_machine(("numpy", "scikit-learn", "scipy"))
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "rows.npy"
        write_rows(path, rows, columns)
        found = measure(path, rounds)
    lines = [
        "# Principal components",
        "",
        f"Written by `python -m benchmarks.pca`: {rows:,} rows of {columns} float32 numbers, memory-mapped from "
        f"a file in the page cache; median of {rounds} rounds, in each of which every solver runs in its own process.",
        "",
        f"All {columns} components; the first {min(RANDOMISED, rows, columns)} for the randomised solver. Errors are "
        f"the largest differences from {REFERENCE}: relative errors of variances, and absolute errors of component "
        f"entries, up to sign. Machine: {machine}.",
        "",
        "| solver | seconds | peak memory | error of variances | error of components |",
        "|---|---|---|---|---|",
    ]
    for label, one in found.items():
        errors = "reference | " if label == REFERENCE else " | ".join(f"{e:.0e}" for e in one.errors(found[REFERENCE]))
        lines.append(f"| {label} | {one.seconds:.2f} | {one.megabytes:,.0f} MB | {errors} |")
    lines += ["", *(f"- {sentence}" for sentence in verdicts(found))]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pca", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the file (default: 1000000)")
    parser.add_argument("--columns", type=int, default=512, help="of the file (default: 512)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each solver (default: 3)")
    parser.add_argument("--output", type=Path, help="page to write (default: print it)")
    options = parser.parse_args(arguments)
    page = report(options.rows, options.columns, options.rounds)
    if options.output:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(page, encoding="utf-8")
    print(page)


def _met(reached: bool) -> str:
    return "met" if reached else "not met"


if __name__ == "__main__":
    main()

"""Bulk work in slices against the plain command: faces a second, and whether the files are equal.

python -m benchmarks.bulk weights/NAME [--faces 9600] [--output docs/benchmarks/bulk.md]
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.command import time_command, write_report
from benchmarks.machine import describe_machine
from dashboard.synthesis.model_folder import open_model

SLICES = 2
RUNS = 1
"""Pairs of a plain and a sliced run; several take turns, so that a change of the machine's speed concerns both."""


def report(path: Path, faces: int) -> str:
    """Measure everything.

    Args:
        path: the model folder.
        faces: of a run.

    Returns:
        The page.
    """
    model = open_model(path)
    plain, sliced, equal = [], [], True
    with tempfile.TemporaryDirectory(prefix="likeness-bulk-") as folder:
        own = {"LIKENESS_HOME": str(Path(folder, "home"))}
        whole, merged = Path(folder, "whole.npy"), Path(folder, "merged.npy")
        words = ["faces", "--model", str(path.resolve()), "--seeds", f"0-{faces - 1}", "--dtype", "uint8", "--npy"]
        time_command(own, *words[:3], "--seeds", "0-63", *words[5:], str(Path(folder, "first.npy")))
        for _ in range(RUNS):
            plain.append(time_command(own, *words, str(whole)))
            parts = [f"{k + 1}/{SLICES}" for k in range(SLICES)]
            seconds = [time_command(own, *words, str(merged), "--slice", part) for part in parts]
            seconds.append(time_command(own, "merge", str(merged), "--remove"))
            sliced.append(sum(seconds))
            equal = equal and whole.read_bytes() == merged.read_bytes()
    rates = [faces / statistics.median(each) for each in (plain, sliced)]
    ratio = statistics.median(a / b for a, b in zip(plain, sliced, strict=True))
    added = statistics.median(b - a for a, b in zip(plain, sliced, strict=True)) / SLICES
    return f"""# Bulk work in slices

Written by `python -m benchmarks.bulk`: {faces:,} faces as one array of bytes, by the plain command, and by {SLICES} \
slices one after the other with `merge`, each a process of its own. {"Medians of " if RUNS > 1 else ""}{RUNS} \
run{"s in turn" if RUNS > 1 else " of each"}, start of every process included.

Model: `{model.name}@{model.digest8}`, {model.config.resolution} px. {describe_machine()}

| what | faces/s | seconds | goal |
|---|---|---|---|
| the plain command | {rates[0]:.0f} | {statistics.median(plain):.1f} |  |
| {SLICES} slices and merge | {rates[1]:.0f} | {statistics.median(sliced):.1f} |  |
| added by each slice, mostly the start of its process |  | {added:.1f} |  |
| rate of the slices to the plain command's | {ratio:.2f} |  | at least 0.9 |
| same bytes in all runs | {"yes" if equal else "no"} |  | yes |
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.bulk", __doc__ or "", ("faces", 9600, "faces of a run"), report, arguments)


if __name__ == "__main__":
    main()

"""``python -m benchmarks.against COMMIT page sheet service``: measures another commit and this tree in turns.

Both run with the environment that is installed, each on the model of the same name in its own `weights/`. The medians
are printed side by side; no page of docs/benchmarks/ is written.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.pages import OF_A_MODEL, default_model
from dashboard.settings import ROOT

UNITS = {"ms": 1.0, "s": 1000.0, "": 1.0, "MB": 1.0}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.against", description=(__doc__ or "").partition(": ")[2]
    )
    parser.add_argument("commit", help="to measure beside this tree, such as d94a86c^")
    parser.add_argument("names", nargs="+", choices=OF_A_MODEL, metavar="name", help=f"of {', '.join(OF_A_MODEL)}")
    parser.add_argument("--rounds", type=int, default=1, help="how often each tree is measured (default: 1)")
    options = parser.parse_args(arguments)
    found: dict[tuple[str, int], tuple[list[float], list[float]]] = {}  # by row: its words may have changed since
    words: dict[tuple[str, int], str] = {}
    with _worktree(options.commit) as before:
        for name in options.names:
            for turn in range(2 * options.rounds):
                for row, (what, value) in enumerate(medians(_measure(name, ROOT if turn % 2 else before)).items()):
                    found.setdefault((name, row), ([], []))[turn % 2].append(value)
                    words[name, row] = what
    print(f"| benchmark | what | {options.commit} | this tree | ratio |\n|---|---|---|---|---|")
    for (name, row), (old, new) in found.items():
        if old and new:
            first, second = statistics.median(old), statistics.median(new)
            print(f"| {name} | {words[name, row]} | {first:g} | {second:g} | {second / first if first else 1.0:.2f} |")


def medians(page: str) -> dict[str, float]:
    """Return the medians of a benchmark's page by what they are of: milliseconds, megabytes, or plain numbers."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")
    ]
    found = {}
    for what, median, *_ in rows[1:]:
        number = re.match(r"([\d,.]+) ?(ms|s|MB)?\b", median)
        if number:
            found[re.sub(r" \(\d+\)$", "", what)] = float(number[1].replace(",", "")) * UNITS[number[2] or ""]
    return found


def _measure(name: str, tree: Path) -> str:
    """Run a benchmark in a tree; gives its page."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.md"
        model = tree / "weights" / default_model().name
        command = [sys.executable, "-m", f"benchmarks.{name}", str(model), "--output", str(page)]
        print(f"{name} in {'this tree' if tree == ROOT else tree.name}", file=sys.stderr, flush=True)
        subprocess.run(command, cwd=tree, check=True, stdout=sys.stderr)
        return page.read_text(encoding="utf-8")


@contextmanager
def _worktree(commit: str) -> Iterator[Path]:
    """Check a commit out next to this tree for as long as the context lasts."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "before"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(tree), commit], cwd=ROOT, check=True)
        try:
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()

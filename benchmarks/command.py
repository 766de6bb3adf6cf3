"""What the commands of all benchmarks share: a model folder in, a page of Markdown out."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.pages import default_model

Report = Callable[[Path, int], str]
"""Model folder and number of repetitions to a page."""


def write_report(
    name: str, what: str, repeats: tuple[str, int, str], report: Report, arguments: Sequence[str] | None
) -> None:
    """Run a benchmark's command.

    Args:
        name: module of the benchmark.
        what: its docstring, whose first line is the help text.
        repeats: name, default and help text of the option that says how often to measure.
        report: measures and writes the page.
        arguments: of the command line; None for the process's own.
    """
    option, default, text = repeats
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=what.split("\n")[0])
    parser.add_argument("model", type=Path, nargs="?", help="a model folder (default: that of make run)")
    parser.add_argument(f"--{option}", type=int, default=default, help=f"{text} (default: {default})")
    parser.add_argument("--output", type=Path, help="page to write (default: print it)")
    options = parser.parse_args(arguments)
    _write(report(options.model or default_model(), getattr(options, option)), options.output)


def write_network_report(
    name: str, what: str, rounds: tuple[int, str], report: Callable[[int, int], str], arguments: Sequence[str] | None
) -> None:
    """Run the command of a benchmark that measures random networks.

    Args:
        name: module of the benchmark.
        what: its docstring, whose first line is the help text.
        rounds: default and help text of the option that says how often to measure.
        report: from the resolution of the networks and the rounds, measures and writes the page.
        arguments: of the command line; None for the process's own.
    """
    default, text = rounds
    parser = argparse.ArgumentParser(prog=f"python -m {name}", description=what.split("\n")[0])
    parser.add_argument("--resolution", type=int, default=1024, help="of the networks, in pixels (default: 1024)")
    parser.add_argument("--rounds", type=int, default=default, help=f"{text} (default: {default})")
    parser.add_argument("--output", type=Path, help="page to write (default: print it)")
    options = parser.parse_args(arguments)
    _write(report(options.resolution, options.rounds), options.output)


def _write(page: str, output: Path | None) -> None:
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page, encoding="utf-8")
    print(page)


def time_command(settings: Mapping[str, str], *words: str) -> float:
    """Run a command of the dashboard in a process of its own, with some settings; return its seconds."""
    began = time.perf_counter()
    environment = {**os.environ, **settings}
    subprocess.run([sys.executable, "-m", "dashboard", *words], check=True, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began

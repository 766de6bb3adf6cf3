"""``make test-long``: runs the slow tests, a process for each file; their ends are kept in docs/benchmarks/tests.md."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.pages import FOLDER

ROOT = Path(__file__).parents[1]
PAGE = FOLDER / "tests.md"
PYTEST = (sys.executable, "-m", "pytest", "-m", "long", "-q")
HEAD = "| file | passed | failed | skipped | seconds | day | commit |\n|---|---|---|---|---|---|---|"
PACKAGES = ("pytest", "playwright")


@dataclass(frozen=True)
class Ended:
    """How the slow tests of a file ended.

    Args:
        file: path from the project's root.
        passed, failed, skipped: numbers of tests; an error counts as a failure.
        seconds: from the start of its process to the end.
        day: year, month and day in UTC.
        commit: what was tested; "+" where files had changed since.
        wrong: names of the tests that failed.
    """

    file: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    day: str
    commit: str
    wrong: tuple[str, ...] = ()

    def row(self) -> str:
        """Return the row of the table."""
        counts = f"{self.passed} | {self.failed or ''} | {self.skipped or ''}"
        return f"| `{self.file}` | {counts} | {self.seconds:.0f} | {self.day} | {self.commit} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 1 where a test failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tests", description=(__doc__ or "").partition(": ")[2])
    parser.add_argument("files", nargs="*", help="run these only; the rows of others stay (default: all)")
    parser.add_argument("--processes", type=int, default=2, help="files at a time (default: 2)")
    options = parser.parse_args(arguments)
    if not options.files:
        PAGE.unlink(missing_ok=True)
    files = options.files or files_with_long_tests()
    machine = describe_machine(PACKAGES)
    ran = []
    with ThreadPoolExecutor(options.processes) as pool:
        for done in as_completed([pool.submit(run, file) for file in files]):
            ended = done.result()
            ran.append(ended)
            print(ended.row(), *ended.wrong, sep="\n  ", flush=True)
            kept = {row.file: row for row in read_rows(PAGE)} | {ended.file: ended}  # others may have ended meanwhile
            PAGE.write_text(page(kept.values(), machine), encoding="utf-8")
    return int(any(each.failed for each in ran))


def files_with_long_tests() -> list[str]:
    """Return the files that have a slow test, in pytest's order."""
    listed = subprocess.run([*PYTEST, "--collect-only"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    files = list(dict.fromkeys(line.partition("::")[0] for line in listed.splitlines() if "::" in line))
    if not files:
        raise SystemExit(f"Expected slow tests. Received: none.\n{listed[-2000:]}")
    return files


def run(file: str) -> Ended:
    """Run the slow tests of a file."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        began = time.monotonic()
        done = subprocess.run(
            [*PYTEST, file, f"--junit-xml={report}"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        seconds = time.monotonic() - began
        cases = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    wrong = tuple(case.get("name", "") for case in bad)
    skipped = sum(case.find("skipped") is not None for case in cases)
    failed = len(wrong) or int(done.returncode != 0)  # a process that crashed wrote no report
    if failed:
        print(shortened(done.stdout), done.stderr[-2000:], flush=True)
    passed = len(cases) - len(wrong) - skipped
    day = time.strftime("%Y-%m-%d", time.gmtime())
    return Ended(file, passed, failed, skipped, seconds, day, _commit(), wrong)


def shortened(output: str, start: int = 8000, end: int = 2000) -> str:
    """Return pytest's output from its first failure on, without the middle if it is long.

    A failed expectation comes first and the text of the whole page after it, which can fill the screen.

    Args:
        output: what pytest printed.
        start, end: characters kept.
    """
    failures = output[max(0, output.find("= FAILURES =")) :]
    return failures if len(failures) <= start + end else f"{failures[:start]}\n[...]\n{failures[-end:]}"


def read_rows(path: Path) -> list[Ended]:
    """Return the rows of the page as it is; none if there is none."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    wrong = {file: tuple(names.split(", ")) for file, names in re.findall(r"^- `([^`]+)`: (.+)$", text, re.MULTILINE)}
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")]
    rows = []
    for file, passed, failed, skipped, seconds, day, commit in cells:
        name = file.strip("`")
        counts = (int(passed or 0), int(failed or 0), int(skipped or 0))
        rows.append(Ended(name, *counts, float(seconds), day, commit, wrong.get(name, ())))
    return rows


def page(rows: Iterable[Ended], machine: str) -> str:
    """Return the page.

    Args:
        rows: how the files ended.
        machine: where the last of them ran.
    """
    rows = sorted(rows, key=lambda row: row.file)
    passed, failed = sum(row.passed for row in rows), sum(row.failed for row in rows)
    seconds = sum(row.seconds for row in rows)
    lines = [
        "# Slow tests",
        "",
        "Written by `make test-long` (`python -m benchmarks.tests`): how the tests that `make test` leaves out ended, "
        "a process for each file. `python -m benchmarks.tests FILE` runs one again.",
        "",
        f"Machine: {machine}.",
        "",
        f"{passed} passed, {failed} failed, in {seconds / 60:.0f} minutes of processes.",
        "",
        HEAD,
        *(row.row() for row in rows),
        "",
    ]
    if failed:
        lines += ["Failed:", "", *(f"- `{row.file}`: {', '.join(row.wrong)}" for row in rows if row.wrong), ""]
    return "\n".join(lines)


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{PAGE.relative_to(ROOT)}")
    return git("rev-parse", "--short=8", "HEAD") + ("+" if changed else "")


if __name__ == "__main__":
    sys.exit(main())

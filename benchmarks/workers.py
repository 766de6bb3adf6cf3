"""Bulk work by two workers of several hosts against the plain command: faces a second, and whether the files are equal.

python -m benchmarks.workers weights/NAME [--faces 100000] [--output docs/benchmarks/workers.md]
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.command import time_command, write_report
from benchmarks.machine import describe_machine
from dashboard.settings import ROOT
from dashboard.synthesis.model_folder import open_model

WORKERS = 2


@contextmanager
def cluster(folder: Path, model: Path) -> Iterator[dict[str, str]]:
    """Run deploy/start.py; yield the settings of a command that has its workers compute."""
    environment = {**os.environ, "LIKENESS_MODEL": str(model), "LIKENESS_THREADS": "1"}
    command = [sys.executable, str(ROOT / "deploy" / "start.py"), "--folder", str(folder), "--web", "1"]
    process = subprocess.Popen(
        [*command, "--workers", str(WORKERS)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line.startswith("Likeness is at "):
            raise SystemExit(f"Expected deploy/start.py to start. Received: {line}. See {folder}/logs.")
        threading.Thread(target=process.stdout.read, daemon=True).start()
        ports = {name: each["port"] for name, each in json.loads((folder / "processes.json").read_text()).items()}
        yield {
            "LIKENESS_HOME": str(folder / "home"),
            "LIKENESS_CACHE": str(folder / "cache"),
            "LIKENESS_DATABASE": f"postgresql://likeness@127.0.0.1:{ports['postgres']}/postgres",
            "LIKENESS_REDIS": f"redis://127.0.0.1:{ports['redis']}/0",
            "LIKENESS_JOBS": "celery",
        }
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)


def report(path: Path, faces: int) -> str:
    """Measure everything.

    Args:
        path: the model folder.
        faces: of a run.

    Returns:
        The page.
    """
    model, machine = open_model(path), describe_machine()
    folder = Path(tempfile.mkdtemp(prefix="likeness-workers-", dir="/tmp"))
    folder.chmod(0o755)  # PostgreSQL runs as another user
    try:
        whole, merged = folder / "whole.npy", folder / "merged.npy"
        words = ["faces", "--model", str(path.resolve()), "--seeds", f"0-{faces - 1}", "--dtype", "uint8", "--npy"]
        own = {"LIKENESS_HOME": str(folder / "alone"), "LIKENESS_THREADS": str(WORKERS)}
        time_command(own, *words[:3], "--seeds", "0-63", *words[5:], str(folder / "first.npy"))
        plain = time_command(own, *words, str(whole))
        with cluster(folder, path.resolve()) as settings:
            spread = time_command(settings, *words, str(merged), "--workers", "celery")
        equal = filecmp.cmp(whole, merged, shallow=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return f"""# Bulk work by workers

Written by `python -m benchmarks.workers`: {faces:,} faces as one array of bytes, by the plain command with {WORKERS} \
threads, and by `--workers celery` with {WORKERS} workers of one thread each, which `deploy/start.py` started on the \
same machine, with one web process, Redis, PostgreSQL and nginx. Each ran once; start of the processes and merging \
included, start of the servers not.

Model: `{model.name}@{model.digest8}`, {model.config.resolution} px. {machine}

| what | faces/s | seconds | goal |
|---|---|---|---|
| the plain command | {faces / plain:.0f} | {plain:.1f} |  |
| {WORKERS} workers and merging | {faces / spread:.0f} | {spread:.1f} |  |
| rate of the workers to the plain command's | {plain / spread:.2f} |  | at least 0.9 |
| same bytes | {"yes" if equal else "no"} |  |  |
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.workers", __doc__ or "", ("faces", 100_000, "faces of a run"), report, arguments)


if __name__ == "__main__":
    main()

"""Bulk work by two workers of several hosts against the plain command: faces a second, and whether the files are equal.

python -m benchmarks.workers weights/NAME [--faces 100000] [--output docs/benchmarks/workers.md]
"""

from __future__ import annotations

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

import numpy as np

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


def same_faces(merged: Path, *parts: Path) -> bool:
    """Tell whether an array of faces is others, one after the other."""
    whole, first = np.load(merged, mmap_mode="r"), 0
    for part in (np.load(path, mmap_mode="r") for path in parts):
        if not np.array_equal(whole[first : first + len(part)], part):
            return False
        first += len(part)
    return first == len(whole)


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
        own = {"LIKENESS_HOME": str(folder / "alone"), "LIKENESS_THREADS": str(WORKERS)}

        def time_faces(settings: dict[str, str], first: int, end: int, name: str, *more: str) -> float:
            model = ["--model", str(path.resolve()), "--dtype", "uint8"]
            return time_command(
                settings, "faces", *model, "--seeds", f"{first}-{end - 1}", "--npy", str(folder / name), *more
            )

        half = faces // 2
        time_faces(own, 0, 64, "first.npy")
        plain = time_faces(own, 0, half, "half.npy")
        with cluster(folder, path.resolve()) as settings:
            spread = time_faces(settings, 0, faces, "merged.npy", "--workers", "celery")
        plain += time_faces(own, half, faces, "rest.npy")
        equal = same_faces(folder / "merged.npy", folder / "half.npy", folder / "rest.npy")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return f"""# Bulk work by workers

Written by `python -m benchmarks.workers`: {faces:,} faces as one array of bytes, by the plain command with {WORKERS} \
threads, and by `--workers celery` with {WORKERS} workers of one thread each, which `deploy/start.py` started on the \
same machine, with one web process, Redis, PostgreSQL and nginx. The plain command made one half before the workers \
and the other half after them, so that a change of the machine's speed concerns both; start of the processes and \
merging included, start of the servers not.

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

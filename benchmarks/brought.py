"""Uploaded files: memory with 20 concurrent uploads, and UMAP of a small set a second time.

python -m benchmarks.brought weights/NAME [--uploads 20] [--output docs/benchmarks/brought.md]
"""

from __future__ import annotations

import io
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from benchmarks.served import Served, served
from dashboard.library.incoming_files import CONCURRENT
from dashboard.synthesis.model_folder import open_model

ROWS = 10_000
"""Of an upload: 20 MB of 512 float32 numbers."""

FEW = 60
"""Rows of the set that is laid out."""

SETTLED = 5.0
"""Seconds after the last answer at which what stays is read."""

PATIENCE = 300.0


@dataclass(frozen=True)
class Uploaded:
    """Memory of all processes of a dashboard in MB, and how its uploads were answered.

    Args:
        before, peak, after: before the first upload, at most, and `SETTLED` seconds after the last.
        kept, later: uploads that were kept, and those that were answered 503 with Retry-After.
        seconds: from the first byte to the last answer.
    """

    before: float
    peak: float
    after: float
    kept: int
    later: int
    seconds: float


def npy(rows: np.ndarray) -> bytes:
    """Return rows as an NPY file."""
    stream = io.BytesIO()
    np.save(stream, rows.astype(np.float32))
    return stream.getvalue()


def upload_together(server: Served, count: int, rows: int, size: int) -> Uploaded:
    """Upload sets at the same time and watch the memory.

    Args:
        server: of any model.
        count: uploads.
        rows: of each.
        size: numbers of a latent.
    """
    random = np.random.default_rng(0)
    files = [npy(random.standard_normal((rows, size), np.float32)) for _ in range(count)]
    sizes, done = [server.memory()[1]], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            sizes.append(server.memory()[1])

    def upload(k: int) -> int:
        try:
            server.post(f"/latent-space/sets?name=Set{k}", files[k], PATIENCE)
        except urllib.error.HTTPError as error:
            if error.code != 503 or not error.headers.get("Retry-After"):
                raise
            return 0
        return 1

    watching = threading.Thread(target=watch)
    watching.start()
    started = time.perf_counter()
    try:
        with ThreadPoolExecutor(count) as pool:
            kept = sum(pool.map(upload, range(count)))
        seconds = time.perf_counter() - started
        time.sleep(SETTLED)
    finally:
        done.set()
        watching.join()
    return Uploaded(sizes[0], max(sizes), server.memory()[1], kept, count - kept, seconds)


def lay_out(server: Served, space: str, seed: int) -> float:
    """Return the seconds that UMAP of a set takes, from the request to its end."""
    asked = {"kind": "umap", "params": {"space": space, "seed": seed}}
    started = time.perf_counter()
    job = server.post("/jobs", json.dumps(asked).encode())
    while job["state"] not in ("done", "failed", "cancelled"):
        time.sleep(0.02)
        with urllib.request.urlopen(f"{server.url}/jobs/{job['id']}", timeout=PATIENCE) as answer:
            job = json.load(answer)
    if job["state"] != "done":
        raise RuntimeError(f"Expected a layout. Received: {job['state']}: {job.get('error', '')}.")
    return time.perf_counter() - started


def report(model: Path, uploads: int) -> str:
    """Measure everything.

    Args:
        model: a model folder.
        uploads: files that are sent at the same time.

    Returns:
        A page in Markdown.
    """
    machine, loaded = describe_machine(("umap-learn", "numba", "numpy")), open_model(model)
    size = loaded.config.latent_size
    with served(model) as server:
        found = upload_together(server, uploads, ROWS, size)
    with served(model) as server:
        rows = npy(np.random.default_rng(1).standard_normal((FEW, size)))
        space = server.post("/latent-space/sets?name=Few", rows)["space"]
        times = [lay_out(server, space, seed) for seed in range(3)]
    mb = ROWS * size * 4 / 1e6
    later = f"; {found.later} were answered 503 with Retry-After" if found.later else ""
    lines = [
        "# Uploaded files",
        "",
        "Written by `python -m benchmarks.brought`.",
        "",
        f"Model: `{loaded.name}@{loaded.digest8}`. Machine: {machine}.",
        "",
        f"## {uploads} uploads of {mb:.0f} MB at the same time",
        "",
        f"Each is stored as a set of {ROWS:,} rows; {CONCURRENT} are read at a time, the others wait on disk. "
        f"{found.kept} were stored in {found.seconds:.1f} s{later}.",
        "",
        "| memory of all processes | MB |",
        "|---|---|",
        f"| before | {found.before:.0f} |",
        f"| at most | {found.peak:.0f} |",
        f"| {SETTLED:.0f} s after the last | {found.after:.0f} |",
        "",
        f"## UMAP of {FEW} rows",
        "",
        "| job | seconds | goal |",
        "|---|---|---|",
        f"| the first, which compiles UMAP | {times[0]:.1f} | |",
        f"| the second, in the same process | {times[1]:.1f} | 3 |",
        f"| the third | {times[2]:.1f} | 3 |",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.brought", __doc__ or "", ("uploads", 20, "uploads together"), report, arguments)


if __name__ == "__main__":
    main()

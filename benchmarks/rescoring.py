"""Re-scoring against the engine's own limit: faces a second, and the time to a first rough matrix.

python -m benchmarks.rescoring weights/NAME [--bases 200] [--output docs/benchmarks/rescoring.md]
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from dashboard.analysis.rescoring import STEPS
from dashboard.jobs.job_context import THREADS
from dashboard.jobs.runner import Runner
from dashboard.stores.results import Results
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.openvino_engine import BATCH

LIMIT_FACES = 2400
"""Faces that the engine's own limit is taken from: half of them before the job, half after it."""

SEED = 1
"""Seed of the bases: a model comes with the results of seed 0, which no job would compute again."""

LOOKS = 0.05
"""Seconds between two looks at the job."""


def engine_limit(model: Model, blobs: Path, faces: int) -> float:
    """Return the faces a second that the engine makes and scores when it is called with full batches and nothing else
    is done.

    Args:
        model: the model.
        blobs: folder of compiled networks.
        faces: how many are made.
    """
    engine = open_engine(model, "openvino", "exact", THREADS, blobs)
    latents = np.random.RandomState(1).randn(max(faces // BATCH, 1) * BATCH, model.config.latent_size)
    latents = latents.astype(np.float32)
    engine.run(latents[:BATCH], outputs=("scores",))
    started = time.perf_counter()
    engine.run(latents, outputs=("scores",))
    return len(latents) / (time.perf_counter() - started)


def run_job(model: Model, home: Path, blobs: Path, bases: int) -> tuple[float, float]:
    """Run the job like the server.

    Args:
        model: the model.
        home: folder of results.
        blobs: folder of compiled networks.
        bases: of the run.

    Returns:
        Seconds from the start to the first matrix, and from there to the end; nan if the first was the last.
    """
    jobs = Runner(Results(home), "openvino", blobs)
    started = time.perf_counter()
    job = jobs.start("rescoring", model, {"bases": bases, "locked": [], "seed": SEED})
    first = 0.0
    while not (progress := jobs.find(job.id).progress).state.startswith(("done", "failed", "cancelled")):
        if progress.stage and not first:
            first = time.perf_counter()
        time.sleep(LOOKS)
    ended = time.perf_counter()
    jobs.close()
    if progress.state != "done":
        raise SystemExit(f"The job {progress.state}: {progress.error}")
    return (first or ended) - started, (ended - first if first else float("nan"))


def report(path: Path, bases: int) -> str:
    """Measure everything.

    Args:
        path: a model folder with a scorer.
        bases: of the run.

    Returns:
        A page in Markdown.
    """
    from dashboard.jobs.kinds.rescoring import FIRST

    machine, model = describe_machine(("openvino", "numpy")), open_model(path)
    count = len(model.names) * len(STEPS)
    with tempfile.TemporaryDirectory() as folder:
        blobs = Path(folder) / "engine"
        before = engine_limit(model, blobs, LIMIT_FACES // 2)
        first, rest = run_job(model, Path(folder) / "jobs", blobs, bases)
        after = engine_limit(model, blobs, LIMIT_FACES // 2)
    limit = (before + after) / 2
    pace = count * (bases - FIRST) / rest
    lines = [
        "# Re-scoring",
        "",
        f"Written by `python -m benchmarks.rescoring`: {len(model.names)} directions, {len(STEPS)} steps and {bases} "
        f"bases, computed as a job does: in its own niced process, {THREADS} thread, float32.",
        "",
        f"Model: `{model.name}@{model.digest8}`, {model.config.resolution} px. Machine: {machine}.",
        "",
        "| what | measured | goal |",
        "|---|---|---|",
        f"| the engine's limit: only batches of {BATCH} | {limit:.0f} faces per second | |",
        f"| the job, from the first matrix to the end ({count * (bases - FIRST):,} faces) | "
        f"{pace:.0f} faces per second, {pace / limit * 100:.0f} % of the limit | at least 85 % |",
        f"| a first rough matrix ({FIRST} bases), from the request | {first:.1f} s | 20 s |",
        f"| the whole run | {first + rest:.0f} s | |",
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.rescoring", __doc__ or "", ("bases", 200, "bases measured"), report, arguments)


if __name__ == "__main__":
    main()

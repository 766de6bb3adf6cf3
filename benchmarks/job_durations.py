"""Durations of jobs: the seconds of a unit of work of every kind, from which the pages say how long a job will take.

python -m benchmarks.job_durations [weights/NAME] [--runs 1] [--output docs/benchmarks/job-durations.md]

With --output it also writes `dashboard/jobs/reference_seconds.json`, which the dashboard reads.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from dashboard.jobs.durations import BEGIN
from dashboard.jobs.job_context import THREADS
from dashboard.jobs.reference_seconds import PATH, UNITS, figures
from dashboard.jobs.registry import KINDS, kind_of
from dashboard.jobs.runner import Runner
from dashboard.stores.results import Results
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model

SEED = 12_345
"""Of the runs, so that no result that ships with the model is taken for one."""

ANIMATION = {"form": "mp4", "what": "faces", "faces": "1:1!1:2"}

RUNS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("rescoring", {"bases": 20, "seed": SEED}),
    ("export", {**ANIMATION, "seconds": 20, "rate": 30, "size": 64}),
    ("export", {**ANIMATION, "seconds": 8, "rate": 12, "size": 512}),
    ("angles", {"resamples": 200, "seed": SEED}),
    ("activations", {"block": "block4", "faces": 4000}),
    ("disentanglement", {"pairs": 100, "seed": SEED}),
    ("umap", {"space": "scores", "faces": 1500, "seed": SEED}),
    ("umap", {"space": "scores", "faces": 1500, "seed": SEED + 1}),
    ("tsne", {"space": "scores", "faces": 500, "seed": SEED}),
)
"""Jobs that are timed, one after another. The second UMAP finds the library compiled."""

LOOKS = 0.02
"""Seconds between two looks at a job."""


def amounts(kind: str, params: dict[str, Any], model: Model, first: bool) -> NDArray[np.float64]:
    """Return how many units of work a job is, for each of `UNITS`.

    Args:
        kind, params, model: the job.
        first: whether it is the first of its kind.
    """
    found = kind_of(kind)
    canonical = found.canonical(params, model)
    counted = []
    for name in UNITS:
        with patch.dict(figures(), {each: float(each == name) for each in UNITS}):
            loading = float(first and found.stays and name == f"{kind} first")
            counted.append(found.reference(canonical, model) + loading)
    return np.array(counted)


def solve(work: NDArray[np.float64], seconds: NDArray[np.float64]) -> dict[str, float]:
    """Return the seconds of each unit of work by least squares.

    Args:
        work: (jobs, units) from :func:`amounts`.
        seconds: (jobs,) of each job, without the start of its process.

    Raises:
        SystemExit: a unit is not measured, or comes out as nothing or less: the machine was too busy.
    """
    scale = work.max(axis=0)
    if not (scale > 0).all():
        raise SystemExit(f"Expected a job for each unit. Received: none for {list(UNITS)[int(scale.argmin())]}.")
    found = np.linalg.lstsq(work / scale, seconds, rcond=None)[0] / scale
    if not (found > 0).all():
        low = list(UNITS)[int((found * scale).argmin())]
        raise SystemExit(f"Expected seconds above 0. Received: {found.min():g} for {low}. Measure on an idle machine.")
    return {name: float(f"{value:.3g}") for name, value in zip(UNITS, found, strict=True)}


def timed(jobs: Runner, kind: str, model: Model, params: dict[str, Any]) -> float:
    """Run a job as the server does, and return its seconds without the start of a process.

    Raises:
        SystemExit: it failed.
    """
    started = time.perf_counter()
    job = jobs.start(kind, model, params)
    while (progress := jobs.find(job.id).progress).state in ("queued", "running"):
        time.sleep(LOOKS)
    if progress.state != "done":
        raise SystemExit(f"The job {kind} {progress.state}: {progress.error}")
    return max(time.perf_counter() - started - BEGIN, 1e-3)


def report(path: Path, runs: int) -> tuple[str, str]:
    """Measure everything.

    Args:
        path: a model folder with a scorer and a bank.
        runs: how often each job is timed; the shortest time counts.

    Returns:
        A page in Markdown, and what the dashboard reads, as JSON.
    """
    machine, model = describe_machine(("openvino", "numpy", "scikit-learn", "umap-learn")), open_model(path)
    fastest = np.full(len(RUNS), np.inf)
    with tempfile.TemporaryDirectory() as folder:
        blobs = Path(folder) / "engine"
        for run in range(runs):
            jobs = Runner(Results(Path(folder) / str(run)), "openvino", blobs)
            try:
                timed(jobs, "rescoring", model, {"bases": 1, "seed": SEED})  # compiles the networks
                took = [timed(jobs, kind, model, params) for kind, params in RUNS]
            finally:
                jobs.close()
            fastest = np.minimum(fastest, took)
    firsts = [kind not in [before for before, _ in RUNS[:k]] for k, (kind, _) in enumerate(RUNS)]
    work = np.stack([amounts(*run, model, first) for run, first in zip(RUNS, firsts, strict=True)])
    found = solve(work, fastest)
    kept = {"machine": machine, "model": f"{model.name}@{model.digest8}", "seconds": found}
    return page(model, machine, found, fastest), json.dumps(kept, indent=1) + "\n"


def page(model: Model, machine: str, found: dict[str, float], seconds: NDArray[np.float64]) -> str:
    """Return the page in Markdown."""
    lines = [
        "# Durations of jobs",
        "",
        "Written by `python -m benchmarks.job_durations`: jobs as the server runs them, each in a niced process with "
        f"{THREADS} thread. The pages multiply these seconds by the work of a job to say how long it will take, and "
        "correct them by the jobs that have finished on their own machine.",
        "",
        f"Model: `{model.name}@{model.digest8}`, {model.config.resolution} px. Machine: {machine}.",
        "",
        "| job | unit of work | seconds a unit |",
        "|---|---|---|",
    ]
    for name, value in found.items():
        lines.append(f"| {KINDS[name.split()[0]].title} | {UNITS[name]} | {value:.3g} |")
    lines += ["", "| timed job | seconds, without the start of its process |", "|---|---|"]
    for (kind, params), value in zip(RUNS, seconds, strict=True):
        settings = ", ".join(f"{name} {each}" for name, each in params.items() if name not in ("seed", "what", "faces"))
        faces = f", {params['faces']:,} faces" if isinstance(params.get("faces"), int) else ""
        lines.append(f"| {KINDS[kind].title}: {settings}{faces} | {value:.1f} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    kept: list[str] = []

    def measure(path: Path, runs: int) -> str:
        text, figures_text = report(path, runs)
        kept.append(figures_text)
        return text

    runs = ("runs", 1, "times that each job is timed")
    write_report("benchmarks.job_durations", __doc__ or "", runs, measure, arguments)
    if "--output" in (sys.argv[1:] if arguments is None else arguments):
        PATH.write_text(kept[0], encoding="utf-8")


if __name__ == "__main__":
    main()

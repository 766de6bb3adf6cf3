"""Kinds of jobs for tests: small ones that end, wait, fail, or die, as their parameters say."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.errors import InputError
from dashboard.jobs.job import Job
from dashboard.jobs.job_context import Work
from dashboard.jobs.ports import Jobs
from dashboard.jobs.registry import KINDS, Kind
from dashboard.jobs.runner import Runner
from dashboard.stores.result import Origin, model_parts
from dashboard.stores.result_writer import Writer
from dashboard.stores.results import Results
from dashboard.synthesis.model import Model

KIND = "small"
PATIENCE = 180.0
"""Timeout in seconds, for busy machines."""


def check(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the parameters of the kind: `number`, and what to do with it."""
    if not isinstance(params.get("number", 0), int):
        raise InputError(f"Expected number to be whole. Received: {str(params['number'])[:20]}.")
    return {"number": params.get("number", 0), "until": str(params.get("until", "")), "ends": params.get("ends", "")}


def seconds(params: dict[str, Any], model: Model) -> float:
    """Return the seconds on the reference machine."""
    return 100.0 + params["number"]


def run(work: Work) -> None:
    """Keep the number; wait until a file is there, if one is named; end as asked."""
    marks = Path(work.params["until"])
    if work.params["until"]:
        marks.parent.joinpath(f"{marks.name}.pid").write_text(str(os.getpid()))
    work.progress(0.5, "Half of it")
    work.keep(number=np.array([work.params["number"]]), whole=np.array(False))
    print("what libraries print is not what the server reads", flush=True)
    while work.params["until"] and not marks.exists():
        time.sleep(0.02)
    if work.params["ends"] == "refused":
        raise InputError("Expected another number. Received: this one.")
    if work.params["ends"] == "broken":
        raise KeyError("nobody expects this")
    if work.params["ends"] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    work.file("answer.txt").write_text(f"{work.params['number']} on {work.model().name}")
    work.keep(number=np.array([work.params["number"]]), whole=np.array(True), name=np.array(["Smiling"]))


def keep_result(model: Model, kind: str, params: dict[str, Any], **arrays: np.ndarray) -> None:
    """Keep a result where the model's server keeps them, as a job of a kind would."""
    assert model.computed is not None
    origin = Origin(kind, KINDS[kind].version, model_parts(model), KINDS[kind].canonical(params, model))
    results = Results(model.computed)
    folder = results.begin(origin)
    writer = Writer(folder, origin)
    writer.keep(**arrays)
    writer.done()
    results.finish(folder, origin)
    results.close()


def run_for_ever(work: Work) -> None:
    """Report a step, and continue until somebody cancels."""
    work.progress(0.25, "A quarter of it")
    while True:
        time.sleep(0.05)


@contextmanager
def never_done(kind: str) -> Iterator[None]:
    """Have a kind's jobs continue until they are cancelled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, kind, replace(KINDS[kind], run="support.jobs:run_for_ever", brief=""))
        yield


@contextmanager
def small_kind() -> Iterator[None]:
    """Have the kind registered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(
            KINDS, KIND, Kind("A small thing", 1, "support.jobs:check", "support.jobs:run", "support.jobs:seconds")
        )
        yield


def small_runner(folder: Path | None, per_visitor: int = 0) -> Runner:
    """Return a separate runner with its results in a folder."""
    return Runner(Results(folder), "openvino", None, per_visitor=per_visitor)


def wait(jobs: Jobs, job: Job, *states: str) -> Job:
    """Return the job once it is in one of some states; by default once it has ended."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        job = jobs.find(job.id)
        if job.progress.state in (states or ("done", "failed", "cancelled")):
            return job
        time.sleep(0.01)
    raise AssertionError(f"still {job.progress}")


def wait_until(holds: Any, patience: float = PATIENCE) -> None:
    """Wait until a condition holds, for at most some seconds."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "it never held"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

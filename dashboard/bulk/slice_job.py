"""Slices of bulk work as jobs of the workers of several hosts: `--workers celery`."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from dashboard.bulk.open_work import open_work
from dashboard.bulk.plan import Plan, Slice, Work
from dashboard.bulk.slices import compute_slice, read_plan
from dashboard.jobs import job_context
from dashboard.settings import load_settings


def run(work: job_context.Work) -> None:
    """Compute a slice: parameters `folder`, of the slices, and `part`, such as "3/8".

    Raises:
        InputError: the folder is not there, or its plan does not belong to this host's files.
    """
    part = Slice.parse(str(work.params["part"]))
    folder = Path(str(work.params["folder"]))
    computing = _cached_work(read_plan(folder).written())
    plan = computing.plan
    rows = sum(plan.size(number) for number in part.blocks(plan.rows))
    done = 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        work.progress(done / rows, f"Slice {part}")

    compute_slice(computing, folder, part, tell)
    work.keep(rows=np.array([rows]))


@functools.lru_cache(maxsize=1)
def _cached_work(plan: str) -> Work:
    """Return the work of a plan; the process stays for the next slice, and need not open the model again."""
    return open_work(Plan.read(plan, "the folder of slices"), threads=load_settings().threads or None)

"""`--workers celery`: bulk work computed by the workers of several hosts, slice by slice."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import click

from dashboard.bulk.plan import BLOCK, MOST_SLICES, Plan, Slice, Work
from dashboard.bulk.scored import RESCORE
from dashboard.bulk.slices import folder_of, join_folder, missing_blocks
from dashboard.commands.group import Refusal, ended_tidily
from dashboard.commands.printed_progress import progress
from dashboard.errors import Busy, InputError, LibraryError
from dashboard.jobs.claimed_job import Assignment
from dashboard.jobs.job_context import JobSpec
from dashboard.jobs.registry import COMMAND_JOBS
from dashboard.serving.shared_stores import Stores, open_stores
from dashboard.settings import Settings, load_settings, open_home
from dashboard.stores.ports import SLICE_JOB, NewJob, TicketRow
from dashboard.stores.result import Origin

ROWS, RESOLUTION = 1024, 128
"""Rows of a slice of faces of 128 pixels: some seconds of work, so that little is lost with a worker."""

AHEAD = 64
"""Slices that wait or run at the same time."""

PATIENCE = 120.0
"""Seconds that the command waits for PostgreSQL."""

POLL = 0.2

WORKERS = click.option(
    "--workers",
    type=click.Choice(["celery"]),
    help="Have the workers of several hosts compute it; the output must be in a folder that all share.",
)


@dataclass
class _Running:
    """A slice that waits or runs."""

    part: Slice
    origin: Origin
    rows: int
    counted: int = 0


def rows_of_slice(kind: str, resolution: int) -> int:
    """Return the rows of a slice: whole blocks, at least one, and fewer of larger pictures.

    Args:
        kind: of the plan; a row of "rescore" is hundreds of pictures.
        resolution: of the model, in pixels.
    """
    most = BLOCK if kind == RESCORE else int(ROWS * (RESOLUTION / resolution) ** 2)
    return max(BLOCK, most // BLOCK * BLOCK)


def spread(work: Work, target: Path, resolution: int) -> Path:
    """Have workers compute all slices of a result, with progress; interrupted, the same command continues.

    Args:
        work: the work.
        target: file or folder of the result.
        resolution: of the model, in pixels.

    Returns:
        The folder of the slices.

    Raises:
        InputError: a slice failed; the message says why.
        Refusal: the settings name no workers.
    """
    settings = load_settings()
    if settings.jobs != "celery":
        raise Refusal(
            f"Expected LIKENESS_JOBS=celery for --workers. Received: {settings.jobs}. "
            "See docs/cluster.md, or leave --workers out."
        )
    stores = open_stores(settings, open_home(settings.home))
    folder, plan = folder_of(target.absolute()), work.plan
    join_folder(folder, plan)
    try:
        with ended_tidily():
            _Spreading(settings, stores, plan, folder).run(rows_of_slice(plan.kind, resolution))
    except (KeyboardInterrupt, SystemExit):
        click.echo(f"\nStopped. What is done is kept in {folder}. The same command continues.", err=True)
        raise
    finally:
        stores.results.close()
        for close in stores.closers:
            close()
    return folder


class _Spreading:
    """One run of the command.

    Args:
        settings: the table.
        stores: with the table of jobs.
        plan: of the work.
        folder: of the slices.
    """

    def __init__(self, settings: Settings, stores: Stores, plan: Plan, folder: Path) -> None:
        assert stores.jobs is not None
        self._settings, self._stores, self._table = settings, stores, stores.jobs
        self._plan, self._folder = plan, folder
        self._run, self._live = secrets.token_hex(8), dict[str, _Running]()

    def run(self, rows: int) -> None:
        """Start slices of so many rows as others end, until all are there."""
        count = min(-(-self._plan.rows // rows), MOST_SLICES)
        slices = [Slice(number, count) for number in range(count, 0, -1)]
        waiting = [part for part in slices if missing_blocks(self._folder, self._plan, part)]
        noun = {"rescore": "bases"}.get(self._plan.kind, "faces")
        answered = time.monotonic()
        with progress(sum(map(self._rows, waiting)), noun) as bar:
            try:
                while waiting or self._live:
                    try:
                        while waiting and len(self._live) < AHEAD:
                            self._start(waiting[-1])
                            waiting.pop()
                        for ticket, running in list(self._live.items()):
                            self._look(ticket, running, bar)
                        answered = time.monotonic()
                    except (Busy, LibraryError):  # PostgreSQL is restarted
                        if time.monotonic() - answered > PATIENCE:
                            raise
                    time.sleep(POLL)
            except BaseException:
                self._cancel()
                raise

    def _rows(self, part: Slice) -> int:
        return sum(self._plan.size(number) for number in part.blocks(self._plan.rows))

    def _start(self, part: Slice) -> None:
        params = {"folder": str(self._folder), "part": str(part), "run": self._run}
        origin = Origin(SLICE_JOB, 1, (self._plan.digest,), params)
        spec = JobSpec(COMMAND_JOBS[SLICE_JOB], origin, "", self._settings.engine, None, str(self._settings.home), True)
        given = Assignment("A slice", spec, (f"{SLICE_JOB} {self._plan.kind}", 1.0)).text()
        ticket = secrets.token_urlsafe(18)
        self._table.start(NewJob(origin.key, SLICE_JOB, "command", given), ticket, 0, MOST_SLICES)
        self._live[ticket] = _Running(part, origin, self._rows(part))
        if self._stores.announce is not None:
            self._stores.announce(origin.key)

    def _look(self, ticket: str, running: _Running, bar: object) -> None:
        found: TicketRow | None = self._table.find(ticket)
        state = found.job.state if found is not None else "lost"
        if state in ("failed", "cancelled", "lost"):
            reason = found.job.error if found is not None and found.job.error else f"it is {state}"
            raise InputError(f"Expected slice {running.part}. Received: {reason} What is done is kept.")
        assert found is not None
        done = running.rows if state == "done" else int(found.job.fraction * running.rows)
        if done > running.counted:  # a slice that is taken over begins anew
            bar.update(done - running.counted)  # type: ignore[attr-defined]
            running.counted = done
        if state == "done":
            del self._live[ticket]
            self._table.drop(ticket)
            self._stores.results.remove(running.origin)  # the blocks are the result

    def _cancel(self) -> None:
        for ticket in self._live:
            try:
                self._table.cancel(ticket)
            except (Busy, LibraryError):
                return  # the slices end by themselves, and are used by the next run

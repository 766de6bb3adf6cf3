"""The re-scoring runs of a tab: kept ones, and those that are running."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import jobs
from dashboard.components.job_card import job_card
from dashboard.entanglement import angles
from dashboard.entanglement.bias_audit import targets_of
from dashboard.entanglement.judges import Judge, judges_of
from dashboard.entanglement.rescoring_results import BASES, KIND, OTHERS, Measured, measured_of, rescoring_params
from dashboard.errors import LikenessError
from dashboard.library.extra_directions import current_library
from dashboard.stores.result import Result
from dashboard.synthesis.model import Model

KEPT = 8
"""Finished runs that stay in memory: 4 to 18 MB each, for 200 and 500 bases."""

FIRST = 20
"""Bases after which a first rough matrix is drawn."""


@dataclass(frozen=True)
class Run:
    """A run of re-scoring with some directions locked.

    Args:
        locked: their names, in the model's order.
        moved: the name of the extra direction that is moved; None for all attributes.
        measured: the result so far; None if there is none.
        done: whether the result is complete.
        by: the judge, as in the parameters.
    """

    locked: tuple[str, ...]
    moved: str | None
    measured: Measured | None
    done: bool
    by: str = ""


def run_of(model: Model, locked: Sequence[str], measuring: Any, moved: str | None = None, by: str = "") -> Run:
    """Find a run.

    Args:
        model: the model with the named extra directions.
        locked: names of the locked directions, in the model's order.
        measuring: the store `measuring`: by `key_of`, {id, state, stage} of the jobs that this page follows.
        moved: as of :class:`Run`.
        by: the judge, as in the parameters.

    Returns:
        The run in its current state; nothing is started.
    """
    held = tuple(locked)
    if by.startswith(OTHERS):
        # Without scores no job can be run.
        arrays = None if moved else current_library().scores.arrays(by, model, held)
        return Run(held, moved, None if arrays is None else measured_of(arrays, model, by), True, by)
    kept = jobs.kept(KIND, model.name, rescoring_params(locked, moved, by))
    if kept is not None:
        return Run(held, moved, _measured(_Key(model, kept, by)), True, by)
    followed = measuring.get(key_of(model, locked, moved, by)) if isinstance(measuring, Mapping) else None
    if not followed or not followed.get("id") or not followed.get("stage"):
        return Run(held, moved, None, False, by)
    try:
        return Run(held, moved, measured_of(jobs.result(str(followed["id"])), model, by), False, by)
    except LikenessError:
        return Run(held, moved, None, False, by)  # the server was restarted: the script starts the job again


class _Key:
    """A finished result of a model by one judge; equal if the files are equal."""

    def __init__(self, model: Model, kept: Result, by: str) -> None:
        self.model, self.kept, self.by = model, kept, by
        # A run has a column for each direction: with an extra one the files are read again.
        files = json.dumps([model.files, kept.index["files"]], sort_keys=True, default=str)
        self._parts = (model.digest, model.names, files, by)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)


@functools.lru_cache(maxsize=KEPT)
def _measured(key: _Key) -> Measured | None:
    """Return the content of a result; the latest stay in memory, because intervals take a second of bootstrapping."""
    return measured_of(key.kept.arrays(), key.model, key.by)


def moved_run(model: Model, moved: str, locks: tuple[str, ...], measuring: Any, judge: Judge) -> Run:
    """Find the run in which an attribute is moved: the run of all attributes if it exists, else its own run."""
    whole = None if "~" in moved else run_of(model, locks, measuring, None, judge.by)
    if whole is not None and (whole.measured is not None or judge.by.startswith("scores~")):
        return whole
    return run_of(model, locks, measuring, moved, judge.by)


def runs_of(model: Model, held: tuple[str, ...], measuring: Any, names: Sequence[str], by: str = "") -> list[Run]:
    """Return the runs of a view: those with nothing locked, which determine the sort order, and those with its locks.

    Args:
        model: the model, with its extra directions.
        held: names of the locked directions.
        measuring: as of :func:`run_of`.
        names: of moved directions; the model's own attributes are always moved together.
        by: the judge, as in the parameters.
    """
    moved = [None, *dict.fromkeys(name for name in names if "~" in name)]
    return [run_of(model, locked, measuring, name, by) for locked in dict.fromkeys(((), held)) for name in moved]


def runs_beside(
    model: Model, judge: Judge, other: Judge | None, measuring: Any
) -> tuple[Measured | None, dict[str, Measured | None]]:
    """Find the runs that go with a free run: by another judge, and with a single target locked.

    Returns:
        The results so far; nothing is started.
    """
    second = None if other is None else run_of(model, (), measuring, by=other.by).measured
    targets = targets_of(model)
    alone = {each.name: run_of(model, (each.name,), measuring, by=judge.by).measured for each in targets}
    return second, alone


def judges_now(model: Model) -> list[Judge]:
    """List the judges of the model's faces: its scorer, its judge, imported scores."""
    return judges_of(model, [(each.name, each.title) for each in current_library().scores.listed(model)])


def angles_now(model: Model) -> angles.Angles | None:
    """Return the bootstrap of the model's directions; None until its job is done, or if the bank is too small."""
    if not angles.enough_faces(model):
        return None
    kept = jobs.kept(angles.KIND, model.name, angles.angles_params())
    return None if kept is None else angles.angles_of(kept.arrays())


def key_of(model: Model, locked: Sequence[str], moved: str | None = None, by: str = "") -> str:
    """Return the key of a run in the store `measuring`, as `assets/js/directions/rescoring_runs.js` writes it."""
    return json.dumps([model.name, moved or "", by, *locked], separators=(",", ":"))


def measure_card(
    model: Model, locked: Sequence[str], title: str, prefix: str, moved: str | None = None, by: str = ""
) -> Any:
    """Lay out the card that starts a run and shows its progress.

    Args:
        model: the model with the named extra directions.
        locked: names of the locked directions, in the model's order.
        title: the heading.
        prefix: of the card's id, unique per page and run.
        moved, by: as of :class:`Run`.

    Returns:
        The card.
    """
    count = 1 if moved else sum("~" not in name for name in model.names)
    text = (
        f"{'It' if moved else f'Each of {count} sliders'} is pinned at −2, −1, 0, 1 and 2 σ on {BASES} random bases, "
        f"and the model's {'judge' if by else 'scorer'} scores all {count * BASES * 5:,} faces. A first "
        f"rough result is shown after {FIRST} bases."
    )
    name = f"{prefix}-{'-'.join(_plain(model, lock) for lock in locked) or 'free'}"
    name = "-".join([name, *([_plain(model, moved)] if moved else []), *([by] if by else [])])
    return job_card(name, KIND, title, text, model.name, rescoring_params(locked, moved, by), "Measure")


def _plain(model: Model, name: str) -> str:
    """Return a direction for the id of a card, in which Dash allows no dot: its index, or its name if it can be
    removed.
    """
    return name.replace(".", "-") if "~" in name else str(model.column(name))

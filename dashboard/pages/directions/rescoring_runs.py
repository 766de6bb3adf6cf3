"""The measured runs that a tab shows: those that are kept, and those that are being measured just now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard import jobs
from dashboard.components.job_card import job_card
from dashboard.entanglement import angles
from dashboard.entanglement.rescoring_results import BASES, KIND, Measured, measured_of, rescoring_params
from dashboard.errors import LikenessError
from dashboard.synthesis.model import Model

FIRST = 20
"""Bases after which a first rough matrix is drawn."""


@dataclass(frozen=True)
class Run:
    """A run of re-scoring with some directions locked.

    Args:
        locked: their names, in the model's order.
        moved: the name of the extra direction that is moved; None for all attributes.
        measured: what there is of it; None where nothing is.
        done: whether that is all of it.
    """

    locked: tuple[str, ...]
    moved: str | None
    measured: Measured | None
    done: bool


def run_of(model: Model, locked: Sequence[str], measuring: Any, moved: str | None = None) -> Run:
    """Find a run.

    Args:
        model: the model, with the extra directions that are named.
        locked: names of what is held, in the model's order.
        measuring: the store `measuring`: by `key_of`, {id, state, stage} of the jobs that this page follows.
        moved: as of :class:`Run`.

    Returns:
        The run as it is now; nothing is started.
    """
    kept = jobs.kept(KIND, model.name, rescoring_params(locked, moved))
    if kept is not None:
        return Run(tuple(locked), moved, measured_of(kept.arrays(), model), True)
    followed = measuring.get(key_of(model, locked, moved)) if isinstance(measuring, Mapping) else None
    if not followed or not followed.get("id") or not followed.get("stage"):
        return Run(tuple(locked), moved, None, False)
    try:
        return Run(tuple(locked), moved, measured_of(jobs.result(str(followed["id"])), model), False)
    except LikenessError:
        return Run(tuple(locked), moved, None, False)  # the server was started anew: the script starts the job again


def runs_of(model: Model, held: tuple[str, ...], measuring: Any, names: Sequence[str]) -> list[Run]:
    """Return the runs that a view shows: those with nothing locked, which give the order, and those with its locks.

    Args:
        model: the model, with its extra directions.
        held: names of what is locked.
        measuring: as of :func:`run_of`.
        names: of directions that are moved; the model's own attributes always are, together.
    """
    moved = [None, *dict.fromkeys(name for name in names if "~" in name)]
    return [run_of(model, locked, measuring, name) for locked in dict.fromkeys(((), held)) for name in moved]


def angles_now(model: Model) -> angles.Angles | None:
    """Return the bootstrap of the model's directions; None until its job is done, or where its bank is too small."""
    if not angles.enough_faces(model):
        return None
    kept = jobs.kept(angles.KIND, model.name, angles.angles_params())
    return None if kept is None else angles.angles_of(kept.arrays())


def key_of(model: Model, locked: Sequence[str], moved: str | None = None) -> str:
    """Return the key of a run in the store `measuring`, as `assets/js/directions/rescoring_runs.js` writes it."""
    return json.dumps([model.name, moved or "", *locked], separators=(",", ":"))


def measure_card(model: Model, locked: Sequence[str], title: str, prefix: str, moved: str | None = None) -> Any:
    """Lay out the card that starts a run, and then follows it.

    Args:
        model: the model, with the extra directions that are named.
        locked: names of what is held, in the model's order.
        title: what is measured, as a heading.
        prefix: of the id of the card: one card a page and run.
        moved: as of :class:`Run`.

    Returns:
        The card.
    """
    count = 1 if moved else sum("~" not in name for name in model.names)
    text = (
        f"{'It' if moved else f'Each of {count} sliders'} is pinned at −2, −1, 0, 1 and 2 σ on {BASES} random bases, "
        f"and the model's scorer reads all {count * BASES * 5:,} faces. A first rough result shows after {FIRST} bases."
    )
    name = f"{prefix}-{'-'.join(_plain(model, lock) for lock in locked) or 'free'}"
    name = f"{name}-{_plain(model, moved)}" if moved else name
    return job_card(name, KIND, title, text, model.name, rescoring_params(locked, moved), "Measure")


def _plain(model: Model, name: str) -> str:
    """Return a direction for the id of a card, where Dash allows no dot: its index, or its name where it can be
    removed.
    """
    return name.replace(".", "-") if "~" in name else str(model.column(name))

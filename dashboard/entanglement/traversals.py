"""Traversals of directions: one base moved in steps, with locked attributes held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.analysis.pins import apply_pins, coordinates
from dashboard.errors import PinError
from dashboard.faces.bases import latent_of
from dashboard.faces.face import Face, Seed
from dashboard.synthesis.model import Model

SEEDS = (1208, 6530)
STEPS = (-3.0, -1.5, 0.0, 1.5, 3.0)


@dataclass(frozen=True)
class TraversalRow:
    """One base moved in one direction.

    Args:
        name: of the direction.
        seed: of the base.
        faces: one for each of `STEPS`; None if infeasible with the locks.
    """

    name: str
    seed: int
    faces: tuple[Face | None, ...]


def traversal_rows(model: Model, names: Sequence[str], held: Sequence[str]) -> list[TraversalRow]:
    """Move some bases along directions.

    Args:
        model: the model.
        names: of the directions.
        held: names of the locked attributes; the direction itself is not locked.

    Returns:
        One traversal for each direction and seed.
    """
    return [traversal_row(model, name, seed, held) for name in dict.fromkeys(names) for seed in SEEDS]


def traversal_row(
    model: Model, name: str, seed: int, held: Sequence[str], steps: Sequence[float] = STEPS
) -> TraversalRow:
    """Move one base along one direction."""
    base = latent_of(Face(Seed(seed)), model)
    at = dict(zip(model.names, coordinates(base, model.directions), strict=True))
    locks = {other: round(float(at[other]), 4) for other in held if other != name}
    return TraversalRow(name, seed, tuple(_face(model, seed, {**locks, name: step}) for step in steps))


def _face(model: Model, seed: int, pins: dict[str, float]) -> Face | None:
    base = latent_of(Face(Seed(seed)), model)
    columns = [model.column(name) for name in pins]
    try:
        apply_pins(base, model.directions[:, columns], list(pins.values()), model.normalised)
    except PinError:
        return None
    return Face(Seed(seed), tuple(sorted(pins.items())))

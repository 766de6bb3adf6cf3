"""Ways between faces: what else stays where it is, and what lies between two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from dashboard.analysis.pins import coordinates
from dashboard.faces.bases import latent_of
from dashboard.faces.face import MAX_VALUE, Face, Mix
from dashboard.faces.known import columns_of
from dashboard.synthesis.model import Model


def locked(face: Face, model: Model, but: Iterable[str] = ()) -> Face:
    """Pin every attribute where a face has it.

    Args:
        face: the face.
        model: the model.
        but: attributes that stay as they are in the face.

    Returns:
        The face with a pin on every other attribute: the same latent, to four decimals.
    """
    at = coordinates(latent_of(face, model), model.directions)
    own = dict(face.pins)
    free = {name: float(value) for name, value in zip(model.names, at, strict=True) if name not in {*but, *own}}
    # A coordinate beyond the sliders' end is held at that end.
    return with_pins(face, {name: float(np.clip(value, -MAX_VALUE, MAX_VALUE)) for name, value in free.items()})


def between(first: Face, second: Face, share: float, model: Model, hold: bool = False) -> Face:
    """The face at a share of the way from one to another.

    Args:
        first: the face at 0.
        second: the face at 1.
        share: 0 to 1.
        model: the model.
        hold: whether all attributes stay where the first face has them.

    Returns:
        The slerp of both bases. Attributes that either face pins go straight from where the first face has them to
        where the second has them, so that the ends are the faces themselves.
    """
    base = Mix(first.base, second.base, share)
    if hold:
        return Face(base, locked(first, model).pins)
    if share in (0.0, 1.0):
        return second if share else first
    names = sorted({*first.names, *second.names})
    columns = columns_of(model, names)
    starts, ends = (coordinates(latent_of(face, model), columns) for face in (first, second))
    return with_pins(Face(base), dict(zip(names, ((1 - share) * starts + share * ends).tolist(), strict=True)))


def with_pins(face: Face, pins: Mapping[str, float]) -> Face:
    """A face with some pins more, or others in place of its own."""
    return Face(face.base, tuple({**dict(face.pins), **pins}.items()))


def without(face: Face, names: Iterable[str]) -> Face:
    """A face without some of its pins."""
    return replace(face, pins=tuple((name, value) for name, value in face.pins if name not in names))

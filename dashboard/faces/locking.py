"""Locking: which attributes keep their coordinates when a face is moved or mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from dashboard.faces.bases import coordinates_of
from dashboard.faces.face import MAX_VALUE, Face
from dashboard.synthesis.model import Model


def locked(face: Face, model: Model, but: Iterable[str] = ()) -> Face:
    """Pin every attribute at its current coordinate in a face.

    Args:
        face: the face.
        model: the model.
        but: attributes that are not pinned additionally.

    Returns:
        The face with a pin on every other attribute: the same latent, to four decimals.
    """
    at = coordinates_of(face, model)
    own = dict(face.pins)
    free = {name: float(value) for name, value in zip(model.names, at, strict=True) if name not in {*but, *own}}
    # A coordinate outside the slider's range is pinned at the end of the range.
    return with_pins(face, {name: float(np.clip(value, -MAX_VALUE, MAX_VALUE)) for name, value in free.items()})


def with_pins(face: Face, pins: Mapping[str, float]) -> Face:
    """Return a face with additional or replaced pins."""
    return replace(face, pins=tuple({**dict(face.pins), **pins}.items()))


def without(face: Face, names: Iterable[str]) -> Face:
    """Return a face without some of its pins."""
    return replace(face, pins=tuple((name, value) for name, value in face.pins if name not in names))

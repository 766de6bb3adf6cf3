"""Locking: which attributes keep their coordinates when a face is moved or mixed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from dashboard.analysis.pins import coordinates
from dashboard.faces.bases import latent_of
from dashboard.faces.face import MAX_VALUE, Face
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
    # A coordinate past the end of the slider is held at that end.
    return with_pins(face, {name: float(np.clip(value, -MAX_VALUE, MAX_VALUE)) for name, value in free.items()})


def with_pins(face: Face, pins: Mapping[str, float]) -> Face:
    """Return a face with some pins more, or others instead of its own."""
    return Face(face.base, tuple({**dict(face.pins), **pins}.items()))


def without(face: Face, names: Iterable[str]) -> Face:
    """Return a face without some of its pins."""
    return replace(face, pins=tuple((name, value) for name, value in face.pins if name not in names))

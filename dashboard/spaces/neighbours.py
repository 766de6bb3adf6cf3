"""Neighbours of a face: faces of the bank that are nearest by the scorer's features, or latents around it.

Distances are given in meaningful units: in the scorer's features 1 is the root mean square distance of two
faces of the bank; between latents it is the angle, as slerp goes, where two random faces are some 90 degrees apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.errors import InputError
from dashboard.faces.bases import latent_of, latent_of_base
from dashboard.faces.face import Face, Mix, Seed
from dashboard.spaces.sample import features_only, sample_seed
from dashboard.synthesis.model import Model

COUNT = 8
ANGLES = (10, 20, 40)
"""Angles in degrees of latents around a face."""


@dataclass(frozen=True)
class Neighbour:
    """A neighbour of a face.

    Args:
        face: the face.
        distance: relative to the usual distance in features, or in degrees between latents.
    """

    face: Face
    distance: float


def nearest(model: Model, features: ArrayLike, face: Face) -> list[Neighbour]:
    """Find the faces of the bank that the scorer sees as most like a face.

    Args:
        model: a model with a bank.
        features: (D,) activations of the scorer's last layer for the face's picture.
        face: the face itself, excluded from its neighbours.

    Returns:
        `COUNT` rows of the bank, without pins, nearest first.
    """
    bank, usual = features_only(model)
    distances = np.linalg.norm(bank - np.asarray(features, np.float32), axis=1) / usual
    order = np.argsort(distances, kind="stable")[: COUNT + 1]
    rows = [Neighbour(Face(Seed(sample_seed(model), int(row))), float(distances[row])) for row in order]
    return [each for each in rows if each.face != face][:COUNT]


def around(model: Model, face: Face, degrees: int) -> list[Neighbour]:
    """Return faces at a given angle from a face, each towards another random one.

    Args:
        model: the model.
        face: the face; its pins are kept.
        degrees: the angle of its base on the great circle, one of `ANGLES`.

    Returns:
        `COUNT` mixes of its base with seeds, and the distances of the faces, including pins.

    Raises:
        InputError: another angle, or the base is nested too deeply for another mix.
    """
    if degrees not in ANGLES:
        raise InputError(f"Expected one of {', '.join(map(str, ANGLES))} degrees. Received: {degrees}. Choose one.")
    base, here = latent_of_base(face.base, model), latent_of(face, model)
    others = (Seed(seed) for seed in range(1, 2 * COUNT) if Seed(seed) != face.base)
    found = []
    for other in [next(others) for _ in range(COUNT)]:
        whole = angle(base, latent_of_base(other, model))
        mixed = replace(face, base=Mix(face.base, other, min(1.0, degrees / whole)))
        found.append(Neighbour(mixed, angle(here, latent_of(mixed, model))))
    return found


def angle(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Return the angle between two latents, in degrees."""
    cosine = float(first @ second) / (float(np.linalg.norm(first)) * float(np.linalg.norm(second)))
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))

"""The latents of Streamlit's Face-GAN demo: sliders from 0 to 100 over TL-GAN's directions, and no base face.

Source: streamlit/demo-face-gan (2019), which fills every feature with 40 plus a random whole number below 21, puts the
sliders' values over those, and computes z = D (f - 50) / 250, with unit columns D. So all energy of z lies in the span
of the directions, which is why the formula is for TL-GAN's own directions; on other models the demo's page pins
coordinates of a base face instead, at s = (f - 50) / 25.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.errors import FaceError
from dashboard.faces.face import Demo, Face, Seed

SEED = 27834096
"""Seed of the features that are not controlled."""

FIRST = ("Young", "Smiling", "Male")
"""Features that the demo's sliders control at first."""

BLOCKED = frozenset({"Attractive", "Big_Lips", "Big_Nose", "Pale_Skin"})
"""Features without a slider in the demo."""

MIDDLE, STEP = 50, 5

Array = NDArray[np.float64]


def demo_features(names: Sequence[str], controlled: Mapping[str, float]) -> Array:
    """Return the value of every feature.

    Args:
        names: the model's attributes, in the order of its direction file.
        controlled: values of some attributes, 0 to 100.

    Returns:
        (F,) float64: the controlled values, and 40 to 60 from the demo's seed for the rest.

    Raises:
        FaceError: the model does not have a controlled feature.
    """
    random = np.random.RandomState(SEED)
    drawn = {name: 40 + random.randint(0, 21) for name in names}
    if unknown := sorted(set(controlled) - set(drawn)):
        raise FaceError(f"Expected a feature of this model. Received: {unknown[0]}. Leave it out, or change the model.")
    return np.array([float(value) for value in {**drawn, **controlled}.values()])


def demo_latent(directions: ArrayLike, features: ArrayLike) -> Array:
    """Return the latent of some features: z = D (f - 50) / 250.

    Args:
        directions: (L, F), unit columns.
        features: (F,), 0 to 100.

    Returns:
        (L,) float64, as in the original: not on the sphere.
    """
    return np.asarray(directions, np.float64) @ (np.asarray(features, np.float64) - MIDDLE) / 250


def allowed(names: Sequence[str]) -> list[str]:
    """Return the features that a visitor may control: the default ones, then others in the model's order."""
    first = [name for name in FIRST if name in names]
    return [*first, *(name for name in names if name not in BLOCKED and name not in first)]


def first_features(names: Sequence[str]) -> list[str]:
    """Return the features that have a slider at first."""
    return [name for name in FIRST if name in names] or allowed(names)[: len(FIRST)]


def demo_face(names: Sequence[str], literal: bool, base: Face) -> Face:
    """Return the initial face of the demo: its first features in the middle, or a base without pins.

    Args:
        names: the model's attributes.
        literal: whether the directions are TL-GAN's own.
        base: the face whose base is used otherwise.

    Returns:
        The face.
    """
    if literal:
        return Face(Demo(tuple((name, MIDDLE) for name in first_features(names))))
    return Face(base.base if not isinstance(base.base, Demo) else Seed(0))


def controlled_features(face: Face, names: Sequence[str]) -> list[str]:
    """Return the features with a shown slider for a face.

    Args:
        face: a face; for a base of the demo its features; for any other the first ones and the pins.
        names: the features that may have sliders.

    Returns:
        Their names, in the order of `names`.
    """
    if isinstance(face.base, Demo):
        chosen = {name for name, _ in face.base.features}
    else:
        chosen = {*first_features(names), *(name for name, _ in face.pins)}
    return [name for name in names if name in chosen]

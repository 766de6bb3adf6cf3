"""What the browser and a reader are told about a face and a model: plain values and plain words."""

from __future__ import annotations

from typing import Any

import numpy as np

from dashboard.analysis.pins import coordinates, spare_vector
from dashboard.faces.bases import latent_of, latent_of_base
from dashboard.faces.face import Demo, Face, Seed
from dashboard.synthesis.model_folder import Model


def model_address(model: Model) -> str:
    """Where the model's pictures start: `/faces/NAME@DIGEST/`."""
    return f"/faces/{model.name}@{model.digest8}/"


def describe_model(model: Model) -> dict[str, Any]:
    """What the browser script computes coordinates from.

    Args:
        model: the model.

    Returns:
        name, digest8, resolution, latent_size, whether latents are normalised, address, attributes (name, group, kind,
        range, reliability; in the order of the directions), gram (F rows of F) and spare (F coordinates of the vector
        that stands in for a base without a remainder).
    """
    size = model.config.latent_size
    return {
        "name": model.name,
        "digest8": model.digest8,
        "resolution": model.config.resolution,
        "latent_size": size,
        "normalised": model.config.normalize_latents,
        "address": model_address(model),
        "attributes": [
            {
                "name": attribute.name,
                "group": attribute.group,
                "kind": attribute.kind,
                "range": list(attribute.range),
                "reliability": dict(attribute.reliability),
            }
            for attribute in model.attributes
        ],
        "gram": model.gram.tolist(),
        "spare": coordinates(spare_vector(size), model.directions).tolist(),
    }


def describe_face(face: Face, model: Model) -> dict[str, Any]:
    """Where a face stands.

    Args:
        face: the face.
        model: the model.

    Returns:
        face (its canonical string), base, latent_size, norm2 (squared length of the base latent), base_coordinates and
        coordinates (F each, in standard deviations, in the model's order).

    Raises:
        FaceError: the face names what the model does not have.
        PinError: the pins contradict one another.
    """
    base = latent_of_base(face.base, model)
    return {
        "face": str(face),
        "base": str(face.base),
        "latent_size": model.config.latent_size,
        "norm2": float(np.dot(base, base)),
        "base_coordinates": coordinates(base, model.directions).tolist(),
        "coordinates": coordinates(latent_of(face, model), model.directions).tolist(),
    }


def in_words(face: Face) -> str:
    """A face in words, for titles and alternative texts: "Face of seed 4217 with Smiling +2.20"."""
    if isinstance(face.base, Demo):
        shown = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in face.base.features)
        name = f"the demo with {shown}" if shown else "the demo"
    else:
        name = f"seed {face.base}" if isinstance(face.base, Seed) else str(face.base)
    pins = ", ".join(f"{name} {signed(value)}" for name, value in face.pins)
    return f"Face of {name} with {pins}" if pins else f"Face of {name}"


def signed(value: float) -> str:
    """A coordinate as the screen shows it: sign always, true minus, two decimals."""
    text = f"{abs(value):.2f}"
    return f"{'−' if value < 0 and float(text) else '+'}{text}"

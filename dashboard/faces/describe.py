"""Descriptions of a face and a model for the browser and for readers: plain values and words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dashboard.analysis.pins import coordinates, spare_vector
from dashboard.faces.attribute_layers import layers_in_words
from dashboard.faces.bases import coordinates_of, latent_of_base
from dashboard.faces.direction_names import GROUP, channel_of, measuring_columns, title_of
from dashboard.faces.expected import ends_of
from dashboard.faces.face import Base, Demo, Face, Seed
from dashboard.faces.layer_ranges import named_ranges, range_words
from dashboard.faces.option_grammar import options_in_words
from dashboard.faces.site_path import site_path
from dashboard.faces.style_mix import Drawable, StyleMix
from dashboard.synthesis.model_folder import Model
from dashboard.synthesis.preview import preview_block

WHOLE = (-4.0, 4.0)
"""Range of a slider."""


def model_address(model: Model) -> str:
    """Return the address prefix of the model's pictures: `/faces/NAME@DIGEST/`."""
    return site_path(f"/faces/{model.name}@{model.digest8}/")


def describe_model(model: Model, extras: Sequence[str] = ()) -> dict[str, Any]:
    """Describe a model for the browser script that computes coordinates.

    Args:
        model: the model.
        extras: names of extra directions, which follow the model's attributes.

    Returns:
        name, digest8, resolution, latent_size, whether latents are normalised, address, measurable (whether
        pictures can be scored), expected (whether the scores to expect at coordinates are known), space (in which its
        directions live), reach2 (in w, squared length of a face within reach), layers (number of layers that
        attributes can act on, 0 for none), layer_ranges (first and last layer of each named range), previews (whether
        its pictures have them), attributes (name, group, kind, range, reliability; in the order of the directions;
        extra ones as in `describe_extra`), gram (F rows of F) and spare (F coordinates of the vector that stands in for
        a base without a remainder).

    Raises:
        FaceError: an extra direction is unknown.
    """
    size = model.size
    directions = _directions(model, extras)
    ends = ends_of(model)
    return {
        "name": model.name,
        "digest8": model.digest8,
        "resolution": model.config.resolution,
        "latent_size": size,
        "normalised": model.normalised,
        "address": model_address(model),
        "measurable": model.has_scorer and model.has_bank,
        "expected": model.has_curves,
        "space": model.space,
        "reach2": None if model.w is None else model.w.reach2,
        "layers": model.layers,
        "layer_ranges": {name: list(rows) for name, rows in named_ranges(model.layers).items()},
        "previews": preview_block(model.config) is not None,
        "attributes": [
            *(
                {
                    "name": attribute.name,
                    "group": attribute.group,
                    "kind": attribute.kind,
                    "range": list(attribute.range),
                    "ends": list(ends.get(attribute.name, WHOLE)),
                    "reliability": dict(attribute.reliability),
                }
                for attribute in model.attributes
            ),
            *(describe_extra(model, name) for name in extras),
        ],
        "gram": (directions.T @ directions).tolist() if extras else model.gram.tolist(),
        "spare": coordinates(spare_vector(size), directions).tolist(),
    }


def describe_extra(model: Model, name: str) -> dict[str, Any]:
    """Describe an extra direction to the browser, in the form of an attribute with a title.

    A style channel also has channel: the row of w that it is read from, the style that it sets, its sign, and words.
    """
    channel = channel_of(model, name)
    parts = () if channel is None else ("row", "style", "sign", "words")
    return {
        "name": name,
        "title": title_of(model, name),
        "group": GROUP,
        "kind": "continuous",
        "range": list(WHOLE),
        "ends": list(WHOLE),
        "reliability": {},
        **({"channel": {part: getattr(channel, part) for part in parts}} if parts else {}),
    }


def describe_direction(
    name: str, model: Model, base: Base, extras: Sequence[str] = (), label: int | None = None
) -> dict[str, Any]:
    """Describe a direction for the browser to add to the loaded model.

    Args:
        name: of the direction.
        model: the model.
        base: the base of the face on the page.
        extras: the directions added before.
        label: the class of that face; None without one.

    Returns:
        attribute (as in `describe_model`), base, gram (F + E + 1 inner products with the model's own directions, the
        extras and itself), spare, and coordinate, the base's.

    Raises:
        FaceError: a direction is unknown.
    """
    directions = _directions(model, (*extras, name))
    column = directions[:, -1]
    return {
        "attribute": describe_extra(model, name),
        "base": str(base),
        "gram": (column @ directions).tolist(),
        "spare": float(spare_vector(model.size) @ column),
        "coordinate": float(latent_of_base(base, model, label=label) @ column),
    }


def describe_face(face: Face, model: Model, extras: Sequence[str] = ()) -> dict[str, Any]:
    """Return the coordinates of a face.

    Args:
        face: the face.
        model: the model.
        extras: names of extra directions to describe, too.

    Returns:
        face (its canonical string), base, latent_size, norm2 (squared length of the base latent), base_coordinates and
        coordinates (in standard deviations, in the model's order, those of the extras after them).

    Raises:
        FaceError: the face or an extra names something that the model does not have.
        PinError: the pins contradict one another.
    """
    base = latent_of_base(face.base, model, label=face.options.label)
    directions = _directions(model, extras)
    return {
        "face": str(face),
        "base": str(face.base),
        "latent_size": model.size,
        "norm2": float(np.dot(base, base)),
        "base_coordinates": coordinates(base, directions).tolist(),
        "coordinates": coordinates_of(face, model, (*model.names, *extras)).tolist(),
    }


def in_words(face: Face, title: Callable[[str], str] = str) -> str:
    """Return a face in words, for titles and alternative texts: "Face of seed 4217 with Smiling +2.20".

    Args:
        face: the face.
        title: returns the display name of a pin.
    """
    if isinstance(face.base, Demo):
        shown = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in face.base.features)
        name = f"the demo with {shown}" if shown else "the demo"
    else:
        name = f"seed {face.base}" if isinstance(face.base, Seed) else str(face.base)
    layers = {pinned: f" {layers_in_words(chosen)}" for pinned, chosen in face.layers}
    pins = ", ".join(f"{title(pinned)} {signed(value)}{layers.get(pinned, '')}" for pinned, value in face.pins)
    words = f"Face of {name} with {pins}" if pins else f"Face of {name}"
    return ", ".join(part for part in (words, options_in_words(face.options)) if part)


def face_words(face: Drawable, model: Model) -> str:
    """Return a face or a style mix in words, with each pin by the title of its direction in the model."""
    if isinstance(face, StyleMix):
        styles = face_words(face.styles, model).removeprefix("Face of ")
        layers = range_words(*face.layers.rows(model.config.rows))
        return f"{face_words(face.face, model)}; {layers} of {styles}"
    return in_words(face, lambda name: title_of(model, name))


def signed(value: float) -> str:
    """Format a coordinate for the screen: always a sign, true minus, two decimals."""
    text = f"{abs(value):.2f}"
    return f"{'−' if value < 0 and float(text) else '+'}{text}"


def _directions(model: Model, extras: Sequence[str]) -> np.ndarray:
    return np.hstack([model.directions, measuring_columns(model, extras)]) if extras else model.directions

"""Layers that attributes act on: `layers:Smiling=coarse,Young=4-7`. The grammar is in docs/faces.md.

With such a range, a pin moves the rows of w of these layers only, and the attribute's coordinate is the mean of its
coordinates in these layers. A face then has a row for each layer (w+). Reasons: docs/decisions/layers-of-attributes.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.pins import apply_pins, coordinates
from dashboard.errors import FaceError
from dashboard.faces.grammar import expected
from dashboard.faces.layer_ranges import ALL, NAMES, parse_layers

if TYPE_CHECKING:
    from dashboard.synthesis.model import Model

Layers = tuple[tuple[str, str], ...]
"""(attribute, range) pairs in canonical form; attributes without one act on all layers."""

Array = NDArray[np.float64]


def read_layers(text: str) -> Layers:
    """Read `Smiling=coarse,Young=4-7`.

    Raises:
        FaceError: it is no such list, or an attribute occurs twice.
    """
    pairs = []
    for part in text.split(","):
        name, equals, layers = part.partition("=")
        if not equals:
            raise expected("layers such as Smiling=coarse", part, "Write a name, = and its layers.")
        pairs.append((name, layers))
    return canonical_layers(pairs)


def canonical_layers(pairs: Iterable[tuple[str, str]]) -> Layers:
    """Return (attribute, range) pairs sorted by name, without those of all layers.

    Raises:
        FaceError: a range is invalid, or an attribute occurs twice. Names are checked by `Face`.
    """
    found: dict[str, str] = {}
    for name, layers in pairs:
        if name in found:
            raise expected("every attribute's layers once", f"{name} twice", "Keep one of them.")
        found[name] = str(parse_layers(layers))
    return tuple(sorted((name, layers) for name, layers in found.items() if layers != ALL))


def written_layers(layers: Layers) -> str:
    """Write canonical layers: `Smiling=coarse,Young=4-7`."""
    return ",".join(f"{name}={chosen}" for name, chosen in layers)


def mixed_layers(first: Layers, second: Layers, share: float) -> Layers:
    """Return the layers of attributes at a share of the way from one face to another.

    Those of both; an attribute with layers in both has those of the first, or of the second from a half on.
    """
    nearer, other = (first, second) if share < 0.5 else (second, first)
    return canonical_layers({**dict(other), **dict(nearer)}.items())


def layers_in_words(layers: str) -> str:
    """Describe a canonical range: "in coarse layers", "in layer 3", "in layers 4 to 7"."""
    if layers in NAMES:
        return f"in {layers} layers"
    return f"in layers {layers.replace('-', ' to ')}" if "-" in layers else f"in layer {layers}"


def require_layers(layers: Layers, model: Model) -> None:
    """Check that a model has the layers that attributes act on.

    Raises:
        FaceError: its directions do not live in w, or it has fewer layers.
    """
    if layers and not model.layers:
        raise FaceError(
            f"Expected no layers of attributes: they need a StyleGAN whose directions live in w. Received: "
            f"{model.name}, whose directions live in {model.space}. Leave layers out, or choose another model."
        )
    for _, text in layers:
        parse_layers(text).rows(model.layers)


def is_layered(names: Collection[str], layers: Layers) -> bool:
    """Return whether any of some attributes acts on a range of layers."""
    return any(name in names for name, _ in layers)


def layer_weights(names: Sequence[str], layers: Layers, count: int) -> Array:
    """Return how a step of each attribute is distributed over the layers.

    Args:
        names: the attributes.
        layers: those that act on a range.
        count: number of layers of the model.

    Returns:
        (count, n) float64: count / (layers of the range) in the range, 0 outside, so that the mean of a column is 1.
    """
    chosen = dict(layers)
    weights = np.ones((count, len(names)))
    for column, name in enumerate(names):
        if name in chosen:
            first, last = parse_layers(chosen[name]).rows(count)
            weights[:, column] = 0
            weights[first : last + 1, column] = count / (last + 1 - first)
    return weights


def apply_layered_pins(point: ArrayLike, directions: ArrayLike, values: ArrayLike, weights: Array,
                       names: Sequence[str]) -> Array:  # fmt: skip
    """Find the rows of w nearest to a base whose attributes have the pinned coordinates in their layers.

    The metric is the mean over the layers of the squared distance, so that all rows together are one vector and
    `apply_pins` applies as it is.

    Args:
        point: (L,) the base, the same in every layer.
        directions: (L, S) the pinned directions, unit columns.
        values: (S,) their coordinates.
        weights: (R, S) from `layer_weights`.
        names: S names of the pins, for errors.

    Returns:
        (R, L) float64.

    Raises:
        PinError: the pins contradict one another.
    """
    count, size = len(weights), len(np.asarray(point))
    scale = np.sqrt(count)  # inner products of whole vectors are means over the layers
    base = np.tile(np.asarray(point, np.float64), count) / scale
    columns = (weights[:, None, :] * np.asarray(directions, np.float64)[None]).reshape(count * size, -1) / scale
    return apply_pins(base, columns, values, False, names).reshape(count, size) * scale


def layered_coordinates(rows: Array, directions: ArrayLike, weights: Array) -> Array:
    """Return the coordinates of a face of (R, L) rows, each attribute read from its layers: (F,) float64."""
    return (coordinates(rows, directions) * weights).mean(axis=0)

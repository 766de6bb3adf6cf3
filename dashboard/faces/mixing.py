"""Mixing: interpolation between two faces."""

from __future__ import annotations

from dashboard.faces.attribute_layers import mixed_layers
from dashboard.faces.bases import coordinates_of
from dashboard.faces.face import Face, Mix
from dashboard.faces.locking import locked, with_pins
from dashboard.faces.option_grammar import mixed_options
from dashboard.synthesis.model import Model


def between(first: Face, second: Face, share: float, model: Model, hold: bool = False) -> Face:
    """Return the face at a share of the path from one face to another.

    Args:
        first: the face at 0.
        second: the face at 1.
        share: 0 to 1.
        model: the model.
        hold: whether all attributes keep the coordinates of the first face.

    Returns:
        The slerp of both bases. The coordinates of attributes pinned in either face are interpolated linearly, and so
        are the options (`mixed_options`), so that the ends are the faces themselves.
    """
    base = Mix(first.base, second.base, share)
    options = mixed_options(first.options, second.options, share)
    if hold:
        return Face(base, locked(first, model).pins, options, first.layers)
    if share in (0.0, 1.0):
        return second if share else first
    layers = mixed_layers(first.layers, second.layers, share)
    names = sorted({*first.names, *second.names})
    starts, ends = (coordinates_of(face, model, names, layers) for face in (first, second))
    mixed = ((1 - share) * starts + share * ends).tolist()
    return with_pins(Face(base, options=options, layers=layers), dict(zip(names, mixed, strict=True)))

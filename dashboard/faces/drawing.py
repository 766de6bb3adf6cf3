"""Inputs of an engine for a face: its latent, and the options that it is drawn with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dashboard.faces.bases import point_of
from dashboard.faces.style_mix import Drawable, StyleMix
from dashboard.faces.style_pins import pinned_styles
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_rows import require_layers, style_rows
from dashboard.synthesis.stylegan.options import DrawingOptions


@dataclass(frozen=True, eq=False)
class Drawing:
    """One face, or several of the same options, for :meth:`dashboard.synthesis.engine.Engine.run`.

    Args:
        latent: float32 of one face, (L,) or, with a row for each layer, (layers, L); or a stack of several.
        options: how they are drawn.
    """

    latent: NDArray[np.float32]
    options: DrawingOptions


def drawing_of(face: Drawable, model: Model) -> Drawing:
    """Return what an engine draws a face or a style mix from.

    Args:
        face: the face, or the mix.
        model: the model.

    Returns:
        Its latent, without a batch axis, and its options.

    Raises:
        FaceError, PinError, NotFound: as :func:`dashboard.faces.bases.point_of`.
        InputError: the model does not offer one of the options, or the layers of a mix.
    """
    if isinstance(face, StyleMix):
        return _mixed(face, model)
    point = point_of(face, model)
    latent, options = (model.drawn if point.ndim == 1 else model.drawn_rows)(point, face.options)
    return Drawing(latent, replace(options, styles=pinned_styles(face, model)))


def drawings_of(faces: Sequence[Drawable], model: Model, batch: int) -> Iterator[Drawing]:
    """Yield what an engine draws faces from, in their order: up to `batch` neighbours of the same options at a time."""
    made = (drawing_of(face, model) for face in faces)
    for options, group in groupby(made, key=lambda each: (each.options, each.latent.shape)):
        several = [each.latent for each in group]
        for start in range(0, len(several), batch):
            yield Drawing(np.stack(several[start : start + batch]), options[0])


def _mixed(mix: StyleMix, model: Model) -> Drawing:
    """Return the rows of w of a style mix: each face's own rows, mapped and truncated as it is drawn by itself.

    Styles that a face's pins set are those of its own layers.
    """
    row_of = require_layers(model).style_rows
    first, last = mix.layers.rows(model.config.rows)
    own, other = (drawing_of(face, model) for face in (mix.face, mix.styles))
    rows = style_rows(model, own.latent, own.options).copy()
    rows[first : last + 1] = style_rows(model, other.latent, other.options)[first : last + 1]
    inside = {layer for layer, row in row_of.items() if first <= row <= last}
    styles = (
        *(each for each in own.options.styles if each[0] not in inside),
        *(each for each in other.options.styles if each[0] in inside),
    )
    return Drawing(rows, replace(own.options, space="w+", psi=1.0, cutoff=None, label=None, styles=styles))

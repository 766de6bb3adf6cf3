"""Inputs of an engine for a face: its latent, and the options that it is drawn with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dashboard.faces.bases import point_of
from dashboard.faces.face import Face
from dashboard.synthesis.model import Model
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


def drawing_of(face: Face, model: Model) -> Drawing:
    """Return what an engine draws a face from.

    Args:
        face: the face.
        model: the model.

    Returns:
        Its latent, without a batch axis, and its options.

    Raises:
        FaceError, PinError, NotFound: as :func:`dashboard.faces.bases.point_of`.
        InputError: the model does not offer one of the options.
    """
    point = point_of(face, model)
    return Drawing(*(model.drawn if point.ndim == 1 else model.drawn_rows)(point, face.options))


def drawings_of(faces: Sequence[Face], model: Model, batch: int) -> Iterator[Drawing]:
    """Yield what an engine draws faces from, in their order: up to `batch` neighbours of the same options at a time."""
    made = (drawing_of(face, model) for face in faces)
    for options, group in groupby(made, key=lambda each: (each.options, each.latent.shape)):
        several = [each.latent for each in group]
        for start in range(0, len(several), batch):
            yield Drawing(np.stack(several[start : start + batch]), options[0])

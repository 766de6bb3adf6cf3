"""The named directions of a model: its attributes and extra directions (docs/faces.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import FaceError, LikenessError
from dashboard.faces.face import Face
from dashboard.synthesis.channel_statistics import measuring_column
from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_channels import StyleChannel

GROUP = "Added"
"""Heading of the group of extra directions."""

MAX_EXTRAS = 32
"""Largest number of extra directions with sliders for one face."""


class DirectionNames(Collection[str]):
    """The names that may be pinned on a model, for `parse`; looking one up computes nothing.

    Args:
        model: the model.
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    def __contains__(self, name: object) -> bool:
        if name in self._model.names:
            return True
        extra = self._model.extra_directions
        return isinstance(name, str) and "~" in name and extra is not None and extra.knows(self._model, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._model.names)

    def __len__(self) -> int:
        return len(self._model.names)


def extras_of(face: Face, model: Model) -> tuple[str, ...]:
    """Return the pins of a face that are not on the model's own attributes."""
    own = set(model.names)
    return tuple(name for name in face.names if name not in own)


def channel_of(model: Model, name: str) -> StyleChannel | None:
    """Return the style channel of a name; None for a direction of the latent, or an unknown name."""
    extra = model.extra_directions
    return extra.channel(model, name) if "~" in name and extra is not None else None


def measuring_columns(model: Model, names: Sequence[str]) -> NDArray[np.float64]:
    """Return the columns that read coordinates from a point: as `columns_of`, and of style channels too.

    A pin on a style channel sets the style and leaves the point as it is, so its column is for reading only.
    """
    columns = np.empty((model.size, len(names)))
    for column, name in enumerate(names):
        channel = channel_of(model, name)
        columns[:, column] = columns_of(model, [name])[:, 0] if channel is None else measuring_column(model, channel)
    return columns


def columns_of(model: Model, names: Sequence[str]) -> NDArray[np.float64]:
    """Return the directions of some names.

    Args:
        model: the model.
        names: of directions of the model.

    Returns:
        (L, n) float64, unit columns.

    Raises:
        FaceError: a direction is unknown, or does not exist in the latent, as a style channel does not.
    """
    indices = {name: column for column, name in enumerate(model.names)}
    lookup = DirectionNames(model)
    columns = np.empty((model.size, len(names)))
    for column, name in enumerate(names):
        if name in indices:
            columns[:, column] = model.directions[:, indices[name]]
        elif name in lookup and model.extra_directions is not None:
            columns[:, column] = model.extra_directions.direction(model, name)
        else:
            raise FaceError(f"Expected an attribute of this model. Received: {name}. Release it, or change the model.")
    return columns


def widened(model: Model, names: Sequence[str]) -> Model:
    """Return a model with extra directions after its attributes.

    Args:
        model: the model.
        names: of directions; unknown ones, and those that do not depend on the latent, are left out.

    Returns:
        The same model with extended attributes, directions and Gram matrix.
    """
    lookup = DirectionNames(model)
    columns: dict[str, NDArray[np.float64]] = {}
    for name in names:
        if name in lookup and name not in model.names and len(columns) < MAX_EXTRAS:
            try:
                columns[name] = columns_of(model, [name])[:, 0]
            except LikenessError:
                continue
    if not columns:
        return model
    directions = np.column_stack([model.directions, *columns.values()])
    added = (Attribute(name, GROUP, "continuous", (-4.0, 4.0), {}) for name in columns)
    return replace(model, attributes=(*model.attributes, *added), directions=directions, gram=directions.T @ directions)


def title_of(model: Model, name: str) -> str:
    """Return a direction's display name: "Mouth Slightly Open", "Scores, PC 2"."""
    if "~" not in name or model.extra_directions is None or name not in DirectionNames(model):
        return name.replace("_", " ")
    return model.extra_directions.title(model, name)

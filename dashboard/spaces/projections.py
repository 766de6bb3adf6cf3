"""The projections of models' samples, cached for the most recent ones, and the named components."""

from __future__ import annotations

import functools
import re
import threading

from dashboard.errors import FaceError, InputError, NotFound
from dashboard.spaces.computed_results import components_of
from dashboard.spaces.projection import SHOWN_COMPONENTS, Array, BlockProjection, Projection
from dashboard.spaces.sample import (
    BLOCK4,
    BLOCK8,
    SetSpace,
    Space,
    default_space,
    is_available,
    offered,
)
from dashboard.spaces.uploaded_projection import SetProjection, all_equal
from dashboard.synthesis.model import Model

KEPT_SPECTRA = 12


_LABEL = re.compile(r"pc~(?P<space>[a-z0-9-]{1,40})\.(?P<number>[1-9]\d{0,2})")


def projection_of(model: Model, space: Space) -> Projection:
    """Return the projection of a model's sample; those used last are cached.

    Args:
        model: the model.
        space: one of its spaces.

    Returns:
        The projection.

    Raises:
        NotFound: the components of a block have not been computed yet.
        InputError: all rows of an uploaded set are equal.
    """
    if space in (BLOCK4, BLOCK8):
        found = components_of(model, space.name)
        if found is None:
            raise NotFound(f"Expected components of the {space.title}. Received: none yet. Have them computed first.")
        return BlockProjection(model, space, found)
    if equal := all_equal(space):
        raise InputError(f"Expected rows that differ. Received: others. {equal}")
    with _OPENING:
        return _projection(_Key(model, space))


def prepare_projection(model: Model) -> None:
    """Compute what the Latent space page opens with, so that its first visitor does not wait for it."""
    projection = projection_of(model, default_space(model))
    for part in ("points", "latent_map", "stability"):
        getattr(projection, part)
    _ = projection.spectrum.noise_high


def component_names(model: Model) -> list[str]:
    """Return the directions that components give: `pc~SPACE.NUMBER`, numbers from 1, computed or not yet."""
    return [f"pc~{space.name}.{k}" for space in offered(model) for k in range(1, SHOWN_COMPONENTS + 1)]


def component_direction(model: Model, name: str) -> Array:
    """Return the direction of a component by its name in a face string.

    Args:
        model: the model.
        name: such as `pc~scores.2`.

    Returns:
        (L,) of length 1.

    Raises:
        FaceError: this model has no such component, or it has not been computed yet.
    """
    found = _LABEL.fullmatch(name)
    space = next((one for one in offered(model) if found and one.name == found["space"]), None)
    if found is None or space is None:
        raise FaceError(f"Expected a component of model {model.name} such as pc~z.1. Received: {name}. Release it.")
    if not is_available(space, model):
        raise FaceError(
            f"Expected a component that is computed. Received: {name}. Choose {space.title} on the Latent space page, "
            "compute it there, and open the link again."
        )
    try:
        return projection_of(model, space).direction(int(found["number"]) - 1)
    except (InputError, NotFound) as error:
        raise FaceError(f"{name}: {error}") from error


_OPENING = threading.Lock()
"""Return a projection under a lock, so that concurrent callers share it and its parts are computed once."""


class _Key:
    def __init__(self, model: Model, space: Space) -> None:
        self.model, self.space = model, space
        self._parts = (model.digest, model.files.get("bank.safetensors"), space)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)


@functools.lru_cache(maxsize=KEPT_SPECTRA)
def _projection(key: _Key) -> Projection:
    return SetProjection(key.model, key.space) if isinstance(key.space, SetSpace) else Projection(key.model, key.space)

"""A sample: faces as rows of numbers in one space, with their scores and labels.

A model's own sample is its bank: scored once, with latents drawn from the seed. A model without a bank has the latents
of seed 0, and no scores.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import NotFound
from dashboard.spaces.computed_results import components_of
from dashboard.synthesis.latent_set import LatentSet
from dashboard.synthesis.model import Model

Rows = NDArray[np.float32]

DRAWN = 20_000
"""Number of faces drawn for a model without a bank."""

MOST_POINTS = 150_000
"""Largest number of points for a browser; above this, the server draws their density."""

KEPT = 2
"""Models whose samples stay in memory: 40 MB of latents each, at 20,000 faces."""


@dataclass(frozen=True)
class Space:
    """A space of faces.

    Args:
        name: as in an address.
        title: the display name.
        numbers: the coordinates of a face, for the caption: "512 numbers".
        standardised: whether its columns are standardised before components are computed.
    """

    name: str
    title: str
    numbers: str
    standardised: bool = False


@dataclass(frozen=True)
class SetSpace(Space):
    """The space of an uploaded set, which is its own sample.

    Args:
        held: the set.
    """

    held: LatentSet = field(kw_only=True)


LATENT = Space("z", "Latent z", "numbers")
W = Space("w", "w", "numbers")
BLOCK4 = Space("block4", "4×4 block", "activations")
BLOCK8 = Space("block8", "8×8 block", "activations")
SCORES = Space("scores", "Scores", "attribute scores", standardised=True)
FEATURES = Space("features", "Scorer features", "features")
SPACES = {space.name: space for space in (LATENT, W, BLOCK4, BLOCK8, SCORES, FEATURES)}
"""Spaces in the order of the page."""


@dataclass(frozen=True, eq=False)
class Faces:
    """The faces of a model's sample.

    Args:
        seed: row r is the face SEED.r.
        latents: (n, L), on the sphere where the model normalises; standardised w where directions live in w.
        scores: (n, S) raw, S is 0 without a bank.
        score_names: S names.
        features: (n, D) or (n, 0).
    """

    seed: int
    latents: Rows
    scores: Rows
    score_names: tuple[str, ...]
    features: Rows

    @property
    def n(self) -> int:
        """Number of faces."""
        return len(self.latents)

    @functools.cached_property
    def gram(self) -> NDArray[np.float64]:
        """(L + 1, L + 1) products of the latents with a column of ones: the base of every regression on them."""
        size = self.latents.shape[1] + 1
        total = np.zeros((size, size))
        for first in range(0, self.n, 4096):
            part = self.latents[first : first + 4096].astype(np.float64)
            part = np.hstack([part, np.ones((len(part), 1))])
            total += part.T @ part
        return total


def offered(model: Model) -> list[Space]:
    """Return the spaces offered for a model, in the page's order; those of blocks may need a job first."""
    blocks = [block for block in (BLOCK4, BLOCK8) if block.name in model.config.activations]
    return [latent_space(model), *blocks, *([SCORES, FEATURES] if model.has_bank else []), *uploaded(model)]


def latent_space(model: Model) -> Space:
    """Return the space in which a model's directions live."""
    return LATENT if model.w is None else W


def uploaded(model: Model) -> list[SetSpace]:
    """Return the uploaded sets that fit a model, as spaces, the last one first."""
    sets = model.extra_directions.sets(model) if model.extra_directions else ()
    return [SetSpace(f"set-{one.hash}", one.title, "numbers", held=one) for one in sets]


def available(model: Model) -> list[Space]:
    """Return the available spaces of a model: blocks only after a job has computed their components."""
    return [space for space in offered(model) if is_available(space, model)]


def is_available(space: Space, model: Model) -> bool:
    """Return whether an offered space is available now."""
    return space not in (BLOCK4, BLOCK8) or components_of(model, space.name) is not None


def space_of(name: object, model: Model) -> Space:
    """Return a space by its name.

    Args:
        name: as an address gives it.
        model: the model.

    Returns:
        The space; that of a block may not be available yet.

    Raises:
        NotFound: the model has no such space.
    """
    found = next((space for space in offered(model) if space.name == name), None)
    if found is None and str(name).startswith("set-"):
        raise NotFound(
            f"Expected an uploaded set that is kept here for latents as {model.name} has them. Received: "
            f"{str(name)[:12]}..., which was removed, or uploaded elsewhere. Upload it again, or choose another space."
        )
    if found is None:
        names = ", ".join(space.name for space in offered(model) if not isinstance(space, SetSpace))
        raise NotFound(f"Expected a space of model {model.name} ({names}). Received: {str(name)[:60]}. Choose one.")
    return found


def default_space(model: Model) -> Space:
    """Return the default space: one that has structure and needs no job."""
    return SCORES if model.has_bank else latent_space(model)


def faces_of(model: Model) -> Faces:
    """Return the faces of a model's sample; computed once and cached for the models used last."""
    return _faces(_Key(model))


def scored_only(model: Model) -> tuple[Rows, tuple[str, ...]]:
    """Return the scores (n, S) of the bank and their names, without drawing its latents."""
    bank = _bank(_Key(model))
    return bank.scores, bank.attributes


def sample_size(model: Model) -> int:
    """Return the number of faces of a model's sample, without drawing them."""
    return len(_bank(_Key(model)).scores) if model.has_bank else DRAWN


def features_only(model: Model) -> tuple[Rows, float]:
    """Return the features (n, D) of the bank, without drawing its latents, and the root mean square distance of two of
    them.
    """
    features = _bank(_Key(model)).features
    return features, float(np.sqrt(2 * features.var(axis=0, dtype=np.float64).sum()))


def sample_seed(model: Model) -> int:
    """Return the seed whose rows the sample's faces are."""
    return _bank(_Key(model)).base_seed if model.has_bank else 0


class _Key:
    """A model as a cache key: equal where generator, directions and bank are."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._parts = (model.digest, model.files.get("bank.safetensors"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)


@functools.lru_cache(maxsize=KEPT)
def _bank(key: _Key):  # noqa: ANN202
    return key.model.bank()


@functools.lru_cache(maxsize=KEPT)
def _faces(key: _Key) -> Faces:
    model = key.model
    if not model.has_bank:
        seed, n, scores, names, features = 0, DRAWN, np.zeros((DRAWN, 0)), (), np.zeros((DRAWN, 0))
    else:
        bank = _bank(key)
        seed, n, scores, names, features = bank.base_seed, len(bank.scores), bank.scores, bank.attributes, bank.features
    drawn = np.random.RandomState(seed)
    latents = np.empty((n, model.size), np.float32)
    for first in range(0, n, 4096):
        part = drawn.randn(min(4096, n - first), model.config.latent_size)
        latents[first : first + 4096] = model.points(part)
    return Faces(seed, latents, scores.astype(np.float32), names, features.astype(np.float32))

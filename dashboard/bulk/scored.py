"""Scored faces as bulk work: the scores of a re-scoring run, and banks of random faces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dashboard.analysis.pins import on_sphere
from dashboard.analysis.rescoring import STEPS, traverse
from dashboard.api import LoadedModel
from dashboard.bulk.plan import BLOCK, ArrayForm, Plan
from dashboard.errors import InputError
from dashboard.synthesis.model import Model

RESCORE, BANK = "rescore", "bank"

CHUNK = 4096
"""Rows drawn and dropped at a time."""


class SeedRows:
    """The rows of NumPy's `RandomState(seed).randn(n, latent_size)`, which are the same for every n.

    NumPy cannot skip rows, so those before the first are drawn and dropped: a million of 512 numbers take ten seconds.

    Args:
        seed: 0 to 4,294,967,295.
        latent_size: L.
    """

    def __init__(self, seed: int, latent_size: int) -> None:
        self._seed, self._size = seed, latent_size
        self._random, self._at = np.random.RandomState(seed), 0

    def rows(self, first: int, last: int) -> np.ndarray:
        """Return (last - first, L) float64, as drawn by NumPy: not on the sphere."""
        if first < self._at:
            self._random, self._at = np.random.RandomState(self._seed), 0
        while self._at < first:
            count = min(CHUNK, first - self._at)
            self._random.randn(count, self._size)
            self._at += count
        self._at = last
        return self._random.randn(last - first, self._size)


@dataclass(frozen=True)
class RescoreRequest:
    """The request of `rescore`.

    Args:
        bases: number of people, the first rows of the seed.
        seed: of the people.
        locked: names of the locked attributes.
        engine: the engine.
    """

    bases: int
    seed: int = 0
    locked: Sequence[str] = ()
    engine: str = "auto"


class RescoreWork:
    """Scores of every attribute pinned at every step on many bases; see :class:`dashboard.bulk.plan.Work`.

    Args:
        loaded: the model.
        request: what is asked for.

    Raises:
        InputError: the model has no scorer or no directions, or a locked attribute does not exist.
    """

    def __init__(self, loaded: LoadedModel, request: RescoreRequest) -> None:
        self.loaded, self.request = loaded, request
        self._scorer_digest = scorer_digest(loaded.model)
        unknown = next((name for name in request.locked if name not in loaded.attributes), None)
        if unknown is not None or not loaded.attributes:
            raise InputError(
                f"Expected attributes of {loaded.name} ({', '.join(loaded.attributes) or 'none'}). "
                f"Received: {(unknown or 'none')[:64]}. Choose others."
            )
        self._drawn = SeedRows(request.seed, loaded.latent_size)
        self.plan = self._planned()

    def _planned(self) -> Plan:
        model, request = self.loaded.model, self.request
        assert model.scorer is not None
        names, scores = list(model.names), list(model.scorer.attributes)
        locked = [name for name in names if name in request.locked]
        shape = len(names), len(STEPS)
        options = {"seed": request.seed, "locked": locked, "engine": request.engine, "scorer": self._scorer_digest}
        arrays = {"scores": ArrayForm("<f4", (*shape, len(scores))), "feasible": ArrayForm("|b1", shape)}
        constants = {"steps": list(STEPS), "moved": names, "attributes": scores, "locked": locked, "seed": request.seed}
        constants |= {"model": model.name, "digest": model.digest}
        asked = {**asdict(request), "locked": locked, "model": str(model.path)}
        return Plan(RESCORE, model.name, model.digest, request.bases, options, arrays, constants, asked)

    def block(self, number: int) -> dict[str, np.ndarray]:
        """Compute a block of bases."""
        model, first = self.loaded.model, number * BLOCK
        bases = model.points(self._drawn.rows(first, min(first + BLOCK, self.request.bases)))

        def scores(points: np.ndarray) -> np.ndarray:
            latents, options = model.drawn(points)
            return self.loaded.engine.run(latents, outputs=("scores",), options=options)["scores"]

        found = traverse(
            scores,
            bases,
            model.directions,
            names=model.names,
            locked=[model.column(name) for name in self.plan.options["locked"]],
            normalised=model.normalised,
        )
        return {"scores": found.scores.astype(np.float32), "feasible": found.feasible}


@dataclass(frozen=True)
class BankRequest:
    """The request of `bank`.

    Args:
        faces: number of random faces, the first rows of the seed.
        seed: of the faces.
        engine: the engine.
    """

    faces: int
    seed: int = 0
    engine: str = "auto"


class BankWork:
    """Random faces with their scores; see :class:`dashboard.bulk.plan.Work`.

    Args:
        loaded: the model.
        request: what is asked for.

    Raises:
        InputError: the model has no scorer.
    """

    def __init__(self, loaded: LoadedModel, request: BankRequest) -> None:
        self.loaded, self.request = loaded, request
        self._scorer_digest = scorer_digest(loaded.model)
        self._drawn = SeedRows(request.seed, loaded.latent_size)
        self.plan = self._planned()

    def _planned(self) -> Plan:
        model, request = self.loaded.model, self.request
        assert model.scorer is not None
        names = list(model.scorer.attributes)
        arrays = {
            "latents": ArrayForm("<f4", (model.config.latent_size,)),
            "scores": ArrayForm("<f4", (len(names),)),
            "features": ArrayForm("<f4", (64,)),
        }
        options = {"seed": request.seed, "engine": request.engine, "scorer": self._scorer_digest}
        constants = {"attributes": names, "seed": request.seed, "model": model.name, "digest": model.digest}
        asked = {**asdict(request), "model": str(model.path)}
        return Plan(BANK, model.name, model.digest, request.faces, options, arrays, constants, asked)

    def block(self, number: int) -> dict[str, np.ndarray]:
        """Compute a block of faces; latents are on the sphere where the model normalises them."""
        first = number * BLOCK
        latents = self._drawn.rows(first, min(first + BLOCK, self.request.faces))
        if self.loaded.model.config.normalize_latents:
            latents = on_sphere(latents)
        z = latents.astype(np.float32)
        return {"latents": z, **self.loaded.engine.run(z, outputs=("scores", "features"))}


def scorer_digest(model: Model) -> str:
    """Return the digest of a model's scorer.

    Raises:
        InputError: the model has none.
    """
    model.require_scorer()
    return model.files["scorer.safetensors"]


def requested(kind: type[Any], values: Mapping[str, Any]) -> Any:
    """Return the request of a plan, from `asdict`; other values are ignored.

    Raises:
        InputError: the values are no request.
    """
    try:
        return kind(**{name: values[name] for name in kind.__dataclass_fields__ if name in values})
    except TypeError as error:
        raise InputError(f"Expected a request of {kind.__name__}. Received: {error}.") from error

"""Extra directions of a model: components, SeFa's directions, user directions, stored latents.

Looking a name up is cheap; its direction is computed on demand.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from pathlib import Path

import flask
import numpy as np

from dashboard.analysis.sefa import Sefa, sefa
from dashboard.errors import FaceError
from dashboard.library.imported_scores import ImportedScores
from dashboard.library.incoming_files import IncomingFiles
from dashboard.library.latent_sets import LatentSets
from dashboard.library.stored_latents import Latents
from dashboard.library.user_directions import PREFIX, UserDirections
from dashboard.spaces.projections import component_direction, component_names
from dashboard.spaces.sample import space_of
from dashboard.stores.process_files import end_process
from dashboard.synthesis.latent_set import LatentSet
from dashboard.synthesis.model import Model

EXTENSION = "likeness-library"

SEFA_SHOWN = 16
"""Number of SeFa's directions that a face may name: those that change the first layer most."""

_SEFA = re.compile(r"sefa~([1-9]\d{0,3})")
_COMPONENT = re.compile(r"pc~([a-z0-9-]+)\.(\d+)")


class Library:
    """Extra directions and stored latents of every model (see `dashboard.synthesis.model.ExtraDirections`).

    Args:
        home: LIKENESS_HOME, or None if nothing can be stored.
        who: returns the current user's name; empty if it is unknown.
    """

    def __init__(self, home: Path | None, who: Callable[[], str] = lambda: "") -> None:
        folder = home / "library" if home else None
        self.latents = Latents(folder / "latents" if folder else None)
        self.user_directions = UserDirections(folder / "directions" if folder else None, who)
        self.incoming = IncomingFiles(home)
        self.scores = ImportedScores(folder / "scores" if folder else None, who)
        self._sets = folder / "latent-sets" if folder else None
        self.latent_sets = LatentSets(self._sets, who)

    def close(self) -> None:
        """Give up what belongs to this process: the files of an upload that was cut off."""
        if self._sets is not None:
            end_process(self._sets)

    def knows(self, model: Model, name: str) -> bool:
        """Return whether a model has a direction of that name."""
        if name.startswith(PREFIX):
            return self.user_directions.has(name.removeprefix(PREFIX), model)
        return name in sefa_names(model) or name in component_names(model)

    def direction(self, model: Model, name: str) -> np.ndarray:
        """Return a direction of the model by its name.

        Returns:
            (L,) float64 of length 1.

        Raises:
            FaceError: it was removed, or is unrelated to the latent.
        """
        if name.startswith(PREFIX):
            found = self.user_directions.read(name.removeprefix(PREFIX), model)
            if found is None:
                raise FaceError(f"Expected a direction that is kept here. Received: {name}. Release it.")
            if found.space != "z":
                raise FaceError(f"Expected a direction in z for a slider. Received: {found.title}, in {found.space}.")
            return found.vector
        if numbered := _SEFA.fullmatch(name):
            return sefa_of(model).directions[:, int(numbered[1]) - 1]
        return component_direction(model, name)

    def title(self, model: Model, name: str) -> str:
        """Return a direction's display name."""
        if name.startswith(PREFIX):
            found = self.user_directions.read(name.removeprefix(PREFIX), model)
            return found.title if found else name
        if numbered := _SEFA.fullmatch(name):
            return f"SeFa {numbered[1]}"
        component = _COMPONENT.fullmatch(name)
        return f"{space_of(component[1], model).title}, PC {component[2]}" if component else name

    def latent(self, name: str) -> np.ndarray | None:
        """Return a stored latent by its name, `HASH` or `HASH.ROW`; None where there is none."""
        of, _, row = name.partition(".")
        return self.latent_sets.row(of, int(row)) if row.isdecimal() else self.latents.read(name)

    def sets(self, model: Model) -> list[LatentSet]:
        """Return the uploaded sets of latents that fit a model, the last one first."""
        return self.latent_sets.listed(model)


def current_library() -> Library:
    """Return the library of the application that answers this request."""
    return flask.current_app.extensions[EXTENSION]


def sefa_names(model: Model) -> list[str]:
    """Return the directions of SeFa that a model has, the strongest first; none where they do not lie in z."""
    if model.config.latent_weight is None:
        return []
    return [f"sefa~{k}" for k in range(1, min(SEFA_SHOWN, model.config.latent_size) + 1)]


def sefa_of(model: Model) -> Sefa:
    """Return SeFa's directions of a model's generator; kept for the models used last."""
    return _sefa(_Key(model))


class _Key:
    def __init__(self, model: Model) -> None:
        self.model = model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.model.digest == other.model.digest

    def __hash__(self) -> int:
        return hash(self.model.digest)


@functools.lru_cache(maxsize=4)
def _sefa(key: _Key) -> Sefa:
    model = key.model
    # Rows below the latent's belong to labels.
    name = model.config.latent_weight
    if name is None:
        raise FaceError(f"Expected a model whose latent meets its first layer, for SeFa. Received: {model.name}.")
    return sefa(model.variables()[name][: model.config.latent_size])

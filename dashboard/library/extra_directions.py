"""Extra directions of a model: components, SeFa's directions, user directions, style channels, stored latents.

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
from dashboard.faces.layer_ranges import range_words
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
from dashboard.synthesis.style_channels import StyleChannel, channel_of_vector
from dashboard.synthesis.stylegan.standard_w import StandardW
from dashboard.synthesis.tensors import load_arrays

EXTENSION = "likeness-library"

SEFA_SHOWN = 16
"""Number of SeFa's directions that a face may name: those that change the first layer most."""

_SEFA = re.compile(r"sefa~(?:(?P<first>\d{1,2})-(?P<last>\d{1,2})\.)?(?P<number>[1-9]\d{0,3})")
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
        return _numbered(name, model) is not None or name in component_names(model)

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
            if found.space == "s":
                raise FaceError(
                    f"Expected a direction that moves the latent. Received: {found.title}, a style channel, which sets "
                    "a style after it. Leave it out."
                )
            if found.space != model.space:
                raise FaceError(
                    f"Expected a direction in {model.space} for a slider. Received: {found.title}, in {found.space}."
                )
            return model.column_of(found.vector)
        if numbered := _numbered(name, model):
            return sefa_of(model, numbered[0]).directions[:, numbered[1]]
        return component_direction(model, name)

    def channel(self, model: Model, name: str) -> StyleChannel | None:
        """Return the style channel of a name; None for another direction, or an unknown one."""
        if not name.startswith(PREFIX):
            return None
        found = self.user_directions.read(name.removeprefix(PREFIX), model)
        return channel_of_vector(model.config, found.vector) if found is not None and found.space == "s" else None

    def title(self, model: Model, name: str) -> str:
        """Return a direction's display name."""
        if name.startswith(PREFIX):
            found = self.user_directions.read(name.removeprefix(PREFIX), model)
            return found.title if found else name
        if numbered := _numbered(name, model):
            rows = numbered[0]
            return f"SeFa {numbered[1] + 1}" + (f", {range_words(*rows)}" if rows else "")
        component = _COMPONENT.fullmatch(name)
        return f"{space_of(component[1], model).title}, PC {component[2]}" if component else name

    def latent(self, name: str) -> np.ndarray | None:
        """Return a stored latent by its name, `HASH` or `HASH.ROW`; None where there is none."""
        of, _, row = name.partition(".")
        return self.latent_sets.row(of, int(row)) if row.isdecimal() else self.latents.read(name)

    def own(self, model: Model) -> list[str]:
        """Return the names of the user directions that live in the model's space, the last one first."""
        return [one.name for one in self.user_directions.listed(model, model.space)]

    def sets(self, model: Model) -> list[LatentSet]:
        """Return the uploaded sets of latents that fit a model, the last one first."""
        return self.latent_sets.listed(model) if model.w is None else []


def current_library() -> Library:
    """Return the library of the application that answers this request."""
    return flask.current_app.extensions[EXTENSION]


def sefa_names(model: Model, rows: tuple[int, int] | None = None) -> list[str]:
    """Return the directions of SeFa that a model has, the strongest first; none where they do not live in its space.

    Args:
        model: the model.
        rows: first and last row of w whose layers' styles count; None for all layers.
    """
    if model.w is None and model.config.latent_weight is None:
        return []
    layers = "" if rows is None else f"{rows[0]}-{rows[1]}."
    return [f"sefa~{layers}{k}" for k in range(1, min(SEFA_SHOWN, model.size) + 1)]


def sefa_of(model: Model, rows: tuple[int, int] | None = None) -> Sefa:
    """Return SeFa's directions of a model's generator, as `sefa_names` names them; kept for the models used last.

    Raises:
        FaceError: SeFa's directions do not live in the model's space, or no layer has a row in the range.
    """
    return _sefa(_Key(model), rows)


def _numbered(name: str, model: Model) -> tuple[tuple[int, int] | None, int] | None:
    """Return the rows of w and the index of a direction of SeFa by its name; None for another name."""
    found = _SEFA.fullmatch(name)
    if found is None:
        return None
    rows = None if found["first"] is None else (int(found["first"]), int(found["last"]))
    if rows is not None and (model.w is None or not rows[0] <= rows[1] < model.config.rows):
        return None
    return (rows, int(found["number"]) - 1) if name in sefa_names(model, rows) else None


class _Key:
    def __init__(self, model: Model) -> None:
        self.model = model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.model.digest == other.model.digest

    def __hash__(self) -> int:
        return hash(self.model.digest)


@functools.lru_cache(maxsize=8)
def _sefa(key: _Key, rows: tuple[int, int] | None) -> Sefa:
    model = key.model
    if model.w is not None:
        return _sefa_in_w(model, model.w, rows)
    # Rows below the latent's belong to labels.
    name = model.config.latent_weight
    if name is None or rows is not None:
        raise FaceError(
            f"Expected a model for SeFa whose latent meets its first layer, or whose directions live in w. Received: "
            f"{model.name}. Import the network with --space w."
        )
    return sefa(model.variables()[name][: model.config.latent_size])


def _sefa_in_w(model: Model, w: StandardW, rows: tuple[int, int] | None) -> Sefa:
    """Factorise the layers from w to the styles: a step n of w changes the styles by A n."""
    first, last = rows or (0, model.config.rows)
    chosen = [f"{name}.affine.weight" for name, row in model.config.style_rows.items() if first <= row <= last]
    if not chosen:
        raise FaceError(f"Expected layers in rows {first} to {last} of w. Received: none. Choose other layers.")
    weights = load_arrays(model.path / "generator.safetensors", np.float64, tuple(chosen))
    found = sefa(np.concatenate([weights[name] for name in chosen]).T)
    columns = [w.moving(step) for step in found.directions.T[:SEFA_SHOWN]]
    return Sefa(np.column_stack(columns), found.shares)

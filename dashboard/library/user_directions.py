"""User directions: `own~HASH` in a face, where HASH is the start of the SHA-256 of its float32 bytes.

    LIKENESS_HOME/library/directions/DIGEST/HASH.safetensors     "direction", (L,) float32 of length 1

DIGEST is the model's: a direction means something in one latent space only. Its title, its space if that is not z, and
how it was made, stand in the file's header. Since the name is made of the numbers, the picture of a face that names it
can be kept for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dashboard.errors import InputError, LibraryError, NotFound
from dashboard.faces.bases import latent_hash
from dashboard.library.direction_spaces import SPACES, Space, space_size
from dashboard.stores.array_files import read_array, write_arrays
from dashboard.stores.trash import bring_back, discard, empty_trash, is_discarded
from dashboard.synthesis.channel_statistics import measuring_column
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_channels import channel_of_vector

PREFIX = "own~"
MAX_TITLE = 48
MAX_KEPT = 200
"""User directions of one model, at most."""

UNIT = 1e-4
"""Tolerance of the length of a direction in float32."""

_HASH = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, eq=False)
class UserDirection:
    """A direction that a user made.

    Args:
        hash: of its numbers.
        title: display name.
        vector: (L,) float64 of length 1.
        how: how it was made, plain values, such as kind, accuracy, auc, plus, minus and warning.
        kept_at: seconds since 1970.
        made_by, changed_by: users who made it, and who changed it last; empty if users are not identified.
        space: "z", "w" of a StyleGAN, or "s": a style channel, its sign at its place among all styles.
    """

    hash: str
    title: str
    vector: np.ndarray
    how: dict[str, Any]
    kept_at: float
    made_by: str = ""
    changed_by: str = ""
    space: Space = "z"

    @property
    def name(self) -> str:
        """Name in a face: `own~HASH`."""
        return PREFIX + self.hash


class UserDirections:
    """The user directions in a folder.

    Args:
        folder: may be missing; None if nothing can be stored.
        who: returns the current user's name; empty if it is unknown.
    """

    def __init__(self, folder: Path | None, who: Callable[[], str] = lambda: "") -> None:
        self._folder, self._who = folder, who

    def keep(self, title: str, vector: ArrayLike, model: Model, how: Mapping[str, Any], space: Space = "z") -> str:
        """Keep a direction of a model.

        Args:
            title: 1 to 48 printable characters.
            vector: (L,) of any length above zero.
            model: the model.
            how: plain values that say how it was made.
            space: of the vector, one that the model has.

        Returns:
            Its hash. The same numbers in the same space have the same one; the last title counts.

        Raises:
            InputError: the title or the vector is not such a one, or nothing more can be kept.
        """
        words = " ".join(str(title).split())
        if not 1 <= len(words) <= MAX_TITLE or not words.isprintable():
            raise InputError(f"Expected a name of 1 to {MAX_TITLE} characters. Received: {len(words)}. Name it.")
        given, size = np.asarray(vector, np.float64), space_size(model.config, space)
        length = float(np.linalg.norm(given)) if given.shape == (size,) and np.isfinite(given).all() else 0.0
        if not length > 0:
            raise InputError(
                f"Expected a direction of {size} finite numbers, not all zero. Received: an array of shape "
                f"{given.shape}. Take one of this model."
            )
        unit = (given / length).astype(np.float32)
        self._write(words, unit, model, how, space)
        return direction_hash(unit, space)

    def take(self, name: str, title: str, unit: np.ndarray, model: Model, how: Mapping[str, Any]) -> None:
        """Keep a direction just as it is kept elsewhere, number by number; one that is here already stays as it is.

        Args:
            name: its hash.
            title: any text; shown as far as a title goes.
            unit: (L,) float32 of length 1.
            model: the model.
            how: plain values that say how it was made.

        Raises:
            InputError: the vector is not the one of that name, not one of the model, or nothing more can be kept.
        """
        lengths: dict[Space, int] = {each: space_size(model.config, each) for each in SPACES}
        fits: list[Space] = [each for each, size in lengths.items() if unit.shape == (size,)]
        space: Space | None = next((each for each in fits if direction_hash(unit, each) == name), None)
        if space is None or abs(float(np.linalg.norm(unit)) - 1) >= UNIT:
            raise InputError(
                f"Expected directions of {model.size} numbers and of length 1. Received: {name[:32]}, of "
                f"shape {unit.shape}. Take those of {model.name}."
            )
        if not self.has(name, model):
            self._write(" ".join(title.split())[:MAX_TITLE], unit, model, how, space)

    def numbers(self, name: str, model: Model) -> np.ndarray:
        """Return the float32 numbers of a direction that is kept, from which its hash is made; (L,).

        Raises:
            NotFound: there is none.
        """
        found = read_array(self._path(model, name), "direction") if self.has(name, model) else None
        if found is None:
            raise NotFound(f"Expected a direction of {model.name}. Received: {name[:40]}. It may be removed already.")
        return found[0]

    def has(self, name: str, model: Model) -> bool:
        """Return whether a model has such a direction, without reading it; `name` is a hash."""
        return self._folder is not None and _HASH.fullmatch(name) is not None and self._path(model, name).is_file()

    def read(self, name: str, model: Model) -> UserDirection | None:
        """Return a direction of a model by its hash; None where there is none, or the file holds another."""
        if not self.has(name, model):
            return None
        found = read_array(self._path(model, name), "direction")
        if found is None or (space := _space(found[1])) not in model.config.spaces:
            return None
        if found[0].shape != (space_size(model.config, space),) or direction_hash(found[0], space) != name:
            return None
        vector, header = found[0].astype(np.float64), found[1]
        try:
            how, kept_at = json.loads(header.get("how", "{}")), float(header.get("kept_at", "0"))
        except ValueError:
            how, kept_at = {}, 0.0
        title = header.get("title", "")[:MAX_TITLE] or f"Own {name[:6]}"
        by = header.get("made_by", ""), header.get("changed_by", "")
        return UserDirection(name, title, vector / np.linalg.norm(vector), how, kept_at, *by, space)

    def listed(self, model: Model, space: Space = "z") -> list[UserDirection]:
        """Return the directions of a model in a space, the last one first."""
        found = [self.read(path.stem, model) for path in self._files(model)]
        return sorted(
            (one for one in found if one is not None and one.space == space), key=lambda one: (-one.kept_at, one.hash)
        )

    def remove(self, name: str, model: Model) -> None:
        """Remove a direction; `restore` brings it back for a day.

        Raises:
            NotFound: there is none.
        """
        if not self.has(name, model):
            raise NotFound(f"Expected a direction of {model.name}. Received: {name[:40]}. It may be removed already.")
        try:
            discard(self._path(model, name))
        except OSError as error:
            raise LibraryError(f"The direction could not be removed ({error.strerror}). It is as it was.") from error

    def restore(self, name: str, model: Model) -> None:
        """Restore a removed direction.

        Raises:
            NotFound: none was removed in the last day.
        """
        if self._folder is None or not _HASH.fullmatch(name) or not is_discarded(self._path(model, name)):
            raise NotFound(f"Expected a direction removed a while ago. Received: {name[:40]}. Make it again.")
        try:
            bring_back(self._path(model, name))
            if found := read_array(self._path(model, name), "direction"):
                header = {**found[1], "changed_by": self._who()}
                write_arrays(self._path(model, name), {"direction": found[0]}, header)
        except OSError as error:
            raise LibraryError(f"The direction could not be put back ({error.strerror}). Try again.") from error

    def require_room(self, model: Model, count: int = 1) -> None:
        """Check that some more directions of a model can be kept.

        Raises:
            InputError: they cannot.
        """
        if self._folder is not None and len(self._files(model)) + count > MAX_KEPT:
            more = "one" if count == 1 else f"{count}"
            raise InputError(
                f"Expected at most {MAX_KEPT} user directions of a model. Received: {more} more. Remove some."
            )

    def empty_trash(self) -> None:
        """Delete what was removed more than a day ago."""
        for folder in self._folder.glob("*") if self._folder else ():
            empty_trash(folder)

    def _write(self, title: str, unit: np.ndarray, model: Model, how: Mapping[str, Any], space: Space = "z") -> None:
        if self._folder is None:
            raise InputError("Expected a LIKENESS_HOME to keep directions in. Received: one that cannot be used.")
        self.require_room(model)
        if space == "s":
            measuring_column(model, channel_of_vector(model.config, unit))  # one channel, which varies
        name = direction_hash(unit, space)
        before = self.read(name, model)
        header = {
            "title": title,
            "how": json.dumps(dict(how), allow_nan=False),
            "kept_at": str(time.time()),
            "made_by": before.made_by if before else self._who(),
            "changed_by": self._who() if before else "",
            **({} if space == "z" else {"space": space}),
        }
        try:
            write_arrays(self._path(model, name), {"direction": unit}, header)
        except OSError as error:
            raise LibraryError(
                f"The direction could not be kept ({error.strerror}). Free some space, and try again."
            ) from error

    def _files(self, model: Model) -> list[Path]:
        return [path for path in self._of(model).glob("*.safetensors") if _HASH.fullmatch(path.stem)]

    def _of(self, model: Model) -> Path:
        assert self._folder is not None
        return self._folder / model.digest[:32]

    def _path(self, model: Model, name: str) -> Path:
        return self._of(model) / f"{name}.safetensors"


def direction_hash(unit: np.ndarray, space: Space) -> str:
    """Return the name of a direction: the hash of its float32 bytes, after its space if that is not z."""
    if space == "z":
        return latent_hash(unit)
    return hashlib.sha256(space.encode() + np.asarray(unit, "<f4").tobytes()).hexdigest()[:32]


def _space(header: Mapping[str, str]) -> Space:
    for space in SPACES:
        if header.get("space") == space:
            return space
    return "z"

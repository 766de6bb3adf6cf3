"""The catalogue of models for download, and the licences that users have accepted for them."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dashboard.errors import Forbidden, ModelError, NotFound

MAX_BYTES = 4 << 30
"""Size limit of one file of the catalogue in bytes."""

_ModelName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RemoteFile(_Entry):
    """A file to download.

    Args:
        file: its name.
        bytes: its exact length as published; None where none is, so that the server's is used.
        address: its https address.
    """

    file: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]
    bytes: Annotated[int, Field(ge=1, le=MAX_BYTES)] | None = None
    address: Annotated[str, Field(pattern=r"^https://[^/\s]+/\S+$")]


class Licence(_Entry):
    """Terms that must be accepted before a file is fetched.

    Args:
        title: its full name.
        address: of its text.
        terms: short summary of its conditions.
    """

    title: str
    address: Annotated[str, Field(pattern=r"^https://[^/\s]+/\S*$")]
    terms: str


class CatalogueModel(_Entry):
    """A model to download.

    Args:
        about: one sentence.
        resolution: side of its pictures in pixels.
        attributes: number of its directions.
        licence: short name of its licence.
        network: the file of the generator.
        directions: the file of the directions, or None.
    """

    about: str
    resolution: int
    attributes: int = 0
    licence: str
    network: RemoteFile
    directions: RemoteFile | None = None

    @property
    def files(self) -> tuple[RemoteFile, ...]:
        """The files to fetch, in order."""
        return (self.network, *((self.directions,) if self.directions else ()))

    @property
    def bytes(self) -> int:
        """Size of the download in bytes; 0 where a file's length was not published."""
        sizes = [file.bytes for file in self.files]
        return 0 if None in sizes else sum(size or 0 for size in sizes)


class Catalogue(_Entry):
    """The content of `weights/catalogue.toml`."""

    licences: Mapping[str, Licence] = {}
    models: Mapping[_ModelName, CatalogueModel] = {}

    @model_validator(mode="after")
    def _licences_are_there(self) -> Self:
        for name, model in self.models.items():
            if model.licence not in self.licences:
                raise ValueError(f"model {name} names a licence that the catalogue does not have: {model.licence}")
        return self

    def model(self, name: str) -> CatalogueModel:
        """Return the entry of a model.

        Raises:
            NotFound: the catalogue has no model of that name.
        """
        if name not in self.models:
            raise NotFound(
                f'Expected a model of the catalogue ({", ".join(self.models) or "none"}). Received: "{name[:80]}". '
                "Name one of these, or import a file: python -m dashboard models import FILE --name NAME"
            )
        return self.models[name]


def read_catalogue(path: Path) -> Catalogue:
    """Read the catalogue.

    Args:
        path: a TOML file; if missing, the catalogue is empty.

    Returns:
        The catalogue, checked.

    Raises:
        ModelError: the file is not TOML, or not a catalogue.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Catalogue()
    try:
        return Catalogue.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ModelError(f"Expected {path.name} to be a catalogue of models. Received: {_first(error)}.") from error


class Acceptances:
    """Accepted licences, kept in a file.

    Args:
        path: the file; created on the first acceptance.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def has(self, licence: str) -> bool:
        """Return whether a licence was accepted."""
        return licence in self._read()

    def accept(self, licence: str) -> None:
        """Store that a licence was accepted."""
        accepted = sorted({*self._read(), licence})
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(accepted) + "\n", encoding="utf-8")
        os.replace(fresh, self._path)

    def require(self, name: str, licence: Licence, how: str) -> None:
        """Check that a licence was accepted.

        Args:
            name: its short name.
            licence: the licence.
            how: how to accept it, a sentence.

        Raises:
            Forbidden: it was not accepted.
        """
        if not self.has(name):
            raise Forbidden(
                f"Expected the licence {name} ({licence.title}, {licence.address}) to be accepted first. "
                f"Received: it was not yet. {licence.terms.strip()} {how}"
            )

    def _read(self) -> list[str]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return [item for item in kept if isinstance(item, str)] if isinstance(kept, list) else []


def _first(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"[:300]

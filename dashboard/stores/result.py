"""A result: its origin, and how to read it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.errors import NotFound
from dashboard.synthesis.model import Model

FORMAT = 1
"""Format version of result folders: results of an older one are computed again."""

INDEX = "result.json"

Arrays = dict[str, np.ndarray]

Recorded = list[int | str]
"""Length and SHA-256 of a file, as stored in the index."""


@dataclass(frozen=True)
class Origin:
    """The origin of a result; results with equal origins are equal.

    Args:
        kind: of the computation.
        version: of the kind; increased whenever its numbers would change.
        model: digests of everything on which a model's faces, scores and bank depend.
        params: canonical parameters, plain JSON values.
    """

    kind: str
    version: int
    model: tuple[str, ...]
    params: Mapping[str, Any] = field(hash=False)

    @property
    def key(self) -> str:
        """Key: 32 hexadecimal digits."""
        parts = [FORMAT, self.kind, self.version, list(self.model), dict(self.params)]
        text = json.dumps(parts, sort_keys=True, allow_nan=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def model_parts(model: Model) -> tuple[str, ...]:
    """Return the digests of a model's parts: generator and directions, scorer, bank, and judge if any."""
    others = ("judge.safetensors",) if "judge.safetensors" in model.files else ()
    return (model.digest, *(model.files.get(name, "") for name in ("scorer.safetensors", "bank.safetensors", *others)))


@dataclass(frozen=True)
class Result:
    """A result on disk, complete or partial.

    Args:
        folder: its folder.
        index: the content of its result.json.
    """

    folder: Path
    index: Mapping[str, Any]

    @property
    def stage(self) -> int:
        """Number of times arrays were written."""
        return int(self.index["stage"])

    @property
    def params(self) -> dict[str, Any]:
        """Parameters of the computation."""
        return dict(self.index["params"])

    def arrays(self) -> Arrays:
        """Return its arrays by name.

        Raises:
            NotFound: the files have been altered.
        """
        name = f"arrays-{self.stage}.npz"
        if name not in self.index["files"]:
            return {}
        try:
            payload = (self.folder / name).read_bytes()
        except OSError as error:
            raise _gone(self.folder) from error
        if [len(payload), hashlib.sha256(payload).hexdigest()] != self.index["files"][name]:
            raise _gone(self.folder)
        with np.load(io.BytesIO(payload), allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays.files}

    def file(self, name: str) -> Path:
        """Return the path of a file by its name, which is looked up, never joined to a path.

        Raises:
            NotFound: the file does not exist.
        """
        names = [listed.removeprefix("files/") for listed in self.index["files"] if listed.startswith("files/")]
        if name not in names:
            raise NotFound(f"Expected a file of this result ({', '.join(names) or 'none'}). Received: {name[:80]}.")
        return self.folder / "files" / name

    def whole(self) -> bool:
        """Return whether all files are unaltered."""
        return all(describe(self.folder / name) == recorded for name, recorded in self.index["files"].items())


def read_result(folder: Path) -> Result | None:
    """Return a result from its index, complete or partial; None if it cannot be read."""
    try:
        index = json.loads((folder / INDEX).read_bytes())
        good = index["format"] == FORMAT and all(name.count("/") < 2 and ".." not in name for name in index["files"])
        return Result(folder, {**index, "stage": int(index["stage"])}) if good else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def describe(file: Path) -> Recorded | None:
    """Return the length and digest of a file."""
    try:
        with file.open("rb") as stream:
            return [file.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()]
    except OSError:
        return None


def _gone(folder: Path) -> NotFound:
    return NotFound(f"Expected the result {folder.name[:8]}. Received: one that is gone or damaged. Start it again.")

"""Imported scores: `scores~HASH`, stored with the model of the pictures.

LIKENESS_HOME/library/scores/DIGEST/HASH.safetensors     runs, deviations and thresholds; names and title in its header
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from dashboard.analysis.rescoring import STEPS
from dashboard.entanglement.rescoring_results import OTHERS
from dashboard.errors import InputError, LibraryError, NotFound
from dashboard.library.score_files import FileScores
from dashboard.stores.array_files import write_arrays
from dashboard.stores.trash import bring_back, discard, empty_trash, is_discarded
from dashboard.synthesis.model import Model

MAX_KEPT, MAX_TITLE = 20, 40
_HASH = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class KeptScores:
    """Scores that were imported.

    Args:
        hash: of their numbers.
        title: display name of the judge.
        words: description of the import.
        locked: what was locked in each of their runs.
        kept_at: seconds since 1970.
        made_by: user who imported them; empty if users are not identified.
    """

    hash: str
    title: str
    words: str
    locked: tuple[tuple[str, ...], ...]
    kept_at: float
    made_by: str = ""

    @property
    def name(self) -> str:
        """Name in parameters and addresses."""
        return OTHERS + self.hash


class ImportedScores:
    """The imported scores in a folder.

    Args:
        folder: may be missing; None if nothing can be stored.
        who: returns the current user's name; empty if it is unknown.
    """

    def __init__(self, folder: Path | None, who: Callable[[], str] = lambda: "") -> None:
        self.folder, self._who = folder, who

    def keep(self, title: str, found: FileScores, model: Model) -> KeptScores:
        """Keep scores of a model's pictures; the same numbers replace those that are there.

        Raises:
            InputError: the title is none, or nothing more can be kept.
            LibraryError: writing to the disk failed.
        """
        words = " ".join(str(title).split())
        if not 1 <= len(words) <= MAX_TITLE or not words.isprintable():
            raise InputError(f"Expected a name of 1 to {MAX_TITLE} characters. Received: {len(words)}. Name it.")
        if self.folder is None:
            raise InputError("Expected a LIKENESS_HOME to keep scores in. Received: one that cannot be used.")
        if len(self.listed(model)) >= MAX_KEPT:
            raise InputError(f"Expected at most {MAX_KEPT} imports of a model. Received: one more. Remove some.")
        arrays: dict[str, np.ndarray] = {"deviations": found.deviations, "thresholds": found.thresholds}
        for k, (scores, feasible) in enumerate(found.runs.values()):
            arrays |= {f"scores-{k}": scores, f"feasible-{k}": feasible}
        digest = hashlib.sha256()
        for name in sorted(arrays):
            digest.update(np.ascontiguousarray(arrays[name]).tobytes())
        hashed = digest.hexdigest()[:32]
        header = {
            "title": words,
            "words": found.words,
            "names": json.dumps(found.names),
            "locked": json.dumps(list(found.runs)),
            "kept_at": str(time.time()),
            "made_by": self._who(),
        }
        try:
            write_arrays(self._path(model, hashed), arrays, header)
        except OSError as error:
            raise LibraryError(
                f"The scores could not be kept ({error.strerror}). Free some space, and try again."
            ) from error
        kept = self.find(hashed, model)
        assert kept is not None
        return kept

    def find(self, name: str, model: Model) -> KeptScores | None:
        """Return imported scores of a model by their hash or `scores~HASH`; None where there are none."""
        header = self._header(name.removeprefix(OTHERS), model)
        if header is None:
            return None
        try:
            locked = tuple(tuple(map(str, held)) for held in json.loads(header["locked"]))
            kept_at = float(header["kept_at"])
        except (KeyError, ValueError, TypeError):
            return None
        title = header.get("title", "")[:MAX_TITLE]
        return KeptScores(
            name.removeprefix(OTHERS), title, header.get("words", ""), locked, kept_at, header.get("made_by", "")
        )

    def listed(self, model: Model) -> list[KeptScores]:
        """List the imported scores of a model, the last ones first."""
        if self.folder is None:
            return []
        found = [self.find(path.stem, model) for path in self._of(model).glob("*.safetensors")]
        return sorted((each for each in found if each is not None), key=lambda each: -each.kept_at)

    def arrays(self, name: str, model: Model, locked: Sequence[str]) -> dict[str, np.ndarray] | None:
        """Return the arrays of one run, as `entanglement.rescoring_results.measured_of` reads them; None where there is
        none.

        Args:
            name: `scores~HASH`.
            model: the model.
            locked: what is held in the run.
        """
        kept = self.find(name, model)
        if kept is None or tuple(locked) not in kept.locked:
            return None
        k = kept.locked.index(tuple(locked))
        try:
            with safe_open(self._path(model, kept.hash), framework="np") as file:
                found = {each: file.get_tensor(each) for each in ("deviations", "thresholds")}
                found |= {each: file.get_tensor(f"{each}-{k}") for each in ("scores", "feasible")}
                names = json.loads((file.metadata() or {})["names"])
        except (OSError, SafetensorError, KeyError, ValueError):
            return None
        return {**found, "names": np.array(names), "steps": np.array(STEPS)}

    def remove(self, name: str, model: Model) -> None:
        """Remove imported scores; `restore` brings them back for a day.

        Raises:
            NotFound: there are none.
        """
        if self.find(name, model) is None:
            raise NotFound(
                f"Expected imported scores of {model.name}. Received: {name[:40]}. They may be gone already."
            )
        hashed = name.removeprefix(OTHERS)
        try:
            discard(self._path(model, hashed))
        except OSError as error:
            raise LibraryError(f"The scores could not be removed ({error.strerror}). They are as they were.") from error

    def restore(self, name: str, model: Model) -> None:
        """Restore removed scores.

        Raises:
            NotFound: none were removed in the last day.
        """
        hashed = name.removeprefix(OTHERS)
        if self.folder is None or not _HASH.fullmatch(hashed) or not is_discarded(self._path(model, hashed)):
            raise NotFound(f"Expected scores removed a while ago. Received: {name[:40]}. Import them again.")
        try:
            bring_back(self._path(model, hashed))
        except OSError as error:
            raise LibraryError(f"The scores could not be put back ({error.strerror}). Try again.") from error

    def empty_trash(self) -> None:
        """Delete what was removed more than a day ago."""
        for folder in self.folder.glob("*") if self.folder else ():
            empty_trash(folder)

    def _header(self, hashed: str, model: Model) -> dict[str, str] | None:
        if self.folder is None or not _HASH.fullmatch(hashed) or not self._path(model, hashed).is_file():
            return None
        try:
            with safe_open(self._path(model, hashed), framework="np") as file:
                return dict(file.metadata() or {})
        except (OSError, SafetensorError):
            return None

    def _of(self, model: Model) -> Path:
        assert self.folder is not None
        return self.folder / model.digest[:32]

    def _path(self, model: Model, hashed: str) -> Path:
        return self._of(model) / f"{hashed}.safetensors"

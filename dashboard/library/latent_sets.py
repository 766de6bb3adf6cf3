"""Uploaded sets of latents: `latent~HASH.ROW` in a face, where HASH is the start of the SHA-256 of all their rows.

    LIKENESS_HOME/library/latent-sets/HASH/latents.f32     n x L little-endian float32
                                           labels.i32      n little-endian int32, where rows have labels
                                           set.json        title, sizes, the labels' texts

Rows are written as they arrive, so that a set may be larger than memory, and into place once all of them are there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.analysis.pins import on_sphere
from dashboard.errors import InputError, LibraryError, NotFound
from dashboard.library.latent_files import MAX_ROWS, Block
from dashboard.synthesis.latent_set import CODES, LATENTS, LatentSet
from dashboard.synthesis.model import Model

MAX_SETS = 64
MAX_TITLE = 40
MAX_LABELS = 10_000
"""Different ones of a set."""

SPARE_BYTES = 1 << 30
"""Of the disk, which an upload leaves free."""

SHORTEST = 1e-6
"""Root mean square below which a latent has no direction."""

TOLD, TRASH, NEW = "set.json", ".removed", ".new-"
_HASH = re.compile(r"[0-9a-f]{32}")


class LatentSets:
    """The sets that are kept in a folder.

    Args:
        folder: need not exist; None where nothing can be kept.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[str, tuple[int, LatentSet]] = {}

    def keep(self, title: str, blocks: Iterable[Block], model: Model) -> LatentSet:
        """Keep a set for a model and all others of its latent size.

        Args:
            title: printable; the first 40 characters count.
            blocks: its rows, in order; on a model that normalises its latents they are put on the sphere.
            model: the model.

        Returns:
            The set. The same rows have the same hash; the last title and labels count.

        Raises:
            InputError: a row has no direction, there are too many labels, or nothing more can be kept.
            LibraryError: the disk refuses.
        """
        folder = self._room()
        new = Path(tempfile.mkdtemp(dir=folder, prefix=NEW))  # 0700
        try:
            name, told = _write(new, _titled(title), blocks, model)
            there = folder / name
            shutil.rmtree(self._trash(name), ignore_errors=True)
            if there.exists():  # the same rows: their labels may be others
                os.replace(there, new / "before")
            os.replace(new, there)
            shutil.rmtree(there / "before", ignore_errors=True)
        except OSError as error:
            raise LibraryError(
                f"The set could not be kept ({error.strerror}). Free some space, and try again."
            ) from error
        finally:
            shutil.rmtree(new, ignore_errors=True)
        found = _read(there, told)
        assert found is not None
        return found

    def listed(self, model: Model) -> list[LatentSet]:
        """The sets that fit a model, the last one first."""
        if self._folder is None or not self._folder.is_dir():
            return []
        names = [path.name for path in self._folder.iterdir() if _HASH.fullmatch(path.name)]
        found = [one for name in names if (one := self.find(name)) and _fits(one, model)]
        return sorted(found, key=lambda one: (-one.kept_at, one.hash))

    def find(self, name: str) -> LatentSet | None:
        """A set by its hash; None where there is none, or its files are not whole."""
        if self._folder is None or not _HASH.fullmatch(name):
            return None
        folder = self._folder / name
        try:
            changed = (folder / TOLD).stat().st_mtime_ns
            known = self._known.get(name)
            if known and known[0] == changed:
                return known[1]
            found = _read(folder, json.loads((folder / TOLD).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None
        if found is not None:
            self._known[name] = (changed, found)
        return found

    def row(self, name: str, row: int) -> np.ndarray | None:
        """(L,) a row of a set; None where there is none."""
        found = self.find(name)
        return np.array(found.latents()[row]) if found and 0 <= row < found.n else None

    def remove(self, name: str) -> None:
        """Take a set away; `restore` puts it back until the next start.

        Raises:
            NotFound: there is none.
        """
        if self._folder is None or self.find(name) is None:
            raise NotFound(f"Expected a set that is kept here. Received: {name[:40]}. It may be removed already.")
        shutil.rmtree(self._trash(name), ignore_errors=True)
        self._trash(name).parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(self._folder / name, self._trash(name))

    def restore(self, name: str) -> None:
        """Put a removed set back.

        Raises:
            NotFound: none was removed since the start.
        """
        if self._folder is None or not _HASH.fullmatch(name) or not self._trash(name).is_dir():
            raise NotFound(f"Expected a set removed a while ago. Received: {name[:40]}. Upload it again.")
        os.replace(self._trash(name), self._folder / name)

    def empty_trash(self) -> None:
        """Delete what was removed, and what an upload left that was cut off."""
        if self._folder is not None:
            shutil.rmtree(self._folder / TRASH, ignore_errors=True)
            for left in self._folder.glob(f"{NEW}*"):
                shutil.rmtree(left, ignore_errors=True)

    def _trash(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / TRASH / name

    def _room(self) -> Path:
        if self._folder is None:
            raise InputError("Expected a LIKENESS_HOME to keep latents in. Received: one that cannot be used.")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sum(1 for path in self._folder.iterdir() if _HASH.fullmatch(path.name)) >= MAX_SETS:
            raise InputError(f"Expected at most {MAX_SETS} uploaded sets. Received: one more. Remove some.")
        return self._folder


def _write(folder: Path, title: str, blocks: Iterable[Block], model: Model) -> tuple[str, dict[str, Any]]:
    """Write rows as they arrive: the hash, and what is told of them."""
    sphere, digest, n = model.config.normalize_latents, hashlib.sha256(), 0
    labels: list[str] = []
    places: dict[str, int] = {}
    codes: list[np.ndarray] = []
    with _private(folder / LATENTS) as file:
        for block in blocks:
            rows = _placed(block.rows, n) if sphere else block.rows
            content = np.ascontiguousarray(rows, "<f4").tobytes()
            if shutil.disk_usage(folder).free < len(content) + SPARE_BYTES:
                raise InputError("Expected room on the disk. Received: less than 1 GB that is free. Free some space.")
            digest.update(content)
            file.write(content)
            n += len(rows)
            if block.labels is not None:
                codes.append(np.array([places.setdefault(label, len(places)) for label in block.labels], "<i4"))
                if len(places) > MAX_LABELS:
                    raise InputError(
                        f"Expected at most {MAX_LABELS:,} different labels. Received: more. Leave that column out."
                    )
    if codes:
        labels, numbers = _by_frequency(list(places), np.concatenate(codes))
        with _private(folder / CODES) as file:
            file.write(numbers.tobytes())
    name = digest.hexdigest()[:32]
    told = {"title": title, "n": n, "size": model.config.latent_size, "sphere": sphere, "labels": labels}
    with _private(folder / TOLD) as file:
        file.write(json.dumps({**told, "kept_at": time.time()}, ensure_ascii=False).encode())
    return name, {**told, "kept_at": time.time()}


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _placed(rows: np.ndarray, before: int) -> np.ndarray:
    """Rows on the sphere; `before` is the number of those before them."""
    length = np.sqrt(np.mean(np.square(rows, dtype=np.float64), axis=1))
    if not (length >= SHORTEST).all():
        row = before + int(np.argmax(~(length >= SHORTEST))) + 1
        raise InputError(f"Expected latents with a direction. Received: zeros in row {row:,}. Leave such rows out.")
    return on_sphere(rows)


def _by_frequency(labels: list[str], codes: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Labels with the most frequent first, and the numbers of rows to match."""
    counts = Counter(codes.tolist())
    order = sorted(range(len(labels)), key=lambda code: (-counts[code], labels[code]))
    place = np.empty(len(labels), "<i4")
    place[order] = np.arange(len(labels))
    return [labels[code] for code in order], place[codes]


def _titled(title: str) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    return words[:MAX_TITLE].strip() or "Latents"


def _fits(one: LatentSet, model: Model) -> bool:
    return (one.size, one.sphere) == (model.config.latent_size, model.config.normalize_latents)


def _read(folder: Path, told: Any) -> LatentSet | None:
    """A set from what its folder tells, compared with its files; None where they do not fit together."""
    try:
        n, size, labels = int(told["n"]), int(told["size"]), tuple(str(label) for label in told["labels"])
        whole = 1 <= n <= MAX_ROWS and (folder / LATENTS).stat().st_size == 4 * n * size
        whole = whole and (not labels or (folder / CODES).stat().st_size == 4 * n)
        sphere, kept_at = bool(told["sphere"]), float(told["kept_at"])
        return LatentSet(folder.name, str(told["title"]), n, size, sphere, labels, folder, kept_at) if whole else None
    except (OSError, KeyError, TypeError, ValueError):
        return None

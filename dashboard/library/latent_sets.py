"""Uploaded sets of latents: `latent~HASH.ROW` in a face, where HASH is the start of the SHA-256 of all their rows.

    LIKENESS_HOME/library/latent-sets/HASH/latents.f32     n x L little-endian float32
                                           column-K.f64    n little-endian float64, NaN where missing; or
                                           column-K.i32    n little-endian int32, indices of categories, -1: missing
                                           set.json        title, sizes, names and kinds of the columns

Rows are written as they are read, so that a set may be larger than memory, and renamed to their final path once all of
them are on the disk. The same rows once more add their columns to those that are there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.analysis.pins import on_sphere
from dashboard.errors import InputError, LibraryError, NotFound
from dashboard.library.columns import MAX_NAME, Column, renamed
from dashboard.library.latent_files import MAX_ROWS
from dashboard.stores.durable import check_room, sync_folder, write_file
from dashboard.stores.process_files import process_token, sweep
from dashboard.stores.trash import bring_back, discard, empty_trash, forget, is_discarded
from dashboard.synthesis.latent_set import LATENTS, LatentSet, SetColumn
from dashboard.synthesis.model import Model

MAX_SETS = 64
MAX_TITLE = 40
MAX_COLUMNS = 64

META, NEW = "set.json", ".new-"
_HASH = re.compile(r"[0-9a-f]{32}")


class LatentSets:
    """The uploaded sets in a folder.

    Args:
        folder: may be missing; None if nothing can be stored.
        who: returns the current user's name; empty if it is unknown.
    """

    def __init__(self, folder: Path | None, who: Callable[[], str] = lambda: "") -> None:
        self._folder, self._who = folder, who
        self._cache: dict[str, tuple[int, LatentSet]] = {}

    def keep(
        self,
        title: str,
        blocks: Iterable[np.ndarray],
        model: Model,
        columns: Sequence[Column] = (),
        distinct: int | None = None,
    ) -> LatentSet:
        """Keep a set for a model and all others of its latent size.

        Args:
            title: printable; the first 40 characters count.
            blocks: its rows, (k, L) float32 each; on a model that normalises its latents they are put on the sphere.
            model: the model.
            columns: what stands beside all rows.
            distinct: how many rows differ from all before them.

        Returns:
            The set. The same rows have the same hash: their columns are added to those that are there, one of other
            values under a name of its own, and the last title counts.

        Raises:
            InputError: there is no row, or nothing more can be kept.
            LibraryError: writing to the disk failed.
        """
        folder = self._room()
        new = None
        try:
            new = Path(tempfile.mkdtemp(dir=folder, prefix=f"{NEW}{process_token(folder)}-"))  # 0700
            name, fields = _write(new, _titled(title), blocks, model, columns, distinct, self._who())
            forget(folder / name)
            if self.find(name) is None:
                shutil.rmtree(folder / name, ignore_errors=True)  # of files that are not whole
                os.replace(new, folder / name)
                sync_folder(folder)
            else:
                self._add(name, fields, columns)
        except OSError as error:
            raise LibraryError(
                f"The set could not be kept ({error.strerror}). Free some space, and try again."
            ) from error
        finally:
            if new is not None:
                shutil.rmtree(new, ignore_errors=True)
        found = self.find(name)
        if found is None:
            raise LibraryError("The set could not be kept: its files are not whole. Free some space, and try again.")
        return found

    def _add(self, name: str, fields: dict[str, Any], columns: Sequence[Column]) -> None:
        """Add columns to a set that is there; its rows stay untouched, and its description is replaced atomically."""
        there, folder = self.find(name), self._path(name)
        assert there is not None
        kept = [_column_json(column) for column in there.columns]
        for column in columns:
            same = there.column(column.name)
            if same is not None and _equal(same, column):
                continue
            if len(kept) >= MAX_COLUMNS:
                raise InputError(
                    f"Expected at most {MAX_COLUMNS} columns beside a set. Received: more. Leave some out."
                )
            added = renamed(column, [each["name"] for each in kept])
            number = max((int(n) for each in kept for n in re.findall(r"^column-(\d+)", each["file"])), default=-1) + 1
            kept.append(_write_column(folder, added, number))
        by = {"made_by": there.made_by, "changed_by": self._who()}
        write_file(folder / META, _json({**fields, **by, "columns": kept, "kept_at": time.time()}))

    def listed(self, model: Model) -> list[LatentSet]:
        """Return the sets that fit a model, the last one first."""
        if self._folder is None or not self._folder.is_dir():
            return []
        names = [path.name for path in self._folder.iterdir() if _HASH.fullmatch(path.name)]
        found = [one for name in names if (one := self.find(name)) and _fits(one, model)]
        return sorted(found, key=lambda one: (-one.kept_at, one.hash))

    def find(self, name: str) -> LatentSet | None:
        """Return a set by its hash; None where there is none, or its files are not whole."""
        if self._folder is None or not _HASH.fullmatch(name):
            return None
        folder = self._folder / name
        try:
            changed = (folder / META).stat().st_mtime_ns
            cached = self._cache.get(name)
            if cached and cached[0] == changed:
                return cached[1]
            found = _read(folder, json.loads((folder / META).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None
        if found is not None:
            self._cache[name] = (changed, found)
        return found

    def row(self, name: str, row: int) -> np.ndarray | None:
        """Return (L,) a row of a set; None if there is none."""
        found = self.find(name)
        return np.array(found.latents()[row]) if found and 0 <= row < found.n else None

    def remove(self, name: str) -> None:
        """Remove a set; `restore` brings it back for a day.

        Raises:
            NotFound: there is none.
        """
        if self._folder is None or self.find(name) is None:
            raise NotFound(f"Expected a set that is kept here. Received: {name[:40]}. It may be removed already.")
        try:
            discard(self._folder / name)
        except OSError as error:
            raise LibraryError(f"The set could not be removed ({error.strerror}). It is as it was.") from error

    def restore(self, name: str) -> None:
        """Restore a removed set.

        Raises:
            NotFound: none was removed in the last day.
            LibraryError: writing to the disk failed.
        """
        if self._folder is None or not _HASH.fullmatch(name) or not is_discarded(self._folder / name):
            raise NotFound(f"Expected a set removed a while ago. Received: {name[:40]}. Upload it again.")
        try:
            bring_back(self._folder / name)
        except OSError as error:
            raise LibraryError(f"The set could not be put back ({error.strerror}). Try again.") from error

    def expire(self, seconds: float) -> int:
        """Delete sets that were uploaded more than so many seconds ago, for good; returns how many."""
        found = self._folder.iterdir() if self._folder is not None and self._folder.is_dir() else ()
        named = [folder for folder in found if _HASH.fullmatch(folder.name) and (folder / META).is_file()]
        old = [folder for folder in named if (folder / META).stat().st_mtime < time.time() - seconds]
        for folder in old:
            shutil.rmtree(folder, ignore_errors=True)
        return len(old)

    def empty_trash(self) -> None:
        """Delete what was removed more than a day ago, and what an upload left that was cut off."""
        if self._folder is not None:
            empty_trash(self._folder)
            sweep(self._folder, f"{NEW}*")

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return self._folder / name

    def _room(self) -> Path:
        if self._folder is None:
            raise InputError("Expected a LIKENESS_HOME to keep latents in. Received: one that cannot be used.")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            count = sum(1 for path in self._folder.iterdir() if _HASH.fullmatch(path.name))
        except OSError as error:
            raise LibraryError(f"LIKENESS_HOME cannot be written to ({error.strerror}). Nothing was kept.") from error
        if count >= MAX_SETS:
            raise InputError(f"Expected at most {MAX_SETS} uploaded sets. Received: one more. Remove some.")
        return self._folder


def require_sets(model: Model) -> None:
    """Refuse a model that cannot have sets of latents.

    Raises:
        InputError: its directions live in w, and so do its spaces.
    """
    if model.w is not None:
        raise InputError(
            f"Expected a model whose directions live in z. Received: {model.name}, whose directions live in w. "
            "Import the network again with --space z for sets of latents."
        )


def _write(
    folder: Path,
    title: str,
    blocks: Iterable[np.ndarray],
    model: Model,
    columns: Sequence[Column],
    distinct: int | None,
    who: str,
) -> tuple[str, dict[str, Any]]:
    """Write rows as they are read: return the hash and the description."""
    require_sets(model)
    sphere, digest, n = model.normalised, hashlib.sha256(), 0
    with _private(folder / LATENTS) as file:
        for block in blocks:
            rows = on_sphere(block) if sphere else block
            content = np.ascontiguousarray(rows, "<f4").tobytes()
            check_room(folder, len(content))
            digest.update(content)
            file.write(content)
            n += len(rows)
        file.flush()
        os.fsync(file.fileno())
    if not 1 <= n <= MAX_ROWS:
        raise InputError(f"Expected 1 to {MAX_ROWS:,} rows. Received: {n:,}. Send a file of so many.")
    kept = [_write_column(folder, column, k) for k, column in enumerate(columns[:MAX_COLUMNS])]
    fields = {"title": title, "n": n, "size": model.config.latent_size, "sphere": sphere, "distinct": distinct}
    fields["made_by"] = who
    write_file(folder / META, _json({**fields, "columns": kept, "kept_at": time.time()}))
    return digest.hexdigest()[:32], fields


def _write_column(folder: Path, column: Column, number: int) -> dict[str, Any]:
    """Write a column of a set; return its description."""
    end, kind = ("f64", "<f8") if column.kind == "numbers" else ("i32", "<i4")
    name = f"column-{number}.{end}"
    write_file(folder / name, np.asarray(column.values, kind).tobytes())
    return {"name": column.name[:MAX_NAME], "kind": column.kind, "labels": list(column.labels), "file": name}


def _column_json(column: SetColumn) -> dict[str, Any]:
    return {"name": column.name, "kind": column.kind, "labels": list(column.labels), "file": column.file.name}


def _equal(kept: SetColumn, column: Column) -> bool:
    same = kept.kind == column.kind and kept.labels == column.labels
    return same and np.array_equal(kept.values(), column.values, equal_nan=column.kind == "numbers")


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _titled(title: str) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    return words[:MAX_TITLE].strip() or "Latents"


def _fits(one: LatentSet, model: Model) -> bool:
    return (one.size, one.sphere) == (model.config.latent_size, model.normalised)


def _read(folder: Path, fields: Any) -> LatentSet | None:
    """Return a set from what its folder tells, compared with its files; None where they do not fit together."""
    try:
        n, size = int(fields["n"]), int(fields["size"])
        if not (1 <= n <= MAX_ROWS and (folder / LATENTS).stat().st_size == 4 * n * size):
            return None
        columns = [_read_column(folder, each, n) for each in fields.get("columns") or _labels_of(fields)]
        distinct = fields.get("distinct")
        found = LatentSet(
            folder.name, str(fields["title"]), n, size, bool(fields["sphere"]), (), folder, float(fields["kept_at"]),
            int(distinct) if distinct is not None else None, str(fields.get("made_by", "")),
            str(fields.get("changed_by", "")),
        )  # fmt: skip
        return replace(found, columns=tuple(column for column in columns if column is not None))
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _labels_of(fields: Any) -> list[dict[str, Any]]:
    """Return the one column that sets had until version 0.2."""
    labels = fields.get("labels")
    return [{"name": "label", "kind": "categories", "labels": labels, "file": "labels.i32"}] if labels else []


def _read_column(folder: Path, fields: Any, n: int) -> SetColumn | None:
    name, kind = str(fields["file"]), fields["kind"]
    if kind not in ("numbers", "categories") or not re.fullmatch(r"(column-\d+\.(f64|i32)|labels\.i32)", name):
        return None
    width = 8 if kind == "numbers" else 4
    whole = (folder / name).is_file() and (folder / name).stat().st_size == width * n
    labels = tuple(str(label) for label in fields["labels"])
    return SetColumn(str(fields["name"]), kind, labels, folder / name, n) if whole else None

"""Builds the asset folder next to its final path, file by file, and renames it when it is whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.assets.checkouts import Checkouts, check_header, read_bounded
from training.assets.readme import readme
from training.assets.region import head_vertices, keep_lines
from training.assets.selection import BASE_MESH, LICENCES, Change, Piece, pieces
from training.assets.textures import convert
from training.errors import TrainingError

VERSION = 1
"""Version of the recipe; files made by another version are made again."""
MANIFEST = "assets.json"
JOURNAL = f".journal-{VERSION}.jsonl"


@dataclass(frozen=True)
class Entry:
    """One line of the manifest: a file of the kit, and the bytes that it was made from.

    Attributes:
        path: In the kit.
        source: Repository and path there.
        source_sha256: Of the bytes that were read.
        lfs_oid: The SHA-256 that a git-lfs pointer in the repository names for the source; empty if there is none.
        change: What was done, in words.
        sha256: Of the file in the kit; empty for a target that does not touch the head, which is left out.
    """

    path: str
    source: str
    source_sha256: str
    lfs_oid: str
    change: str
    sha256: str


def build(
    checkouts: Checkouts,
    out: Path,
    progress: Callable[[list[Piece]], Iterable[Piece]] = iter,
    more: Mapping[str, bytes] | None = None,
) -> list[Entry]:
    """Build the asset folder.

    An interrupted build resumes; files already made from the same sources are kept.

    Args:
        checkouts: Folders with the sources.
        out: The folder to create; it must be new, or made by this step.
        progress: Wraps the list of pieces to show progress.
        more: Additional files of the folder, by name.

    Returns:
        Entries of the folder by path, without licence texts and README.

    Raises:
        TrainingError: A source is missing, invalid or not CC0; or `out` is another folder.
    """
    licences = {name: checkouts.licence(name) for name in LICENCES}
    todo = pieces(checkouts.makehuman)
    sources = {piece.path: checkouts.find(piece) for piece in todo}  # report missing sources before anything is made
    head = head_vertices(sources[BASE_MESH])
    if out.exists() and not (out / MANIFEST).is_file() and any(out.iterdir()):
        raise TrainingError(
            f"Expected a new folder, or one that this step made, at {out}. Received: other files. Give another --out."
        )
    part = out.with_name(f".{out.name}.part")
    part.mkdir(parents=True, exist_ok=True)
    base = hashlib.sha256(read_bounded(sources[BASE_MESH])).hexdigest()
    done = [(folder, _finished(folder, base)) for folder in (part, out)]
    entries = []
    with (part / JOURNAL).open("a", encoding="utf-8") as journal:
        for piece in progress(todo):
            entry = _make(piece, checkouts, head, part, done)
            entries.append(entry)
            journal.write(json.dumps(asdict(entry)) + "\n")
            journal.flush()
    more = more or {}
    for name, text in [*licences.items(), *more.items()]:
        _write(part / name, text)
    commits = {repository: checkouts.commit(repository) for repository in LICENCES.values()}
    _write(part / "README.md", readme(commits).encode())
    manifest = {
        "version": VERSION,
        "licence": "CC0-1.0",
        "commits": commits,
        "files": [asdict(entry) for entry in entries],
    }
    _write(part / MANIFEST, (json.dumps(manifest, indent=1) + "\n").encode())
    kept = [entry for entry in entries if entry.sha256]
    _remove_others(part, {*LICENCES, *more, "README.md", MANIFEST, *(entry.path for entry in kept)})
    _move_in(part, out)
    return kept


def copy_kit(kit: Path, out: Path, more: Mapping[str, bytes]) -> None:
    """Make an asset folder from one that was built earlier; files that are not parts of a kit are left out.

    `more` are additional files, by name.

    Raises:
        TrainingError: `kit` is not an asset folder, or `out` holds something else.
    """
    if not (kit / BASE_MESH).is_file():
        raise TrainingError(f"Expected an asset folder with {BASE_MESH} at {kit}. Received: none.")
    if out.exists() and not (out / BASE_MESH).is_file() and any(out.iterdir()):
        raise TrainingError(f"Expected a new folder, or an asset folder, at {out}. Received: other files.")
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name in ("base", "data", *LICENCES, "README.md", MANIFEST):
        for path in [kit / name, *sorted((kit / name).rglob("*"))]:
            if path.is_file():
                _write(part / path.relative_to(kit), read_bounded(path))
    for name, data in more.items():
        _write(part / name, data)
    _move_in(part, out)


def _make(
    piece: Piece, checkouts: Checkouts, head: NDArray[np.bool_], part: Path, done: list[tuple[Path, dict[str, Entry]]]
) -> Entry:
    source = checkouts.find(piece)
    data = read_bounded(source)
    digest = hashlib.sha256(data).hexdigest()
    for folder, entries in done:
        old = entries.get(piece.path)
        if old is not None and (old.source_sha256, old.change) == (digest, piece.change.value):
            made = _made(folder / piece.path, old)
            if made is not None:
                if made and folder != part:
                    _write(part / piece.path, made)
                return old
    result: bytes | None = data
    if piece.change in (Change.SKIN, Change.REDUCED):
        result = convert(source, piece.side)
    else:
        check_header(data, str(source))
        if piece.change is Change.LINES:
            result = keep_lines(data, head, str(source))
    if result is not None:
        _write(part / piece.path, result)
    name, oid = f"{piece.repository}/{piece.source}", checkouts.lfs_oid(piece)
    made_of = "" if result is None else hashlib.sha256(result).hexdigest()
    return Entry(piece.path, name, digest, oid, piece.change.value, made_of)


def _made(path: Path, entry: Entry) -> bytes | None:
    """Return the bytes of a finished file, empty for one that is left out; None if they differ from the entry."""
    if not entry.sha256:
        return b""
    data = read_bounded(path) if path.is_file() else b""
    return data if hashlib.sha256(data).hexdigest() == entry.sha256 else None


def _finished(folder: Path, base_sha256: str) -> dict[str, Entry]:
    """Return the entries of an earlier build by path; empty if its journal is of another version or
    unreadable.

    Targets count only where they were reduced by the same base mesh.
    """
    found: dict[str, Entry] = {}
    try:
        for row in _notes(folder):
            found[row["path"]] = Entry(**row)
    except (OSError, ValueError, KeyError, TypeError):
        pass  # after a power failure the last line may be incomplete; the lines before it are valid
    base = found.get(BASE_MESH)
    if base is None or base.source_sha256 != base_sha256:
        return {path: entry for path, entry in found.items() if entry.change != Change.LINES.value}
    return found


def _notes(folder: Path) -> Iterator[dict[str, str]]:
    if (folder / MANIFEST).is_file():
        manifest = json.loads(read_bounded(folder / MANIFEST))
        yield from manifest["files"] if manifest["version"] == VERSION else []
    elif (folder / JOURNAL).is_file():
        for line in read_bounded(folder / JOURNAL).decode("utf-8").splitlines():
            yield json.loads(line)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.tmp")
    partial.write_bytes(data)
    os.replace(partial, path)


def _remove_others(folder: Path, wanted: set[str]) -> None:
    """Remove the journal and whatever an earlier build from other checkouts left in the folder."""
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in wanted:
            path.unlink()


def _move_in(part: Path, out: Path) -> None:
    old = out.with_name(f".{out.name}.old")
    if out.exists():
        shutil.rmtree(old, ignore_errors=True)
        os.replace(out, old)
    os.replace(part, out)
    shutil.rmtree(old, ignore_errors=True)

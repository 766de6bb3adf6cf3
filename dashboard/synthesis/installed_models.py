"""Folders of model folders: look-up by name, removal, and undo for a day.

A name from outside is never used as a path: it is compared with the names of existing folders.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from dashboard.errors import ModelError, NotFound

TRASH = ".removed"
"""Folder for removed models, so that a removal can be undone."""
UNDO_SECONDS = 24 * 3600.0
"""Seconds that a removed model is kept."""


def model_folders(shelves: Sequence[Path]) -> list[Path]:
    """Return every model folder on some shelves.

    Args:
        shelves: folders of model folders; one that does not exist is empty.

    Returns:
        The folders that hold a model.json, shelf by shelf, by name. A name in an earlier folder hides the same name in
        a later one.
    """
    found: dict[str, Path] = {}
    for shelf in shelves:
        for folder in sorted(shelf.iterdir()) if shelf.is_dir() else ():
            if not folder.name.startswith(".") and (folder / "model.json").is_file():
                found.setdefault(folder.name, folder)
    return list(found.values())


def find_model(wanted: str, shelves: Sequence[Path]) -> Path:
    """Return the folder of the model of a setting.

    Args:
        wanted: a folder, or the name of one on a shelf; empty for the first of the first shelf that has any.
        shelves: folders of model folders.

    Returns:
        The folder; it holds a model.json.

    Raises:
        ModelError: the folder does not exist.
    """
    found = model_folders(shelves)
    if not wanted:
        if found:
            return found[0]
        raise ModelError(f"Expected a model folder in {shelves[0]}. Received: none. Name one with LIKENESS_MODEL.")
    if (Path(wanted).expanduser() / "model.json").is_file():
        return Path(wanted).expanduser().resolve()
    for folder in found:
        if folder.name == wanted:
            return folder
    names = ", ".join(folder.name for folder in found) or "none"
    raise ModelError(
        f"Expected LIKENESS_MODEL to be a folder with a model.json, or the name of a model here ({names}). "
        f"Received: {wanted}. Change it, or leave it out."
    )


def signature(folder: Path) -> tuple[tuple[str, int, int, int], ...]:
    """Return a signature of the files of a model folder; a change of any file changes it, and none is read.

    Args:
        folder: a model folder.

    Returns:
        Name, inode, length and time of change of model.json and of every safetensors file.

    Raises:
        NotFound: model.json no longer exists.
    """
    try:
        files = sorted((folder / "model.json", *folder.glob("*.safetensors")))
        stats = [(file.name, file.stat()) for file in files]
    except OSError as error:
        raise NotFound(
            f'Expected model "{folder.name}" to be in its folder. Received: {error.strerror or error}. '
            "It was removed: choose another model."
        ) from error
    return tuple((name, stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


def remove_model(name: str, shelf: Path) -> Path:
    """Remove a model; `restore_model` restores it.

    Args:
        name: the model's name.
        shelf: the folder that holds its folder.

    Returns:
        Its new path.

    Raises:
        NotFound: the folder has no model of that name.
    """
    folder = next((folder for folder in model_folders([shelf]) if folder.name == name), None)
    if folder is None:
        raise NotFound(
            f'Expected a model that was fetched or imported. Received: "{name[:80]}". '
            "Models that came with Likeness stay."
        )
    trash = shelf / TRASH / name
    if trash.exists():
        shutil.rmtree(trash)
    trash.parent.mkdir(mode=0o700, exist_ok=True)
    os.utime(folder)  # the time of its removal
    os.replace(folder, trash)
    return trash


def restore_model(name: str, shelf: Path) -> Path:
    """Restore a removed model.

    Args:
        name: the model's name.
        shelf: the folder that it was removed from.

    Returns:
        Its folder.

    Raises:
        NotFound: no model of that name was removed.
        ModelError: another model of that name exists.
    """
    trashed = {folder.name: folder for folder in model_folders([shelf / TRASH])}
    if name not in trashed:
        raise NotFound(f'Expected a model removed a while ago. Received: "{name[:80]}". Fetch or import it again.')
    folder = shelf / name
    if folder.exists():
        raise ModelError(f'Expected no model "{name}" here. Received: a newer one of that name. Remove that one first.')
    os.replace(trashed[name], folder)
    return folder


def empty_trash(shelf: Path, seconds: float = UNDO_SECONDS) -> None:
    """Delete the models that were removed from a shelf longer than some seconds ago."""
    for folder in (shelf / TRASH).glob("*"):
        try:
            old = folder.stat().st_mtime <= time.time() - seconds
        except OSError:
            continue  # another process was faster
        if old:
            shutil.rmtree(folder, ignore_errors=True)

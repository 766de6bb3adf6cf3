"""Look-up of complete results in a folder, for the server and its processes."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from dashboard.stores.result import Origin, Result, model_parts, read_result
from dashboard.synthesis.model import Model

log = logging.getLogger(__name__)


def find_result(results: Path, origin: Origin) -> Result | None:
    """Return a finished result.

    Args:
        results: the folder of all results.
        origin: its origin.

    Returns:
        The result with all files verified; None if there is none. A damaged one is removed.
    """
    folder = results / origin.key
    result = read_result(folder)
    if result is None or not result.index["done"] or not result.whole():
        if folder.exists():
            log.warning("The result %s is not what was written: it is computed again.", folder.name)
            shutil.rmtree(folder, ignore_errors=True)
        return None
    try:
        os.utime(folder)
    except OSError:
        log.debug("Could not mark %s as used", folder.name)
    return result


def results_of(results: Path, kind: str, version: int, model: Model) -> list[Result]:
    """Return the finished results of a kind for a model, not verified, the most recently used first.

    Args:
        results: the folder of all results.
        kind, version: of the computation.
        model: digests of the model.
    """
    wanted = {"kind": kind, "version": version, "model": list(model_parts(model)), "done": True}
    found = [read_result(folder) for folder in sorted(finished(results), key=last_used, reverse=True)]
    return [result for result in found if result and wanted.items() <= dict(result.index).items()]


def finished(results: Path) -> list[Path]:
    """Return the folders of finished results."""
    return [folder for folder in results.iterdir() if folder.is_dir() and "." not in folder.name]


def last_used(folder: Path) -> float:
    """Return when a result was last used, in seconds; 0 if it has been removed."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0

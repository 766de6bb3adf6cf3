"""Results that come with a model: in its folder, with the names and keys of a server's own results.

A server reads them before those in its home, and never writes or removes them. They hold raw data, so that changed
statistics do not make them stale. `python -m dashboard results` writes them.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from dashboard.stores.result import Origin, Result, model_parts, read_result
from dashboard.stores.result_writer import Writer
from dashboard.synthesis.model import Model

FOLDER = "results"
"""Name of the folder in a model's folder."""


def shipped_results(model: Model) -> list[Result]:
    """Return every result in a model's folder, of this or an earlier version of the model; not verified."""
    folder = model.path / FOLDER
    found = [read_result(each) for each in sorted(folder.iterdir())] if folder.is_dir() else []
    return [result for result in found if result is not None and result.index.get("done")]


def find_shipped(origin: Origin, model: Model, loose: tuple[str, ...] = ()) -> Result | None:
    """Find a result that came with the model.

    Args:
        origin: its origin.
        model: the model.
        loose: names of parameters that may differ from the request, such as the number of measured faces.

    Returns:
        The result with all files verified; None if there is none.
    """
    wanted = _without(origin.params, loose)
    exact = read_result(model.path / FOLDER / origin.key)
    if exact is not None and exact.index.get("done") and exact.params == dict(origin.params) and exact.whole():
        return exact
    for result in shipped_results(model) if loose else ():
        if _is_of(result, origin.kind, origin.version, model) and _without(result.params, loose) == wanted:
            return result if result.whole() else None
    return None


def shipped_of(kind: str, version: int, model: Model) -> list[Result]:
    """Return the shipped results of a kind for the current version of a model; not verified."""
    return [result for result in shipped_results(model) if _is_of(result, kind, version, model)]


def ship(origin: Origin, arrays: Mapping[str, np.ndarray], model: Model) -> Path:
    """Write a result into its model's folder, atomically.

    Args:
        origin: its origin.
        arrays: by name.
        model: the model.

    Returns:
        The result's folder.
    """
    shelf = model.path / FOLDER
    shelf.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=shelf) as scratch:
        made = Path(scratch) / origin.key
        made.mkdir()
        writer = Writer(made, origin, compressed=True)
        writer.keep(**arrays)
        writer.done()
        made.chmod(0o755)
        shutil.rmtree(shelf / origin.key, ignore_errors=True)
        made.rename(shelf / origin.key)
    return shelf / origin.key


def stale_results(model: Model, versions: Mapping[str, int]) -> list[str]:
    """List the results in a model's folder that belong to another version of the model or of the computation.

    Args:
        model: the model.
        versions: of every kind of computation, by name.

    Returns:
        A sentence each; empty if all can be used.
    """
    return [sentence for _, sentence in _stale(model, versions)]


def drop_stale(model: Model, versions: Mapping[str, int]) -> list[str]:
    """Remove these results, and return their descriptions."""
    found = _stale(model, versions)
    for folder, _ in found:
        shutil.rmtree(folder, ignore_errors=True)
    return [sentence for _, sentence in found]


def _stale(model: Model, versions: Mapping[str, int]) -> list[tuple[Path, str]]:
    shelf = model.path / FOLDER
    stale = []
    for folder in sorted(shelf.iterdir()) if shelf.is_dir() else ():
        if problem := _problem(folder, model, versions):
            stale.append((folder, problem))
    return stale


def _problem(folder: Path, model: Model, versions: Mapping[str, int]) -> str:
    result = read_result(folder)
    if result is None or not result.index.get("done"):
        return f"{folder.name} is no result."
    kind = str(result.index["kind"])
    what = f"{kind} {result.params}"
    if result.index["version"] != versions.get(kind):
        return f"{what} is of version {result.index['version']}, now {versions.get(kind)}."
    if result.index["model"] != list(model_parts(model)):
        return f"{what} is of another generator, scorer or bank."
    if Origin(kind, versions[kind], model_parts(model), result.params).key != folder.name:
        return f"{what} lies under another name than its own."
    return "" if result.whole() else f"{what} is damaged."


def narrowed(array: np.ndarray) -> np.ndarray:
    """Return numbers as float16; a number that it cannot hold is an error, not an infinity."""
    with np.errstate(over="ignore"):
        small = np.asarray(array).astype(np.float16)
    if not np.array_equal(np.isfinite(small), np.isfinite(array)):
        raise ValueError(f"Expected numbers of at most {np.finfo(np.float16).max:g}. Received: larger ones.")
    return small


def _is_of(result: Result, kind: str, version: int, model: Model) -> bool:
    index = result.index
    return (index["kind"], index["version"], index["model"]) == (kind, version, list(model_parts(model)))


def _without(params: Mapping[str, object], loose: tuple[str, ...]) -> dict[str, object]:
    return {name: value for name, value in params.items() if name not in loose}

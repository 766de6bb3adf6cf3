"""From the catalogue to a model folder: its files are fetched, then imported."""

from __future__ import annotations

import logging
from pathlib import Path

from dashboard.errors import ModelError
from dashboard.synthesis.catalogue import Catalogue
from dashboard.synthesis.fetch import RetryPolicy, Step, Watch, fetch_file
from dashboard.synthesis.installed_models import remove_model
from dashboard.synthesis.model_folder import open_model

log = logging.getLogger(__name__)


def fetch_model(
    name: str,
    catalogue: Catalogue,
    models: Path,
    downloads: Path,
    watch: Watch,
    retry_policy: RetryPolicy | None = None,
) -> Path:
    """Fetch a model of the catalogue and make it a model folder.

    Args:
        name: its name in the catalogue, which it keeps.
        catalogue: the catalogue.
        models: the folder for model folders.
        downloads: folder of partial files; imported files are deleted there.
        watch: receives the progress over all files, and may cancel.
        retry_policy: time-outs and retries; None for the defaults.

    Returns:
        The model's folder. An existing valid one is unchanged; a damaged one is replaced.

    Raises:
        FetchError: a file cannot be fetched.
        FetchCancelled: `watch` cancelled.
        ModelError: the fetched files are invalid.
        OSError: the disk is full or not writable.
    """
    entry = catalogue.model(name)
    folder = models / name
    if folder.exists():
        try:
            open_model(folder)
            return folder
        except ModelError as error:
            log.warning("Model %s is fetched again: %s", name, error)
            remove_model(name, models)
    files, before = [], 0
    for wanted in entry.files:
        files.append(fetch_file(wanted, downloads, _PartialProgress(watch, before, entry.bytes), retry_policy))
        before += files[-1].stat().st_size
    watch.importing()
    from dashboard.synthesis.imports import import_model  # not at the top: only who imports needs the reader

    try:
        return import_model(files[0], name, models, files[1] if len(files) > 1 else None, entry.licence)
    finally:
        # Imported or refused: the file is no longer needed.
        for file in files:
            file.unlink(missing_ok=True)


class _PartialProgress(Watch):
    """Progress of one file of several, as progress of all."""

    def __init__(self, outer: Watch, before: int, total: int) -> None:
        self._outer, self._before, self._total = outer, before, total

    def step(self, step: Step) -> None:
        total = self._total or self._before + step.total  # of an unknown total, the files so far
        self._outer.step(Step(self._before + step.done, total, step.note))

    def cancelled(self) -> bool:
        return self._outer.cancelled()

    def wait(self, seconds: float) -> None:
        self._outer.wait(seconds)

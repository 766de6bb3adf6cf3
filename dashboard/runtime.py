"""What one running dashboard holds: its model, the engines that make pictures, the cache, and whether it is ready."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from pathlib import Path
from typing import get_args

import flask
import numpy as np

from dashboard.errors import FaceError, InputError, ModelError
from dashboard.faces.bases import latent_of
from dashboard.faces.cache import Cache
from dashboard.faces.encoding import Format
from dashboard.faces.face import Face, parse
from dashboard.faces.pictures import Pictures
from dashboard.settings import ROOT, Settings, open_home
from dashboard.synthesis.core import Core
from dashboard.synthesis.engine import Precision, numeric_class, open_engine
from dashboard.synthesis.model_folder import Model, open_model

WEIGHTS = ROOT / "weights"
EXTENSION = "likeness"
MAX_BATCH = 8

log = logging.getLogger(__name__)


class Runtime:
    """Everything that is opened once a process. The engines are opened at the first picture, never before a fork.

    Args:
        settings: the table.

    Raises:
        ModelError: the model's folder is not there, or a file of it is missing or altered.
        InputError: the default face is not one of this model.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = open_home(settings.home)
        self.model: Model = open_model(find_model(settings.model, (WEIGHTS, settings.home / "models")))
        try:
            self.default_face: Face = parse(settings.face, self.model.names)
        except FaceError as error:
            raise InputError(f"LIKENESS_FACE: {error}") from error
        caches = self.home / "cache" if self.home else None
        self.cache = Cache(caches / "pictures" if caches else None, settings.cache_mb)
        self.cores = Cores(self.model, settings, caches / "engine" if caches else None)
        self.pictures = Pictures(self.model, self.cores, self.cache)
        self._not_ready = "Expected a first face. Received: none yet. Ask again in a second."

    @property
    def core(self) -> Core:
        """What makes pictures that are only looked at."""
        return self.cores.core(self.settings.precision)

    @property
    def not_ready(self) -> str:
        """Why the first face is not there yet, as a sentence; empty once it is."""
        return self._not_ready

    def warm_up(self) -> None:
        """Make the default face, so that the first visitor does not wait for the engine to load."""
        start = time.perf_counter()
        try:
            picture = self.pictures.picture(self.default_face, "webp")
            if picture.hit:  # the engine must answer too, not only the cache
                self.core.image(latent_of(self.default_face, self.model).astype(np.float32))
        except Exception as error:  # a thread of its own: whatever it is must show in /readyz, not vanish
            self._not_ready = f"Expected a first face. Received: {error} Look into the log."
            log.exception("The first face could not be made.")
            return
        self._not_ready = ""
        log.info(
            "First face of model %s by %s in %.2f s.",
            self.model.name,
            self.cores.numeric("webp"),
            time.perf_counter() - start,
        )

    def start_warm_up(self) -> threading.Thread:
        """`warm_up` in a thread of its own."""
        thread = threading.Thread(target=self.warm_up, name="warm-up", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """Stop the engines' threads and close the cache."""
        self.cores.close()
        self.cache.close()


class Cores:
    """The engines of one model, each opened at the first picture that needs it.

    Args:
        model: the model.
        settings: which engine, and how exactly it computes what is only looked at.
        blobs: folder that engines may keep compiled networks in, or None.
    """

    def __init__(self, model: Model, settings: Settings, blobs: Path | None) -> None:
        self._looked_at: Precision = settings.precision
        self._numeric = {precision: numeric_class(settings.engine, precision) for precision in get_args(Precision)}
        # Where the processor has no faster numbers, one core does for both.
        self._cores: dict[str, Core] = {}
        for precision, numeric in self._numeric.items():
            engine = partial(open_engine, model, settings.engine, precision, settings.threads or None, blobs)
            self._cores.setdefault(numeric, Core(engine, max_batch=MAX_BATCH, max_queue=settings.queue))

    def numeric(self, form: Format) -> str:
        """The numeric class that pictures of a format are computed in."""
        return self._numeric[self._precision(form)]

    def image(self, latent: np.ndarray, form: Format, urgent: bool = True) -> np.ndarray:
        """The picture of one latent: (L,) float32 to (H, H, C) uint8."""
        return self.core(self._precision(form)).image(latent, urgent=urgent)

    def core(self, precision: Precision) -> Core:
        """The core of a precision."""
        return self._cores[self._numeric[precision]]

    def close(self) -> None:
        """Stop their threads."""
        for core in self._cores.values():
            core.close()

    def _precision(self, form: Format) -> Precision:
        # What is exported without loss is computed in full precision.
        return "exact" if form == "png" else self._looked_at


def find_model(wanted: str, shelves: tuple[Path, ...]) -> Path:
    """The folder of a model.

    Args:
        wanted: a folder, or the name of one on a shelf; empty for the first of the first shelf that has any.
        shelves: folders of model folders.

    Returns:
        The folder; it holds a model.json.

    Raises:
        ModelError: there is no such folder.
    """
    found = [
        folder
        for shelf in shelves
        if shelf.is_dir()
        for folder in sorted(shelf.iterdir())
        if (folder / "model.json").is_file()
    ]
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


def current_runtime() -> Runtime:
    """The runtime of the application that answers this request."""
    return flask.current_app.extensions[EXTENSION]

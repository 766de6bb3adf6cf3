"""The runtime of a dashboard: its models and their engines, the cache, and whether it is ready."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import flask

from dashboard.analysis.lazy_scipy import scipy_part
from dashboard.errors import FaceError, InputError, LikenessError, ModelError, NotFound
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.drawing import drawing_of
from dashboard.faces.face import Face, parse
from dashboard.faces.pictures import Pictures
from dashboard.faces.single_flight import SingleFlight
from dashboard.serving.downloads import Fetches
from dashboard.serving.open_model import OpenModel
from dashboard.serving.shared_downloads import SharedFetches
from dashboard.serving.shared_stores import caches_of, open_stores
from dashboard.settings import WEIGHTS, Settings, open_home
from dashboard.stores.durable import has_room, set_reserve
from dashboard.stores.process_files import end_process, is_alone
from dashboard.synthesis.catalogue import Acceptances, read_catalogue
from dashboard.synthesis.core import Core
from dashboard.synthesis.installed_models import empty_trash, find_model, model_folders
from dashboard.synthesis.model import ExtraDirections
from dashboard.synthesis.model_folder import Model

CATALOGUE = WEIGHTS / "catalogue.toml"
SERVERS = "servers"
DOWNLOADS, UPLOAD, ACCEPTED = "downloads", "upload-", "accepted-licences.json"
"""Names in LIKENESS_HOME: the folder of downloads, the prefix of uploads, and the accepted licences."""

EXTENSION = "likeness"

log = logging.getLogger(__name__)


class Runtime:
    """The state of one process. Engines are opened on the first picture, never before a fork.

    The default model is opened at the start and stays open. Others are opened on request; of these the
    `LIKENESS_OPEN_MODELS` used last stay open.

    Args:
        settings: the table.
        extra_directions: looks up extra directions and stored latents.

    Raises:
        ModelError: the default model's folder is missing, or one of its files is missing or altered.
        InputError: the default face is not one of this model.
    """

    def __init__(self, settings: Settings, extra_directions: ExtraDirections | None = None) -> None:
        self.settings = settings
        self.extra_directions = extra_directions
        self.home = open_home(settings.home)
        self.own_shelf = settings.home / "models"
        self.shelves = (WEIGHTS, self.own_shelf)
        caches = caches_of(settings, self.home)
        self.blobs = caches / "engine" if caches else None
        set_reserve(settings.reserve_mb)
        self._sweep()
        self.stores = open_stores(settings, self.home)
        self.results, self.cache = self.stores.results, self.stores.pictures
        self.quotas, self.records = self.stores.quotas, self.stores.records
        self.default = self._read(find_model(settings.model, self.shelves))
        try:
            if settings.face:
                parse(settings.face, DirectionNames(self.model))
        except FaceError as error:
            raise InputError(f"LIKENESS_FACE: {error}") from error
        self._others: OrderedDict[str, OpenModel] = OrderedDict()
        self._closers: list[Callable[[], None]] = []
        self.catalogue = read_catalogue(CATALOGUE)
        self.acceptances = Acceptances(settings.home / ACCEPTED)
        fetches = SharedFetches if settings.processes > 1 else Fetches
        self.fetches = fetches(self.own_shelf, settings.home / DOWNLOADS)
        self._lock = threading.Lock()
        self._openings: SingleFlight[OpenModel] = SingleFlight()
        self._not_ready = "Expected a first face. Received: none yet. Ask again in a second."
        self.warmed_up = threading.Event()
        """Set once the first face has been made, or has failed."""

    def _sweep(self) -> None:
        """Delete models removed long ago, and unfinished uploads unless another server uses the folder."""
        if self.home is None:
            return
        try:
            empty_trash(self.own_shelf)
            if not is_alone(self.home / SERVERS):
                return
            for left in (self.home / DOWNLOADS).glob(f"{UPLOAD}*"):
                left.unlink(missing_ok=True)
        except OSError as error:
            log.warning("LIKENESS_HOME %s cannot be cleaned up (%s).", self.home, error.strerror)

    @property
    def degraded(self) -> list[str]:
        """What does not work, in sentences; empty if everything works."""
        reasons = []
        if self.home is None or not (self.home.is_dir() and os.access(self.home, os.W_OK)):
            reasons.append("Nothing can be kept: LIKENESS_HOME is not there, or cannot be written to.")
        elif not has_room(self.home, 0):
            reasons.append("The disk has less room than its reserve: nothing new is cached or computed for keeping.")
        if self.settings.cache_mb and not self.cache.in_use:
            reasons.append("The picture cache is not in use: every picture is made again. See the log.")
        return reasons + [problem for find_problem in self.stores.problems if (problem := find_problem())]

    @property
    def model(self) -> Model:
        """The default model."""
        return self.default.model

    @property
    def pictures(self) -> Pictures:
        """Pictures of the default model."""
        return self.default.pictures

    @property
    def default_face(self) -> Face:
        """The face of a first visit."""
        return self.default.default_face

    @property
    def core(self) -> Core:
        """The core that makes pictures of the default model for pages."""
        return self.default.cores.core(self.settings.precision)

    def open_model(self, name: object = None) -> OpenModel:
        """Return a model by its name, opened if necessary.

        Args:
            name: any value from a request; None for the default model.

        Returns:
            The open model. Keep it for one request only: it may be closed afterwards.

        Raises:
            NotFound: no model of that name is installed, or one of its files is missing or altered.
        """
        if name is None or name == self.model.name:
            return self.default
        wanted = str(name)
        with self._lock:
            kept = self._others.get(wanted)
            if kept is not None:
                self._others.move_to_end(wanted)
        if kept is not None and kept.unchanged:
            return kept
        return self._openings.do(wanted, lambda: self._open(wanted))

    def open_model_or_default(self, name: object = None) -> tuple[OpenModel, LikenessError | None]:
        """Return a model by its name for a page, with the default model as fallback.

        Args:
            name: as for `open_model`.

        Returns:
            The open model and None; or the default model and the reason.
        """
        try:
            return self.open_model(name), None
        except LikenessError as error:
            return self.default, error

    @property
    def waiting(self) -> int:
        """Number of faces, of all open models, that no engine has started yet."""
        with self._lock:
            loaded = [self.default, *self._others.values()]
        return sum(each.cores.waiting for each in loaded)

    def names(self) -> list[str]:
        """Return the names of the models that can be opened, the default one first."""
        others = [folder.name for folder in model_folders(self.shelves)]
        return list(dict.fromkeys([self.model.name, *others]))

    def close_model(self, name: str) -> None:
        """Close an open model, e.g. before its removal; the default one stays open."""
        with self._lock:
            closing = self._others.pop(name, None)
        if closing is not None:
            closing.close()

    def warm_up(self) -> None:
        """Make the default face, so that the first visitor does not wait for the engine to load."""
        start = time.perf_counter()
        try:
            picture = self.pictures.picture(self.default_face, "webp")
            if picture.hit:  # the engine must answer too, not only the cache
                drawing = drawing_of(self.default_face, self.model)
                self.core.image(drawing.latent, options=drawing.options)
        except Exception as error:  # in a separate thread: any error must be shown in /readyz, not lost
            self._not_ready = f"Expected a first face. Received: {error} See the log."
            log.exception("The first face could not be made.")
            return
        self._not_ready = ""
        log.info(
            "First face of model %s by %s in %.2f s.",
            self.model.name,
            self.default.cores.numeric("webp"),
            time.perf_counter() - start,
        )

    def prepare_latent_space(self) -> None:
        """Compute what the Latent space page opens with, while nobody waits for it."""
        from dashboard.spaces.projections import prepare_projection

        try:
            prepare_projection(self.model)
        except Exception:  # in a separate thread; the page computes it when it is opened, and shows the error
            log.exception("The components of model %s could not be computed in advance.", self.model.name)

    @property
    def not_ready(self) -> str:
        """Why the first face is not ready, as a sentence; empty once it is."""
        return self._not_ready

    def start_warm_up(self) -> threading.Thread:
        """Start `warm_up` in a separate thread, which then prepares what first visitors of other pages need.

        A kiosk has no other pages. `warmed_up` is set before that preparation, for which nobody has to wait.
        """

        def run() -> None:
            try:
                self.warm_up()
            finally:
                self.warmed_up.set()
            if self.settings.kiosk:
                return
            if self.model.has_scorer:
                scipy_part("special")
            self.prepare_latent_space()

        thread = threading.Thread(target=run, name="warm-up", daemon=True)
        thread.start()
        return thread

    def before_closing(self, closes: Callable[[], None]) -> None:
        """Register a function to call when the runtime is closed, before its parts are."""
        self._closers.append(closes)

    def close(self) -> None:
        """Cancel downloads, stop the engines' threads and close the cache."""
        for closes in self._closers:
            closes()
        self.results.close()
        self.fetches.close()
        if self.home is not None:
            end_process(self.home / SERVERS)
        with self._lock:
            others, self._others = list(self._others.values()), OrderedDict()
        for loaded in (self.default, *others):
            loaded.close()
        self.cache.close()
        for closes in self.stores.closers:
            closes()

    def _read(self, folder: Path) -> OpenModel:
        return OpenModel.open(folder, self.settings, self.cache, self.blobs, self.results.folder, self.extra_directions)

    def _open(self, name: str) -> OpenModel:
        with self._lock:
            kept = self._others.get(name)
        if kept is not None and kept.unchanged:
            return kept  # opened by another thread in the meantime
        self.close_model(name)
        folder = next((folder for folder in model_folders(self.shelves) if folder.name == name), None)
        if folder is None:
            raise NotFound(
                f"Expected a model that is here ({', '.join(self.names())}). Received: {_shown(name)}. "
                "Choose one of these, or fetch it on the Models page."
            )
        try:
            loaded = self._read(folder)
        except ModelError as error:
            raise NotFound(str(error)) from error  # unusable: treated as missing
        with self._lock:
            self._others[name] = loaded
            too_many = len(self._others) - self.settings.open_models
            leaving = [self._others.popitem(last=False)[1] for _ in range(too_many)]
        for least_used in leaving:
            least_used.retire()  # a request may be waiting for its picture
        return loaded


def current_runtime() -> Runtime:
    """Return the runtime of the application that answers this request."""
    return flask.current_app.extensions[EXTENSION]


def _shown(text: str) -> str:
    """Return received text in a form to quote in a message: printable and short."""
    kept = "".join(character if character.isprintable() else "?" for character in text[:60])
    return (kept or "nothing") + ("..." if len(text) > 60 else "")

"""An open model: the verified folder, the engines that make its pictures, and the pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import get_args

import numpy as np

from dashboard.errors import FaceError, NotFound
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.encoding import Format
from dashboard.faces.face import Face, Seed, parse
from dashboard.faces.pictures import Pictures
from dashboard.settings import Settings
from dashboard.stores.ports import PictureStore
from dashboard.synthesis.core import Core
from dashboard.synthesis.engine import Engine, Precision
from dashboard.synthesis.installed_models import signature
from dashboard.synthesis.model import ExtraDirections
from dashboard.synthesis.model_folder import Model, open_model
from dashboard.synthesis.open_engine import numeric_class, open_engine
from dashboard.synthesis.preview import preview_block
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

MAX_BATCH = 8
FIRST_SEED = 23
"""Seed of a first visit's face if neither the settings nor the model name one."""


@dataclass(frozen=True, eq=False)
class OpenModel:
    """A model with its engines and pictures. Engines are opened on the first picture, never before a fork.

    Args:
        model: the verified folder.
        cores: its engines.
        pictures: its pictures, computed by the engines and cached.
        default_face: the face of a first visit to this model.
        read_from: the signature of its files when they were read.
    """

    model: Model
    cores: Cores
    pictures: Pictures
    default_face: Face
    read_from: tuple

    @classmethod
    def open(
        cls,
        folder: Path,
        settings: Settings,
        cache: PictureStore,
        blobs: Path | None,
        computed: Path | None = None,
        extra_directions: ExtraDirections | None = None,
    ) -> OpenModel:
        """Read and verify a model folder, and prepare its engines and pictures.

        Args:
            folder: the folder.
            settings: the table.
            cache: cache of its pictures.
            blobs: folder for the engines' compiled networks, or None.
            computed: folder of the jobs' results, or None.
            extra_directions: looks up extra directions and stored latents.

        Returns:
            The open model; no engine has been loaded.

        Raises:
            ModelError: a file is missing or altered.
            NotFound: the folder has been removed.
        """
        read_from = signature(folder)
        model = replace(open_model(folder), computed=computed, extra_directions=extra_directions)
        cores = Cores(model, settings, blobs, read_from)
        return cls(model, cores, Pictures(model, cores, cache), first_face(settings.face, model), read_from)

    @property
    def unchanged(self) -> bool:
        """Whether the files are still those that were read."""
        try:
            return signature(self.model.path) == self.read_from
        except NotFound:
            return False

    def retire(self) -> None:
        """Release the engines when no request waits for them; requests that still use the model are served."""
        self.cores.retire()

    def close(self) -> None:
        """Stop its engines' threads."""
        self.cores.close()


class Cores:
    """The engines of one model, each opened at the first picture that needs it.

    Args:
        model: the model.
        settings: the engine, and its precision for display.
        blobs: folder for the engines' compiled networks, or None.
        read_from: the signature of the model's files; an engine reads them again and must not read changed ones.
    """

    def __init__(self, model: Model, settings: Settings, blobs: Path | None, read_from: tuple) -> None:
        self._model, self._prepared = model, False
        self._looked_at: Precision = settings.precision
        self._numeric = {precision: numeric_class(settings.engine, precision) for precision in get_args(Precision)}
        # If the processor has no faster number type, one core serves both.
        self._cores: dict[str, Core] = {}
        for precision, numeric in self._numeric.items():
            engine = partial(open_engine, model, settings.engine, precision, settings.threads or None, blobs)
            opening = partial(_open_unchanged, engine, model, read_from)
            self._cores.setdefault(numeric, Core(opening, max_batch=MAX_BATCH, max_queue=settings.queue))

    def numeric(self, form: Format) -> str:
        """Return the numeric class that pictures of a format are computed in."""
        return self._numeric[self._precision(form)]

    def image(
        self, latent: np.ndarray, form: Format, urgent: bool = True, options: DrawingOptions = PLAIN
    ) -> np.ndarray:
        """Return the picture of one latent: (L,) float32 to (H, H, C) uint8."""
        core = self.core(self._precision(form))
        picture = core.image(latent, urgent=urgent, options=options)
        if self.previews and form == "webp" and not self._prepared:
            self._prepared = True
            spare = np.zeros(self._model.config.latent_size, np.float32)
            core.prepare(spare, ("preview",))  # compile its network before a drag needs it
        return picture

    @property
    def previews(self) -> bool:
        """Whether pictures have previews: for large networks with a slow engine."""
        return preview_block(self._model.config) is not None and self.numeric("webp").startswith("openvino")

    def preview(self, latent: np.ndarray, urgent: bool = True, options: DrawingOptions = PLAIN) -> np.ndarray:
        """Return a preview of one latent's picture: (L,) float32 to (128, 128, C) uint8, or the whole picture."""
        return self.core(self._looked_at).preview(latent, urgent, options)

    def scores(self, latent: np.ndarray, options: DrawingOptions = PLAIN) -> np.ndarray:
        """Score the picture of one latent on a page; requests for pictures take precedence."""
        return self.core(self._looked_at).compute(latent, ("scores",), options=options)["scores"]

    def features(self, latent: np.ndarray, options: DrawingOptions = PLAIN) -> np.ndarray:
        """Return the activations of the scorer's last layer for that picture; requests for pictures take precedence."""
        return self.core(self._looked_at).compute(latent, ("features",), options=options)["features"]

    def core(self, precision: Precision) -> Core:
        """Return the core of a precision."""
        return self._cores[self._numeric[precision]]

    @property
    def waiting(self) -> int:
        """Number of faces that no engine has started yet."""
        return sum(core.waiting for core in self._cores.values())

    def retire(self) -> None:
        """Release the engines when no request waits."""
        for core in self._cores.values():
            core.retire()

    def close(self) -> None:
        """Stop their threads."""
        for core in self._cores.values():
            core.close()

    def _precision(self, form: Format) -> Precision:
        # Lossless exports are computed in full precision.
        return "exact" if form == "png" else self._looked_at


def first_face(wanted: str, model: Model) -> Face:
    """Return the face of a first visit to a model.

    Args:
        wanted: the face string of the settings, meant for the default model; may be empty.
        model: the model.

    Returns:
        That face; without one, or if it does not exist on this model, the face of the seed that the model names.
    """
    try:
        if wanted:
            return parse(wanted, DirectionNames(model))
    except FaceError:
        pass
    return Face(Seed(first_seed(model)))


def first_seed(model: Model) -> int:
    """Return the seed of the face that a first visit to a model shows."""
    return FIRST_SEED if model.first_seed is None else model.first_seed


def _open_unchanged(engine: partial[Engine], model: Model, read_from: tuple) -> Engine:
    if signature(model.path) != read_from:
        raise NotFound(
            f'Expected the files of model "{model.name}" as they were when it was opened. Received: others. '
            "Open the page again for the model as it is now."
        )
    return engine()

"""Pictures of faces: computed once, kept on disk."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from prometheus_client import Counter

from dashboard.errors import Busy
from dashboard.faces import encoding, scores
from dashboard.faces.drawing import drawing_of
from dashboard.faces.encoding import Format
from dashboard.faces.expected import ticks
from dashboard.faces.face import Face
from dashboard.faces.scores import BankScale
from dashboard.faces.single_flight import SingleFlight
from dashboard.faces.style_mix import Drawable
from dashboard.stores.picture_cache import Entry
from dashboard.stores.ports import PictureStore
from dashboard.synthesis.curves import Curves
from dashboard.synthesis.model_folder import Model
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

PICTURES = Counter("likeness_pictures_total", "Pictures asked for: found, made, or refused.", ("outcome",))


class Painter(Protocol):
    """Interface of a renderer of latents."""

    def numeric(self, form: Format) -> str:
        """Return the numeric type in which pictures of this format are computed: two types may differ slightly."""
        ...

    def image(
        self, latent: np.ndarray, form: Format, urgent: bool = True, options: DrawingOptions = PLAIN
    ) -> np.ndarray:
        """Return the picture of one latent: (L,) float32 to (H, H, C) uint8."""
        ...

    @property
    def previews(self) -> bool:
        """Whether it has previews: small pictures at lower cost."""
        ...

    def preview(self, latent: np.ndarray, urgent: bool = True, options: DrawingOptions = PLAIN) -> np.ndarray:
        """Return a preview of one latent's picture: (L,) float32 to (128, 128, C) uint8, or the whole picture."""
        ...

    def scores(self, latent: np.ndarray, options: DrawingOptions = PLAIN) -> np.ndarray:
        """Score the picture of one latent: (S,) float32."""
        ...


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture and its source.

    Args:
        entry: the bytes and their digest.
        milliseconds: time to compute the pixels; 0 if cached.
        hit: whether it came from the cache.
    """

    entry: Entry
    milliseconds: float
    hit: bool


class Pictures:
    """The pictures of one model: computed on demand and cached.

    Args:
        model: the model.
        painter: computes the pixels; not called for cached pictures.
        cache: cache of the pictures.
    """

    def __init__(self, model: Model, painter: Painter, cache: PictureStore) -> None:
        self.model = model
        self._painter = painter
        self._cache = cache
        self._flights: SingleFlight[Picture] = SingleFlight()
        self._scale: BankScale | None = None
        self._curves: Curves | None = None

    def picture(self, face: Drawable, form: Format, size: int | None = None, urgent: bool = True) -> Picture:
        """Return the picture of a face or a style mix.

        Args:
            face: the face or the mix; its names are the model's.
            form: "webp" or "png".
            size: edge in pixels; None for the model's own.
            urgent: whether a page is waiting for it.

        Returns:
            The picture, from the cache if available.

        Raises:
            FaceError: the face names something that the model does not have.
            PinError: the pins contradict one another.
            Busy: the queue is full.
            EngineError: the engine failed.
        """
        edge = size or self.model.config.resolution
        key = self._key(face, form, edge)
        # Look up inside the single flight: a later call finds the entry stored by the one before it.
        try:
            picture = self._flights.do(key, lambda: self._find_or_make(key, face, form, edge, urgent))
        except Busy:
            PICTURES.labels("refused").inc()
            raise
        PICTURES.labels("hit" if picture.hit else "made").inc()
        return picture

    @property
    def previews(self) -> bool:
        """Whether these pictures have previews."""
        return self._painter.previews

    def preview(self, face: Drawable, urgent: bool = True) -> Picture:
        """Return a small picture for drags; the full one if it is cached, or if there is no smaller one.

        Args:
            face: the face or a style mix; its names are the model's.
            urgent: as for :meth:`picture`.

        Returns:
            The picture as WebP, not cached.

        Raises:
            FaceError, PinError, Busy, EngineError: as for :meth:`picture`.
        """
        if not self.previews:
            return self.picture(face, "webp", urgent=urgent)
        whole = self._key(face, "webp", self.model.config.resolution)
        return self._flights.do(f"{whole}/preview", lambda: self._find_or_preview(whole, face, urgent))

    def _find_or_preview(self, whole: str, face: Drawable, urgent: bool) -> Picture:
        if (kept := self._cache.get(whole)) is not None:
            return Picture(kept, 0.0, True)
        drawing = drawing_of(face, self.model)
        start = time.perf_counter()
        pixels = self._painter.preview(drawing.latent, urgent, drawing.options)
        milliseconds = (time.perf_counter() - start) * 1000
        entry = Entry.of(encoding.encode(pixels, "webp"))
        if len(pixels) == self.model.config.resolution:
            self._cache.put(whole, entry)
        return Picture(entry, milliseconds, False)

    def scores(self, face: Face) -> Picture:
        """Score the picture of a face: JSON `{face, scores, ticks}`, scores in bank deviations.

        Args:
            face: the face; its names are the model's.

        Returns:
            The scores, from the cache if available.

        Raises:
            NotFound: the model has no scorer or no bank.
            FaceError, PinError, Busy, EngineError: as for :meth:`picture`.
        """
        scale = self._scale = self._scale or BankScale(self.model)
        files = self.model.files
        parts = (files["scorer.safetensors"], files["bank.safetensors"], files.get("curves.safetensors", ""))
        judge = "/".join(parts)
        key = f"{self._painter.numeric('webp')}/{self.model.digest}/{face}/scores/{judge}/{scores.VERSION}"
        return self._flights.do(key, lambda: self._find_or_read(key, face, scale))

    def _key(self, face: Drawable, form: Format, edge: int) -> str:
        return f"{self._painter.numeric(form)}/{self.model.digest}/{face}/{edge}/{form}/{encoding.VERSION}"

    def _find_or_read(self, key: str, face: Face, scale: BankScale) -> Picture:
        if (kept := self._cache.get(key)) is not None:
            return Picture(kept, 0.0, True)
        drawing = drawing_of(face, self.model)
        start = time.perf_counter()
        read = self._painter.scores(drawing.latent, drawing.options)
        milliseconds = (time.perf_counter() - start) * 1000
        if self._curves is None and self.model.has_curves:
            self._curves = self.model.curves()
        placed = ticks(face, self.model, self._curves, scale.raw(read)) if self._curves else None
        entry = Entry.of(scores.written(str(face), scale.standard(read), placed))
        self._cache.put(key, entry)
        return Picture(entry, milliseconds, False)

    def _find_or_make(self, key: str, face: Drawable, form: Format, edge: int, urgent: bool) -> Picture:
        if (kept := self._cache.get(key)) is not None:
            return Picture(kept, 0.0, True)
        drawing = drawing_of(face, self.model)
        start = time.perf_counter()
        pixels = self._painter.image(drawing.latent, form, urgent, drawing.options)
        milliseconds = (time.perf_counter() - start) * 1000
        entry = Entry.of(encoding.encode(encoding.resize(pixels, edge), form))
        self._cache.put(key, entry)
        return Picture(entry, milliseconds, False)

"""The Python API for scripts and notebooks: `from dashboard import load_model`. See docs/api.ipynb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.pins import apply_pins, coordinates, on_sphere
from dashboard.errors import InputError
from dashboard.faces.attribute_layers import apply_layered_pins, layer_weights, require_layers
from dashboard.faces.bases import base_latent
from dashboard.faces.direction_names import DirectionNames, columns_of
from dashboard.faces.face import Face, Seed, parse_base
from dashboard.library.file_directions import directions_in
from dashboard.library.label_files import Labels, read_labels
from dashboard.library.latent_files import read_latent_file
from dashboard.library.score_files import FileScores, read_scores
from dashboard.settings import WEIGHTS, load_settings
from dashboard.stores.secret import read_secret
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.engine import Engine, EngineKind, latent_shape
from dashboard.synthesis.installed_models import find_model
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.style_channels import style_sizes
from dashboard.synthesis.stylegan.feeds import Feeds
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

BATCH = 8
"""Default batch size."""


class LoadedModel:
    """A model with its engine, which is opened on first use.

    Args:
        model: a verified model folder.
        engine: "openvino", "tensorflow" or "auto".
        threads: number of compute threads; None for one per core.
    """

    def __init__(self, model: Model, engine: EngineKind = "auto", threads: int | None = None) -> None:
        self.model = model
        self._kind: EngineKind = engine
        self._threads = threads
        self._engine: Engine | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the attributes that have a direction."""
        return self.model.names

    @property
    def latent_size(self) -> int:
        """L, the length of a latent."""
        return self.model.config.latent_size

    @property
    def engine(self) -> Engine:
        """The engine, in float32."""
        if self._engine is None:
            self._engine = open_engine(self.model, self._kind, "exact", self._threads)
        return self._engine

    def latents(self, bases: Sequence[int | str | Seed], pins: Mapping[str, float] | None = None) -> NDArray:
        """Return the latents of some seeds.

        Args:
            bases: seeds: 4217, or "1000.83" for row 83 of seed 1000.
            pins: coordinates to hold, in standard deviations, by attribute; for a model whose directions live in z.

        Returns:
            (N, L) float64; on the sphere |z|^2 = L where the model normalises its latents.

        Raises:
            FaceError: a seed or an attribute is invalid, or a value is out of range.
            PinError: the pins contradict one another or are infeasible.
        """
        seeds = _seeds(bases)
        config = self.model.config
        found = [base_latent(seed, config.latent_size, normalised=config.normalize_latents) for seed in seeds]
        return self.pinned(np.stack(found), pins) if found else np.empty((0, config.latent_size))

    def pinned(self, latents: ArrayLike, pins: Mapping[str, float] | None = None) -> NDArray:
        """Return the nearest latents that have some coordinates.

        Args:
            latents: (N, L).
            pins: as for `latents`.

        Returns:
            (N, L) float64; on the sphere where the model normalises its latents.

        Raises:
            InputError: latents of another shape, or not finite.
            FaceError, PinError: as `latents`.
        """
        if pins and self.model.w is not None:
            raise InputError(
                f"Expected pins of a model whose directions live in z. Received: {self.name}, whose live in w. Use w()."
            )
        z = self._checked(latents)
        if self.model.config.normalize_latents:
            z = on_sphere(z)
        names, values, columns = self._pins(pins or {})
        normalised = self.model.config.normalize_latents
        return np.stack([apply_pins(row, columns, values, normalised, names) for row in z]) if len(names) else z

    def w(
        self, latents: ArrayLike, pins: Mapping[str, float] | None = None, label: int | None = None
    ) -> NDArray[np.float64]:
        """Return the nearest w, before truncation, that have some coordinates, for a model whose directions live in w.

        Args:
            latents: (N, L) of z, as returned by `latents`.
            pins: coordinates to hold, in standard deviations over random faces, by attribute.
            label: the class of the faces; None without one.

        Returns:
            (N, w), for `faces` with `DrawingOptions(space="w")`.

        Raises:
            InputError: directions live in z, or latents of another shape.
            FaceError, PinError: as `latents`.
        """
        space = self.model.w
        if space is None:
            raise InputError(f"Expected a model whose directions live in w. Received: {self.name}. Use pinned().")
        DrawingOptions(label=label).check(self.model.config)
        points = space.of_latents(self._checked(latents), label)
        names, values, columns = self._pins(pins or {})
        return space.w_of([apply_pins(row, columns, values, False, names) for row in points])

    def w_rows(
        self,
        latents: ArrayLike,
        pins: Mapping[str, float],
        layers: Mapping[str, str],
        options: DrawingOptions = PLAIN,
    ) -> NDArray[np.float32]:
        """Return the nearest rows of w that have some coordinates, each attribute in its range of layers.

        Args:
            latents: (N, L) of z, as returned by `latents`.
            pins: coordinates to hold, in standard deviations over random faces, by attribute.
            layers: ranges of layers of pinned attributes, such as {"Smiling": "coarse"} or {"Smiling": "0-3"}; the
                other attributes act on all layers.
            options: label and truncation of the faces.

        Returns:
            (N, rows, w) truncated, for `faces` with `DrawingOptions(space="w+")`.

        Raises:
            InputError: latents of another shape, or a range of an attribute without a pin.
            FaceError: directions live in z, or the network has no such layers; else as `latents`.
        """
        face = Face(Seed(0), tuple(pins.items()), layers=tuple(layers.items()))
        names, values, columns = self._pins(pins)
        unpinned = next((name for name in layers if name not in pins), None)
        if unpinned is not None:
            raise InputError(
                f"Expected layers of a pinned attribute. Received: {unpinned[:64]}, without a pin. Pin it."
            )
        require_layers(face.layers, self.model)
        if self.model.w is None:
            raise InputError(f"Expected a model whose directions live in w. Received: {self.name}. Use pinned().")
        options.check(self.model.config)
        weights = layer_weights(names, face.layers, self.model.layers)
        points = self.model.points(self._checked(latents), options.label)
        rows = [apply_layered_pins(point, columns, values, weights, names) for point in points]
        drawn = [self.model.drawn_rows(each, options)[0] for each in rows]
        return np.stack(drawn) if drawn else np.empty((0, self.model.layers, self.model.size), np.float32)

    def coordinates(self, latents: ArrayLike) -> NDArray:
        """Return the coordinates of latents z (N, L) on every attribute, in standard deviations: (N, F) float64."""
        return coordinates(self.model.points(self._checked(latents)), self.model.directions)

    def read_latents(self, file: str | Path) -> NDArray[np.float32]:
        """Return the latents of a file: NPY, NPZ, safetensors, or a table as text (docs/guide/bring-your-own.md).

        Args:
            file: the file; no code in it is run.

        Returns:
            (N, L) float32 as in the file, without rows that are not finite.

        Raises:
            InputError: the file has another format; the message says which, and what to do.
        """
        return np.concatenate(list(read_latent_file(Path(file), self.latent_size, zeros=True).blocks()))

    def read_directions(self, file: str | Path, space: str = "") -> dict[str, NDArray[np.float64]]:
        """Return directions of a file by title, as long as the file has them; raises as `read_latents`.

        Args:
            file: the file; no code in it is run.
            space: "z", "w" or "s"; empty to go by the file, and else by where the model's directions live.

        Returns:
            (L,) each, or (w,), or, of style channels, (all styles,).
        """
        _, found = directions_in(Path(file), self.model, Path(file).name, space)
        return {each.title: each.vector for each in found}

    def read_labels(self, file: str | Path, labels: str | None = None, one: str | None = None) -> Labels:
        """Return the labels of a file: `labels` names the column or array, `one` the value that is 1; raises as
        `read_latents`.
        """
        return read_labels(Path(file), self.latent_size, labels, one)

    def faces(
        self,
        latents: ArrayLike,
        labels: ArrayLike | None = None,
        batch: int = BATCH,
        options: DrawingOptions = PLAIN,
    ) -> NDArray[np.float32]:
        """Return the pictures of latents.

        Args:
            latents: (N, L).
            labels: (N, label_size) for a network that takes labels; zeros where None.
            batch: faces computed at a time.
            options: truncation, noise, shift and turn, and the space of `latents`, as far as the network offers them.

        Returns:
            (N, H, W, C) float32 network output: -1 is black and 1 is white; some values are outside. Latents are not
            normalised; `pinned` puts them on the sphere.

        Raises:
            InputError: arrays of another shape, or not finite.
        """
        z = self._checked(latents, latent_shape(self.model.config, options))
        parts = list(self.stream(z, self._checked_labels(labels, len(z)), batch, options))
        config = self.model.config
        shape = (0, config.resolution, config.resolution, config.num_channels)
        return np.concatenate(parts) if parts else np.empty(shape, np.float32)

    def scores(self, latents: ArrayLike, labels: ArrayLike | None = None, batch: int = BATCH) -> NDArray[np.float32]:
        """Score the pictures of latents: (N, S) float32, a logit where an attribute is binary.

        Raises:
            InputError: the model has no scorer, or arrays of another shape.
        """
        scorer = self.model.require_scorer()
        z = self._checked(latents)
        given = self._checked_labels(labels, len(z))
        parts = []
        for first in range(0, len(z), batch):
            some = None if given is None else given[first : first + batch]
            parts.append(self.engine.run(z[first : first + batch], some, ("scores",))["scores"])
        return np.concatenate(parts) if parts else np.empty((0, len(scorer.attributes)), np.float32)

    def read_scores(self, scores: str | Path, manifest: str | Path | None = None) -> FileScores:
        """Return the scores of this model's pictures by another judge, matched to the manifest of `faces --traversals`.

        Args:
            scores: a table, one row per picture.
            manifest: of the pictures; None if the table itself has the manifest's columns.

        Returns:
            The scores by run, base, slider and step; `python -m dashboard scores` keeps them for the pages.

        Raises:
            InputError: the tables do not match; the message says what to do.
        """
        return read_scores([Path(scores)], [] if manifest is None else [Path(manifest)], self.model)

    def styles(
        self,
        latents: ArrayLike,
        labels: ArrayLike | None = None,
        space: Literal["w", "w+", "s"] = "w",
        options: DrawingOptions = PLAIN,
    ) -> NDArray[np.float32]:
        """Compute the inputs of a StyleGAN's layers from latents.

        Args:
            latents, labels, options: as for `faces`.
            space: "w" before truncation, "w+" a row for each layer after it, "s" the styles of all layers, one after
                the other as `style_sizes` counts them.

        Returns:
            (N, w), (N, rows, w) or (N, all styles) float32.

        Raises:
            InputError: the network has no such space, or arrays of another shape.
        """
        config = self.model.config
        if isinstance(config, GeneratorConfig) or space not in config.spaces:
            raise InputError(f"Expected a space of {self.name} ({', '.join(config.spaces)}). Received: {space[:8]}.")
        z = self._checked(latents, latent_shape(config, options)).astype(np.float32)
        given = self._checked_labels(labels, len(z))
        feeds = Feeds(config, self.model.variables())
        if space == "s":
            return np.concatenate(list(feeds.styles(z, given, options).values()), axis=1)
        if space == "w+":
            return feeds.rows(z, given, options)
        if options.space != "z":
            raise InputError(f"Expected latents in z to be turned into w. Received: {options.space}.")
        return feeds.mapped(z, given)

    def style_sizes(self) -> dict[str, int]:
        """Return how many numbers of "s" each layer has, in their order; empty of a network without styles."""
        return style_sizes(self.model.config)

    def stream(
        self,
        latents: NDArray,
        labels: NDArray | None = None,
        batch: int = BATCH,
        options: DrawingOptions = PLAIN,
    ) -> Iterator[NDArray]:
        """Yield the pictures in batches, to bound the memory: (n, H, W, C) float32."""
        for first in range(0, len(latents), batch):
            given = None if labels is None else np.asarray(labels[first : first + batch])
            yield self.engine.run(np.asarray(latents[first : first + batch]), given, options=options)["image"]

    def _checked(self, latents: ArrayLike, shape: tuple[int, ...] | None = None) -> NDArray:
        z, shape = np.asarray(latents, np.float64), (self.latent_size,) if shape is None else shape
        if z.ndim != len(shape) + 1 or z.shape[1:] != shape or not np.isfinite(z).all():
            raise InputError(
                f"Expected latents of shape (N, {', '.join(map(str, shape))}), all finite. Received: shape {z.shape}"
                f"{'' if np.isfinite(z).all() else ' with numbers that are not finite'}."
            )
        return z

    def _checked_labels(self, labels: ArrayLike | None, count: int) -> NDArray | None:
        if labels is None:
            return None
        given, size = np.asarray(labels, np.float32), self.model.config.label_size
        if given.shape != (count, size) or not np.isfinite(given).all():
            raise InputError(f"Expected labels of shape ({count}, {size}), all finite. Received: {given.shape}.")
        return given

    def _pins(self, pins: Mapping[str, float]) -> tuple[list[str], list[float], NDArray]:
        face = Face(Seed(0), tuple(pins.items()))
        lookup = DirectionNames(self.model)
        for name in face.names:
            if name not in lookup:
                names = ", ".join(self.attributes) or "none"
                raise InputError(f"Expected an attribute of {self.name} ({names}). Received: {name[:64]}.")
        return list(face.names), list(face.values), columns_of(self.model, face.names)


def _seeds(bases: Sequence[int | str | Seed]) -> list[Seed]:
    return [base if isinstance(base, Seed) else one_seed(str(base)) for base in bases]


def load_model(name: str | Path = "", engine: EngineKind = "auto", threads: int | None = None) -> LoadedModel:
    """Open a model.

    Args:
        name: of a model in weights/ or LIKENESS_HOME/models, or a model folder; empty for LIKENESS_MODEL, or else the
            first in weights/.
        engine: "openvino", "tensorflow", or "auto": TensorFlow where a GPU is visible to it, else OpenVINO.
        threads: number of compute threads; None for one per core.

    Returns:
        The model.

    Raises:
        ModelError: the model does not exist, or one of its files is missing or altered.
    """
    settings = load_settings()
    return LoadedModel(
        open_model(find_model(str(name) or settings.model, (WEIGHTS, settings.home / "models"))), engine, threads
    )


def installation_secret() -> str:
    """Return the secret of this machine's installation; requests that change things send it as a Bearer token.

    Raises:
        InputError: the secret is missing or cannot be read.
    """
    path = load_settings().secret_path
    if secret := read_secret(path):
        return secret
    raise InputError(f"Expected a secret in {path}. Received: no such file. Start the dashboard once.")


def one_seed(text: str) -> Seed:
    """Return a seed such as 4217 or 1000.83.

    Raises:
        InputError: the text is not a seed.
    """
    base = parse_base(text.strip())
    if not isinstance(base, Seed):
        raise InputError(f"Expected a seed such as 4217 or 1000.83. Received: {text[:64]}.")
    return base

"""Faces as bulk work: pictures of seeds, of latents or of w, as an array or as PNG files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.api import BATCH, LoadedModel
from dashboard.bulk.face_latents import Latents, latents_of, read_label_rows, read_w
from dashboard.bulk.picture_files import write_picture
from dashboard.bulk.plan import BLOCK, ArrayForm, Plan
from dashboard.errors import InputError
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

KIND = "faces"


@dataclass(frozen=True)
class FaceRequest:
    """The request of `faces`.

    Args:
        seeds: as typed, such as 0-63; None for those of a file.
        pins: coordinates to hold, by attribute.
        layers: ranges of layers of pinned attributes, such as coarse; the others act on all layers.
        latents, labels, w: files.
        options: truncation, noise, shift and turn; the space is that of the file of w, or of the pins.
        batch: faces computed at a time.
        dtype: of the array, "float32" or "uint8".
        engine: the engine.
        pictures: folder for PNG files instead of an array.
    """

    seeds: str | None = None
    pins: Mapping[str, float] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)
    latents: str | None = None
    labels: str | None = None
    w: str | None = None
    options: DrawingOptions = PLAIN
    batch: int = BATCH
    dtype: str = "float32"
    engine: str = "auto"
    pictures: str | None = None

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> FaceRequest:
        """Return the request of a plan, from `asdict`; other values are ignored.

        Raises:
            InputError: the values are no request.
        """
        try:
            fields = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
            options = dict(fields.pop("options", {}))
            shift = tuple(options.pop("shift", (0.0, 0.0)))
            return cls(options=DrawingOptions(shift=shift, **options), **fields)
        except (TypeError, ValueError) as error:
            raise InputError(f"Expected a request of faces. Received: {error}.") from error


class FacesWork:
    """Faces in blocks; see :class:`dashboard.bulk.plan.Work`.

    Args:
        loaded: the model.
        request: what is asked for.

    Raises:
        InputError, FaceError, PinError: the request is invalid; nothing has been computed.
    """

    def __init__(self, loaded: LoadedModel, request: FaceRequest) -> None:
        self.loaded, self.request = loaded, request
        config = loaded.model.config
        space: Any = "z"
        self._labels = None
        self._plan: Plan | None = None
        if request.w is not None:
            if request.seeds or request.latents or request.pins or request.layers or request.labels:
                raise InputError(
                    "Expected --w alone. Received: seeds, latents, labels, pins or layers as well. Leave one out."
                )
            rows, space = read_w(Path(request.w), config)
            self.latents = Latents(loaded, rows, {})
        else:
            file = None if request.latents is None else Path(request.latents)
            self.latents = latents_of(loaded, request.seeds, file, request.pins, request.layers, request.options)
            space = self.latents.space
            if space != "z" and request.labels is not None:
                raise InputError(
                    "Expected pins without labels: the directions of this model live in w. Received: both. "
                    "Leave one out."
                )
            labels = None if request.labels is None else Path(request.labels)
            self._labels = read_label_rows(loaded, labels, len(self.latents))
        self._options = replace(request.options, space=space)
        if self.latents.space == "w+":
            self._options = replace(self._options, psi=1.0, cutoff=None)  # the rows are truncated already
        self._options.check(config)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of a picture: height, width, channels."""
        config = self.loaded.model.config
        return config.resolution, config.resolution, config.num_channels

    @property
    def plan(self) -> Plan:
        """The plan, with the digests of the files that are read."""
        if self._plan is None:
            self._plan = self._planned()
        return self._plan

    def _planned(self) -> Plan:
        request = self.request
        files = {name: _digest(getattr(request, name)) for name in ("latents", "labels", "w")}
        png = request.pictures is not None
        options = {
            "form": "png" if png else "npy",
            "seeds": request.seeds,
            "pins": dict(sorted(request.pins.items())),
            **({"layers": dict(sorted(request.layers.items()))} if request.layers else {}),
            **{f"file of {name}": digest for name, digest in files.items() if digest},
            **_plain(self._options),
            **({"psi": request.options.psi, "cutoff": request.options.cutoff} if request.layers else {}),
            "shift": list(self._options.shift),
            "batch": request.batch,
            "engine": request.engine,
        }
        form = ArrayForm("|u1") if png else ArrayForm(np.dtype(request.dtype).str, self.shape)
        model = self.loaded.model
        return Plan(
            KIND, model.name, model.digest, len(self.latents), options, {"written" if png else "faces": form},
            request={**asdict(request), "options": _plain(request.options), "model": str(model.path)},
        )  # fmt: skip

    def pictures(self, number: int) -> Iterator[np.ndarray]:
        """Yield the pictures of a block in batches: (n, H, W, C) float32."""
        first = number * BLOCK
        z = self.latents.block(first, BLOCK)
        for start in range(0, len(z), self.request.batch):
            part = z[start : start + self.request.batch]
            labels = self._labels
            given = None if labels is None else np.asarray(labels[first + start :][: len(part)], np.float32)
            yield self.loaded.faces(part, given, self.request.batch, self._options)

    def blocks(self) -> Iterator[np.ndarray]:
        """Yield all pictures in batches, as they are in the result."""
        for number in range(-(-len(self.latents) // BLOCK)):
            yield from map(self._typed, self.pictures(number))

    def block(self, number: int) -> dict[str, np.ndarray]:
        """Compute a block of the array, or write its PNG files."""
        if self.request.pictures is not None:
            return {"written": np.ones(self.write_pictures(number), np.uint8)}
        return {"faces": np.concatenate([self._typed(part) for part in self.pictures(number)])}

    def write_pictures(self, number: int) -> int:
        """Write a block as PNG files, and return their number."""
        from dashboard.faces.encoding import encode
        from dashboard.synthesis.pixels import to_bytes

        assert self.request.pictures is not None
        folder, done = Path(self.request.pictures), 0
        folder.mkdir(parents=True, exist_ok=True)
        for part in self.pictures(number):
            for picture in to_bytes(part):
                name = self.latents.name(number * BLOCK + done)
                write_picture(folder / f"{name}.png", encode(picture, "png"))
                done += 1
        return done

    def _typed(self, pictures: np.ndarray) -> np.ndarray:
        from dashboard.synthesis.pixels import to_bytes

        kind = np.dtype(self.request.dtype)
        return to_bytes(pictures) if kind == np.uint8 else pictures.astype(kind, copy=False)


def _plain(options: DrawingOptions) -> dict[str, Any]:
    """Return options as plain values, without styles, which no command sets: plans of before stay the same."""
    return {name: value for name, value in asdict(options).items() if name != "styles"}


def _digest(file: str | None) -> str | None:
    if file is None:
        return None
    with Path(file).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""Animations: the face of every frame, and encoding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from dashboard.exports.export_request import Export
from dashboard.sheets.sheet import Row, Sheet, sheet_of, shown, tour_of
from dashboard.synthesis.model import Model

LOOPS = {"loop": "0"}
"""Option of WebP for endless repetition."""


@dataclass(frozen=True)
class Codec:
    """How PyAV writes a format: its encoder with its options, and those of the file."""

    name: str
    options: dict[str, str]
    container: dict[str, str]


CODECS = {
    "mp4": Codec("libx264", {"crf": "18", "preset": "veryfast"}, {"movflags": "+faststart"}),
    "webp": Codec("libwebp_anim", {"quality": "85", "compression_level": "2"}, LOOPS),
}


def moving(export: Export, model: Model) -> Sheet:
    """Return the sheet of an animation, with a column for each frame.

    Args:
        export: the request; for "faces", the animation goes from each face to the next.
        model: the model.

    Returns:
        The sheet; its faces are not generated yet.
    """
    if export.what == "faces":
        return tour_of(export.faces, export.frames, model)
    return sheet_of(export.plan, export.faces, model, columns=export.frames)


def step_of(export: Export, heading: str) -> str:
    """Return the position of an animation from the heading of a column: "Smiling +1.25"."""
    swept = export.what == "sheet" and export.plan.kind != "mix"
    return f"{shown(export.plan.on)} {heading}" if swept else heading


def frame_of(sheet: Sheet, at: int) -> Sheet:
    """Return one column of a sheet as a sheet: people across, runs down."""
    titles = tuple(dict.fromkeys(row.title for row in sheet.rows))
    runs = tuple(dict.fromkeys(row.locked for row in sheet.rows))
    cells = {(row.title, row.locked): row.cells[at] for row in sheet.rows}
    rows = tuple(Row("", run, tuple(cells[title, run] for title in titles)) for run in runs)
    return Sheet(sheet.title, titles, rows)


def frame_order(frames: int, back: bool) -> Iterator[int]:
    """Yield columns in the order of the frames; the way back repeats neither end, so that it loops."""
    yield from range(frames)
    if back:
        yield from range(frames - 2, 0, -1)


class Animation:
    """An animation file that is written frame by frame.

    Args:
        path: of the file.
        form: "mp4" (H.264) or "webp".
        rate: frames per second.
        extent: width and height of each, both even.
    """

    def __init__(self, path: Path, form: str, rate: int, extent: tuple[int, int]) -> None:
        import av  # a large library that only this needs

        codec = CODECS[form]
        self._frame = av.VideoFrame
        self._file: Any = av.open(str(path), "w", format=form, options=codec.container)
        self._stream: Any = self._file.add_stream(codec.name, rate=rate, options=codec.options)
        self._stream.width, self._stream.height = extent
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.thread_count = 1

    def add(self, picture: np.ndarray) -> None:
        """Add a frame, (height, width, 3) uint8."""
        self._file.mux(self._stream.encode(self._frame.from_ndarray(picture, format="rgb24")))

    def __enter__(self) -> Animation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._file.mux(self._stream.encode(None))
        self._file.close()

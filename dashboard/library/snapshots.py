"""Snapshots: pictures of saved views, for presentations and cards.

The page that saves a view draws its figure as a picture and sends it. It is read as an image, bounded before it is
decoded, and written again as WebP, so that what is kept is pixels and nothing else.
"""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import Any

from PIL import Image

from dashboard.errors import InputError, NotFound
from dashboard.faces.site_path import site_path
from dashboard.library.items import one_line
from dashboard.stores.ports import Connection

MAX_BYTES = 4 << 20
"""Size limit of an uploaded picture in bytes."""

MAX_PIXELS = 2400 * 2400
MAX_KEPT = 256 << 20
"""Size limit of all snapshots in bytes."""

MAX_WORDS = 400
QUALITY = 90

FORMATS = ("WEBP", "PNG")

_ADVICE = "Nothing was kept. Save the view again."
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)
"""Errors of Pillow about bytes that are no image, or part of one."""


@dataclass(frozen=True, slots=True)
class Still:
    """A snapshot as its item describes it.

    Args:
        words: what it shows: the figure, its space, its sample.
        hash: of its bytes.
    """

    words: str
    hash: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A snapshot with its bytes, a WebP."""

    words: str
    content: bytes


def still_address(slug: str, item: int, still: Still) -> str:
    """Return where a still is served: with its hash, so that another one has another address."""
    return site_path(f"/collections/{slug}/items/{item}/still.webp?v={still.hash}")


def drawn(content: bytes, words: Any) -> Picture:
    """Return a picture that a page sent, written again.

    Args:
        content: a WebP or a PNG.
        words: what it shows.

    Raises:
        InputError: it is no such image, too large, or the words are none.
    """
    caption = one_line(words, MAX_WORDS, "caption")
    image, file = _decode(content, FORMATS).convert("RGB"), io.BytesIO()
    image.save(file, "WEBP", quality=QUALITY)
    return Picture(caption, file.getvalue())


def carried(content: bytes, words: Any) -> Picture:
    """Return a picture of an imported collection: checked in the same way, kept byte by byte.

    Raises:
        InputError: it is no WebP, too large, or the words are none.
    """
    _decode(content, FORMATS[:1])
    return Picture(one_line(words, MAX_WORDS, "caption"), content)


def insert(base: Connection, item: int, picture: Picture) -> None:
    """Put a picture to an item, instead of one that it has.

    Raises:
        InputError: there is no room for it.
    """
    kept = base.execute("SELECT coalesce(sum(length(picture)), 0) AS size FROM stills").fetchone()
    if kept["size"] + len(picture.content) > MAX_KEPT:
        raise InputError(
            f"Expected at most {MAX_KEPT >> 20} MB of pictures of views. Received: one more. Remove some views first."
        )
    name = hashlib.sha256(picture.content).hexdigest()[:16]
    base.execute(
        "INSERT INTO stills (item, words, hash, picture) VALUES (?, ?, ?, ?) ON CONFLICT (item) DO UPDATE"
        " SET words = excluded.words, hash = excluded.hash, picture = excluded.picture",
        (item, picture.words, name, picture.content),
    )


def read(base: Connection, item: int) -> Picture:
    """Return the picture of an item.

    Raises:
        NotFound: it has none.
    """
    found = base.execute("SELECT words, picture FROM stills WHERE item = ?", (item,)).fetchone()
    if found is None:
        raise NotFound(f"Expected a saved view that has a picture. Received: number {item}. Open the view itself.")
    return Picture(found["words"], bytes(found["picture"]))


def _decode(content: bytes, formats: tuple[str, ...]) -> Image.Image:
    """Return the image of some bytes, after checking its size."""
    if len(content) > MAX_BYTES:
        raise InputError(f"Expected a picture of at most {MAX_BYTES >> 20} MB. Received: a larger one. {_ADVICE}")
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
        extent, frames = image.size, getattr(image, "n_frames", 1)
        if extent[0] * extent[1] <= MAX_PIXELS and frames == 1:
            image.load()
    except _BROKEN as error:
        raise InputError(f"Expected a picture, {' or '.join(formats)}. Received: another file. {_ADVICE}") from error
    if extent[0] * extent[1] > MAX_PIXELS or frames != 1:
        raise InputError(
            f"Expected one picture of at most {MAX_PIXELS:,} pixels. Received: {frames} of {extent[0]} × {extent[1]}. "
            f"{_ADVICE}"
        )
    return image

from __future__ import annotations

import io

import pytest
from PIL import Image

from dashboard.errors import InputError
from dashboard.library.snapshots import MAX_BYTES, carried, drawn


def image_of(form: str, extent: tuple[int, int] = (40, 30), **given: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", extent, "#1263AD").save(file, form, **given)
    return file.getvalue()


def test_a_picture_that_is_sent_is_written_anew_as_pixels_alone() -> None:
    sent = image_of("PNG", pnginfo=None) + b"<script>alert(1)</script>"
    kept = drawn(sent, "  PCA of scores:  20 faces ")
    assert kept.words == "PCA of scores: 20 faces"
    assert b"script" not in kept.content
    image = Image.open(io.BytesIO(kept.content))
    assert (image.format, image.size) == ("WEBP", (40, 30))


def test_a_picture_of_a_file_stays_byte_by_byte() -> None:
    content = image_of("WEBP")
    assert carried(content, "words").content == content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        image_of("GIF"),
        image_of("PNG")[:60],
        image_of("WEBP", save_all=True, append_images=[Image.new("RGB", (40, 30))]),
        image_of("PNG", (2401, 2400)),
        b"\0" * (MAX_BYTES + 1),
    ],
    ids=["nothing", "svg", "gif", "cut off", "moving", "too many pixels", "too many bytes"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(InputError, match=r"Nothing was kept"):
        drawn(content, "words")


def test_a_still_needs_words_and_a_file_carries_webp_only() -> None:
    with pytest.raises(InputError, match="Expected a caption"):
        drawn(image_of("PNG"), None)
    with pytest.raises(InputError, match=r"WEBP\. Received"):
        carried(image_of("PNG"), "words")

"""Style mixes: a face with the styles of another one in some layers (Karras et al. 2019, section 3.1 and figure 3).

A mix has a row of w for each layer, so it is no `Face`: it has no single point, and no coordinates. It is named by two
faces and a range of layers, `1:5!1:7;Smiling=2!0-3`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dashboard.faces.face import MAX_LENGTH, Face, parse
from dashboard.faces.grammar import expected
from dashboard.faces.layer_ranges import LayerRange, parse_layers

SEPARATOR = "!"
"""Character between the parts of a mix; no face string has it."""

MAX_MIX_LENGTH = 2 * MAX_LENGTH + 10


@dataclass(frozen=True, slots=True)
class StyleMix:
    """A face with the styles of another one in some layers.

    Args:
        face: the face of the other layers; noise, translation and rotation are its own.
        styles: the face of the layers' styles.
        layers: the layers.
    """

    face: Face
    styles: Face
    layers: LayerRange

    def __str__(self) -> str:
        return SEPARATOR.join(map(str, (self.face, self.styles, self.layers)))


Drawable = Face | StyleMix
"""What has a picture of its own."""


def mixed(face: Face, styles: Face, layers: LayerRange) -> Drawable:
    """Return a face with the styles of another one in some layers; the face itself if both are the same."""
    return face if face == styles else StyleMix(face, styles, layers)


def parse_drawable(text: str, allowed_names: Collection[str] | None = None) -> Drawable:
    """Read a face string, or a mix such as `1:5!1:7!coarse`.

    Args:
        text: as for `dashboard.faces.face.parse`, or two of these and a range of layers, joined by "!".
        allowed_names: the attributes that may be pinned; None accepts any well-formed name.

    Returns:
        What `str` of it writes in canonical form.

    Raises:
        FaceError: the text is invalid.
    """
    if SEPARATOR not in text:
        return parse(text, allowed_names)
    parts = text.split(SEPARATOR, 3)
    if len(parts) != 3:
        raise expected("a face, or a style mix such as 1:5!1:7!0-3", text, "Write two faces and their layers.")
    return mixed(parse(parts[0], allowed_names), parse(parts[1], allowed_names), parse_layers(parts[2]))

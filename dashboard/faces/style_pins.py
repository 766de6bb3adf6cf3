"""Pins on style channels: they set a number of a layer's style, after w, and leave the latent as it is.

Reasons: docs/decisions/style-channels.md; formulas: docs/faces.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboard.errors import FaceError, PinError
from dashboard.faces.attribute_layers import Layers
from dashboard.faces.direction_names import channel_of
from dashboard.faces.face import Face
from dashboard.synthesis.channel_statistics import style_at
from dashboard.synthesis.style_channels import StyleChannel

if TYPE_CHECKING:
    from dashboard.synthesis.model import Model


def channels_of(model: Model, names: Sequence[str]) -> dict[str, StyleChannel]:
    """Return the style channels among some names of directions, by name."""
    found = {name: channel_of(model, name) for name in names}
    return {name: channel for name, channel in found.items() if channel is not None}


def pinned_channels(face: Face, model: Model) -> dict[str, StyleChannel]:
    """Return the style channels that a face pins, by name, checked.

    Raises:
        PinError: two of them set the same channel to different styles.
        FaceError: a style channel has a range of layers: it acts on its own layer.
    """
    for name, _ in face.layers:
        if (channel := channel_of(model, name)) is not None:
            raise FaceError(
                f"Expected no layers of a style channel: {channel.words} acts on its own layer. Received: layers of "
                f"{name}. Leave them out."
            )
    pinned: dict[str, tuple[str, float]] = {}
    values, channels = dict(face.pins), channels_of(model, face.names)
    for name, channel in channels.items():
        value = channel.sign * values[name]
        other, before = pinned.setdefault(channel.style, (name, value))
        if before != value:
            raise PinError(
                f"Expected one value of {channel.words.removesuffix(', reversed')}. Received: two pins that set it to "
                "different ones. Release one of them.",
                (other, name),
            )
    return channels


def pinned_styles(face: Face, model: Model) -> tuple[tuple[str, int, float], ...]:
    """Return the styles that the pins of a face set, sorted, as `DrawingOptions.styles` takes them.

    Args:
        face: the face, whose truncation the styles follow.
        model: the model.
    """
    values = dict(face.pins)
    found = {
        (channel.layer, channel.channel): style_at(model, channel, values[name], face.options)
        for name, channel in channels_of(model, face.names).items()
    }
    return tuple((layer, channel, style) for (layer, channel), style in sorted(found.items()))


def read_styles(face: Face, model: Model, names: Sequence[str]) -> dict[str, float]:
    """Return the coordinates of those style channels among some names whose style a pin of the face sets."""
    values = dict(face.pins)
    pinned = {channel.style: channel.sign * values[name] for name, channel in channels_of(model, face.names).items()}
    channels = channels_of(model, names)
    return {name: each.sign * pinned[each.style] for name, each in channels.items() if each.style in pinned}


def channel_layers(model: Model, names: Sequence[str]) -> Layers:
    """Return the layer that each style channel among some names is read from, as a range of rows of w."""
    return tuple((name, str(channel.row)) for name, channel in channels_of(model, names).items())

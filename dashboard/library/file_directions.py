"""Directions of a file with the space that they are in: of arrays and tables, or of a list of style channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dashboard.errors import InputError
from dashboard.library.columns import counted
from dashboard.library.direction_files import FoundDirection, read_directions
from dashboard.library.direction_spaces import Space, direction_space, space_size
from dashboard.library.style_channel_files import is_channel_list, read_channels
from dashboard.synthesis.channel_statistics import require_channels
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_channels import channel_of_vector


def directions_in(
    path: Path, model: Model, name: str, wanted: str = "", notes: list[str] | None = None
) -> tuple[Space, list[FoundDirection]]:
    """Read the directions of a file.

    Args:
        path: the file.
        model: the model that they are for.
        name: the file's name, for titles, and for the space that it says.
        wanted: "z", "w" or "s"; empty to go by the file.
        notes: sentences on what was left out or assumed are added to it.

    Returns:
        Their space, and the directions; in s each is one style channel.

    Raises:
        InputError: the file holds none for this model.
    """
    if is_channel_list(path):
        if "s" not in model.config.spaces:
            raise InputError(
                f"Expected directions for {model.name}, whose layers have no styles. Received: a list of style "
                "channels, or JSON. Import it for a StyleGAN, or save directions as CSV or NPZ."
            )
        if wanted not in ("", "s"):
            raise InputError(f"Expected s as the space of style channels. Received: {wanted[:20]}. Leave it out.")
        require_channels(model)
        return "s", read_channels(path, model.config, notes)
    space = direction_space(model, name, wanted, notes)
    if space == "s":
        require_channels(model)
    found = read_directions(path, space_size(model.config, space), name, notes)
    if space == "s":
        found = [replace(each, description=channel_of_vector(model.config, each.vector).words) for each in found]
    return space, found


def directions_words(found: Sequence[FoundDirection], space: Space) -> str:
    """Describe the directions of a file: "3 directions of 512 numbers, in w", "2 style channels"."""
    if space == "s":
        return counted(len(found), "style channel", "style channels")
    return f"{counted(len(found), 'direction', 'directions')} of {len(found[0].vector)} numbers, in {space}"

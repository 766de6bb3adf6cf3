"""The space that directions of a file are in: z, w of a StyleGAN, or s, the styles of all its layers.

Files do not say it. InterFaceGAN and GANSpace say it in the file's name: "stylegan_ffhq_smile_w_boundary.npy",
"stylegan2-ffhq_style_ipca_c80_n1000000_w.npz". A list of style channels is in s (`style_channel_files`).
"""

from __future__ import annotations

import re
from typing import Literal, cast

from dashboard.errors import InputError
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_channels import style_sizes

Space = Literal["z", "w", "s"]
SPACES: tuple[Space, ...] = ("z", "w", "s")

_NAMED = re.compile(r"(?:^|[_.\- ])([zw]|s(?=\.\w+$))(?=[_.\- ]|$)", re.IGNORECASE)
"""A letter by itself; s only at the end of a name, and only for a network with styles."""


def direction_space(model: Model, file: str, wanted: str = "", notes: list[str] | None = None) -> Space:
    """Return the space of a file's directions.

    Args:
        model: the model that they are for.
        file: the file's name.
        wanted: "z", "w" or "s"; empty to go by the file's name, and else by where the model's own directions live.
        notes: a sentence is added to it if neither says the space and both are possible.

    Raises:
        InputError: there is no such space, or the model does not have it.
    """
    if wanted and wanted not in SPACES:
        raise InputError(f"Expected z, w or s as the space of the directions. Received: {wanted[:20]}. Change it.")
    named = [each for each in _NAMED.findall(file.rpartition("/")[2]) if each != "s" or each in model.config.spaces]
    space = cast(Space, wanted or (named[-1].lower() if named else model.space))
    if space not in model.config.spaces:
        by = "" if wanted else f", as the name {file.rpartition('/')[2][:60]} says"
        raise InputError(
            f"Expected directions in {', '.join(model.config.spaces)}, the space of {model.name}. Received: directions "
            f"in {space}{by}. Import them for a StyleGAN"
            + ("." if wanted else ", or name the space if they are in another: --space z, or space=z in the address.")
        )
    if notes is not None and not wanted and not named and "w" in model.config.spaces:
        other = "w" if space == "z" else "z"
        notes.append(f"Taken as directions in {space}, since neither the request nor the file's name says {other}.")
    return space


def space_size(config: NetworkConfig, space: Space) -> int:
    """Return the numbers of a direction in a space that the network has."""
    if space == "s":
        return sum(style_sizes(config).values())
    return config.latent_size if space == "z" else getattr(config, "style_size", 0)

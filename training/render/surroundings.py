"""Surroundings that light a face and form its background: panoramas in sequence, reduced by the assets step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from training.render.colours import linear_to_lab
from training.render.errors import KitError
from training.render.formats import check_file
from training.render.geometry import Array

NAME = "surroundings.npy"
WIDTH, HEIGHT = 128, 64
LIGHT_WIDTH, LIGHT_HEIGHT = 32, 16


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Panoramas (n, 64, 128, 3) in linear light of mean 1, in a sequence in which neighbours are blended.

    Row 0 is overhead; the middle column is behind the camera, the first and last are behind the person.
    """

    panoramas: Array

    @cached_property
    def _colours(self) -> Array:
        """The panoramas as a camera shows them, in CIELAB."""
        return linear_to_lab(self.panoramas / (self.panoramas + 0.75)).astype(np.float32)

    @cached_property
    def _lights(self) -> Array:
        """The panoramas, reduced for light: (n, 16, 32, 3)."""
        count = len(self.panoramas)
        by = HEIGHT // LIGHT_HEIGHT
        blocks = self.panoramas.reshape(count, LIGHT_HEIGHT, by, LIGHT_WIDTH, by, 3)
        return blocks.mean((2, 4)).astype(np.float32)

    def _blend(self, panoramas: Array, between: float) -> Array:
        position = between * (len(panoramas) - 1)
        first = min(int(position), max(len(panoramas) - 2, 0))
        second, share = min(first + 1, len(panoramas) - 1), position - first
        return panoramas[first] * (1 - share) + panoramas[second] * share

    def behind(self, between: float, turn: float, side: int) -> Array:
        """Return the part of a panorama behind the person, CIELAB (side, side, 3).

        Args:
            between: position in the list of panoramas, 0 to 1.
            turn: degrees.
            side: in texels of the panorama.
        """
        start = -side / 2 + turn * WIDTH / 360
        whole = int(np.floor(start))
        part = start - whole
        top = (HEIGHT - side) // 2
        picture = self._blend(self._colours[:, top : top + side], between)
        columns = (np.arange(side + 1) + whole) % WIDTH
        band = picture[:, columns]
        return band[:, :-1] * (1 - part) + band[:, 1:] * part

    def radiance(self, between: float, turn: float) -> tuple[Array, Array]:
        """Return the directions (512, 3), weights included as solid angle in the second: radiance times solid angle
        (512, 3).
        """
        azimuth = (np.arange(LIGHT_WIDTH) + 0.5) / LIGHT_WIDTH * 2 * np.pi + np.pi - np.radians(turn)
        polar = (np.arange(LIGHT_HEIGHT) + 0.5) / LIGHT_HEIGHT * np.pi
        around, down = np.meshgrid(azimuth, polar)
        directions = np.stack([-np.sin(down) * np.sin(around), np.cos(down), np.sin(down) * np.cos(around)], -1)
        solid = np.sin(down) * (2 * np.pi / LIGHT_WIDTH) * (np.pi / LIGHT_HEIGHT)
        light = self._blend(self._lights, between)
        return directions.reshape(-1, 3), (light * solid[..., None]).reshape(-1, 3)


def read_surroundings(folder: Path) -> Surroundings:
    """Return the surroundings of a kit; an even gray room where it has none.

    Raises:
        KitError: the file is invalid.
    """
    path = folder / NAME
    if not path.is_file():
        return Surroundings(np.ones((1, HEIGHT, WIDTH, 3), np.float32))
    check_file(path)
    try:
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise KitError(f"Expected panoramas in {path}. Received: {error}. Build the kit again.") from error
    if found.dtype != np.float16 or found.ndim != 4 or found.shape[1:] != (HEIGHT, WIDTH, 3) or not len(found):
        raise KitError(
            f"Expected float16 (n, {HEIGHT}, {WIDTH}, 3) in {path}. Received: {found.dtype} {found.shape}. "
            "Build the kit again."
        )
    return Surroundings(found.astype(np.float32))

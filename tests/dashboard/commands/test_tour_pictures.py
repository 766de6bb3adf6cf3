"""Pictures of the slides that come with a model."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from dashboard.commands.tour_pictures import NAMES, SCALE, matrix_picture, scatter_picture
from dashboard.figures.base import colour, ordered_scale, signed_scale
from dashboard.spaces.colours import Colour

CLOSE = 24
"""How far a colour of a lossy picture may be from its own, of 255."""


def pixels_of(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), np.int64)


def rgb(text: str) -> np.ndarray:
    return np.array([int(text[k : k + 2], 16) for k in (1, 3, 5)])


def has(pixels: np.ndarray, text: str) -> bool:
    return bool((np.abs(pixels - rgb(text)).max(axis=2) < CLOSE).any())


def is_on_the_surface(pixels: np.ndarray) -> bool:
    """Return whether all corners have the background's colour, by which pages find the colours of a saved figure."""
    corners = pixels[[1, 1, -2, -2], [1, -2, 1, -2]]
    return bool((np.abs(corners - rgb(colour("surface", "light"))) < CLOSE).all())


def test_cells_of_the_matrix_have_the_colours_of_its_scale_which_is_below() -> None:
    values = np.array([[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    pixels = pixels_of(matrix_picture(values, ["Male", "Young", "Smiling"]))
    cell = 1120 // 3
    low, high = (rgb(stop) for _, stop in (signed_scale("light")[0], signed_scale("light")[-1]))
    assert np.abs(pixels[NAMES + cell // 2, NAMES + cell // 2] - high).max() < CLOSE
    assert np.abs(pixels[NAMES + cell // 2, NAMES + cell + cell // 2] - low).max() < CLOSE
    below = pixels[NAMES + 3 * cell :]
    for _, stop in signed_scale("light"):
        assert has(below, stop)
    assert is_on_the_surface(pixels)


def test_the_scatter_has_its_points_and_above_them_its_scale() -> None:
    points = np.random.RandomState(1).randn(200, 2)
    ink = Colour("Young, score in σ", points[:, 0])
    pixels = pixels_of(scatter_picture(points, ink, ["PC 1", "PC 2"]))
    above = pixels[: 14 + SCALE[1]]
    for _, stop in ordered_scale("light"):
        assert has(above, stop)
    assert (pixels[100:-120, 200:-60].max(axis=2) < 200).mean() > 0.001, "points"
    assert is_on_the_surface(pixels)


def test_groups_have_no_scale() -> None:
    points = np.random.RandomState(1).randn(200, 2)
    ink = Colour("Cluster", np.tile([0.0, 1.0], 100), ("1", "2"))
    assert pixels_of(scatter_picture(points, ink, ["PC 1", "PC 2"]))[:60].min() > 200

"""The server's picture of a scatter plot: every point at the figure's position, in the figure's colour."""

import io

import numpy as np
import pytest
from PIL import Image

from dashboard.figures.base import ordered_scale, series
from dashboard.figures.first_sight import HIGH, WIDE, first_sight
from dashboard.figures.scatter import axis_limits
from dashboard.spaces.colours import Colour

POINTS = np.array([[-2.0, -1.0], [3.0, 0.5], [0.5, 4.0]], np.float32)


def drawn(ink, scheme):
    picture = Image.open(io.BytesIO(first_sight(POINTS, ink, scheme)))
    assert picture.size == (WIDE, HIGH)
    return np.asarray(picture.convert("RGBA"))


def at(picture, point):
    (left, right), (bottom, top) = axis_limits(POINTS)
    column = (point[0] - left) / (right - left) * (WIDE - 1)
    row = (top - point[1]) / (top - bottom) * (HIGH - 1)
    return picture[round(row), round(column)]


def rgb(name):
    return [int(name[k : k + 2], 16) for k in (1, 3, 5)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_points_have_the_positions_and_colours_of_the_figure(scheme):
    picture = drawn(Colour("Score", np.array([-9.0, 0.0, 2.0]), limits=(-2.0, 2.0)), scheme)
    scale = [name for _, name in ordered_scale(scheme)]
    for point, name in zip(POINTS, (scale[0], scale[10], scale[-1]), strict=True):
        *seen, opacity = at(picture, point)
        assert opacity == pytest.approx(0.72 * 255, abs=1)
        assert np.abs(np.array(seen, int) - rgb(name)).max() < 26  # as far as WebP keeps colours
    assert picture[..., 3].mean() < 1


def test_groups_have_the_colours_of_series():
    groups = drawn(Colour("Label", np.array([0.0, 1.0, 1.0]), ("a", "b")), "light")
    for index, point in enumerate(POINTS):
        assert np.abs(at(groups, point)[:3].astype(int) - rgb(series("light")[min(index, 1)])).max() < 26

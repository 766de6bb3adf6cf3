"""The scatter as a picture made by the server: shown with the page, until the browser has drawn its points.

The drawing scripts take seconds to load and start; a picture appears immediately.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from dashboard.figures.base import Scheme
from dashboard.figures.scatter import PALE, axis_limits, marker_of
from dashboard.spaces.colours import Colour

WIDE, HIGH = 720, 420
"""Pixels; the page stretches the picture to the area between the axes."""

FINE = 2
"""Factor of oversampling, so that points are round."""


def first_sight(points: np.ndarray, ink: Colour, scheme: Scheme) -> bytes:
    """Draw the points of a scatter in two dimensions, without its axes.

    Args:
        points: (n, 2).
        ink: the colouring.
        scheme: "light" or "dark".

    Returns:
        A WebP, transparent between points, whose edges are the ends of the figure's axes.
    """
    from PIL import Image

    # Opaque, in the colour of overlapping translucent points.
    marker = {**marker_of(ink, scheme, len(points)), "opacity": PALE[1]}
    low, high = np.array(axis_limits(points)).T
    sides = np.array([WIDE, HIGH]) * FINE
    column, row = ((points - low) / (high - low) * (sides - 1)).astype(np.int64).T
    row = sides[1] - 1 - row
    colours = _colours(marker, len(points))
    radius = marker["size"] * FINE // 2
    canvas = np.zeros((sides[1] + 2 * radius, sides[0] + 2 * radius, 4), np.uint8)
    for down in range(-radius, radius + 1):
        for right in range(-radius, radius + 1):
            if down**2 + right**2 <= radius**2:
                canvas[row + radius + down, column + radius + right] = colours
    whole = Image.fromarray(canvas[radius:-radius, radius:-radius], "RGBA")
    stream = io.BytesIO()
    whole.reduce(FINE).save(stream, "WEBP", quality=80, method=0)
    return stream.getvalue()


def _colours(marker: dict, count: int) -> NDArray[np.uint8]:
    """Return the colours (n, 4) of the points, as Plotly computes them from a marker."""
    shares, names = zip(*marker["colorscale"], strict=True)
    share = (np.asarray(marker["color"], np.float64) - marker["cmin"]) / (marker["cmax"] - marker["cmin"])
    stops = np.array([_rgb(name) for name in names], np.float64)
    mixed = [np.interp(np.clip(share, 0, 1), shares, stops[:, k]) for k in range(3)]
    return np.stack([*np.round(mixed), np.full(count, round(255 * marker["opacity"]))], axis=1).astype(np.uint8)


def _rgb(text: str) -> tuple[int, int, int]:
    red, green, blue = (int(text[k : k + 2], 16) for k in (1, 3, 5))
    return red, green, blue

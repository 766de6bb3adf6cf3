"""The data of the scatter of a view: points, colour, arrows, and captions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
from numpy.typing import NDArray

from dashboard.faces.site_path import site_path
from dashboard.pages.latent_space.descriptions import layout_numbers, layout_words, scatter_words
from dashboard.spaces.biplot import Arrow, biplot
from dashboard.spaces.colours import Colour, colour_of, colour_of_layout
from dashboard.spaces.computed_results import layout_of
from dashboard.spaces.densities import window_counts
from dashboard.spaces.layouts import METHODS, PCA, written
from dashboard.spaces.projection import Projection
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import is_available
from dashboard.spaces.view import View
from dashboard.synthesis.model import Model


@dataclass(frozen=True, eq=False)
class Drawing:
    """The data of a scatter.

    Args:
        points: (n, 2) or (n, 3), one for each face of the sample, from the first.
        ink: their colour.
        arrows: of directions.
        title, caption: of the card.
        titles: of the axes.
        data: for the browser: n, method, stem, components and names of the axes, note.
    """

    points: NDArray[np.float32]
    ink: Colour
    arrows: list[Arrow]
    title: str
    caption: str
    titles: list[str]
    data: dict[str, Any]


def drawing_of(model: Model, view: View, arrows: bool) -> Drawing | None:
    """Return the data of a view's scatter.

    Args:
        model: the model.
        view: the view.
        arrows: whether to include the directions' arrows.

    Returns:
        The drawing; None if a job has to compute it first.
    """
    if not is_available(view.space, model):
        return None
    return _of_components(model, view, arrows) if view.layout is None else _of_layout(model, view, view.layout)


def dense_of(name: str, projection: Projection, axes: list[int], scheme: Any) -> tuple[Any, str, str, dict[str, Any]]:
    """Return a picture of the density, drawn by the server, for too many points to draw individually.

    Args:
        name: of the model.
        projection: of the sample.
        axes: two components, from 0.
        scheme: "light" or "dark".

    Returns:
        The figure, title and caption of the card, and the data for the browser, as :attr:`Drawing.data` with the
        address of the picture.
    """
    from dashboard.figures.density import density_figure
    from dashboard.figures.scatter import axis_limits

    points = projection.points[:, axes]
    (left, right), (bottom, top) = limits = axis_limits(points)
    most = int(window_counts(projection, (axes[0], axes[1]), (left, right, bottom, top)).max())
    title, caption, titles = scatter_words(projection, axes, None)
    words = {"model": name, "space": projection.space.name, "x": axes[0] + 1, "y": axes[1] + 1, "scheme": scheme}
    sample = {
        "n": len(points),
        "space": projection.space.name,
        "method": "pca",
        "stem": projection.stem,
        "components": [axis + 1 for axis in axes],
        "axes": [f"PC {axis + 1}" for axis in axes],
        "ink": {"title": "", "groups": []},
        "limits": limits,
        "atlas": None,
        "density": {"picture": site_path(f"/latent-space/density.png?{urlencode(words)}&window=")},
    }
    return density_figure(limits, titles, most, scheme), title, f"{caption}; drawn as density, in 2-D", sample


def _of_components(model: Model, view: View, arrows: bool) -> Drawing:
    projection = projection_of(model, view.space)
    axes = [min(axis, projection.count - 1) for axis in view.shown]
    points = projection.points[:, axes]
    drawn, factor = biplot(projection, axes) if arrows else ([], 1.0)
    title, caption, titles = scatter_words(projection, axes, factor if drawn else None)
    data = {
        "n": len(points),
        "method": PCA,
        "stem": projection.stem,
        "components": [axis + 1 for axis in axes],
        "axes": [f"PC {axis + 1}" for axis in axes],
    }
    ink = colour_of(model, view.space, view.colour, projection.points, axes, view.categories)
    return Drawing(points, ink, drawn, title, _noted(caption, ink), titles, data)


def _of_layout(model: Model, view: View, params: dict[str, Any]) -> Drawing | None:
    found = layout_of(model, view.method, params)
    if found is None:
        return None
    projection, name = projection_of(model, view.space), METHODS[view.method]
    space = view.space.title
    titles = [f"{name} {k + 1}" for k in range(found.points.shape[1])]
    data = {
        "n": len(found.points),
        "method": written(view.method, params),
        "stem": projection.stem,
        "components": list(range(1, len(titles) + 1)),
        "axes": titles,
        "note": "Distances between clusters have no meaning.",
    }
    ink = colour_of_layout(model, view.space, view.colour, projection.points, found.points, view.categories)
    return Drawing(
        found.points,
        ink,
        [],
        f"{name} of {space[0].lower()}{space[1:]}",
        _noted(f"{layout_words(view.method, params)}; of {layout_numbers(model, view)}", ink),
        titles,
        data,
    )


def _noted(caption: str, ink: Colour) -> str:
    """Return a caption with a note on the colour."""
    return f"{caption}; {ink.note}" if ink.note else caption

"""Data for the browser to project the face into the scatter (assets/js/projected_point.js)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from dashboard.faces.bases import latent_of
from dashboard.faces.face import Face, parse_base
from dashboard.faces.site_path import site_path
from dashboard.pages.latent_space.descriptions import projection_fit_text
from dashboard.spaces.projection import projection_rows
from dashboard.spaces.projections import projection_of
from dashboard.spaces.view import View
from dashboard.synthesis.model import Model


def projected_point(model: Model, view: View, axes: Sequence[int], base: str) -> dict[str, Any]:
    """Return the position of the face as a function of its latent.

    Args:
        model: the model.
        view: the view, by principal components.
        axes: the shown components, from 0.
        base: of the face, as in a face string.

    Returns:
        offset, gram, spare: of the linear map from the latent to the point; base and values: the map's value for the
        base alone; address: for the value of another base; words: the accuracy of the map.
    """
    projection = projection_of(model, view.space)
    slopes, offsets, fit = projection.latent_map
    shown = slopes[:, list(axes)]
    named = "".join(f"&{letter}={axis + 1}" for letter, axis in zip("xyz", axes, strict=False))
    return {
        "offset": offsets[list(axes)].tolist(),
        **projection_rows(model, shown),
        "base": base,
        "values": (latent_of(Face(parse_base(base)), model) @ shown).tolist(),
        "address": site_path(f"/latent-space/place.json?model={quote(model.name)}&space={view.space.name}{named}")
        + ("&view=3d" if view.deep else ""),
        "words": projection_fit_text(projection, [float(fit[axis]) for axis in axes]),
    }

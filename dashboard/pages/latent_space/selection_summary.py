"""Summary of the faces inside an outline."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import numpy as np

from dashboard.analysis.selection import effects, middle_members, parse_selection
from dashboard.errors import LikenessError
from dashboard.faces.site_path import site_path
from dashboard.pages.latent_space.selection_panel import (
    COMPARED,
    MEMBERS,
    clear_selection,
    go_on,
    refused_selection,
    selected_faces,
    take_selection,
)
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import FEATURES, SCORES, space_of
from dashboard.spaces.selection import atlas_of, quantities, selected_rows
from dashboard.synthesis.model import Model


def describe_selection(model: Model, text: str, face: str) -> tuple[Any, str, Any, str | None]:
    """Summarise the faces inside an outline, and their differences from the others.

    Args:
        model: the model.
        text: the selection, as in addresses.
        face: the face on the page, for links to other pages.

    Returns:
        The card's body, the count in its head, its tools, and the rows inside, as bits in base 64; an error message
        and no rows if the text is not a selection of this model.
    """
    try:
        selection = parse_selection(text)
        inside = selected_rows(model, selection)
        projection = projection_of(model, space_of(selection.space, model))
        values, names, unit = quantities(projection)
        found = effects(values, inside)
    except (LikenessError, ValueError) as error:
        return refused_selection(str(error)), "", clear_selection(), None
    atlas = atlas_of(model, projection.space)
    # Faces with thumbnails in the atlas are free to show: if there are enough, only these are shown.
    pictured = inside[: atlas["count"]] if atlas else inside[:0]
    shown_of = pictured if pictured.sum() >= MEMBERS else inside
    rows = middle_members(projection.points[: len(shown_of), :8], shown_of, MEMBERS)
    average = (
        site_path(f"/latent-space/average.webp?model={quote(model.name)}&sel={quote(text)}") if pictured.any() else ""
    )
    typical = middle_members(projection.points[:, :8], inside, COMPARED)
    actions = go_on(face, model.name, text, [projection.face(int(row)) for row in typical])
    return (
        selected_faces(
            average,
            int(pictured.sum()),
            [int(row) for row in rows],
            projection.named,
            found,
            names,
            unit,
            actions,
            drawn_on=unit == "scores" and selection.space in (SCORES.name, FEATURES.name),
        ),
        f"{int(inside.sum()):,} faces",
        [take_selection(model.name, text), clear_selection()],
        base64.b64encode(np.packbits(inside)).decode(),
    )

"""The faces inside an outline: their rows in the sample, and their average picture."""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.selection import Selection, inside_polygon
from dashboard.errors import InputError, NotFound
from dashboard.faces.site_path import site_path
from dashboard.spaces.layouts import PCA, drawn_layout
from dashboard.spaces.projection import Projection
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import MOST_POINTS, SetSpace, Space, scored_only, space_of
from dashboard.synthesis.model import Model

ATLAS_COLUMNS = 50
ATLAS_FACES = 2000
"""Faces in the atlas of thumbnails of `python -m training publish`: 40 rows of 50 squares."""

AVERAGE_SIDE = 128


def selected_rows(model: Model, selection: Selection) -> NDArray[np.bool_]:
    """Find the faces inside an outline.

    Args:
        model: whose sample the outline was drawn on.
        selection: the outline.

    Returns:
        (n,) flags; if a layout has only the sample's first faces, the others are outside.

    Raises:
        InputError: the outline was drawn on another sample, or on components that do not exist.
        NotFound: the model has no such space, or its components or layout have not been computed.
    """
    space = space_of(selection.space, model)
    if isinstance(space, SetSpace) and space.held.n > MOST_POINTS:
        raise InputError(
            f"Expected a selection among at most {MOST_POINTS:,} points. Received: one among {space.held.n:,}. "
            "Upload fewer of the rows."
        )
    projection = projection_of(model, space)
    points = projection.points if selection.method == PCA else drawn_layout(model, space, selection.method).points
    if selection.n != len(points):
        raise InputError(
            f"Expected a selection among {len(points):,} faces of model {model.name}. Received: one among "
            f"{selection.n:,}. Draw it again."
        )
    count = points.shape[1]
    if not all(1 <= axis <= count for axis in selection.axes):
        raise InputError(f"Expected components from 1 to {count}. Received: {selection.axes}. Draw it again.")
    inside = np.zeros(len(projection.rows), bool)
    inside[: len(points)] = inside_polygon(selection.corners, points[:, [axis - 1 for axis in selection.axes]])
    return inside


def quantities(projection: Projection) -> tuple[NDArray[np.floating], tuple[str, ...], str]:
    """Return the quantities that compare faces of a sample: scores, or coordinates without scores.

    Returns:
        (n, F) values, their F names, and "scores" or "coordinates".
    """
    model = projection.model
    if projection.scored:
        scores, names = scored_only(model)
        return scores, names, "scores"
    return projection.latents @ model.directions.astype(np.float32), model.names, "coordinates"


def faces_and_columns(projection: Projection, rows: NDArray[np.intp]) -> dict[str, np.ndarray]:
    """Return the addresses of some faces of a sample, and the extra columns of an uploaded set."""
    columns = {"face": np.array([f"{projection.stem}.{row}" for row in rows.tolist()], np.str_)}
    if isinstance(projection.space, SetSpace):
        columns |= {column.name: column.texts()[rows] for column in projection.space.held.columns}
    return columns


def atlas_of(model: Model, space: Space) -> dict | None:
    """Return the path of the thumbnails of the sample's first faces; None if there are none."""
    if "atlas.webp" not in model.files or not model.has_bank or isinstance(space, SetSpace):
        return None
    digest = model.files["atlas.webp"][:8]
    count = min(ATLAS_FACES, len(scored_only(model)[0]))
    return {
        "address": site_path(f"/latent-space/atlas.webp?model={model.name}&digest={digest}"),
        "columns": ATLAS_COLUMNS,
        "count": count,
        "lines": math.ceil(count / ATLAS_COLUMNS),
    }


def average_thumbnail(model: Model, space: Space, inside: NDArray[np.bool_]) -> bytes:
    """Return the mean of the selected thumbnails.

    Args:
        model: the model.
        space: the space of the sample.
        inside: (n,) flags.

    Returns:
        A WebP picture of 128 x 128.

    Raises:
        NotFound: the model has no thumbnails, or none of those selected.
    """
    from PIL import Image

    atlas = atlas_of(model, space)
    rows = np.flatnonzero(inside[: atlas["count"]]) if atlas else np.zeros(0, int)
    if not len(rows):
        raise NotFound("Expected selected faces with thumbnails. Received: none of them. Draw around more faces.")
    with Image.open(model.path / "atlas.webp") as picture:
        sheet = np.asarray(picture.convert("RGB"))
    side = sheet.shape[1] // ATLAS_COLUMNS
    total = np.zeros((side, side, 3))
    for row in rows:
        line, column = divmod(int(row), ATLAS_COLUMNS)
        total += sheet[line * side : (line + 1) * side, column * side : (column + 1) * side]
    mean = Image.fromarray(np.round(total / len(rows)).astype(np.uint8))
    stream = io.BytesIO()
    mean.resize((AVERAGE_SIDE, AVERAGE_SIDE), Image.Resampling.BICUBIC).save(stream, "WEBP", quality=90)
    return stream.getvalue()

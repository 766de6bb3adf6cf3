"""Colours of the points of a sample: scores, coordinates, clusters, density."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.analysis.stability import cluster_stability
from dashboard.errors import NotFound
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import MOST_POINTS, SetSpace, Space, scored_only
from dashboard.spaces.uploaded_projection import shown_categories
from dashboard.synthesis.model import Model

CLUSTERS = 6
LABELS = 6
"""Number of categories with their own colour: the size of the palette."""

OWN = LABELS - 1
"""Number of categories that can be chosen; all others share the last colour."""

FEWEST_HALVED, MOST_HALVED = 100, 4000
"""Smallest and largest number of points for comparing clusters of the halves; larger samples are truncated."""

CELLS = 96
"""Cells of the density in each axis."""

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Colour:
    """A quantity or a grouping of the points.

    Args:
        title: its name, with the unit.
        values: (n,) numbers; for a grouping the group index of each point.
        groups: names of the groups; empty for a quantity.
        limits: the scale's ends, or None for the smallest and largest.
        note: its reliability, for the caption.
    """

    title: str
    values: Array
    groups: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None
    note: str = ""


def choices(model: Model, space: Space) -> list[dict]:
    """List the colourings of a space, as groups of a select with values and labels."""
    shown = [{"value": name, "label": label} for name, label in (("cluster", "Cluster"), ("density", "Density"))]
    coordinates = [{"value": f"coordinate:{name}", "label": f"{_words(name)}, coordinate"} for name in model.names]
    grouped = [{"group": "Layout", "items": shown}]
    if isinstance(space, SetSpace):
        if space.held.n > MOST_POINTS:
            return [{"group": "Layout", "items": [{"value": "density", "label": "Density"}]}]
        columns = [{"value": f"column:{each.name}", "label": each.name} for each in space.held.columns]
        if columns:
            grouped.insert(0, {"group": "Columns of the file", "items": columns})
    elif model.has_bank:
        names = scored_only(model)[1]
        scores = [{"value": f"score:{name}", "label": f"{_words(name)}, score"} for name in names]
        grouped.insert(0, {"group": "Scores", "items": scores})
    if coordinates:
        grouped.append({"group": "Coordinates", "items": coordinates})
    return grouped


def default_colour(model: Model, space: Space) -> str:
    """Return the default colouring of a space."""
    if isinstance(space, SetSpace):
        columns = space.held.columns if space.held.n <= MOST_POINTS else ()
        return f"column:{columns[0].name}" if columns else "density"
    if model.has_bank:
        return f"score:{scored_only(model)[1][0]}"
    return f"coordinate:{model.names[0]}" if model.names else "density"


def fitting_colour(model: Model, space: Space, choice: object) -> str:
    """Return the choice if the space offers it, or else the default colouring."""
    offered = [item["value"] for group in choices(model, space) for item in group["items"]]
    if choice == "label" and "column:label" in offered:  # in links from when a set had only one column
        return "column:label"
    return str(choice) if choice in offered else default_colour(model, space)


def categories_of(space: Space, choice: object) -> tuple[str, ...]:
    """List the categories of a column that colours a space, the most frequent first; empty for any other colouring."""
    kind, _, name = str(choice).partition(":")
    column = space.held.column(name) if kind == "column" and isinstance(space, SetSpace) else None
    return column.labels if column is not None and column.kind == "categories" else ()


def read_categories(text: object, space: Space, choice: object) -> tuple[str, ...]:
    """Parse the categories with their own colour.

    Args:
        text: of an address: separated by commas, each escaped as in a URL; None or empty for the most frequent.
        space: the space.
        choice: the colouring.

    Returns:
        The categories, in the order of the text.

    Raises:
        NotFound: a category does not exist or occurs twice, or there are too many.
    """
    if text is None or text == "":
        return ()
    named = [unquote(part) for part in str(text).split(",")]
    categories = categories_of(space, choice)
    odd = next((each for each in named if each not in categories), None)
    if odd is not None or len(set(named)) < len(named) or len(named) > OWN:
        shown = ", ".join(label[:20] for label in categories[:6]) + (", ..." if len(categories) > 6 else "")
        of = f" of {str(choice).partition(':')[2]} ({shown})" if categories else ", of a column of categories as colour"
        what = f"{odd[:40] or 'an empty one'}" if odd is not None else f"{len(named)}, or one of them twice"
        raise NotFound(f"Expected 1 to {OWN} different categories{of}. Received: {what}. Choose them below the title.")
    return tuple(named)


def fitting_categories(escaped: Iterable[str], space: Space, choice: object) -> tuple[str, ...]:
    """Return the categories of an address that exist."""
    categories = categories_of(space, choice)
    return tuple(label for label in dict.fromkeys(map(unquote, escaped)) if label in categories)[:OWN]


def write_categories(labels: Iterable[str]) -> str:
    """Write categories as `read_categories` reads them."""
    return ",".join(quote(label, safe="") for label in labels)


def colour_of(
    model: Model, space: Space, choice: str, points: ArrayLike, axes: list[int], chosen: Sequence[str] = ()
) -> Colour:
    """Colour the points of a projection.

    Args:
        model: the model.
        space: the space of the points.
        choice: one of `choices`.
        points: (n, K) positions on the components.
        axes: the shown components, from 0.
        chosen: of a categorical column, the categories with their own colour; empty for the most frequent.

    Returns:
        The colouring; NaN for rows without a number.

    Raises:
        NotFound: the choice does not exist.
    """
    kind, _, name = choice.partition(":")
    if kind == "cluster" and not name:
        positions = np.asarray(points)[:, :8]
        groups = clusters(positions, CLUSTERS)
        count = int(groups.max()) + 1
        names = tuple(f"{k + 1}" for k in range(count))
        note = ""
        if len(positions) >= FEWEST_HALVED:
            agreement = cluster_stability(positions[:MOST_HALVED], lambda part: _grouping(part, count))
            note = f"clusters of either half of the faces agree: adjusted Rand {agreement:.2f}"
        return Colour("Cluster (k-means on PC 1 to 8)", groups.astype(np.float64), names, note=note)
    if kind == "density" and not name:
        return Colour("Faces in a cell", density(np.asarray(points)[:, axes[:2]]))
    column = space.held.column(name) if kind == "column" and isinstance(space, SetSpace) else None
    if column is not None and column.kind == "numbers":
        return Colour(column.name, np.asarray(column.values(), np.float64))
    if column is not None:
        return Colour(column.name, *shown_categories(column, LABELS, chosen))
    scored = model.has_bank and not isinstance(space, SetSpace)
    if kind == "score" and scored and name in scored_only(model)[1]:
        scores, names = scored_only(model)
        return Colour(f"{_words(name)}, score in σ", _standard(scores[:, names.index(name)]), limits=(-2.5, 2.5))
    if kind == "coordinate" and name in model.names:
        column = model.directions[:, model.column(name)]
        coordinates = np.asarray(projection_of(model, space).latents @ column.astype(np.float32), np.float64)
        return Colour(f"{_words(name)}, coordinate in σ", coordinates, limits=(-2.5, 2.5))
    raise NotFound(f"Expected a colour of model {model.name}. Received: {choice[:60]}. Choose one from the list.")


def colour_of_layout(
    model: Model, space: Space, choice: str, components: ArrayLike, points: ArrayLike, chosen: Sequence[str] = ()
) -> Colour:
    """Colour the points of a layout by UMAP or t-SNE.

    Args:
        model: the model.
        space: the space of the points.
        choice: one of `choices`.
        components: (n, K) positions of all faces on the components of the same space: clusters are computed there,
            since those of a layout are partly artefacts.
        points: (m, k) the layout, of the first m faces.
        chosen: as of `colour_of`.

    Returns:
        The colouring of these faces.

    Raises:
        NotFound: the choice does not exist.
    """
    positions = np.asarray(points)
    if choice == "density":
        return colour_of(model, space, choice, positions, [0, 1])
    found = colour_of(model, space, choice, components, [0, 1], chosen)
    return replace(found, values=found.values[: len(positions)])


def clusters(points: ArrayLike, count: int, seed: int = 0) -> NDArray[np.int64]:
    """Group points by k-means.

    Args:
        points: (n, k).
        count: number of groups, at most n.
        seed: of the initialisation.

    Returns:
        (n,) group indices, the largest group 0.
    """
    from sklearn.cluster import KMeans

    x = np.asarray(points, np.float32)
    count = min(count, len(np.unique(x, axis=0)))
    group = KMeans(count, random_state=seed).fit_predict(x)
    rank = np.argsort(np.argsort(-np.bincount(group, minlength=count), kind="stable"), kind="stable")
    return rank[group]


def _grouping(points: NDArray, count: int) -> Callable[[NDArray], NDArray]:
    """Return a function that assigns points to the k-means clusters of a sample."""
    from sklearn.cluster import KMeans

    found = KMeans(count, random_state=0).fit(np.asarray(points, np.float32))
    return lambda others: np.asarray(found.predict(others))


def density(points: ArrayLike) -> Array:
    """Count the points in each point's cell of a 96 x 96 grid over all points.

    Args:
        points: (n, 2).

    Returns:
        (n,) counts.
    """
    x = np.asarray(points, np.float64)
    low, high = x.min(axis=0), x.max(axis=0)
    cell = np.minimum((x - low) / np.where(high > low, high - low, 1.0) * CELLS, CELLS - 1).astype(np.int64)
    index = cell[:, 0] * CELLS + cell[:, 1]
    return np.bincount(index, minlength=CELLS * CELLS)[index].astype(np.float64)


def _standard(values: ArrayLike) -> Array:
    array = np.asarray(values, np.float64)
    spread = float(array.std())
    return (array - array.mean()) / (spread if spread > 0 else 1.0)


def _words(name: str) -> str:
    return name.replace("_", " ")

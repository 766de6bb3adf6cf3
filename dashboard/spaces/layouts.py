"""Layouts of a sample by UMAP and t-SNE: their parameters, and their form in links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.errors import InputError, NotFound
from dashboard.spaces.computed_results import Layout, layout_of
from dashboard.spaces.sample import SetSpace, Space, sample_size, space_of
from dashboard.synthesis.model import Model

PCA = "pca"
METHODS = {PCA: "PCA", "umap": "UMAP", "tsne": "t-SNE"}
"""Methods by their name in addresses, with titles."""

FEWEST = 200
MOST = {"umap": 20_000, "tsne": 10_000}
"""Largest number of faces: t-SNE takes about four times as long as UMAP."""

USUAL = 5000
"""Default number of faces."""

LEAST = 10
"""Least number of rows of an uploaded set: fewer have no meaningful neighbours."""

WIDEST = 50
"""Maximum columns for t-SNE; wider samples are first reduced to this number of principal components."""

PARAMETERS = {"umap": ("neighbours", "distance", "faces", "seed"), "tsne": ("perplexity", "faces", "seed")}
"""Parameters of a layout besides space and dimensions, in the order of a selection's text."""

HUNDREDTHS = 100
"""Steps of a minimum distance: it is written in hundredths, without a decimal point."""


def layout_params(method: str, params: Mapping[str, Any], model: Model) -> dict[str, Any]:
    """Return the canonical parameters of a layout.

    Args:
        method: "umap" or "tsne".
        params: space; faces, how many of the sample's first ones; dimensions, 2 or 3; seed; of UMAP neighbours, 2 to
            200, and distance, 0 to 0.99, how close neighbours may come; of t-SNE perplexity, 2 to 100. For a smaller
            uploaded set, its number of rows is used.
        model: the model.

    Returns:
        The same, with defaults.

    Raises:
        InputError: a parameter is invalid, or the space is an uploaded set with too few rows.
        NotFound: the model has no such space.
    """
    space = space_of(params.get("space"), model)
    size = space.held.n if isinstance(space, SetSpace) else sample_size(model)
    most = min(size, MOST[method])
    if isinstance(space, SetSpace):
        distinct = size if space.held.distinct is None else space.held.distinct
        if distinct < LEAST:
            raise InputError(
                f"Expected {LEAST} distinct latents or more. Received: {distinct} in {space.title}. Choose PCA."
            )
        params = _capped(params, {"faces": most, "neighbours": most - 1, "perplexity": (most - 1) // 3})
    faces = _whole(params, "faces", min(USUAL, most), min(FEWEST, most), most)
    shared = {
        "space": space.name,
        "faces": faces,
        "dimensions": _whole(params, "dimensions", 2, 2, 3),
        "seed": _whole(params, "seed", 0, 0, 2**32 - 1),
    }
    if method == "umap":
        neighbours = _whole(params, "neighbours", min(15, faces - 1), 2, min(200, faces - 1))
        return {**shared, "neighbours": neighbours, "distance": _distance(params)}
    most_alike = max(2, min(100, (faces - 1) // 3))
    return {**shared, "perplexity": _whole(params, "perplexity", min(30, most_alike), 2, most_alike)}


def read_layout(method: str, space: Space, words: Mapping[str, Any], dimensions: int, model: Model) -> dict[str, Any]:
    """Read the parameters of a layout from the words of an address or the values of controls.

    Args:
        method: "umap" or "tsne".
        space: the space.
        words: by name; missing or empty ones mean the default.
        dimensions: 2 or 3.
        model: the model.

    Returns:
        Canonical parameters.

    Raises:
        InputError: one of the words is wrong.
    """
    given = {name: _number(words[name]) for name in PARAMETERS[method] if words.get(name) not in (None, "")}
    return layout_params(method, {"space": space.name, "dimensions": dimensions, **given}, model)


def written(method: str, params: Mapping[str, Any]) -> str:
    """Return a layout's method and parameters in the form of a selection: "umap-15-10-5000-0"."""
    values = [params[name] for name in PARAMETERS[method]]
    return "-".join([method, *(str(round(HUNDREDTHS * v) if isinstance(v, float) else v) for v in values)])


def drawn_layout(model: Model, space: Space, text: str) -> Layout:
    """Return the layout of a selection.

    Args:
        model: the model.
        space: the space.
        text: as returned by `written`.

    Returns:
        The layout, in two dimensions.

    Raises:
        InputError: the text is not a layout.
        NotFound: the layout has not been computed.
    """
    method, *numbers = text.split("-")
    if len(numbers) != len(PARAMETERS.get(method, ())) or not numbers:
        raise InputError(f"Expected a method such as pca or umap-15-10-5000-0. Received: {text[:60]}. Draw it again.")
    words: dict[str, float] = dict(zip(PARAMETERS[method], map(int, numbers), strict=True))
    if "distance" in words:
        words["distance"] /= HUNDREDTHS
    found = layout_of(model, method, read_layout(method, space, words, 2, model))
    if found is None:
        raise NotFound(
            f"Expected {METHODS[method]} of {space.title} as the selection was drawn on. Received: none yet. "
            "Have it computed first."
        )
    return found


def _number(value: Any) -> Any:
    """Return the number of a control or an address; other values unchanged, for the check to refuse."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return value
    return int(number) if number.is_integer() else number


def _capped(params: Mapping[str, Any], most: Mapping[str, int]) -> dict[str, Any]:
    """Limit the parameters to a small set, so that those chosen for the model's sample need no change."""
    return {name: min(v, most[name]) if name in most and type(v) is int else v for name, v in params.items()}


def _distance(params: Mapping[str, Any]) -> float:
    value = params.get("distance", 0.1)
    if type(value) not in (int, float) or not 0 <= value <= 0.99:
        raise InputError(f"Expected distance from 0 to 0.99. Received: {str(value)[:20]}. Change it.")
    return round(float(value), 2)


def _whole(params: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    value = params.get(name, default)
    if type(value) is not int or not low <= value <= high:
        raise InputError(f"Expected {name} from {low:,} to {high:,}. Received: {str(value)[:20]}. Change it.")
    return value

"""The view of the Latent space page: a space, a method, the components on its axes, the colour."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.errors import InputError, LikenessError, NotFound
from dashboard.spaces.colours import (
    choices,
    default_colour,
    fitting_categories,
    read_categories,
    write_categories,
)
from dashboard.spaces.computed_results import layout_of
from dashboard.spaces.layouts import METHODS, PARAMETERS, PCA, read_layout
from dashboard.spaces.projection import SHOWN_COMPONENTS
from dashboard.spaces.sample import Space, default_space, is_available, space_of
from dashboard.synthesis.model import Model


@dataclass(frozen=True)
class View:
    """A view of a model's sample.

    Args:
        space: the space.
        method: the layout of its points, one of `dashboard.spaces.layouts.METHODS`.
        layout: canonical parameters of UMAP or t-SNE; None for principal components.
        axes: the components on x, y and z, from 1.
        deep: whether it is three-dimensional.
        colour: the colouring, one of `dashboard.spaces.colours.choices`.
        categories: of a categorical column, the categories with their own colour; empty for the most frequent.
    """

    space: Space
    method: str
    layout: dict[str, Any] | None
    axes: tuple[int, int, int]
    deep: bool
    colour: str
    categories: tuple[str, ...] = ()

    @property
    def shown(self) -> list[int]:
        """The components on the axes, from 0."""
        return [axis - 1 for axis in self.axes[: 3 if self.deep else 2]]


def view_words(view: View) -> dict[str, str]:
    """Return the parameters of a two-dimensional view; `read_view` parses them."""
    axes = dict(zip("xy", map(str, view.axes), strict=False))
    parameters = {name: str((view.layout or {})[name]) for name in PARAMETERS.get(view.method, ())}
    chosen = {"categories": write_categories(view.categories)} if view.categories else {}
    return {"space": view.space.name, "method": view.method, **axes, **parameters, "colour": view.colour, **chosen}


def is_drawn(model: Model, view: View) -> bool:
    """Return whether a view can be drawn now, without a job first."""
    if not is_available(view.space, model):
        return False
    return view.method == PCA or (view.layout is not None and layout_of(model, view.method, view.layout) is not None)


def read_view(words: Mapping[str, Any], model: Model) -> tuple[View, LikenessError | None]:
    """Read the view of an address.

    Args:
        words: any query parameters by name; missing ones mean the default.
        model: the model.

    Returns:
        The view and None; if a parameter is invalid, its default and the error.
    """
    problem: LikenessError | None = None
    space = default_space(model)
    if words.get("space") is not None:
        try:
            space = space_of(words["space"], model)
        except NotFound as error:
            problem = error
    axes = []
    for component, name in enumerate("xyz", start=1):
        text = words.get(name)
        good = isinstance(text, str) and text.isdecimal() and 1 <= int(text) <= SHOWN_COMPONENTS
        if text is not None and not good:
            problem = problem or NotFound(
                f"Expected a component from 1 to {SHOWN_COMPONENTS} as {name}. Received: {str(text)[:20]}. Choose one."
            )
        axes.append(int(str(text)) if good else component)
    colour = words.get("colour")
    offered = {item["value"] for group in choices(model, space) for item in group["items"]}
    if colour is not None and colour not in offered:
        problem = problem or NotFound(
            f"Expected a colour of model {model.name}. Received: {str(colour)[:60]}. Choose one from the list."
        )
        colour = None
    colour = str(colour or default_colour(model, space))
    categories: tuple[str, ...] = ()
    try:
        categories = read_categories(words.get("categories"), space, colour)
    except NotFound as error:
        problem = problem or error
        categories = fitting_categories(str(words["categories"]).split(","), space, colour)
    deep = words.get("view") == "3d"
    method, layout = words.get("method") or PCA, None
    if method not in METHODS:
        offered = ", ".join(METHODS)
        problem = problem or NotFound(f"Expected a method ({offered}). Received: {str(method)[:20]}. Choose one.")
        method = PCA
    if method != PCA:
        try:
            layout = read_layout(method, space, words, 3 if deep else 2, model)
        except InputError as error:
            problem = problem or error  # report only the first: others may follow from it
            with contextlib.suppress(InputError):  # an uploaded set may be too small for a layout
                layout = read_layout(method, space, {}, 3 if deep else 2, model)
    return View(space, method, layout, (axes[0], axes[1], axes[2]), deep, colour, categories), problem

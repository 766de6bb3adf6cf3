"""Types of the values that shared components send with callbacks; validates every request.

A callback's own inputs are compared with the annotations of its function.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from annotated_types import Len
from pydantic import Field
from typing_extensions import TypedDict

Scheme = Literal["light", "dark"]

Cell = Annotated[list[str], Len(2, 2)]
"""The moved direction, and the scored one."""


class Start(TypedDict):
    """The first face of a page."""

    face: str
    base: str


class Opening(TypedDict):
    """The initial state of a page."""

    start: Start


class SetsChanged(TypedDict, total=False):
    """An uploaded set that was added or removed."""

    show: str | None


def _or_none(kind: Any) -> Any:
    return kind | None


VALUES: dict[tuple[str, str], Any] = {
    ("_pages_location", "pathname"): Annotated[str, Field(pattern=r"^/")],
    ("_pages_location", "search"): _or_none(Annotated[str, Field(pattern=r"^(\?|$)")]),
    ("scheme-now", "data"): Scheme | None,
    ("opening", "data"): Opening,
    ("latent-start", "data"): Start,
    ("sets-changed", "data"): SetsChanged | None,
    ("method", "value"): Literal["pca", "umap", "tsne"],
    ("traverse", "value"): Annotated[str, Field(pattern=r"^\d{1,4}$")],
    ("matrix-added", "data"): list[str],
    ("cell", "data"): _or_none(Cell),
    ("shown-cell", "data"): _or_none(Cell),
}
"""Type of each value, by the component's id and property."""

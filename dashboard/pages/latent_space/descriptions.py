"""Sentences about a sample, its axes and its components: the space, the number, the unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.components.slider_row import display_name
from dashboard.spaces.layouts import WIDEST
from dashboard.spaces.projection import Projection, follows
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import BLOCK4, BLOCK8, LATENT, SetSpace, Space, W, sample_seed, sample_size
from dashboard.spaces.view import View
from dashboard.synthesis.model import Model

WEAK = 0.1
"""Correlation below which an attribute is not named."""


def sample_words(projection: Projection) -> str:
    """Describe the sample: "20,000 faces of the bank · 32 attribute scores each"."""
    return f"{len(projection.rows):,} {projection.whose} · {projection.numbers}"


def scale_words(projection: Projection) -> str:
    """Describe the scaling of a space before components, neighbours and layouts are computed."""
    if isinstance(projection.space, SetSpace) or projection.space is LATENT:
        return "as they are"
    return "standardised" if projection.space.standardised else "not standardised"


def uncomputed_words(model: Model, space: Space) -> str:
    """Describe the sample of a space whose components are not computed yet."""
    whose = "of the bank" if model.has_bank else f"drawn from seed {sample_seed(model)}"
    return f"{sample_size(model):,} faces {whose} · components of the {space.title} are not computed yet"


def scatter_words(projection: Projection, axes: Sequence[int], factor: float | None) -> tuple[str, str, list[str]]:
    """Name a scatter.

    Args:
        projection: of the sample.
        axes: its components, from 0.
        factor: length of an arrow in standard deviations; None without arrows.

    Returns:
        The title, the caption, and a title for each axis.
    """
    space, shares = projection.space.title, projection.spectrum.shares
    title = f"PCA of {space if isinstance(projection.space, SetSpace) else space[0].lower() + space[1:]}"
    caption = f"{len(projection.rows):,} faces, in {projection.unit}"
    if factor is not None:
        caption += f"; arrows: 1 σ of a direction × {factor:g}"
    return title, caption, [f"PC {axis + 1} · {shares[axis] * 100:.1f} % of variance" for axis in axes]


def layout_words(method: str, params: Mapping[str, Any]) -> str:
    """Describe a layout's parameters: "5,000 faces, 15 neighbours each, minimum distance 0.10, seed 0"."""
    if method == "umap":
        settings = f"{params['neighbours']} neighbours each, minimum distance {params['distance']:.2f}"
    else:
        settings = f"perplexity {params['perplexity']}"
    return f"{params['faces']:,} faces, {settings}, seed {params['seed']}"


def layout_numbers(model: Model, view: View) -> str:
    """Describe a layout's input: "22 attribute scores each"."""
    projection = projection_of(model, view.space)
    count = projection.spectrum.numbers
    if view.space in (BLOCK4, BLOCK8):
        return f"the first {count} principal components of the {view.space.title}"
    scaled = "" if _exact(projection) else f", {scale_words(projection)}"
    numbers = f"{count:,} {view.space.numbers} each{scaled}"
    if isinstance(view.space, SetSpace) and view.layout and view.space.held.n > view.layout["faces"]:
        numbers = f"the first of {view.space.held.n:,} rows, {numbers}"
    kept = min(WIDEST, view.layout["faces"]) if view.layout else WIDEST
    return f"{numbers}, reduced to {kept} principal components" if view.method == "tsne" and count > kept else numbers


def projection_fit_text(projection: Projection, fit: Sequence[float]) -> str:
    """Describe the accuracy of the face's position before it is scored."""
    if _exact(projection):
        return "This face is shown at its exact position."
    r2 = " and ".join(f"{value:.2f}" for value in fit)
    return f"This face is shown at a position estimated from its latent by a linear fit (R² {r2})."


def component_words(projection: Projection, component: int) -> str:
    """Describe which attributes a component correlates with, and how well the latent determines it.

    Args:
        projection: of a sample.
        component: from 0.

    Returns:
        One or two sentences.
    """
    strongest = [(name, value) for name, value in follows(projection, component)[:3] if abs(value) >= WEAK]
    named = ", ".join(f"{display_name(name)} {value:+.2f}" for name, value in strongest).replace("-", "−")
    goes = f"Correlates with {named}." if named else "Correlates with no attribute (|correlation| under 0.10)."
    stable = projection.stability
    if component < len(stable.cosine):
        cosine, plane = stable.cosine[component], stable.plane[component]
        cosines = f"cosine {cosine:.2f}, of its plane {plane:.2f}"
        goes += f" {stable.words(component).capitalize()} between halves of the faces: {cosines}."
    if _exact(projection):
        return goes
    fit = projection.latent_map[2][component]
    judged = ", on held-out faces" if projection.space in (BLOCK4, BLOCK8) else ""
    return f"{goes} Latent fit R² {fit:.2f}{judged}."


def _exact(projection: Projection) -> bool:
    """Return whether positions in the space are exact functions of the latent."""
    return projection.space in (LATENT, W) or isinstance(projection.space, SetSpace)

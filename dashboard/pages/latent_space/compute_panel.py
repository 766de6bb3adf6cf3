"""The card of a job, shown until the scatter is computed."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.job_card import job_card
from dashboard.jobs.registry import kind_of
from dashboard.pages.latent_space.descriptions import layout_numbers, layout_words
from dashboard.spaces.computed_results import ACTIVATIONS
from dashboard.spaces.layouts import METHODS, written
from dashboard.spaces.sample import Space, is_available, sample_size
from dashboard.spaces.view import View
from dashboard.synthesis.model import Model


def computing_panel() -> html.Div:
    """Lay out the card's container, over the scatter; a callback fills `computing` while there is nothing to draw."""
    return html.Div(id="computing", className="lk-computing")


def computing_card(model: Model, view: View) -> Any:
    """Lay out the card of a view's job.

    Args:
        model: the model.
        view: the view, whose data is missing.

    Returns:
        The card; its name contains the job's parameters, so that it shows only this job.
    """
    if view.layout is None or not is_available(view.space, model):
        return _components_card(model, view.space)
    return _layout_card(model, view, view.layout)


def _components_card(model: Model, space: Space) -> Any:
    """Return the card of the job that computes the components of a block."""
    params = kind_of(ACTIVATIONS).canonical({"block": space.name}, model)
    text = (
        f"The generator computes the {space.title} of {params['faces']:,} faces and their principal components. "
        f"All {sample_size(model):,} faces of the sample are then projected on them, and a least-squares fit maps "
        "each component to the latent."
    )
    title = f"Components of the {space.title}"
    return job_card(f"computing-{space.name}", ACTIVATIONS, title, text, model.name, params)


def _layout_card(model: Model, view: View, params: dict[str, Any]) -> Any:
    """Return the card of the job that computes a layout by UMAP or t-SNE."""
    name = f"computing-{written(view.method, params)}-{view.space.name}-{params['dimensions']}"
    text = (
        f"{layout_words(view.method, params)}, in {params['dimensions']} dimensions; of {layout_numbers(model, view)}. "
        "You can change the settings above first."
    )
    title = f"{METHODS[view.method]} of {params['faces']:,} faces"
    return job_card(name, view.method, title, text, model.name, params)


def refused_layout(sentence: str) -> Any:
    """Explain why there can be no layout with these parameters."""
    return html.P(sentence, className="lk-computing-refused", role="alert")

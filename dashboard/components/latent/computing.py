"""What stands in place of the scatter until a job has computed it."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.components.job_card import job_card
from dashboard.jobs.registry import kind_of
from dashboard.spaces.computed import ACTIVATIONS
from dashboard.spaces.sample import Space, sample_size
from dashboard.synthesis.model import Model


def computing_panel() -> html.Div:
    """Lay out the place of the card, over the scatter; a callback fills `computing` while there is nothing to draw."""
    return html.Div(id="computing", className="lk-computing")


def components_card(model: Model, space: Space) -> Any:
    """Lay out the card of the job that finds the components of a block.

    Args:
        model: the model.
        space: of the block.

    Returns:
        The card.
    """
    params = kind_of(ACTIVATIONS).canonical({"block": space.name}, model)
    text = (
        f"The generator computes the {space.title} of {params['faces']:,} faces, and their principal components are "
        f"found. All {sample_size(model):,} faces of the sample are then placed on them, and a least-squares fit leads "
        "each component back to the latent."
    )
    title = f"Components of the {space.title}"
    return job_card(f"computing-{space.name}", ACTIVATIONS, title, text, model.name, params)

"""A note instead of the sliders for a model without directions."""

from __future__ import annotations

from dash import dcc, html

from dashboard.components.icon import icon
from dashboard.faces.site_path import site_path


def no_sliders() -> html.Section:
    """Explain that the model has no directions, and how to add some.

    Returns:
        The section.
    """
    return html.Section(
        [
            icon("sliders", 20),
            html.H2("This model has no directions", className="lk-section-title"),
            html.P(
                "Sliders move a face along directions of its latent space. Seeds, rows, mixes and averages work "
                "without: type one above the face."
            ),
            html.P(
                [
                    "Add TL-GAN's file of directions if there is one for this network, or find directions of your own "
                    "with a scorer: ",
                    html.Code("python -m training fit --model NAME --scorer ..."),
                    ", or from scores of its faces: ",
                    html.Code("python -m dashboard scores NAME FILE --manifest MANIFEST"),
                ]
            ),
            dcc.Link("Add directions", href=site_path("/models"), className="lk-button"),
        ],
        id="panel",
        className="lk-panel lk-no-sliders",
        **{"aria-label": "Attributes"},
    )

"""First the space, then the method, then the sample: what the page looks at."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import html

from dashboard.spaces.sample import offered
from dashboard.spaces.view import View
from dashboard.synthesis.model import Model


def controls(view: View, model: Model) -> html.Div:
    """Lay out the row above the panels.

    Args:
        view: what the page begins with.
        model: whose spaces can be chosen.

    Returns:
        The row; `space` is the select's id, `sample-words` says what the sample is.
    """
    return html.Div(
        [
            dmc.SegmentedControl(
                id="space",
                data=[{"value": space.name, "label": space.title} for space in offered(model)],
                value=view.space.name,
                size="xs",
                **{"aria-label": "Space"},
            ),
            html.P(id="sample-words", className="lk-sample-words", **{"aria-live": "polite"}),
        ],
        className="lk-latent-controls",
    )

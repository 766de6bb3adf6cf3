"""The scree plot, and a sentence that says what it shows."""

from __future__ import annotations

from dash import html

from dashboard.components.figure_card import figure_card
from dashboard.spaces.projection import Projection


def scree_panel() -> html.Section:
    """Lay out the card of the scree plot; `scree-sentence` is what a callback fills."""
    return figure_card(
        "scree", "Scree", after=html.P(id="scree-sentence", className="lk-finding"), className="lk-scree-card"
    )


def scree_sentence(projection: Projection) -> list:
    """Say what a spectrum shows.

    Args:
        projection: of a sample in a space.

    Returns:
        The sentence, its finding in bold.
    """
    found = projection.spectrum
    above, count = found.above_noise, len(found.variances)
    if above == 0:
        finding = "No component stands above what noise alone would give: "
        rest = "the spectrum is flat because the latent is drawn as noise. The scatter is fog, and shows it honestly."
    else:
        finding = f"{above} of {count:,} components stand above what noise alone would give. "
        rest = ""
    known = float(found.shares.sum())
    held = (
        f"80 % of the variance lies in {found.holding(0.8):,}"
        if known >= 0.8
        else f"they hold {known * 100:.0f} % of it"
    )
    return [html.Strong(finding), rest or f"{held}; participation ratio {found.participation:.1f}."]

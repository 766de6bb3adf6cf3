"""The scree plot, and a sentence that says what it shows."""

from __future__ import annotations

from dash import html

from dashboard.components.figure_card import figure_card
from dashboard.spaces.projection import Projection
from dashboard.spaces.uploaded_projection import SetProjection


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
    if isinstance(projection, SetProjection):
        return _set_sentence(projection)
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


def _set_sentence(projection: SetProjection) -> list:
    """Say what the spectrum of an uploaded set shows: nobody knows what its noise would be."""
    found, n = projection.spectrum, len(projection.rows)
    told = []
    if projection.distinct < n:
        told.append(f"{projection.distinct:,} distinct rows of {n:,}: the others repeat them. ")
    if n <= projection.held.size:
        told.append(f"Fewer rows than the {projection.held.size:,} numbers in each, so that the spectrum says little. ")
    rank = projection.rank
    finding = f"{rank:,} of {len(found.variances):,} components differ from zero. "
    held = f"80 % of the variance lies in {found.holding(0.8):,}; participation ratio {found.participation:.1f}."
    return [html.Strong(finding), *told, held]

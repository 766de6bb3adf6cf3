"""The scree plot, and a sentence about its result."""

from __future__ import annotations

from dash import html

from dashboard.components.figure_card import figure_card
from dashboard.spaces.projection import Projection
from dashboard.spaces.uploaded_projection import SetProjection


def scree_panel() -> html.Section:
    """Lay out the card of the scree plot; `scree-sentence` is what a callback fills."""
    return figure_card(
        "scree",
        "Scree",
        after=html.P(id="scree-sentence", className="lk-finding"),
        className="lk-scree-card",
    )


def scree_sentence(projection: Projection) -> list:
    """Describe a spectrum.

    Args:
        projection: of a sample in a space.

    Returns:
        The sentence, its finding in bold.
    """
    if isinstance(projection, SetProjection):
        return _set_sentence(projection)
    found = projection.spectrum
    listed, numbers = len(found.variances), found.numbers
    kept = f"{listed:,}" if listed == numbers else f"the {listed:,} largest of {numbers:,}"
    above, below = found.above_noise, found.below_noise
    finding = f"{above or 'None'} of {kept} components {'is' if above < 2 else 'are'} larger than noise alone gives"
    finding += f", {below:,} smaller. " if below else ". "
    stable = projection.stability
    tested, holds = len(stable.cosine), int(stable.holds.sum())
    of = "" if tested == listed else f" of the first {tested}"
    holding = f"{holds or 'None'}{of} {'holds' if holds < 2 else 'hold'} from one half of the faces to the other. "
    sentences = []
    if above == 0:
        sentences.append("The spectrum is flat: the latent is random noise, so the scatter has no structure. ")
    if found.dead:
        every = f"{found.dead + numbers} {projection.space.numbers}"
        sentences.append(f"{found.dead} of {every} are the same in every face and left out. ")
    share = float(found.shares.sum())
    held = (
        f"80 % of the variance lies in {found.holding(0.8):,}"
        if share >= 0.8
        else f"They hold {share * 100:.0f} % of it"
    )
    return [html.Strong(finding + holding), *sentences, f"{held}; participation ratio {found.participation:.1f}."]


def _set_sentence(projection: SetProjection) -> list:
    """Describe the spectrum of an uploaded set, whose noise is unknown."""
    found, n = projection.spectrum, len(projection.rows)
    sentences = []
    if projection.distinct < n:
        sentences.append(f"{projection.distinct:,} distinct rows of {n:,}: the others repeat them. ")
    if n <= projection.held.size:
        sentences.append(
            f"Fewer rows than the {projection.held.size:,} numbers in each, so that the spectrum says little. "
        )
    rank = projection.rank
    finding = f"{rank:,} of {len(found.variances):,} components differ from zero. "
    held = f"80 % of the variance lies in {found.holding(0.8):,}; participation ratio {found.participation:.1f}."
    return [html.Strong(finding), *sentences, held]

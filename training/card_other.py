"""The card of an imported model with directions: where they come from, what was measured, and what was not."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.synthesis.curves import Curves
from training.card import expected_scores, feasible, infeasible, responses, table, words
from training.fit import Fit
from training.measure.curve_check import OnPage
from training.measure.result import Measured
from training.other_models import OtherModel

TEMPLATE = """# {name}

The generator of {original} ({size} x {size} pixels), with directions in {space}, a scorer and a judge. Its weights are
unchanged. Measured by `python -m training measure --model`.

## How it was made

| | |
|---|---|
| Generator | {about} |
| Scorer | {scorer} |
| Judge | {judge}; not used to find the directions |
| Directions | least squares of the scorer's scores on {latents:,} random faces, in {space} |

## Attributes

Every attribute was pinned from -3 to 3 on {bases} faces; {feasible}

- "Scorer" and "judge": AUC or R2 on pictures that they were not trained on.
- "Agree": correlation of the two on {samples:,} random faces.
- "Linear R2": share of the score's variance that the direction explains on held-out faces.
- "Response": change of the judge's mean score from coordinate -2 to +2, in standard deviations over random faces, with
  its 95 % interval.
- "Halves": absolute cosine of the directions from two halves of the faces. "Error": 95 % interval of the angle by which
  a direction turns when the faces are resampled.
- "Range": where the mean score rises.

{table}

Mean response of the judge's score at each coordinate, in standard deviations, with its deviation over {bases} faces:

{curves}

## Leakage

The mean absolute effect of an attribute on another one's score, in standard deviations per unit of the moved
coordinate, is {free:.3f} with nothing locked and {locked:.3f} with all other attributes locked. {infeasible}

## Expected scores

{expected}

## Dropped attributes

{dropped}

## Not measured

What compares a generator with the faces that it was trained on, which are not at hand: Frechet distance, precision and
recall, nearest training faces, texture and colour. The method's own error and the angles to true directions need
rendered faces of known parameters.

## Limits

- An attribute is what two networks read that were trained on the same labels. It says nothing about a real person, and
  the figures cannot show what neither network reads.
- Correlations among the labels return in the directions.

## Licence

{licence}
"""


@dataclass(frozen=True)
class OtherSources:
    """Inputs of the card.

    Args:
        name: of the new model.
        other: the imported model with its scorers.
        fit: the directions that are kept.
        measured: their figures.
        curves: expected scores, or None.
        on_page: check of the curves in the precision of the pages, or None.
    """

    name: str
    other: OtherModel
    fit: Fit
    measured: Measured
    curves: Curves | None = None
    on_page: OnPage | None = None


def write_other_card(sources: OtherSources) -> str:
    """Return the card's text, Markdown."""
    other, fit, measured = sources.other, sources.fit, sources.measured
    rows = []
    for attribute in fit.attributes:
        figures, quality = measured.attributes[attribute.name], attribute.reliability
        kind = "auc" if attribute.kind == "binary" else "r2"
        rows.append(
            (
                words(attribute.name),
                f"{kind.upper()} {quality[kind]:.3f}",
                f"{quality[f'judge_{kind}']:.3f}",
                f"{figures['agreement']:.2f}",
                f"{quality['linear_r2']:.2f}",
                f"{figures['response']:.2f} ({figures['low']:.2f} to {figures['high']:.2f})",
                f"{figures['halves']:.2f}",
                f"{figures['angle_low']:.1f} to {figures['angle_high']:.1f} degrees",
                f"{attribute.range[0]:+.1f} to {attribute.range[1]:+.1f}",
            )
        )
    header = ("attribute", "scorer", "judge", "agree", "linear R2", "response", "halves", "error", "range")
    return TEMPLATE.format(
        name=sources.name,
        original=other.model.name,
        size=other.model.config.resolution,
        space=fit.space,
        about=other.model.provenance.get("about", "imported"),
        scorer=other.scorer.architecture,
        judge=other.judge.architecture,
        latents=len(fit.scores),
        bases=measured.effort.bases,
        samples=measured.effort.samples,
        feasible=feasible(fit.attributes, measured),
        table=table(header, rows),
        curves=responses(fit.names, measured),
        free=measured.leakage["free"],
        locked=measured.leakage["locked"],
        infeasible=infeasible(measured.leakage),
        expected=expected_scores(sources.curves, sources.on_page),
        dropped="\n".join(f"- {words(name)}: {why}." for name, why in fit.dropped.items()) or "- Nothing.",
        licence=other.model.licence,
    )

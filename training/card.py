"""The model card: how the model was made and what was measured, written from the figures themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.fit import LEAST_LINEAR, LEAST_SCORER, MOST_ALIKE, STEPS, Fit
from training.label.scorer import HELD_OUT, Scorer
from training.label.truth import Truth
from training.trained import Run

LICENCE = "CC0-1.0"

TEMPLATE = """# {name}

A PG-GAN of {size} x {size} pixels that makes faces of people who do not exist. It was trained by this project's own
pipeline (`training/`) on faces rendered from MakeHuman's CC0 assets: no photograph and no real person is in it.

![64 unselected faces, seeds 0 to 63]({pictures}/seeds.webp)

*Seeds 0 to 63, in order, none left out.*

## How it was made

| | |
|---|---|
| Generator | NVIDIA's `G_paper`, latent 512, feature maps {fmap_base}/{fmap_max}, {parameters:,} numbers |
| Training set | {rendered:,} rendered faces at {data_size} px, seed {data_seed}, half of them mirrored |
| Training | {shown:,} faces shown, batches of {batch}, from {start} px on; loss: {loss} |
| Average | of the generator's weights, half-life {half_life:,} faces |
| Scorer | {scorer_size} px, feature maps {channels}, trained on augmented renders |
| Directions | least squares of scores on {latents:,} latents (TL-GAN) |

## What was measured

The scorer on held-out renders (every {held_out}th face, never trained on), and each direction on held-out faces of the
generator. "Linear R2" is the share of the score that the direction explains; "response" is how far the mean score moves
from coordinate -2 to +2 with everything else free, in standard deviations of the score over random faces; "range" is
where the mean score goes on rising.

| attribute | group | scorer | linear R2 | response | range |
|---|---|---|---|---|---|
{table}

![Each attribute from -3 to +3 on one face]({pictures}/traversals.webp)

*One attribute a row, in the table's order, from -3 to +3 on the face of seed {traversal_seed}, everything else free.*

## What was dropped

By a written rule (`training/fit.py`): attributes that the scorer cannot tell on held-out renders (R2 under
{least_r2}, AUC under {least_auc}), scores of which no direction explains {least_linear} on held-out faces, and
the weaker of two directions with a cosine over {most_alike}.

{dropped}

## Limits and biases

- It knows the faces that MakeHuman's morphs and a dozen hair styles can make, and nothing else.
- "Male", "Young" and every other attribute are the renderer's parameters as a scorer perceives them. They say nothing
  about a real person.
- What went together in the training set goes together in the directions. The strongest correlations of its labels:

{correlations}

## Licence

The weights are {licence}. The renders come from MakeHuman's assets, released CC0 1.0 by the MakeHuman team in September
2020: base mesh, targets and eyes from the makehuman repository; hair, eyebrows, eyelashes, teeth, tongue and textures
from makehuman-assets. The skin textures have the official names and layout but are not byte-identical to a published
revision; the licence of that time gives the option of CC0 for them too. `docs/assets.md` tells the chain file by file.
"""


@dataclass(frozen=True)
class Sources:
    """Everything that a card tells of.

    Args:
        name: of the model.
        run, scorer, fit: what the earlier steps left.
        truth: labels of the training set.
        faces: how many rendered faces there are.
        dataset: contents of the training set's ``dataset.json``.
        pictures: where the sheets are, as the card's reader finds them.
        traversal_seed: of the face in the traversal sheet.
    """

    name: str
    run: Run
    scorer: Scorer
    fit: Fit
    truth: Truth
    faces: int
    dataset: Mapping[str, Any]
    pictures: str
    traversal_seed: int


def write_card(sources: Sources) -> str:
    """The card's text, Markdown."""
    run, fit, scorer = sources.run, sources.fit, sources.scorer
    return TEMPLATE.format(
        name=sources.name,
        size=run.config.resolution,
        pictures=sources.pictures,
        fmap_base=run.config.fmap_base,
        fmap_max=run.config.fmap_max,
        parameters=sum(array.size for array in run.networks["Gs"].values()),
        rendered=sources.faces,
        data_size=int(sources.dataset["size"]),
        data_seed=int(sources.dataset["seed"]),
        shown=run.shown,
        batch=run.recipe.batch,
        start=run.recipe.start,
        loss=run.recipe.loss,
        half_life=run.recipe.half_life,
        scorer_size=scorer.config.size,
        channels=", ".join(map(str, scorer.config.channels)),
        latents=fit.latents,
        held_out=HELD_OUT,
        table="\n".join(_row(fit, k) for k in range(len(fit.attributes))),
        traversal_seed=sources.traversal_seed,
        least_r2=LEAST_SCORER["r2"],
        least_auc=LEAST_SCORER["auc"],
        least_linear=LEAST_LINEAR,
        most_alike=MOST_ALIKE,
        dropped="\n".join(f"- {_words(n)}: {why}." for n, why in fit.dropped.items()) or "- Nothing.",
        correlations="\n".join(f"- {_words(a)} and {_words(b)}: {r:+.2f}" for a, b, r in correlations(sources.truth)),
        licence=LICENCE,
    )


def correlations(truth: Truth, count: int = 12) -> Sequence[tuple[str, str, float]]:
    """The strongest Pearson correlations between a data set's labels, strongest first."""
    r = np.corrcoef(truth.values.T)
    pairs = [(i, j) for i in range(len(r)) for j in range(i) if np.isfinite(r[i, j])]
    strongest = sorted(pairs, key=lambda pair: -abs(r[pair]))[:count]
    return [(truth.names[j], truth.names[i], float(r[i, j])) for i, j in strongest]


def _row(fit: Fit, k: int) -> str:
    attribute = fit.attributes[k]
    figure = next(name for name in ("r2", "auc") if name in attribute.reliability)
    low, high = np.interp([-2.0, 2.0], STEPS, fit.responses[k])
    cells = (
        _words(attribute.name),
        attribute.group,
        f"{figure.upper()} {attribute.reliability[figure]:.3f}",
        f"{attribute.reliability['linear_r2']:.2f}",
        f"{high - low:.2f}",
        f"{attribute.range[0]:+.1f} to {attribute.range[1]:+.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _words(name: str) -> str:
    return name.replace("_", " ")

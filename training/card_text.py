"""The model card's sentences; `card.py` fills in the figures."""

from __future__ import annotations

TEMPLATE = """# {name}

A PG-GAN of {size} x {size} pixels that makes faces of people who do not exist. It was trained by this project's own
pipeline (`training/`) on faces rendered from MakeHuman's CC0 assets: no photograph and no real person is in it.

![64 unselected faces, seeds 0 to 63]({pictures}/seeds.webp)

*Seeds 0 to 63, in order, none left out.*

## How it was made

| | |
|---|---|
| Generator | NVIDIA's `G_paper`, latent {latent_size}, feature maps {fmap_base}/{fmap_max}, {parameters:,} numbers |
| Training set | {rendered:,} rendered faces at {data_size} px, seed {data_seed}{mirrored} |
| Training | {shown:,} faces shown, batches of {batch}, from {start} px on; {lesson} |
| Average | of the generator's weights, half-life {half_life:,} faces |
| Scorer | {scorer}, trained on augmented renders |
| Judge | {judge}, trained on another split; it has no part in finding the directions |
| Directions | least squares of the scorer's scores on {latents:,} latents (TL-GAN) |
{log}
## What it should reach, and what it reached

Measured by `python -m training measure`.

{goals}

## Realism

{samples:,} samples against as many renders; beside them, as the ceiling, other renders against the same ones. Frechet
distance, precision and recall (k = 3) are in the judge's features: they compare with nothing but themselves. The sliced
Wasserstein distance is PG-GAN's, times 1000, of {swd_pictures:,} pictures.

{realism}

![64 samples, each beside the training faces nearest to it]({pictures}/nearest.webp)

*Each sample (seeds 0 to 63), then the training face nearest to it in the judge's features, then the one nearest to it
in pixels, of {searched:,} training faces.* The median distance of a sample to the nearest training face is
{to_training:.2f}; that of a training face to the nearest other one is {among:.2f}; {nearer:.1%} of the samples are
nearer than 99 % of the training faces are.

## Texture and colour

Of pictures alone, beside the same figures of renders; decibels against renders where an octave is told (the renders'
column is of other renders against those). Octave 0 is the finest. Modules `spectrum.py` and `appearance.py` of
`training/measure/` say how.

{looks}

## Attributes

{control}

"Scorer" and "judge": R2 or AUC on renders that were held out (every {held_out}th face, another one for each). "Agree":
correlation of the two on samples, in brackets on renders. "Linear R2": share of the score that the direction explains
on held-out samples. "Response": how far the mean score of the judge moves from coordinate -2 to +2 with everything else
free, in standard deviations over samples, with its 95 % interval. "Spread": the deviation of the judge's score over
samples as a share of that over renders. "Range": where the mean score goes on rising.

{table}

![Each attribute from -3 to +3 on one face]({pictures}/traversals.webp)

*One attribute a row from -3 to +3 on the face of seed {traversal_seed}, everything else free.*

Mean response of the judge's score at each coordinate, in standard deviations over samples, with its deviation over
{bases} bases:

{curves}

## Leakage

Mean absolute effect of an attribute on another one's score, in standard deviations per unit of the moved coordinate:
{free:.3f} with nothing locked, {locked:.3f} with all other attributes locked, {ratio:.2f} of it (95 % interval
{low:.2f} to {high:.2f}).
{infeasible}

## Expected scores

{expected}

## What was asked for, and what was found

{asked_for}

## Stability and the method's own error

"Halves": absolute cosine of the directions found on two disjoint halves of the samples. "Error": the angle by which a
direction turns when the samples are drawn anew, 95 % interval of the bootstrap over 50 groups of samples, which makes
it two to three times too wide. "Method": the cosine between a random known direction and the one found, where renders
stand in place of the generator's faces and their parameters are known functions of latents; `truth` in `model.json`. It
says nothing of this model's own directions.

{stability}

## What was dropped

By a written rule (`training/choice.py`): attributes that the scorer cannot tell on held-out renders (R2 under
{rule.r2}, AUC under {rule.auc}), those on which the two scorers disagree on samples (correlation under
{rule.agreement}), scores of which no direction explains {rule.linear} on held-out samples, and the weaker of two
directions with a |cosine| over {rule.alike}.

{dropped}

## Limits

- It knows the faces that MakeHuman's morphs and a dozen hair styles can make, and nothing else.
- "Male", "Young" and every other attribute are the renderer's parameters as a scorer perceives them. They say nothing
  about a real person.
- All figures are of networks that were taught on the same renders: what neither scorer sees, none of them tells.
{constructed}
## Biases

What goes together in the training set goes together in the generator's faces and in the directions. All correlations
of its labels of {notable} or more, the largest first, beside those of the scorer's scores on samples, and the cosine of
the two directions where there are both:

{correlations}

## Licence

The weights are {licence}. The renders come from MakeHuman's assets, released CC0 1.0 by the MakeHuman team in September
2020: base mesh, targets and eyes from the makehuman repository; hair, eyebrows, eyelashes, teeth, tongue and textures
from makehuman-assets. The skin textures have the official names and layout but are not byte-identical to a published
revision; the licence of that time gives the option of CC0 for them too. `docs/assets.md` tells the chain file by file.
"""


CONSTRUCTED = """\
- It was trained on pairs: each rendered face was shown with a latent made of what it was rendered from
  (`docs/decisions/training-on-pairs.md`). So its latent is told what a face is, where a GAN's finds out from pictures
  alone; that there are directions for the attributes is no discovery about GANs.
"""

SEEN = """\
- The scorer, which finds the directions, looked on while the generator was trained. The judge did not, but it learnt
  the same labels of the same renders: Frechet distance and recall in its features gain more than they would in those
  of an unrelated network. The sliced Wasserstein distance knows neither.
"""

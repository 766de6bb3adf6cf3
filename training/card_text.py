"""The model card's sentences; `card.py` fills in the figures."""

from __future__ import annotations

TEMPLATE = """# {name}

A PG-GAN of {size} x {size} pixels that generates faces of people who do not exist. This project's pipeline
(`training/`) trained it on faces rendered from MakeHuman's CC0 assets, without photographs or real persons.

![64 unselected faces, seeds 0 to 63]({pictures}/seeds.webp)

*Seeds 0 to 63, all of them, in sequence.*

## How it was made

| | |
|---|---|
| Generator | NVIDIA's `G_paper`, latent {latent_size}, feature maps {fmap_base}/{fmap_max}, {parameters:,} parameters |
| Training set | {rendered:,} rendered faces at {data_size} px, seed {data_seed}{mirrored} |
| Training | {shown:,} faces shown, batches of {batch}, from {start} px on; {lesson} |
| Average | of the generator's weights, half-life {half_life:,} faces |
| Scorer | {scorer}, trained on augmented renders |
| Judge | {judge}, trained on another split; not used to find the directions |
| Directions | least squares of the scorer's scores on {latents:,} latents (TL-GAN) |
{log}
## Goals and results

Measured by `python -m training measure`.

{goals}

## Realism

{samples:,} samples compared with as many renders. As an upper limit, other renders are compared with the same renders.
Frechet distance, precision and recall (k = 3) use the judge's features and are comparable only with one another. The
sliced Wasserstein distance is PG-GAN's, times 1000, over {swd_pictures:,} pictures.

{realism}

![64 samples, each with the nearest training faces]({pictures}/nearest.webp)

*Each sample (seeds 0 to 63), the training face nearest to it in the judge's features, and the one nearest in pixels,
out of {searched:,} training faces.* The median distance from a sample to the nearest training face is
{to_training:.2f}; from a training face to the nearest other one it is {among:.2f}. {nearer:.1%} of the samples are
nearer to a training face than 99 % of the training faces are to another.

## Texture and colour

Figures of single pictures, for samples and renders; decibels relative to renders for octaves (for the renders, other
renders relative to these). Octave 0 is the finest. The modules `spectrum.py` and `appearance.py` of
`training/measure/` define the figures.

{looks}

## Attributes

{control}

- "Scorer" and "judge": R2 or AUC on held-out renders ({held_out}).
- "Agree": correlation of the two on samples, in brackets on renders.
- "Linear R2": share of the score's variance that the direction explains on held-out samples.
- "Response": change of the judge's mean score from coordinate -2 to +2 with everything else free, in standard
  deviations over samples, with its 95 % interval.
- "Spread": standard deviation of the judge's score over samples, as a share of that over renders.
- "Range": where the mean score rises.

{table}

![Each attribute from -3 to +3 on one face]({pictures}/traversals.webp)

*One attribute per row from -3 to +3 on the face of seed {traversal_seed}, everything else free.*

Mean response of the judge's score at each coordinate, in standard deviations over samples, with its deviation over
{bases} bases:

{curves}

## Leakage

The mean absolute effect of an attribute on another one's score, in standard deviations per unit of the moved
coordinate, is {free:.3f} with nothing locked and {locked:.3f} with all other attributes locked. The ratio is
{ratio:.2f} (95 % interval {low:.2f} to {high:.2f}).
{infeasible}

## Expected scores

{expected}

## Angles to the true directions

{asked_for}

## Stability and the method's own error

- "Halves": absolute cosine of the directions from two disjoint halves of the samples.
- "Error": angle by which a direction turns when the samples are drawn again, 95 % interval of the bootstrap over 50
  groups of samples, which makes it two to three times too wide.
- "Method": cosine between a random, exactly defined direction and the one found. Renders replace the generator's
  faces, and their parameters are given functions of latents; `truth` in `model.json`. This does not describe the
  model's own directions.

{stability}

## Dropped attributes

A written rule (`training/choice.py`) drops attributes that the scorer cannot read on held-out renders (R2 under
{rule.r2}, AUC under {rule.auc}), those on which the two scorers disagree on samples (correlation under
{rule.agreement}), scores of which no direction explains {rule.linear} on held-out samples, and the weaker of two
directions with a |cosine| over {rule.alike}.

{dropped}

## Limits

- The model can only generate what MakeHuman's morphs and a dozen hair styles can express.
- "Male", "Young" and every other attribute are the renderer's parameters as a scorer reads them. They say nothing
  about a real person.
- All figures come from networks trained on the same renders. They cannot show what neither scorer reads.
{constructed}
## Biases

Attributes that are correlated in the training set are correlated in the generator's faces and in the directions. The
table lists all correlations of labels of {notable} or more, the largest first, with those of the scorer's scores on
samples, and the cosine of the two directions if both exist:

{correlations}

## Licence

The weights are {licence}. The renders come from MakeHuman's assets, released CC0 1.0 by the MakeHuman team in September
2020: base mesh, targets and eyes from the makehuman repository; hair, eyebrows, eyelashes, teeth, tongue and textures
from makehuman-assets. The skin textures have the official names and layout but are not byte-identical to a published
revision; the licence of that time gives the option of CC0 for them too. `docs/assets.md` lists the sources file by
file.
"""


CONSTRUCTED = """\
- The model was trained on pairs: each rendered face was shown with a latent made of its render parameters
  (`docs/decisions/training-on-pairs.md`). The meaning of the latent was therefore given, while a GAN finds it from
  pictures alone. That directions for the attributes exist is no discovery about GANs.
- A code has {numbers} numbers, the latent {latent_size}. Of what the first layer answers to a random latent,
  {share:.0%} is due to the code.
"""

SEEN = """\
- The scorer, which finds the directions, was also part of the generator's loss. The judge was not, but it learned the
  same labels of the same renders, so Frechet distance and recall in its features benefit more than in those of an
  unrelated network. The sliced Wasserstein distance uses neither.
"""

"""``python -m training fit``: the direction of every attribute in the generator's latent space.

TL-GAN's method: draw latents, compute faces, score them, regress the scores on the latents by least squares, normalise
the slopes. The rule of `training/choice.py` drops attributes that the generator does not express; the others get a
calibrated range. The first scorer finds the directions. The second one judges whether the two agree, and how far a
direction can be followed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from dashboard.analysis.calibration import calibrated_range
from dashboard.analysis.directions import fit_directions, held_out_r2
from dashboard.analysis.pins import on_sphere
from dashboard.synthesis.manifest import Attribute
from training.choice import Rule, choose, rule_options
from training.errors import TrainingError
from training.kept import Kept, read_result, write_result
from training.label.figures import correlations
from training.label.scorer import Scorer
from training.pictures import ENGINES, EngineName, open_pictures
from training.pinning import pin_rows

Score = Callable[[np.ndarray], np.ndarray]
"""Latents float32 (n, L) to scores float32 (n, 2, F), the scorer's and the judge's: standard deviations, or logits."""

STEPS = np.arange(-4.0, 4.01, 0.5)
"""Coordinates at which the response is measured, in standard deviations."""

PART = 1000
"""Faces that are scored before a part is written to disk."""


@dataclass(frozen=True)
class Fit:
    """Directions with their measurements.

    Args:
        attributes: the kept ones, by group and name as the scorer lists them.
        directions: (L, K) float64, unit columns, one per kept attribute.
        responses: (K, T) mean score of the judge at each of STEPS, in standard deviations over random faces.
        scores: (n, K) float32, the scorer's, of the faces from which the directions were found.
        dropped: the reason why each other attribute was dropped, a sentence by name.
        seed: of the latents, see :meth:`latents`.
        rule: that dropped attributes.
    """

    attributes: tuple[Attribute, ...]
    directions: np.ndarray
    responses: np.ndarray
    scores: np.ndarray
    dropped: dict[str, str]
    seed: int
    rule: Rule

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the kept attributes."""
        return tuple(attribute.name for attribute in self.attributes)

    def latents(self) -> np.ndarray:
        """Return the latents (n, L) from which the directions were found, float64, on the sphere."""
        return drawn(self.seed, len(self.scores), len(self.directions))

    def write(self, folder: Path) -> None:
        """Write it to a folder."""
        fields = {
            "attributes": [asdict(a) for a in self.attributes],
            "dropped": self.dropped,
            "seed": self.seed,
            "rule": asdict(self.rule),
        }
        arrays = {"directions": self.directions, "responses": self.responses, "scores": self.scores}
        write_result(folder, "fit", fields, arrays)

    @staticmethod
    def read(folder: Path) -> Fit:
        """Return the fit that :meth:`write` wrote.

        Raises:
            TrainingError: there is none.
        """
        fields, arrays = read_result(folder, "fit", "fit")
        attributes = tuple(Attribute(**{**a, "range": tuple(a["range"])}) for a in fields["attributes"])
        return Fit(attributes, dropped=fields["dropped"], seed=fields["seed"], rule=Rule(**fields["rule"]), **arrays)


def fit(
    score: Score,
    candidates: Sequence[Attribute],
    latent_size: int,
    count: int,
    seed: int,
    bases: int = 64,
    rule: Rule = Rule(),  # noqa: B008 (frozen)
    kept: Kept = Kept(None),  # noqa: B008 (keeps nothing)
    progress: Callable[[int], object] = lambda faces: None,
) -> Fit:
    """Find, choose and calibrate the directions of a generator.

    Args:
        score: computes faces and scores them with both scorers.
        candidates: the scorers' attributes in sequence, with the first scorer's own figures as reliability.
        latent_size: L.
        count: latents to draw: rows of ``RandomState(seed).randn``, scaled to the sphere |z|^2 = L.
        seed: of the latents; the bases are rows of ``RandomState(seed + 1)``.
        bases: faces on which the response to each direction is measured.
        rule: that drops attributes.
        kept: cache of scored faces, so that an interrupted fit resumes.
        progress: called with the number of further faces that are done.

    Returns:
        The kept directions, in the candidates' sequence.

    Raises:
        TrainingError: too few latents, or no attribute is left.
    """
    if count <= 2 * latent_size:
        raise TrainingError(f"Expected more than {2 * latent_size} latents, twice their length. Received: {count}.")
    latents = drawn(seed, count, latent_size)
    parts = []
    for first in range(0, count, PART):
        part = latents[first : first + PART]
        parts.append(kept.array(f"faces-{first // PART:05d}", lambda part=part: scored(score, part), seed, len(part)))
        progress(len(part))
    both = np.concatenate(parts)
    scores, judged = both[:, 0], both[:, 1]
    directions, linear = fit_directions(latents, scores), held_out_r2(latents, scores)
    agreement, spread = correlations(scores, judged), judged.std(axis=0, dtype=np.float64)
    chosen, dropped = choose(candidates, directions, linear, agreement, rule)
    starts = drawn(seed + 1, bases, latent_size)
    attributes, columns, responses = [], [], []
    for k in chosen:
        name, direction = candidates[k].name, directions[:, k]
        raw = kept.array(
            f"response-{name}", lambda d=direction: respond(score, d, starts), seed, bases, STEPS, direction
        )
        progress(bases * len(STEPS))
        curve = raw[:, k] / spread[k]
        found = calibrated_range(STEPS, curve)
        if found is None:
            dropped[name] = "its score does not rise along it"
            continue
        figures = {"linear_r2": round(float(linear[k]), 4), "agreement": round(float(agreement[k]), 4)}
        attributes.append(replace(candidates[k], range=found, reliability={**candidates[k].reliability, **figures}))
        columns.append(k)
        responses.append(curve)
    if not attributes:
        raise TrainingError(
            "Expected at least one attribute that the generator expresses. Received: none. Train longer."
        )
    found = directions[:, columns], np.stack(responses), scores[:, columns]
    return Fit(tuple(attributes), *found, dropped, seed, rule)


def drawn(seed: int, count: int, latent_size: int) -> np.ndarray:
    """Return the random latents (count, L), float64, on the sphere; the first rows do not depend on the count."""
    return on_sphere(np.random.RandomState(seed).randn(count, latent_size))


def respond(score: Score, direction: np.ndarray, bases: np.ndarray) -> np.ndarray:
    """Return the mean scores of the judge (T, F) with the coordinate on ``direction`` (L,) pinned at each of STEPS."""
    rows = np.repeat(bases, len(STEPS), axis=0)
    pinned, feasible = pin_rows(rows, direction[:, None], np.tile(STEPS, len(bases))[:, None])
    if not feasible.all():  # one unit column and |4|^2 < L: only a latent of under 16 numbers has no such face
        raise TrainingError(f"Expected latents long enough for coordinates of -4 to 4. Received: {len(direction)}.")
    judged = scored(score, pinned)[:, 1]
    return judged.reshape(len(bases), len(STEPS), -1).mean(axis=0, dtype=np.float64)


def scored(score: Score, latents: np.ndarray, batch: int = PART) -> np.ndarray:
    """Return the scores (n, 2, F) of latents (n, L), some at a time."""
    parts = [score(latents[first : first + batch].astype(np.float32)) for first in range(0, len(latents), batch)]
    return np.concatenate(parts)


def candidates_of(scorer: Scorer, judge: Scorer) -> list[Attribute]:
    """Return the scorer's attributes with both scorers' figures on held-out renders.

    Raises:
        TrainingError: the two were not trained on the same attributes.
    """
    if (scorer.config.attributes, scorer.config.kinds) != (judge.config.attributes, judge.config.kinds):
        raise TrainingError("Expected a scorer and a judge of the same faces. Received: other attributes. Label again.")
    found = []
    for name, group, kind in zip(scorer.config.attributes, scorer.groups, scorer.config.kinds, strict=True):
        second = {f"judge_{figure}": value for figure, value in judge.figures[name].items()}
        found.append(Attribute(name, group, kind, (-4.0, 4.0), {**scorer.figures[name], **second}))
    return found


engine_option = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="What makes and scores faces; auto: JAX where KERAS_BACKEND=jax, else OpenVINO.",
)


@click.command()
@click.option("--run", type=click.Path(path_type=Path), help="Folder of the train step.")
@click.option("--model", help="Name or folder of a model, instead of --run: its generator is looked at.")
@click.option(
    "--scorer", "scorer_folder", type=click.Path(path_type=Path), required=True, help="Folder of the label step."
)
@click.option(
    "--judge", "judge_folder", type=click.Path(path_type=Path), required=True, help="Folder of label --judge."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the directions.")
@click.option("--latents", default=60_000, show_default=True, help="Faces to make and score.")
@click.option("--bases", default=64, show_default=True, help="Faces on which each direction's response is measured.")
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--name", "named", help="With --model: write the model again under this name, with directions and scorer."
)
@click.option("--bank", type=click.IntRange(1), default=2000, help="With --name: faces to score and keep [2000].")
@engine_option
@rule_options
def command(
    run: Path | None, model: str | None, scorer_folder: Path, judge_folder: Path, out: Path, latents: int, bases: int,
    seed: int, named: str | None, bank: int, engine: EngineName, **rule: Any,
) -> None:  # fmt: skip
    """Find the direction of every attribute in the generator's latent space. Resumes where it stopped."""
    from tqdm import tqdm

    from training.other_models import find, write_named
    from training.trained import read_run

    if (run is None) == (model is None) or (named and model is None):
        raise TrainingError("Expected --run, or --model and perhaps --name. Received: neither, or both.")
    scorer, judge = Scorer.read(scorer_folder), Scorer.read(judge_folder)
    if run is not None:
        other, trained = None, read_run(run)
        config, variables = trained.config, trained.networks["Gs"]
    else:
        other = find(str(model), named)
        config, variables = other.config, other.variables()
    pictures = open_pictures(config, variables, scorer, judge, engine=engine)
    candidates = candidates_of(scorer, judge)
    kept = Kept(out / "parts", variables, scorer.variables, judge.variables)
    with tqdm(total=latents + len(candidates) * bases * len(STEPS), unit=" faces") as bar:
        found = fit(
            lambda z: np.stack([scores for scores, _ in pictures.scores(z)], axis=1),
            candidates,
            config.latent_size,
            latents,
            seed,
            bases,
            Rule(**rule),
            kept,
            bar.update,
        )
        bar.total = bar.n  # dropped attributes have no response
    found.write(out)
    for attribute in found.attributes:
        low, high = attribute.range
        figures = ", ".join(f"{name} {value:.2f}" for name, value in attribute.reliability.items())
        click.echo(f"{attribute.name:20} {low:+.1f} to {high:+.1f}  {figures}")
    for name, reason in found.dropped.items():
        click.echo(f"{name:20} dropped: {reason}")
    if other is not None and named:
        click.echo(f"{named} is in {write_named(other, named, found, scorer, pictures, bank)}")

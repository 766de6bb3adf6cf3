"""Find the direction of every attribute in a space of the generator: z, or w of a StyleGAN.

TL-GAN's method: draw latents, compute faces, score them, regress the scores on the points of the faces by least
squares, normalise the slopes. A point is z, or w standardised over random faces (`training/spaces.py`). The rule of
`training/choice.py` drops attributes that the generator does not express; the others get a calibrated range. The first
scorer finds the directions. The second one judges whether the two agree, and how far a direction can be followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from dashboard.analysis.calibration import calibrated_range
from dashboard.analysis.directions import fit_directions, held_out_r2
from dashboard.synthesis.manifest import Attribute
from training.choice import Rule, choose
from training.errors import TrainingError
from training.kept import Kept, read_result, write_result
from training.label.figures import correlations
from training.label.scorer import Scorer
from training.spaces import FaceSpace, SpaceName

Score = Callable[[np.ndarray], np.ndarray]
"""Points float32 (n, L) of faces to scores float32 (n, 2, F) of scorer and judge: standard deviations, or logits."""

STEPS = np.arange(-4.0, 4.01, 0.5)
"""Coordinates at which the response is measured, in standard deviations."""

PREFIX = "w_"
"""Of the names of the statistics of w among a fit's arrays."""

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
        seed: of the faces, see :meth:`points`.
        rule: that dropped attributes.
        statistics: of w, as a model folder stores them, if the directions are columns of standardised w; empty for z.
    """

    attributes: tuple[Attribute, ...]
    directions: np.ndarray
    responses: np.ndarray
    scores: np.ndarray
    dropped: dict[str, str]
    seed: int
    rule: Rule
    statistics: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def space(self) -> SpaceName:
        """The space of the directions."""
        return "w" if self.statistics else "z"

    @property
    def per_unit(self) -> np.ndarray:
        """(K,) change of the judge's mean score per unit of the coordinate around 0, in standard deviations."""
        inner = np.abs(STEPS) <= 1
        return np.polyfit(STEPS[inner], self.responses[:, inner].T, 1)[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the kept attributes."""
        return tuple(attribute.name for attribute in self.attributes)

    def points(self, space: FaceSpace) -> np.ndarray:
        """Return the points (n, L) from which the directions were found, float64."""
        return space.random(self.seed, len(self.scores))

    def write(self, folder: Path) -> None:
        """Write it to a folder."""
        fields = {
            "attributes": [asdict(a) for a in self.attributes],
            "dropped": self.dropped,
            "seed": self.seed,
            "rule": asdict(self.rule),
            "space": self.space,
        }
        arrays = {"directions": self.directions, "responses": self.responses, "scores": self.scores}
        arrays |= {f"{PREFIX}{name}": array for name, array in self.statistics.items()}
        write_result(folder, "fit", fields, arrays)

    @staticmethod
    def read(folder: Path) -> Fit:
        """Return the fit that :meth:`write` wrote.

        Raises:
            TrainingError: there is none.
        """
        fields, arrays = read_result(folder, "fit", "fit")
        attributes = tuple(Attribute(**{**a, "range": tuple(a["range"])}) for a in fields["attributes"])
        statistics = {name.removeprefix(PREFIX): arrays.pop(name) for name in [*arrays] if name.startswith(PREFIX)}
        return Fit(
            attributes,
            dropped=fields["dropped"],
            seed=fields["seed"],
            rule=Rule(**fields["rule"]),
            statistics=statistics,
            **arrays,
        )


def fit(
    score: Score,
    candidates: Sequence[Attribute],
    space: FaceSpace,
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
        space: in which the directions are found.
        count: faces to draw, see :meth:`FaceSpace.random`.
        seed: of the faces; the bases are those of ``seed + 1``.
        bases: faces on which the response to each direction is measured.
        rule: that drops attributes.
        kept: cache of scored faces, so that an interrupted fit resumes.
        progress: called with the number of further faces that are done.

    Returns:
        The kept directions, in the candidates' sequence.

    Raises:
        TrainingError: too few faces, or no attribute is left.
    """
    if count <= 2 * space.size:
        raise TrainingError(f"Expected more than {2 * space.size} latents, twice their length. Received: {count}.")
    points = space.random(seed, count)
    parts = []
    for first in range(0, count, PART):
        part = points[first : first + PART]
        parts.append(kept.array(f"faces-{first // PART:05d}", lambda part=part: scored(score, part), seed, len(part)))
        progress(len(part))
    both = np.concatenate(parts)
    scores, judged = both[:, 0], both[:, 1]
    regressed = space.regressed(points)
    directions, linear = space.columns(fit_directions(regressed, scores)), held_out_r2(regressed, scores)
    agreement, spread = correlations(scores, judged), judged.std(axis=0, dtype=np.float64)
    chosen, dropped = choose(candidates, directions, linear, agreement, rule)
    starts = space.random(seed + 1, bases)
    attributes, columns, responses = [], [], []
    for k in chosen:
        name, direction = candidates[k].name, directions[:, k]
        raw = kept.array(
            f"response-{name}", lambda d=direction: respond(score, d, starts, space), seed, bases, STEPS, direction
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
    return Fit(tuple(attributes), *found, dropped, seed, rule, space.statistics())


def respond(score: Score, direction: np.ndarray, bases: np.ndarray, space: FaceSpace) -> np.ndarray:
    """Return the mean scores of the judge (T, F) with the coordinate on ``direction`` (L,) pinned at each of STEPS."""
    rows = np.repeat(bases, len(STEPS), axis=0)
    pinned, feasible = space.pin(rows, direction[:, None], np.tile(STEPS, len(bases))[:, None])
    if (
        not feasible.all()
    ):  # on the sphere, one unit column and |4|^2 < L: only a latent of under 16 numbers has no such face
        raise TrainingError(f"Expected latents long enough for coordinates of -4 to 4. Received: {len(direction)}.")
    judged = scored(score, pinned)[:, 1]
    return judged.reshape(len(bases), len(STEPS), -1).mean(axis=0, dtype=np.float64)


def scored(score: Score, points: np.ndarray, batch: int = PART) -> np.ndarray:
    """Return the scores (n, 2, F) of the faces of points (n, L), some at a time."""
    parts = [score(points[first : first + batch].astype(np.float32)) for first in range(0, len(points), batch)]
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

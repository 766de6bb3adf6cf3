"""How a generator behaves along its directions: what needs no training faces, of a run or of an imported model.

All figures use the judge, which had no part in finding the directions. Everything is cached part by part, so that a
rerun continues where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dashboard.analysis.directions import bootstrap_angles, cosine_matrix
from dashboard.analysis.rescoring import Traversal, effects
from training.fit import Fit
from training.kept import Kept
from training.label.figures import correlations
from training.measure import control as pinned
from training.measure.leakage import leakage
from training.measure.stability import cosines_of_halves
from training.pictures import Pictures
from training.spaces import FaceSpace

PART, PART_BASES = 1000, 10
"""Faces, and bases of a traversal, in one cached part."""

Bar = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]
"""From title and total to a progress bar, which is called with the number of further items done."""


@contextmanager
def no_bar(_title: str, _total: int) -> Iterator[Callable[[int], object]]:
    """Yield a progress bar without output."""
    yield lambda done: None


@dataclass(frozen=True)
class Effort:
    """Sample sizes of the measurements.

    Args:
        samples: faces of the generator, and renders in each of two sets, for all population figures.
        pictures: how many of these are used for the sliced Wasserstein distance.
        bases: faces on which every attribute is pinned.
        resamples: of every bootstrap interval over bases; a tenth of it for directions, each of which is a fit.
        neighbours: training faces in which a sample's nearest one is searched; 0 for all.
    """

    samples: int = 10_000
    pictures: int = 4096
    bases: int = 500
    resamples: int = 1000
    neighbours: int = 0


@dataclass(frozen=True)
class Seen:
    """Scores of n faces by both scorers (n, F), and the judge's features (n, 64)."""

    scorer: np.ndarray
    judge: np.ndarray
    features: np.ndarray


class Behaviour:
    """A generator with its directions.

    Args:
        pictures: computes faces from points and scores them with scorer and judge.
        read: names of their scores.
        fit: the directions.
        space: in which they are.
        effort: sample sizes.
        seed: of the samples' points; that of the bases is ``seed + 1``.
        kept: cache of parts.
        bar: shows progress.
        made_of: what else the samples' parts depend on.
    """

    def __init__(
        self, pictures: Pictures, read: Sequence[str], fit: Fit, space: FaceSpace, effort: Effort, seed: int,
        kept: Kept, bar: Bar = no_bar, made_of: tuple[object, ...] = (),
    ) -> None:  # fmt: skip
        self.pictures, self.read, self.fit, self.space = pictures, tuple(read), fit, space
        self.effort, self.seed, self.kept, self.bar, self.made_of = effort, seed, kept, bar, made_of
        self.columns = [self.read.index(name) for name in fit.names]

    @cached_property
    def points(self) -> np.ndarray:
        """Points of the samples (n, L)."""
        return self.space.random(self.seed, self.effort.samples)

    @cached_property
    def samples(self) -> Seen:
        """Scores of the generator's faces."""
        return self._seen("samples", self.effort.samples, lambda part: self.pictures.scores(self.points[part]))

    @cached_property
    def deviations(self) -> np.ndarray:
        """(K,) standard deviations of the judge's scores over random faces."""
        return self.samples.judge[:, self.columns].std(axis=0, dtype=np.float64)

    def agreement(self) -> dict[str, np.ndarray]:
        """Return the correlations (K,) of the two scorers on samples."""
        return {"agreement": correlations(self.samples.scorer, self.samples.judge)[self.columns]}

    def control(self) -> tuple[pinned.Control, dict[str, object], dict[str, np.ndarray]]:
        """Return the response of every attribute, leakage with and without locks, and both re-scoring matrices."""
        free = self._traversal("control", False, pinned.STEPS)
        inner = Traversal(free.steps[1:-1], free.scores[:, :, 1:-1], free.feasible[:, :, 1:-1], ())
        locked = self._traversal("control, all others locked", True, tuple(inner.steps))
        both = [effects(run, self.deviations, self.effort.resamples) for run in (inner, locked)]
        found = leakage(both[0].slopes, both[1].slopes)
        figures: dict[str, object] = {
            **vars(found),
            "steps": {"free": free.feasible.size, "locked": locked.feasible.size},
            "infeasible": {"free": int((~free.feasible).sum()), "locked": int((~locked.feasible).sum())},
        }
        matrices = {"rescoring": both[0].matrix, "rescoring_locked": both[1].matrix}
        return pinned.control(free, self.deviations, self.effort.resamples), figures, matrices

    def stability(self) -> dict[str, np.ndarray]:
        """Return |cosine| of two halves' directions, and the 95 % bound of each direction's own error in degrees."""
        latents, scores = self.space.regressed(self.fit.points(self.space)), self.fit.scores
        repeats = max(self.effort.resamples // 10, 2)
        with self.bar("stability", repeats) as progress:
            angles = self.kept.array("angles", lambda: bootstrap_angles(latents, scores, repeats), scores, repeats)
            progress(repeats)
        low, high = np.quantile(angles, (0.025, 0.975), axis=0)
        return {"halves": cosines_of_halves(latents, scores), "angle_low": low, "angle_high": high}

    def alike(self) -> float:
        """Return the largest |cosine| of two directions."""
        cosines = np.abs(cosine_matrix(self.fit.directions))
        return float((cosines - np.eye(len(cosines))).max())

    def _seen(self, name: str, count: int, look: Callable[[slice], Sequence[tuple[np.ndarray, np.ndarray]]]) -> Seen:
        """Score the faces with both scorers, part by part."""
        parts = []
        with self.bar(name, count) as progress:
            for first in range(0, count, PART):
                part = slice(first, min(first + PART, count))

                def table(part: slice = part) -> np.ndarray:
                    (scores, _), (judged, features) = look(part)
                    return np.hstack([scores, judged, features])

                kept_as = f"{name.replace(' ', '-')}-{first // PART:05d}"
                parts.append(self.kept.array(kept_as, table, self.seed, count, *self.made_of))
                progress(len(parts[-1]))
        every, scores = np.concatenate(parts), len(self.read)
        return Seen(*np.split(every, [scores, 2 * scores], axis=1))

    def _traversal(self, title: str, locked: bool, steps: Sequence[float]) -> Traversal:
        """Pin every attribute at every step on the bases, all others locked or free; infeasible ones are nan."""
        bases = self.space.random(self.seed + 1, self.effort.bases)
        directions, parts, name = self.fit.directions, [], title.replace(",", "").replace(" ", "-")
        with self.bar(title, len(bases) * len(self.columns) * len(steps)) as progress:
            for first in range(0, len(bases), PART_BASES):
                part = bases[first : first + PART_BASES]

                def scores(part: np.ndarray = part) -> np.ndarray:
                    made = [moved(self.space, part, directions, k, steps, locked) for k in range(directions.shape[1])]
                    latents = np.stack([latents for latents, _ in made], axis=1)
                    feasible = np.stack([feasible for _, feasible in made], axis=1)
                    judged = self.pictures.scores(latents.reshape(-1, latents.shape[-1]))[1][0][:, self.columns]
                    judged = judged.reshape(*feasible.shape, -1)
                    return np.where(feasible[..., None], judged, np.nan).astype(np.float32)

                made_of = (directions, tuple(steps), locked, self.fit.names, len(part), self.seed)
                parts.append(self.kept.array(f"{name}-{first // PART_BASES:05d}", scores, *made_of))
                progress(parts[-1][..., 0].size)
        every = np.concatenate(parts).astype(np.float64)
        feasible = np.asarray(np.isfinite(every).all(axis=-1))
        return Traversal(np.asarray(steps, np.float64), np.where(feasible[..., None], every, 0.0), feasible, ())


def moved(
    space: FaceSpace, bases: np.ndarray, directions: np.ndarray, k: int, steps: Sequence[float], locked: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the points (B, T, L) of bases (B, L) with direction ``k`` pinned at each step, and which of them (B, T)
    there are.

    Args:
        space: of the points.
        bases: points.
        directions: (L, K).
        k, steps: index of the direction, and coordinates.
        locked: whether all other directions are held at each base's own coordinates.
    """
    rows, targets = np.repeat(bases, len(steps), axis=0), np.tile(steps, len(bases))
    if locked:
        values = rows @ directions
        values[:, k] = targets
        latents, feasible = space.pin(rows, directions, values)
    else:
        latents, feasible = space.pin(rows, directions[:, [k]], targets[:, None])
    shape = len(bases), len(steps)
    return latents.reshape(*shape, -1), feasible.reshape(shape)

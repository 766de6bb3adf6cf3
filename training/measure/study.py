"""All measurements of one model, cached part by part, so that a rerun continues where it stopped.

All figures use the judge, which had no part in finding the directions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from training.fit import Fit
from training.kept import Kept
from training.label.figures import correlations
from training.label.scorer import Scorer, held_out
from training.label.truth import Truth
from training.measure import wasserstein
from training.measure.appearance import appearance, psnr
from training.measure.behaviour import Bar, Behaviour, Effort, Seen, no_bar
from training.measure.biases import label_correlations
from training.measure.frechet import frechet_distance
from training.measure.nearest_sheet import beside, nearest_in_pixels
from training.measure.neighbours import nearest, precision_recall
from training.measure.own_codes import latents_of
from training.measure.renders import Renders
from training.measure.truth import recovered
from training.pictures import EngineName, Pictures, open_pictures
from training.shards import MOST_HELD, is_held, reduce
from training.spaces import FaceSpace
from training.trained import Run

SHEET = 64
"""Samples in the sheet of nearest training faces: those of seeds 0 to 63."""


class Study(Behaviour):
    """A trained model with everything needed to measure it, its training faces included.

    Args:
        run: of the train step.
        scorer, judge: of the label step.
        fit: of the fit step.
        renders: its training faces.
        truth: their labels.
        effort: sample sizes.
        seed: the samples are rows of ``RandomState(seed).randn``, the bases of ``RandomState(seed + 1).randn``.
        kept: cache of parts.
        bar: shows progress.
        engine: that computes and scores the faces.
        pictures: the run's generator with scorer and judge, if it is open already.
    """

    def __init__(
        self, run: Run, scorer: Scorer, judge: Scorer, fit: Fit, renders: Renders, truth: Truth, effort: Effort,
        seed: int, kept: Kept, bar: Bar = no_bar, engine: EngineName = "auto", pictures: Pictures | None = None,
    ) -> None:  # fmt: skip
        pictures = pictures or open_pictures(run.config, run.networks["Gs"], scorer, judge, engine=engine)
        space = FaceSpace(run.config.latent_size, run.config.normalize_latents)
        super().__init__(pictures, judge.config.attributes, fit, space, effort, seed, kept, bar, (len(renders),))
        self.run, self.scorer, self.judge, self.renders, self.truth = run, scorer, judge, renders, truth
        self.engine: EngineName = engine

    # Populations

    @cached_property
    def rendered(self) -> tuple[Seen, Seen]:
        """Scores of two sets of renders."""
        first, second, mirrored = self.renders.two_parts(self.effort.samples, self.seed)
        ours, theirs = (
            self._seen(
                name,
                len(rows),
                lambda part, rows=rows: self.pictures.scores_of(self.renders.take(rows[part], mirrored[part])),
            )
            for name, rows in (("renders", first), ("other renders", second))
        )
        return ours, theirs

    @cached_property
    def trained_on(self) -> np.ndarray:
        """The judge's features (N, 64) of every training face."""

        def look(part: slice) -> list[tuple[np.ndarray, np.ndarray]]:
            rows = np.arange(self.searched)[part]
            return self.pictures.scores_of(self.renders.take(rows, np.zeros(len(rows), bool)))

        return self._seen("training faces", self.searched, look).features

    @property
    def searched(self) -> int:
        """Training faces, the first ones, among which nearest neighbours are searched."""
        return min(self.effort.neighbours or len(self.renders), len(self.renders))

    # Measures

    def realism(self) -> dict[str, object]:
        """Compare samples with renders and, as an upper limit, renders with other renders."""
        ours, theirs = self.rendered
        n = min(len(self.samples.features), len(ours.features))
        sets = {"samples": self.samples.features[:n], "renders": theirs.features[:n]}
        figures: dict[str, object] = {"faces": n, "pictures": min(self.effort.pictures, n), "swd": self.distances}
        figures["frechet"] = {name: frechet_distance(features, ours.features[:n]) for name, features in sets.items()}
        both = {name: precision_recall(features, ours.features[:n]) for name, features in sets.items()}
        figures["precision"] = {name: precision for name, (precision, _) in both.items()}
        figures["recall"] = {name: recall for name, (_, recall) in both.items()}
        return figures

    def memory(self) -> tuple[dict[str, float], np.ndarray]:
        """Compare samples to the nearest training faces, and return the pictures (192, S, S, 3) of the sheet that shows
        them.
        """
        features, points = self.samples.features, self.trained_on
        to_training = nearest(features, points)[0][:, 0]
        some = np.random.default_rng(self.seed).permutation(len(points))[: len(features)]
        among = nearest(points[some], points, 2)[0][:, 1]
        figures = {
            "searched": self.searched,
            "samples": float(np.median(to_training)),
            "renders": float(np.median(among)),
            "nearer": float(np.mean(to_training < np.quantile(among, 0.01))),
        }
        size = self.run.config.latent_size
        shown = np.concatenate([np.random.RandomState(seed).randn(1, size) for seed in range(SHEET)])
        images = self.pictures.bytes(shown)
        (_, seen), (_, mirrored) = (self.pictures.scores_of(x)[1] for x in (images, images[:, :, ::-1]))
        either = [nearest(queries, points) for queries in (seen, mirrored)]
        turned = either[1][0][:, 0] < either[0][0][:, 0]
        by_features = np.where(turned, either[1][1][:, 0], either[0][1][:, 0])
        with self.bar("nearest in pixels", self.searched) as progress:
            rows = self.kept.array(
                "nearest",
                lambda: nearest_in_pixels(images, self.renders, progress, self.searched),
                images,
                self.searched,
            )
        closest = self.renders.take(by_features, turned), self.renders.take(rows[:, 0], rows[:, 1] > 0)
        return figures, beside(images, *closest)

    def appearance(self) -> dict[str, dict[str, float]]:
        """Return the figures of single pictures: of samples, of renders, and of other renders relative to these."""
        return appearance(self.drawn, *self.drawn_renders)

    @cached_property
    def drawn(self) -> np.ndarray:
        """Pictures of samples, uint8 (n, S, S, 3)."""
        return self.pictures.bytes(self.points[: self._looked])

    @cached_property
    def drawn_renders(self) -> tuple[np.ndarray, np.ndarray]:
        """Pictures of two sets of renders, as many in each."""
        first, second, mirrored = self.renders.two_parts(self.effort.samples, self.seed)
        n = self._looked
        return self.renders.take(first[:n], mirrored[:n]), self.renders.take(second[:n], mirrored[:n])

    @property
    def _looked(self) -> int:
        return min(self.effort.pictures, self.effort.samples, len(self.renders) // 2)

    def own_codes(
        self, codes: np.ndarray, pairs: Mapping[str, np.ndarray] | None = None, unseen: Renders | None = None
    ) -> dict[str, float]:
        """Return PSNR of faces made from renders' own codes, on renders that were not trained on, in decibels (median).

        Args:
            codes: (n, K) of the data set, or of `unseen`.
            pairs: the generator at the end of the training on pairs, at the same resolution, or None.
            unseen: a data set that was not trained on; None for those faces of the data set that were held out.

        Returns:
            "faces", and by side in pixels "shipped 64", ...; with ``pairs`` "pairs 128", ...
        """
        source = self.renders if unseen is None else unseen
        rows = np.arange(min(len(source), len(codes)))
        rows = (rows[is_held(rows)] if unseen is None else rows)[:MOST_HELD]
        if not len(rows):
            return {}
        renders = source.take(rows, np.zeros(len(rows), bool))
        latents = latents_of(codes[rows], self.run.config.latent_size)
        networks: dict[str, Pictures] = {"shipped": self.pictures}
        if pairs is not None:
            networks["pairs"] = open_pictures(self.run.config, pairs, engine=self.engine)
        found: dict[str, float] = {"faces": len(rows)}
        for name, network in networks.items():
            made = network.bytes(latents)
            for side in sorted({64, 128, made.shape[1]}):
                if side <= made.shape[1]:
                    found[f"{name} {side}"] = psnr(reduce(renders, side), reduce(made, side))
        return found

    def agreement(self) -> dict[str, np.ndarray]:
        """Return the correlations of the two scorers on samples and on renders, and the generator's spread of each
        score.
        """
        ours, _ = self.rendered
        wide = ours.judge[:, self.columns].std(axis=0, dtype=np.float64)
        return {
            **super().agreement(),
            "agreement_renders": correlations(ours.scorer, ours.judge)[self.columns],
            "spread": np.divide(self.deviations, wide, out=np.full(len(wide), np.nan), where=wide > 0),
        }

    def truth_recovered(self) -> np.ndarray:
        """Return (K,) cosines between given directions and those found on renders that the scorer never learnt from.

        nan if there are too few of them.
        """
        rows = np.flatnonzero(held_out(min(len(self.renders), len(self.truth.values)), self.scorer.held))
        size = min(self.run.config.latent_size, len(rows) // 8)
        if size <= 2 * len(self.columns):
            return np.full(len(self.columns), np.nan)
        scores = self._seen(
            "held-out renders",
            len(rows),
            lambda part: self.pictures.scores_of(self.renders.take(rows[part], np.zeros(len(rows[part]), bool))),
        ).scorer
        return recovered(self.truth.values[rows][:, self.columns], scores[:, self.columns], size)

    def training_set(self) -> dict[str, Any]:
        """Describe the renders, so that a card can be written on a machine without them."""
        described = json.loads((self.renders.folder / "dataset.json").read_text(encoding="utf-8"))
        pairs = label_correlations(self.truth)
        names = self.truth.names
        return {
            "faces": len(self.renders),
            "dataset": {name: value for name, value in described.items() if name != "attributes"},
            "biases": [[names[i], names[j], round(r, 4)] for i, j, r in pairs],
        }

    # Slow parts

    @cached_property
    def distances(self) -> dict[str, dict[str, float]]:
        """Sliced Wasserstein distances by level; keys are strings, for JSON."""
        n, size = self._looked, self.run.config.resolution

        def measure() -> np.ndarray:
            levels = (size // wasserstein.SMALLEST).bit_length()
            with self.bar("sliced Wasserstein distance, levels", 2 * levels) as progress:
                ours, theirs = self.drawn_renders
                return np.array(
                    [
                        list(wasserstein.distances_by_level(a, ours, self.seed, progress).values())
                        for a in (self.drawn, theirs)
                    ]
                )

        values = self.kept.array("wasserstein", measure, n, self.effort.samples, self.seed, len(self.renders))
        return {
            name: {str(size >> level): float(value) for level, value in enumerate(row)}
            for name, row in zip(("samples", "renders"), values, strict=True)
        }

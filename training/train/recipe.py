"""The recipe of a training run, and its schedule: the number of faces shown decides resolution and fading."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

from dashboard.synthesis.config import GeneratorConfig

LOSSES = ("logistic", "wgan-gp")

RAMP = 0.05
"""The average's half-life is at most this share of the faces shown since the newest block was added."""


class Phase(NamedTuple):
    """State of growth: the block that is trained, and its level of detail (1: just added, 0: fully faded in)."""

    r: int
    lod: float


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training run, kept next to its checkpoint.

    Args:
        config: the generator at its final resolution.
        start: resolution at which training starts.
        stable: faces shown at each resolution after it has faded in; the last one continues until ``total``. With 0 the
            first resolution is not trained at all, which suits a trained start.
        fade: faces shown while a new resolution fades in.
        total: faces shown in all.
        batch: faces per step.
        loss: "logistic" (non-saturating, with R1; Mescheder et al., ICML 2018) or "wgan-gp" (as in PG-GAN's paper).
        r1: weight of R1, or of the gradient penalty for WGAN-GP, by resolution; the nearest lower entry counts.
        r1_every: steps between two R1 terms, each weighted by this number ("lazy"; Karras et al., CVPR 2020).
        rate, beta2: Adam's learning rate and second moment; its first moment is 0.
        half_life: faces after which a step's weight in the generator's moving average has halved, at most.
        seed: of weights, latents and shuffling.
        paired: weight of the distance between a rendered face and the one that the generator makes of its code; 0 for
            training on pictures alone.
        alone: faces shown, with pairs, before the discriminator joins in.
        alone_rate: Muon's learning rate until then, at first; it falls to 0 on a cosine schedule.
        squares: weight of squared, not absolute, differences when training on pairs begins; it falls in the same
            way.
        perceptual: weight of the distance of the two faces in the layers of a scorer; 0 for none.
        scorer: digest of that scorer, or "".
        detail: weight, until the discriminator joins, of the differences of pairs in their finest octaves.
        bands: weight of the differences in the strength of fine structure; until the discriminator joins it rises from
            0 in the second half.
        coarse: pairs are compared at up to so many pixels once the discriminator has joined; 0 for all.
        matched: weight, from then on, of the differences of pairs in the discriminator's layers, in place of the
            scorer's.
        patches: weight of the discriminator's patch head next to its score of the face; 0 for none.
        arriving: faces, after the discriminator has joined, over which the generator's rate rises from 0.
        falling: faces at the end over which both rates fall to 0.
        critic: feature maps of the discriminator, fmap_base and fmap_max; None for as many as the generator has.
        init: SHA-256 of the file of networks from which the run started, or "" if it started from noise.
    """

    config: GeneratorConfig
    start: int = 32
    stable: int = 80_000
    fade: int = 40_000
    total: int = 800_000
    batch: int = 32
    loss: str = "logistic"
    r1: tuple[tuple[int, float], ...] = ((4, 1.0), (64, 2.0), (128, 4.0))
    r1_every: int = 16
    rate: float = 2e-3
    beta2: float = 0.99
    half_life: int = 10_000
    seed: int = 1
    init: str = ""
    paired: float = 0.0
    alone: int = 0
    alone_rate: float = 1e-2
    squares: float = 10.0
    perceptual: float = 0.0
    scorer: str = ""
    detail: float = 0.0
    bands: float = 0.0
    coarse: int = 0
    matched: float = 0.0
    patches: float = 0.0
    arriving: int = 0
    falling: int = 0
    critic: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise ValueError(f"Expected a loss among {', '.join(LOSSES)}. Received: {self.loss}.")
        if not 4 <= self.start <= self.config.resolution or self.start & (self.start - 1):
            raise ValueError(
                f"Expected a start from 4 to {self.config.resolution}, a power of two. Received: {self.start}."
            )
        if min(self.paired, self.alone) < 0 or (self.alone and not self.paired):
            raise ValueError(f"Expected faces without a discriminator only with pairs. Received: {self}.")
        if min(self.squares, self.perceptual) < 0 or (self.perceptual and not self.paired):
            raise ValueError(f"Expected weights of at least 0, and a perceptual one only with pairs. Received: {self}.")
        pairs_only = max(self.detail, self.bands, self.matched, self.coarse)
        if min(self.detail, self.bands, self.matched, self.coarse) < 0 or (pairs_only and not self.paired):
            raise ValueError(f"Expected weights of at least 0, and of pairs only with pairs. Received: {self}.")
        if min(self.patches, self.arriving, self.falling) < 0:
            raise ValueError(f"Expected a weight of patches and numbers of faces of at least 0. Received: {self}.")
        if self.patches and self.loss != "logistic":
            raise ValueError(f"Expected a patch head only with the logistic loss. Received: {self}.")
        if self.stable < 0 or min(self.fade, self.total, self.batch, self.r1_every, self.half_life) < 1:
            raise ValueError(f"Expected positive numbers of faces and steps. Received: {self}.")

    def critic_config(self, resolution: int) -> GeneratorConfig:
        """Return the discriminator's sizes at a resolution."""
        base, most = self.critic or (self.config.fmap_base, self.config.fmap_max)
        return replace(self.config, resolution=resolution, fmap_base=base, fmap_max=most)

    def phase(self, shown: int) -> Phase:
        """Return the block and level of detail after ``shown`` faces. Source: PG-GAN, section 2 and figure 2."""
        r, since = self._block(shown)
        first = r == self.start.bit_length() - 1
        return Phase(r, 0.0 if first else max(0.0, 1.0 - since / self.fade))

    def half_life_at(self, shown: int) -> float:
        """Return the half-life in faces of the generator's average after ``shown`` faces.

        It is short after a block was added, because that block's first values are noise (Karras et al., "Training
        generative adversarial networks with limited data", NeurIPS 2020: its code ramps the average up in this way).
        """
        return float(min(self.half_life, max(RAMP * self._block(shown)[1], self.batch)))

    def ahead(self, shown: int) -> float:
        """Return the share of regression that remains after ``shown`` faces, from 1 to 0 on a cosine schedule.

        The learning rate and the weight of squares follow it (Loshchilov and Hutter, ICLR 2017, without restarts).
        """
        return 0.5 * (1 + math.cos(math.pi * min(shown / max(self.alone, 1), 1.0)))

    def bands_at(self, shown: int) -> float:
        """Return the weight of the strength of fine structure after ``shown`` faces."""
        return self.bands * min(max(2 * shown / self.alone - 1, 0.0), 1.0) if self.alone else self.bands

    def critic_rate_at(self, shown: int) -> float:
        """Return the discriminator's learning rate after ``shown`` faces."""
        return self.rate * min((self.total - shown) / self.falling, 1.0) if self.falling else self.rate

    def rate_at(self, shown: int) -> float:
        """Return the generator's learning rate after ``shown`` faces, with a discriminator."""
        arrived = min((shown - self.alone) / self.arriving, 1.0) if self.arriving else 1.0
        return self.critic_rate_at(shown) * max(arrived, 0.0)

    def _block(self, shown: int) -> tuple[int, int]:
        """Return the block that is trained after ``shown`` faces, and faces shown since it was added."""
        r, since, stage = self.start.bit_length() - 1, shown, self.stable
        while r < self.config.log2 and since >= stage:
            r, since, stage = r + 1, since - stage, self.fade + self.stable
        return r, since

    def penalty(self, r: int) -> float:
        """Return the weight of R1 (or of the gradient penalty) at block ``r``."""
        return max((side, weight) for side, weight in self.r1 if side <= 2**r)[1]

    def write(self, path: Path) -> None:
        """Write the recipe as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @staticmethod
    def read(path: Path) -> Recipe:
        """Return the recipe that :meth:`write` wrote."""
        values = json.loads(path.read_text(encoding="utf-8"))
        values["config"] = GeneratorConfig(**values["config"])
        values["r1"] = tuple((int(side), float(weight)) for side, weight in values["r1"])
        values["critic"] = tuple(values["critic"]) if values.get("critic") else None
        return Recipe(**values)

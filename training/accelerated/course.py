"""The course of an accelerated run: stages with a duration in seconds each, and values that change during them."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple

from dashboard.synthesis.config import GeneratorConfig

Kind = Literal["pairs", "adversarial"]

RAMP = 0.05
"""Limit of the average's half-life, as a share of the faces shown in the stage."""

ARRIVAL = 0.08
"""Share of the adversarial stage over which the generator's rate rises from 0: the discriminator learns first."""

LEAVING = 0.35
"""Share of the adversarial stage over which both rates fall to 0."""

LATE = 0.5
"""Share of the training on pairs after which the energy of bands counts."""


@dataclass(frozen=True)
class Stage:
    """One stage of training.

    Args:
        name: of the stage and its files.
        kind: "pairs", or "adversarial" with the discriminator.
        resolution: of the pictures.
        seconds: duration, without compiling.
        batch: faces per step.
    """

    name: str
    kind: Kind
    resolution: int
    seconds: float
    batch: int = 64


class Now(NamedTuple):
    """Values that change from step to step, as inputs of the compiled step.

    Args:
        lod: level of detail, 1 as a block is added, 0 when it is fully in.
        rate: of the generator's optimiser. critic_rate: of the discriminator's.
        squares: weight of squared differences. bands: weight of the energy of bands.
        kept: share of the average that is kept in a step.
    """

    lod: float
    rate: float
    critic_rate: float
    squares: float
    bands: float
    kept: float


@dataclass(frozen=True)
class Course:
    """All settings of a run besides its faces.

    Args:
        config: the generator at its final resolution.
        critic: feature maps of the discriminator, fmap_base and fmap_max.
        stages: one after the other; the resolution may only grow.
        fade: share of a stage while its new block fades in.
        alone_rate: Muon's rate on pairs, which falls to 0 on a cosine schedule over all stages on pairs.
        rate, beta2: Adam's, in the adversarial stage.
        squares: weight of squared differences as training begins; it falls in the same way.
        detail, perceptual, bands: weights, on pairs, of the finest octaves, of the scorer's layers, and (towards the
            end) of the energy of bands.
        paired: weight, in the adversarial stage, of the pairs' distance at up to `coarse` px.
        matched: weight, in that stage, of the differences of pairs in the discriminator's layers.
        patches: weight of the patch head next to the score of the face.
        r1, r1_every: weight of R1, and steps between two of them ("lazy": each counts so many times as much).
        half_life: faces after which a step's weight in the generator's average has halved, at most.
        seed: of weights, latents and shuffling.
    """

    config: GeneratorConfig
    critic: tuple[int, int]
    stages: tuple[Stage, ...]
    fade: float = 0.25
    alone_rate: float = 0.02
    rate: float = 2e-3
    beta2: float = 0.99
    squares: float = 10.0
    detail: float = 1.0
    perceptual: float = 1.0
    bands: float = 2.0
    paired: float = 2.0
    coarse: int = 64
    matched: float = 1.0
    patches: float = 1.0
    r1: float = 1.0
    r1_every: int = 16
    half_life: int = 20_000
    seed: int = 1

    def __post_init__(self) -> None:
        sides = [stage.resolution for stage in self.stages]
        if not sides or sides != sorted(sides) or sides[-1] > self.config.resolution:
            raise ValueError(f"Expected stages that grow to at most {self.config.resolution} px. Received: {sides}.")
        if any(stage.seconds <= 0 or stage.batch < 4 or stage.batch % 4 for stage in self.stages):
            raise ValueError("Expected stages longer than 0 s, and batches of a multiple of four. Received: others.")

    def critic_config(self, resolution: int) -> GeneratorConfig:
        """Return the discriminator's sizes at a resolution."""
        return replace(self.config, resolution=resolution, fmap_base=self.critic[0], fmap_max=self.critic[1])

    def now(self, number: int, elapsed: float, shown: int) -> Now:
        """Return the settings of stage ``number`` after ``elapsed`` seconds and ``shown`` faces of it."""
        stage = self.stages[number]
        part = min(elapsed / stage.seconds, 1.0)
        grown = number > 0 and stage.resolution > self.stages[number - 1].resolution
        lod = max(1.0 - part / self.fade, 0.0) if grown else 0.0
        half_life = min(self.half_life, max(RAMP * shown, stage.batch))
        kept = 0.5 ** (stage.batch / half_life)
        if stage.kind == "adversarial":
            leaving = min((1.0 - part) / LEAVING, 1.0)
            return Now(lod, self.rate * leaving * min(part / ARRIVAL, 1.0), self.rate * leaving, 0.0, self.bands, kept)
        pairs = [s.seconds if s.kind == "pairs" else 0.0 for s in self.stages]
        done = (sum(pairs[:number]) + part * stage.seconds) / sum(pairs)
        ahead = 0.5 * (1.0 + math.cos(math.pi * done))
        bands = self.bands * max(done - LATE, 0.0) / (1.0 - LATE)
        return Now(lod, self.alone_rate * ahead, 0.0, self.squares * ahead, bands, kept)

    def write(self, path: Path) -> None:
        """Write the course as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @staticmethod
    def read(path: Path) -> Course:
        """Return the course that :meth:`write` wrote."""
        values = json.loads(path.read_text(encoding="utf-8"))
        config, critic = GeneratorConfig(**values.pop("config")), tuple(values.pop("critic"))
        stages = tuple(Stage(**stage) for stage in values.pop("stages"))
        return Course(config, critic, stages, **values)

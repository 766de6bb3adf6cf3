"""A trained run, ready to make and score faces, before there is a model folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import openvino as ov

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.openvino_graph import generator_graph, scorer_graph
from training.errors import TrainingError
from training.label.scorer import Scorer
from training.train.checkpoint import read_checkpoint
from training.train.recipe import Recipe

BATCH = 32
"""Faces computed together."""


@dataclass(frozen=True)
class Run:
    """What training left behind.

    Args:
        recipe: of the run.
        shown: faces shown so far.
        config: of the generator at the resolution it has reached.
        networks: "G", "D" and "Gs", each as arrays under NVIDIA's names for that resolution.
    """

    recipe: Recipe
    shown: int
    config: GeneratorConfig
    networks: dict[str, dict[str, np.ndarray]]


def read_run(folder: Path) -> Run:
    """The networks of a run, at the resolution it has reached.

    Raises:
        TrainingError: there is no checkpoint.
    """
    kept = read_checkpoint(folder)
    if kept is None:
        raise TrainingError(f"Expected a checkpoint in {folder}. Received: none. Run the train step first.")
    shown, r, arrays = kept
    recipe = Recipe.read(folder / "recipe.json")
    config = replace(recipe.config, resolution=2**r)
    behind = recipe.config.log2 - r
    networks: dict[str, dict[str, np.ndarray]] = {"G": {}, "D": {}, "Gs": {}}
    for name, array in arrays.items():
        network, _, variable = name.partition("/")
        if network in networks:
            networks[network][_named_from_top(variable, behind)] = array
    return Run(recipe, shown, config, networks)


def _named_from_top(name: str, behind: int) -> str:
    """A variable's name in a network that ends ``behind`` blocks below the final one."""
    for part in ("ToRGB_lod", "FromRGB_lod"):
        if name.startswith(part):
            level, _, kind = name.removeprefix(part).partition("/")
            return f"{part}{int(level) - behind}/{kind}"
    return name


class Pictures:
    """Makes faces from latents and scores them, in float32, with the graphs that serve.

    Args:
        config, variables: of the generator.
        *scorers: networks that look at the faces.
    """

    def __init__(self, config: GeneratorConfig, variables: Mapping[str, np.ndarray], *scorers: Scorer) -> None:
        core, options = ov.Core(), {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        graph = generator_graph(config, dict(variables), ("image",), BATCH)
        self.generator = core.compile_model(graph, "CPU", options)
        graphs = [scorer_graph(s.config, s.variables, config.resolution, BATCH) for s in scorers]
        self.scorers = [core.compile_model(graph, "CPU", options) for graph in graphs]

    def images(self, latents: np.ndarray) -> np.ndarray:
        """Pictures float32 (n, H, W, C) of latents (n, L)."""
        return np.concatenate([self.generator([part])[0][:count] for part, count in _batches(latents)])

    def scores(self, latents: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """For each scorer its scores (n, F) and features (n, 64), float32, of the faces of latents (n, L)."""
        return self._looked_at((self.generator([part])[0], count) for part, count in _batches(latents))

    def scores_of(self, images: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """The same of given pictures (n, H, W, 3), from -1 to 1, as large as the generator's."""
        return self._looked_at(_batches(images))

    def _looked_at(self, batches: Iterable[tuple[np.ndarray, int]]) -> list[tuple[np.ndarray, np.ndarray]]:
        found = []
        for images, count in batches:
            results = [scorer([images]) for scorer in self.scorers]
            found.append([(result["scores"][:count], result["features"][:count]) for result in results])
        every = zip(*found, strict=True)
        return [(np.concatenate([s for s, _ in one]), np.concatenate([f for _, f in one])) for one in every]


def _batches(rows: np.ndarray) -> list[tuple[np.ndarray, int]]:
    """Rows in float32 batches of one size, the last one filled up with its own first row, and how many count."""
    parts = [rows[i : i + BATCH].astype(np.float32) for i in range(0, len(rows), BATCH)]
    return [(np.concatenate([p, p[:1].repeat(BATCH - len(p), axis=0)]), len(p)) for p in parts]

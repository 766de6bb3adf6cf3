"""A trained run, before there is a model folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dashboard.synthesis.config import GeneratorConfig
from training.errors import TrainingError
from training.label.scorer import Scorer
from training.train.checkpoint import read_checkpoint
from training.train.names import from_top, is_finer
from training.train.recipe import Recipe


@dataclass(frozen=True)
class Run:
    """Result of a training run.

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


def as_published(variables: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return a network's variables rounded to float16, as in a model folder, so that figures describe the published
    model.
    """
    return {name: np.asarray(array).astype(np.float16).astype(np.float32) for name, array in variables.items()}


def read_run(folder: Path) -> Run:
    """Return the networks of a run, at the resolution it has reached.

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
        if network in networks and not is_finer(variable, r, behind):
            networks[network][from_top(variable, -behind)] = array
    return Run(recipe, shown, config, networks)


def read_published(run: Path, scorer: Path, judge: Path) -> tuple[Run, Scorer, Scorer]:
    """Return a run, its scorer and its judge, with networks rounded as in a model folder."""
    trained = read_run(run)
    trained = replace(trained, networks={**trained.networks, "Gs": as_published(trained.networks["Gs"])})
    one, other = (replace(s, variables=as_published(s.variables)) for s in map(Scorer.read, (scorer, judge)))
    return trained, one, other


def pair_stage(path: Path, like: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the generator at the end of the training on pairs, from a file of networks, "Gs/..."."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        found = {key.removeprefix("Gs/"): file.get_tensor(key) for key in file.keys() if key.startswith("Gs/")}  # noqa: SIM118
    found = {"lod": np.zeros((), np.float32), **found}
    if set(found) != set(like):
        raise TrainingError(f"Expected the run's generator in {path}. Received: one of other variables.")
    return {name: array.astype(np.float32) for name, array in found.items()}

"""Networks as they are at the end of a stage, in files small enough to be kept: another run can start from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import safe_open

from dashboard.synthesis.config import GeneratorConfig
from training.kept import write_arrays
from training.train.recipe import Recipe

PREFIX = "networks-"
"""Start of the names of these files."""

AVERAGE = "Gs/"
"""Prefix of the averaged generator's variables."""


def stage_name(recipe: Recipe, shown: int, r: int) -> str:
    """Return the name of the stage that the last step belongs to, such as "pairs-128" or "adversarial-256".

    Args:
        recipe: of the run.
        shown: faces shown, those of that step included.
        r: block that is trained.
    """
    return f"{'pairs' if shown - recipe.batch < recipe.alone else 'adversarial'}-{2**r}"


def write_stage(folder: Path, recipe: Recipe, shown: int, r: int, state: Mapping[str, np.ndarray]) -> Path:
    """Write the networks of a stage as float16: the averaged generator, and, once there is a discriminator, it and the
    generator that it judges.

    Args:
        folder: of the run.
        recipe: of the run.
        shown: faces shown so far.
        r: block that is trained.
        state: result of :meth:`Networks.state`.

    Returns:
        The file's path.
    """
    name = stage_name(recipe, shown, r)
    wanted = (AVERAGE,) if name.startswith("pairs") else (AVERAGE, "G/", "D/")
    arrays = {key: np.asarray(array, np.float16) for key, array in state.items() if key.startswith(wanted)}
    path = folder / f"{PREFIX}{name}.safetensors"
    write_arrays(path, arrays, {"config": json.dumps(recipe.config.as_dict()), "r": str(r), "shown": str(shown)})
    return path


def read_stage(path: Path) -> tuple[GeneratorConfig, int, dict[str, np.ndarray]]:
    """Return the generator's configuration, the block that was trained, and the networks as float32, under the names of
    :meth:`Networks.state`. Without a generator that a discriminator judges, it is the average.

    Raises:
        SafetensorError, KeyError, ValueError, TypeError: not a file that :func:`write_stage` wrote.
    """
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        config, r = GeneratorConfig(**json.loads(metadata["config"])), int(metadata["r"])
        arrays = {key: file.get_tensor(key).astype(np.float32) for key in file.keys()}  # noqa: SIM118
    if not any(key.startswith("G/") for key in arrays):
        arrays |= {f"G/{k.removeprefix(AVERAGE)}": array for k, array in arrays.items() if k.startswith(AVERAGE)}
    return config, r, arrays

"""Checkpoints of a run: the whole state for resuming, and small files with the networks at the end of a stage."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import safe_open

from training.accelerated.course import Course
from training.errors import TrainingError
from training.kept import digest, write_arrays
from training.train.checkpoint import write_checkpoint
from training.train.recipe import Recipe

if TYPE_CHECKING:  # downloaded files are read on machines without JAX
    from training.accelerated.steps import State

STATE = "state.safetensors"

NETWORKS = ("G", "D", "Gs")
"""Generator, discriminator, averaged generator."""

LISTS = ("G optimiser", "D optimiser", "eye")
"""Lists in a stage's state: its optimisers' states, and the scorer of the perceptual loss."""


def write_state(folder: Path, state: State, course: Course, done: Mapping[str, float]) -> None:
    """Write the state of everything that is trained.

    Args:
        folder: of the run.
        state: arrays.
        course: of the run; a run with another course cannot resume from this state.
        done: "stage", "elapsed" (seconds of it) and "shown" (faces of it), "total" (faces in all).
    """
    arrays = {f"{name}/{key}": array for name in NETWORKS for key, array in state[name].items()}
    for name in LISTS:
        arrays |= {f"{name}/{k}": array for k, array in enumerate(state[name])}
    metadata = {"course": digest(course), "done": json.dumps(dict(done))}
    write_arrays(folder / STATE, {name: np.asarray(array) for name, array in arrays.items()}, metadata)


def read_state(folder: Path, course: Course) -> tuple[State, dict[str, float]] | None:
    """Read what :func:`write_state` wrote; None if there is nothing yet.

    Raises:
        TrainingError: the state belongs to another course.
    """
    path = folder / STATE
    if not path.is_file():
        return None
    state: State = {"G": {}, "D": {}, "Gs": {}}
    lists: dict[str, dict[int, np.ndarray]] = {name: {} for name in LISTS}
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        if metadata["course"] != digest(course):
            raise TrainingError(
                f"Expected the course that is kept in {folder}. Received another one. Give another --run."
            )
        for key in file.keys():  # noqa: SIM118
            name, _, variable = key.partition("/")
            if name in state:
                state[name][variable] = file.get_tensor(key)
            else:
                lists[name][int(variable)] = file.get_tensor(key)
    state |= {name: [arrays[k] for k in sorted(arrays)] for name, arrays in lists.items()}
    return state, json.loads(metadata["done"])


def write_networks(folder: Path, name: str, networks: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write networks as float16, "G/...", "D/..." and "Gs/...", to download."""
    path = folder / f"{name}.safetensors"
    write_arrays(path, {key: np.asarray(array, np.float16) for key, array in named(networks).items()})
    return path


def named(networks: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the arrays of networks in one mapping, under the names of a checkpoint."""
    return {f"{name}/{key}": array for name, arrays in networks.items() for key, array in arrays.items()}


def bring_home(out: Path, run: Path, average: str) -> Recipe:
    """Convert downloaded files to a run that fit, measure and publish read: folders `train`, `scorer` and `judge`.

    Args:
        out: files written by :func:`write_networks` and at the end of the run.
        run: the folder; created if missing.
        average: name of the averaged generator to use, such as "average-adversarial-256".

    Raises:
        TrainingError: a file is missing.
    """
    names = ("record.tar", "training.safetensors", f"{average}.safetensors")
    if missing := [name for name in names if not (out / name).is_file()]:
        there = ", ".join(sorted(path.name for path in out.glob("*"))) or "nothing"
        raise TrainingError(f"Expected {', '.join(missing)} in {out}. Received: {there}.")
    run.mkdir(parents=True, exist_ok=True)
    with tarfile.open(out / "record.tar") as tar:
        tar.extractall(run, filter="data")
    recipe = Recipe.read(run / "train" / "recipe.json")
    write_run(run / "train", recipe, recipe.total, read_networks(*(out / name for name in names[1:])))
    return recipe


def read_networks(*paths: Path) -> dict[str, np.ndarray]:
    """Return all arrays of the network files, float32, under the names of a checkpoint."""
    arrays: dict[str, np.ndarray] = {}
    for path in paths:
        with safe_open(path, framework="numpy") as file:
            arrays |= {key: file.get_tensor(key).astype(np.float32) for key in file.keys()}  # noqa: SIM118
    return arrays


def recipe_of(course: Course, shown: int, alone: int, scorer: str) -> Recipe:
    """Describe the run as a recipe of the train step, for the card and for other steps.

    Args:
        course: of the run.
        shown: faces in all.
        alone: of them on pairs alone.
        scorer: digest of the scorer used in the loss, or "".
    """
    return Recipe(
        course.config, start=course.stages[0].resolution, total=shown, batch=course.stages[-1].batch,
        r1=((4, course.r1),), r1_every=course.r1_every, rate=course.rate, beta2=course.beta2,
        half_life=course.half_life, seed=course.seed, paired=course.paired, alone=alone, alone_rate=course.alone_rate,
        squares=course.squares, perceptual=course.perceptual if scorer else 0.0, scorer=scorer, critic=course.critic,
        detail=course.detail, bands=course.bands, coarse=course.coarse, matched=course.matched, patches=course.patches,
    )  # fmt: skip


def write_run(folder: Path, recipe: Recipe, shown: int, arrays: Mapping[str, np.ndarray]) -> None:
    """Write networks as a run of the train step, for fit, measure and publish."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: np.asarray(array, np.float32) for name, array in arrays.items()}
    # The level of detail is a variable in NVIDIA's files; no block is fading in at this point.
    kept |= {f"{name}/lod": np.zeros((), np.float32) for name in ("G", "Gs")}
    write_checkpoint(folder, shown, recipe.config.log2, kept)
    recipe.write(folder / "recipe.json")


def on_host(state: State) -> State:
    """Return the state as NumPy arrays."""
    import jax

    return jax.tree.map(np.asarray, state)

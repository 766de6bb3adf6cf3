"""Starting points of a new run: the trained networks of a model folder, or of another run."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors import SafetensorError

from dashboard.errors import ModelError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.families import pggan_config
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.tensors import load_arrays
from training.errors import TrainingError
from training.train import checkpoint
from training.train.names import from_top
from training.train.recipe import Recipe
from training.train.stages import PREFIX, read_stage

NAME = "training.safetensors"


class Start(NamedTuple):
    """A trained start: the resolution it has reached, its arrays as :meth:`Networks.state` names them, its SHA-256."""

    resolution: int
    state: dict[str, np.ndarray]
    sha256: str


def read_start(path: Path, config: GeneratorConfig) -> Start:
    """Read generator, discriminator and averaged generator of a model folder, or of a run.

    Args:
        path: a model folder's training.safetensors, with model.json and generator.safetensors, the average, next to it;
            a run's checkpoint.safetensors, with recipe.json next to it; or the networks of a stage of a run.
        config: of the generator that is to be trained; it may be of a higher resolution, nothing else may differ.

    Returns:
        Start, without the blocks above its resolution: they are new.

    Raises:
        TrainingError: no such file, an incomplete folder, or another generator; the message says which.
    """
    of_stage = path.name.startswith(PREFIX)
    if not (of_stage or path.name in (NAME, checkpoint.NAME)) or not path.is_file():
        raise TrainingError(
            f"Expected {NAME} of a model folder, or {checkpoint.NAME} or {PREFIX}*.safetensors of a run. "
            f"Received: {path}. Give the file's path."
        )
    return (_of_stage if of_stage else _of_model if path.name == NAME else _of_run)(path, config)


def _of_model(path: Path, config: GeneratorConfig) -> Start:
    try:
        model = open_model(path.parent)
        trained = load_arrays(path, np.float32)
        average = load_arrays(path.parent / "generator.safetensors", np.float32)
    except ModelError as error:
        raise TrainingError(str(error)) from error
    found = pggan_config(model.config)
    _check(found, config, path, path.parent / "model.json")
    arrays = {**trained, **{f"Gs/{name}": array for name, array in average.items()}}
    above = config.log2 - found.log2
    state = {from_top(name, above): array for name, array in arrays.items()}
    return Start(found.resolution, state, model.files[NAME])


def _of_run(path: Path, config: GeneratorConfig) -> Start:
    try:
        found = Recipe.read(path.parent / "recipe.json").config
        kept = checkpoint.read_checkpoint(path.parent)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise TrainingError(
            f"Expected the checkpoint of a run in {path.parent}, with its recipe.json. Received: {error}."
        ) from error
    assert kept is not None
    _check(found, config, path, path.parent / "recipe.json")
    arrays = {name: array for name, array in kept[2].items() if not name.startswith("Adam")}
    return _start(path, kept[1], arrays, config.log2 - found.log2)


def _of_stage(path: Path, config: GeneratorConfig) -> Start:
    try:
        found, r, arrays = read_stage(path)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise TrainingError(f"Expected the networks of a stage in {path}. Received: {error}.") from error
    _check(found, config, path, path)
    return _start(path, r, arrays, config.log2 - found.log2)


def _start(path: Path, r: int, arrays: dict[str, np.ndarray], above: int) -> Start:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Start(2**r, {from_top(name, above): array for name, array in arrays.items()}, sha256)


def _check(found: GeneratorConfig, config: GeneratorConfig, path: Path, file: Path) -> None:
    """Raise TrainingError if a start does not fit the generator that is to be trained."""
    if found.resolution > config.resolution:
        raise TrainingError(
            f"Expected a start of at most {config.resolution} px. Received: {found.resolution} px in {path}. "
            "Give a higher --resolution."
        )
    if replace(found, resolution=config.resolution) != config:
        theirs, ours = found.as_dict(), config.as_dict()
        other = next(name for name in ours if name != "resolution" and theirs[name] != ours[name])
        raise TrainingError(
            f"Expected {other} {ours[other]} in {file}, as in the run. Received: {theirs[other]}. "
            f"Give --feature-maps {found.fmap_base} {found.fmap_max}, or another start."
        )

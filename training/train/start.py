"""Starting points of a new run: the trained networks of a model folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from dashboard.errors import ModelError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.families import pggan_config
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.tensors import load_arrays
from training.errors import TrainingError
from training.train.names import from_top

NAME = "training.safetensors"


class Start(NamedTuple):
    """A trained start: the resolution it has reached, its arrays as :meth:`Networks.state` names them, its SHA-256."""

    resolution: int
    state: dict[str, np.ndarray]
    sha256: str


def read_start(path: Path, config: GeneratorConfig) -> Start:
    """Read generator, discriminator and averaged generator of a model folder.

    Args:
        path: the folder's training.safetensors; model.json and generator.safetensors, the average, are next to it.
        config: of the generator that is to be trained; it may be of a higher resolution, nothing else may differ.

    Returns:
        Start, without the blocks above its resolution: they are new.

    Raises:
        TrainingError: no such file, an incomplete folder, or another generator; the message says which.
    """
    if path.name != NAME or not path.is_file():
        raise TrainingError(f"Expected {NAME} of a model folder. Received: {path}. Give the file's path.")
    try:
        model = open_model(path.parent)
        trained = load_arrays(path, np.float32)
        average = load_arrays(path.parent / "generator.safetensors", np.float32)
    except ModelError as error:
        raise TrainingError(str(error)) from error
    found = pggan_config(model.config)
    if found.resolution > config.resolution:
        raise TrainingError(
            f"Expected a start of at most {config.resolution} px. Received: {found.resolution} px in {path}. "
            "Give a higher --resolution."
        )
    if replace(found, resolution=config.resolution) != config:
        theirs, ours, file = found.as_dict(), config.as_dict(), path.parent / "model.json"
        other = next(name for name in ours if name != "resolution" and theirs[name] != ours[name])
        raise TrainingError(
            f"Expected {other} {ours[other]} in {file}, as in the run. Received: {theirs[other]}. "
            f"Give --feature-maps {found.fmap_base} {found.fmap_max}, or another start."
        )
    arrays = {**trained, **{f"Gs/{name}": array for name, array in average.items()}}
    above = config.log2 - found.log2
    state = {from_top(name, above): array for name, array in arrays.items()}
    return Start(found.resolution, state, model.files[NAME])

"""Directions for other generators, such as NVIDIA's, found with a scorer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from dashboard.errors import LikenessError
from dashboard.settings import WEIGHTS, load_settings, open_home
from dashboard.synthesis.installed_models import find_model
from dashboard.synthesis.manifest import Attribute, check_name
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import Bank, open_model, write_model
from training.errors import TrainingError
from training.label.scorer import Scorer
from training.spaces import FaceSpace

if TYPE_CHECKING:
    from training.pictures import Pictures

BANK_SEED = 20_000
SOURCE = "python -m training fit"


class Directions(Protocol):
    """Directions with their attributes, and the scores (n, K) of the faces from which they were found: a `Fit`."""

    @property
    def attributes(self) -> tuple[Attribute, ...]: ...
    @property
    def directions(self) -> np.ndarray: ...
    @property
    def scores(self) -> np.ndarray: ...


def find(wanted: str, name: str | None) -> Model:
    """Return a model by its name or folder.

    Args:
        wanted: name or folder.
        name: of the new copy, or None.

    Raises:
        TrainingError: there is no such model, or the new name is taken or invalid.
    """
    shelf = load_settings().home / "models"
    try:
        model = open_model(find_model(wanted, (WEIGHTS, shelf)))
        if name is not None:
            check_name(name)
    except LikenessError as error:
        raise TrainingError(str(error)) from error
    if name is not None and (shelf / name).exists():
        raise TrainingError(f"Expected a new model name. Received: {name}, which exists. Choose another --name.")
    return model


def check_readable(model: Model, *scorers: Scorer) -> None:
    """Check that scorers can read a model's pictures.

    Raises:
        TrainingError: the pictures are grey, or smaller than a scorer's.
    """
    if model.config.num_channels != 3:
        raise TrainingError(
            f"Expected a generator of colour pictures. Received: {model.name}, of {model.config.num_channels} "
            "channel(s). Choose another."
        )
    for scorer in scorers:
        if scorer.config.size > model.config.resolution:
            raise TrainingError(
                f"Expected a scorer of at most {model.config.resolution} px, the size of the pictures of {model.name}. "
                f"Received: one of {scorer.config.size} px. Train it with label --size {model.config.resolution}."
            )


def write_named(
    model: Model, name: str, found: Directions, space: FaceSpace, scorer: Scorer, pictures: Pictures, bank: int
) -> Path:
    """Write a copy of a model with directions, scorer and a bank; the original does not change.

    Args:
        model: the original.
        name: of the new model, in LIKENESS_HOME/models.
        found: the directions.
        space: in which they are.
        scorer: with which they were found.
        pictures: the generator, from points of that space, with the scorer as its first scorer.
        bank: number of faces in the bank.

    Returns:
        The folder.
    """
    home = load_settings().home
    open_home(home)
    latents = np.random.RandomState(BANK_SEED).randn(bank, model.config.latent_size)
    scores, features = pictures.scores(space.points(latents))[0]
    folder = home / "models" / name
    write_model(
        folder,
        model.config,
        model.variables(),
        found.attributes,
        found.directions,
        model.licence,
        {**model.provenance, "directions": {"source": SOURCE, "space": space.name, "faces": len(found.scores)}},
        scorer=(scorer.config, scorer.variables),
        bank=Bank(BANK_SEED, scores, features, scorer.config.attributes),
        card=f"# {name}\n\nThe generator of {model.name}, with directions that `training fit` found for "
        f"{len(found.attributes)} attributes in {space.name}.\n",
        dtype=np.float32,
        w=space.statistics() or None,
    )
    return folder

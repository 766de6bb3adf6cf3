"""Imported generators, such as NVIDIA's: opened with scorers and directions, and written again with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from training.fit import Fit
from training.label.scorer import Scorer
from training.spaces import FaceSpace, space_of
from training.trained import as_published

if TYPE_CHECKING:
    from training.pictures import EngineName, Pictures

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


@dataclass(frozen=True)
class OtherModel:
    """An imported model with scorers and directions.

    Args:
        model: its folder.
        scorer, judge: of the label step, rounded as in a model folder.
        fit: of the fit step.
        space: in which the directions are.
        pictures: makes its faces from points of that space and scores them with both.
    """

    model: Model
    scorer: Scorer
    judge: Scorer
    fit: Fit
    space: FaceSpace
    pictures: Pictures

    @property
    def made_of(self) -> tuple[Mapping[str, np.ndarray], ...]:
        """All arrays that scores of points depend on."""
        return (self.model.variables(), self.scorer.variables, self.judge.variables, self.space.statistics())


def open_other(
    model: str, scorer: Path, judge: Path, fit: Path, name: str | None = None, engine: EngineName = "auto"
) -> OtherModel:
    """Open an imported model with the results of earlier steps.

    Args:
        model: name or folder.
        scorer, judge: folders of the label step.
        fit: folder of the fit step.
        name: of a new model that will be written, or None.
        engine: that makes and scores faces.

    Raises:
        TrainingError: as `find`, or the parts do not belong together.
    """
    from training.pictures import open_pictures

    found = find(model, name)
    first, second = (replace(s, variables=as_published(s.variables)) for s in map(Scorer.read, (scorer, judge)))
    check_readable(found, first, second)
    directions = Fit.read(fit)
    space = space_of(found, directions.space, directions.statistics or None)
    if len(directions.directions) != space.size or not set(directions.names) <= set(first.config.attributes):
        raise TrainingError(
            f"Expected directions of {space.size} numbers in {space.name}, of the scorer's attributes. Received: "
            f"{len(directions.directions)} numbers, {', '.join(directions.names[:4])}. Fit again."
        )
    if first.config.attributes != second.config.attributes:
        raise TrainingError("Expected a scorer and a judge of the same attributes. Received: others. Label again.")
    pictures = open_pictures(found.config, found.variables(), first, second, engine=engine, w=space.w)
    return OtherModel(found, first, second, directions, space, pictures)


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


def open_shelf() -> Path:
    """Return the folder of imported models, in a LIKENESS_HOME that can be written."""
    home = load_settings().home
    open_home(home)
    return home / "models"


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
    latents = np.random.RandomState(BANK_SEED).randn(bank, model.config.latent_size)
    scores, features = pictures.scores(space.points(latents))[0]
    folder = open_shelf() / name
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

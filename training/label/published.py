"""Scorer and judge of a model folder, measured again instead of trained."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from dashboard.errors import ModelError
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.scorer_config import ScorerConfig
from training.errors import TrainingError
from training.label.lesson import load_scorer, measure, predict
from training.label.scorer import Scorer
from training.label.truth import Truth


def read_network(folder: Path, judge: bool, seed: int) -> tuple[ScorerConfig, dict[str, np.ndarray]]:
    """Return the scorer of a model folder, or its judge: config and variables by name.

    Args:
        folder: of the model.
        judge: return the judge.
        seed: of the faces that the network is to be measured on.

    Raises:
        TrainingError: no such folder, it has none, or the model is of faces of the same seed.
    """
    try:
        model = open_model(folder)
        origin = str(model.provenance.get("training set", ""))  # as `publish` writes it
        if origin.endswith(f", seed {seed}"):
            raise TrainingError(
                f"Expected faces that the networks of {folder} have not learned from. "
                f"Received: seed {seed}, that of its training set. Render others with another --seed."
            )
        config = model.judge if judge else model.scorer
        if config is not None:
            return config, model.judge_variables() if judge else model.scorer_variables()
    except ModelError as error:
        raise TrainingError(str(error)) from error
    raise TrainingError(f"Expected a model folder with a {'judge' if judge else 'scorer'}. Received: {folder}.")


def measure_network(config: ScorerConfig, variables: dict[str, np.ndarray], images: np.ndarray, truth: Truth) -> Scorer:
    """Measure a network on faces that it did not learn from.

    Args:
        config, variables: of the network.
        images: uint8 (n, S, S, 3) of the size that the network sees.
        truth: labels of the same faces.

    Returns:
        The scorer, with R2 or AUC of each attribute over all the faces.

    Raises:
        TrainingError: the faces have other labels than the network reads.
    """
    if (truth.names, truth.kinds) != (config.attributes, config.kinds):
        raise TrainingError(
            f"Expected faces with the labels {', '.join(config.attributes)}. Received: {', '.join(truth.names)}."
        )
    scorer = Scorer(config, variables, truth.groups, {}, None)
    figures = measure(truth, truth.targets(slice(None)), predict(load_scorer(scorer), images))
    return replace(scorer, figures=figures)

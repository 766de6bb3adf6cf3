"""Publish an imported model with directions: a model folder with scorer, judge, bank, curves and card."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from dashboard.errors import LikenessError
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import write_model
from training.bank import make_bank
from training.card_other import OtherSources, write_other_card
from training.errors import TrainingError
from training.measure.curve_check import check_curves
from training.measure.result import Measured
from training.other_models import SOURCE, OtherModel
from training.publish_parts import Amounts, drawn_curves, measured_fit


def publish_other(
    weights: Path, name: str, other: OtherModel, measured: Measured, amounts: Amounts, first_seed: int | None = None
) -> Model:
    """Write the model folder; the imported one does not change.

    Args:
        weights: folder of the models.
        name: of the new model, and of its folder.
        other: the imported model with scorers and directions.
        measured: the figures of these directions.
        amounts: sample sizes.
        first_seed: of the face of a first visit, or None.

    Returns:
        The model, read back.

    Raises:
        TrainingError: the name is taken, the parts do not belong together, or nothing is left to publish.
    """
    if (weights / name).exists():
        raise TrainingError(f"Expected a new model name. Received: {name}, which exists. Choose another --name.")
    fit, model, names = measured_fit(other.fit, measured), other.model, other.scorer.config.attributes
    banked = make_bank(other.pictures, other.space, names, "", amounts.bank, amounts.bank_seed)
    curves = drawn_curves(other.pictures, fit, other.space, banked.bank, amounts.curve_faces)
    sources = OtherSources(name, other, fit, measured, curves)
    try:
        made = write_model(
            weights / name,
            model.config,
            model.variables(),
            fit.attributes,
            fit.directions,
            model.licence,
            {**model.provenance, "directions": {"source": SOURCE, "space": fit.space, "faces": len(fit.scores)}},
            scorer=(other.scorer.config, other.scorer.variables),
            judge=(other.judge.config, other.judge.variables),
            bank=banked.bank,
            atlas=banked.atlas,
            curves=curves,
            first_seed=model.first_seed if first_seed is None else first_seed,
            card=write_other_card(sources),
            dtype=np.float32,
            replace=False,
            w=fit.statistics or None,
        )
    except LikenessError as error:
        raise TrainingError(str(error)) from error
    if curves is not None and amounts.checked:
        on_page = check_curves(made, curves, amounts.checked)
        (made.path / "MODEL_CARD.md").write_text(write_other_card(replace(sources, on_page=on_page)), encoding="utf-8")
    return made

"""The result of the measure step, stored and shown in the card."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.synthesis.manifest import Attribute
from training.fit import Fit
from training.kept import read_result, write_result
from training.measure.behaviour import Behaviour, Effort
from training.measure.control import Control, narrowed
from training.measure.renders import Renders
from training.measure.study import Study

STORED = ("response", "spread", "halves", "angle_high", "truth")
"""Figures of an attribute that are stored in model.json."""


@dataclass(frozen=True)
class Measured:
    """All figures of a model.

    Args:
        effort: how much was measured.
        fit: digest of the measured directions.
        realism: "swd", "frechet", "precision", "recall", each of "samples" and of "renders"; "faces", "pictures".
        memory: median distances of "samples" and of "renders" to the nearest training face, and share "nearer" than
            99 % of renders are.
        leakage: "free", "locked", "ratio", "low", "high"; "steps" and "infeasible" of either run.
        attributes: figures by attribute: "response" with "low" and "high", "rises", "feasible", "range" (or None),
            "agreement", "agreement_renders", "spread", "halves", "angle_low", "angle_high", "truth".
        alike: the largest |cosine| of two directions.
        appearance: figures of pictures alone, each of "samples" and of "renders", as `appearance.py` names them.
        own_codes: PSNR of faces made from renders' own codes, by network and side; "faces", how many; may be empty.
        ages: "young", years between Young at -3 and +3, and "renders", the look of renders drawn at 65 to 80; those
            that were measured.
        training_set: what the renders were: "faces", "dataset" (dataset.json), "biases" (triples of two labels and
            their correlation).

    Of an imported model whatever compares it with its training faces is empty, or missing from an attribute's figures.
        arrays: "steps", "mean" and "deviation" of the responses, "rescoring" and "rescoring_locked".
    """

    effort: Effort
    fit: str
    realism: Mapping[str, Any]
    memory: Mapping[str, float]
    leakage: Mapping[str, Any]
    attributes: Mapping[str, Mapping[str, Any]]
    alike: float
    arrays: Mapping[str, np.ndarray]
    appearance: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    own_codes: Mapping[str, float] = field(default_factory=dict)
    ages: Mapping[str, float] = field(default_factory=dict)
    training_set: Mapping[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write it to a folder."""
        fields = {k: v for k, v in vars(self).items() if k not in ("arrays", "effort")}
        write_result(folder, "measure", {**fields, "effort": asdict(self.effort)}, self.arrays)

    @staticmethod
    def read(folder: Path) -> Measured:
        """Read what :meth:`write` wrote.

        Raises:
            TrainingError: there is no result.
        """
        fields, arrays = read_result(folder, "measure", "measure")
        return Measured(**{**fields, "effort": Effort(**fields["effort"])}, arrays=arrays)

    def stored(self, attribute: Attribute) -> Attribute | None:
        """Return an attribute as it goes into model.json: with its measured range and figures; None if nothing is
        left.
        """
        figures = self.attributes[attribute.name]
        if figures["range"] is None:
            return None
        added = {name: round(figures[name], 4) for name in STORED if math.isfinite(figures.get(name, math.nan))}
        return replace(attribute, range=tuple(figures["range"]), reliability={**attribute.reliability, **added})


def measured(
    study: Study,
    fit: Fit,
    fit_digest: str,
    codes: np.ndarray | None = None,
    pairs: Mapping[str, np.ndarray] | None = None,
    unseen: Renders | None = None,
) -> tuple[Measured, np.ndarray]:
    """Measure all figures.

    Args:
        study: the model with everything needed to measure it.
        fit, fit_digest: the directions, and their digest.
        codes: (n, K) of the renders, or of `unseen`, if the model was trained on pairs.
        pairs: the generator at the end of the training on pairs, or None.
        unseen: renders that were not trained on, for the PSNR of own codes; None for those that were held out.

    Returns:
        The figures, and the pictures of the sheet of nearest training faces.
    """
    assert len(study.drawn) == len(study.drawn_renders[0])  # computed before the two are separated
    with ThreadPoolExecutor(1) as pool:
        # The processor analyses pictures while the engine computes faces.
        looking = pool.submit(lambda: (study.appearance(), study.distances))
        curves, leaked, matrices = study.control()
        own = study.own_codes(codes, pairs, unseen) if codes is not None else {}
        columns = {**study.agreement(), **study.stability(), "truth": study.truth_recovered()}
        memory, sheet = study.memory()
        looks, _ = looking.result()
    realism = study.realism()
    arrays = {"steps": curves.steps, "mean": curves.mean, "deviation": curves.spread, **matrices}
    return (
        Measured(
            study.effort,
            fit_digest,
            realism,
            memory,
            leaked,
            _attributes(fit, curves, columns),
            study.alike(),
            arrays,
            looks,
            own,
            training_set=study.training_set(),
        ),
        sheet,
    )


def measured_alone(study: Behaviour, fit_digest: str) -> Measured:
    """Measure what needs no training faces: response, leakage, agreement of the scorers, stability.

    Args:
        study: the generator with its directions.
        fit_digest: of the directions.
    """
    curves, leaked, matrices = study.control()
    attributes = _attributes(study.fit, curves, {**study.agreement(), **study.stability()})
    arrays = {"steps": curves.steps, "mean": curves.mean, "deviation": curves.spread, **matrices}
    return Measured(study.effort, fit_digest, {}, {}, leaked, attributes, study.alike(), arrays)


def _attributes(fit: Fit, curves: Control, columns: Mapping[str, np.ndarray]) -> dict[str, dict[str, Any]]:
    """Return the figures of each attribute: those of its response, and its own of each column (K,)."""
    attributes: dict[str, dict[str, Any]] = {}
    for k, attribute in enumerate(fit.attributes):
        found = narrowed(attribute.range, curves.steps, curves.mean[k])
        inside = [t for t, step in enumerate(curves.steps) if found and found[0] <= step <= found[1]]
        attributes[attribute.name] = {
            "range": found,
            "response": float(curves.response[k]),
            "low": float(curves.low[k]),
            "high": float(curves.high[k]),
            "rises": bool(found) and bool((np.diff(curves.mean[k][inside]) > 0).all()),
            "feasible": float(curves.feasible[k].sum() / (curves.bases * len(curves.steps))),
            **{name: float(column[k]) for name, column in columns.items()},
        }
    return attributes

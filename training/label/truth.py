"""Labels of a data set as training targets: continuous ones standardised, binary ones 0 or 1."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dashboard.synthesis.scorer_config import Kind
from training.errors import TrainingError

MIRRORED = ("Yaw", "Light_X")
"""Labels that change their sign when the picture is mirrored."""


@dataclass(frozen=True)
class Truth:
    """Labels (n, F) with their units.

    Args:
        names, groups, kinds: one per attribute.
        values: float32 (n, F), in the labels' own units.
    """

    names: tuple[str, ...]
    groups: tuple[str, ...]
    kinds: tuple[Kind, ...]
    values: np.ndarray

    @property
    def binary(self) -> np.ndarray:
        """Which attributes are binary, bool (F,)."""
        return np.array([kind == "binary" for kind in self.kinds])

    def first(self, count: int) -> Truth:
        """Return the labels of the first ``count`` faces."""
        return replace(self, values=self.values[:count])

    def targets(self, part: slice | np.ndarray, mirrored: bool = False) -> np.ndarray:
        """Return the targets of the scorer, float32 (n, F): standard deviations of ``part``, or 0 and 1.

        Args:
            part: the faces whose mean and standard deviation define the scale, without the held-out ones.
            mirrored: return targets of the mirrored pictures.
        """
        mean = np.where(self.binary, 0.0, self.values[part].mean(axis=0))
        scale = np.where(self.binary, 1.0, np.maximum(self.values[part].std(axis=0), 1e-6))
        signs = np.array([-1.0 if mirrored and name in MIRRORED else 1.0 for name in self.names])
        return ((self.values * signs - mean) / scale).astype(np.float32)


def read_truth(folder: Path) -> Truth:
    """Return the labels of a data set.

    Args:
        folder: output of the render step: ``dataset.json`` and ``labels.csv``.

    Raises:
        TrainingError: a file or a column is missing, or a label is not a finite number.
    """
    try:
        specs = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))["attributes"]
        with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            header = next(rows)
            table = np.array([[float(cell) for cell in row] for row in rows], np.float32)
    except (OSError, KeyError, StopIteration, ValueError) as error:
        raise TrainingError(
            f"Expected dataset.json and labels.csv in {folder}. Received: {error}. Run the render step."
        ) from error
    names = tuple(spec["name"] for spec in specs)
    if missing := [name for name in names if name not in header]:
        raise TrainingError(f"Expected columns {', '.join(names)} in labels.csv. Missing: {', '.join(missing)}.")
    values = table[:, [header.index(name) for name in names]]
    if not np.isfinite(values).all():
        raise TrainingError("Expected finite numbers in labels.csv. Received: others. Render the faces again.")
    return Truth(names, tuple(s["group"] for s in specs), tuple(s["kind"] for s in specs), values)

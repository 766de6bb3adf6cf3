"""A trained scorer and its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.synthesis.scorer_config import ScorerConfig
from training.kept import read_result, write_result

FOLDS = 10
"""One in this many faces is held out: it is never trained on, and the figures are measured on these."""


@dataclass(frozen=True)
class Scorer:
    """A trained scorer with its figures.

    Args:
        config: of the network.
        variables: its weights by name.
        groups: group of each attribute.
        figures: for each attribute, its R2 or AUC on held-out renders.
        held: which faces of a data set were held out: those with index % FOLDS equal to this; None for all, if it
            learned from others.
    """

    config: ScorerConfig
    variables: dict[str, np.ndarray]
    groups: tuple[str, ...]
    figures: dict[str, dict[str, float]]
    held: int | None

    @property
    def architecture(self) -> str:
        """Description of the network."""
        blocks = f", {self.config.residual} residual block(s) after each" if self.config.residual else ""
        return f"{self.config.size} px, feature maps {', '.join(map(str, self.config.channels))}{blocks}"

    def write(self, folder: Path) -> None:
        """Write it to a folder."""
        fields = {"config": self.config.as_dict(), "groups": self.groups, "figures": self.figures, "held": self.held}
        write_result(folder, "scorer", fields, self.variables)

    @staticmethod
    def read(folder: Path) -> Scorer:
        """Return the scorer that :meth:`write` wrote.

        Raises:
            TrainingError: there is none.
        """
        fields, variables = read_result(folder, "scorer", "label")
        config: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in fields["config"].items()}
        return Scorer(ScorerConfig(**config), variables, tuple(fields["groups"]), fields["figures"], fields["held"])


def held_out(count: int, held: int | None) -> np.ndarray:
    """Return which of ``count`` faces are held out from a scorer with that ``held``, bool (count,)."""
    return np.ones(count, bool) if held is None else np.arange(count) % FOLDS == held

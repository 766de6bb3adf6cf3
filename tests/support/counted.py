"""Chance that is counted."""

from __future__ import annotations

from typing import Any

import numpy as np


class Counted:
    """Source of normal numbers that counts them."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng, self.used = rng, 0

    def standard_normal(self, size: int | None = None) -> Any:
        self.used += 1 if size is None else size
        return self.rng.standard_normal(size)

"""Re-scoring as a job: every attribute of a model pinned at every step on many bases, and the faces scored.

What there is so far is kept after the first bases and then ever less often, so that a first rough matrix shows soon.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dashboard.analysis.rescoring import STEPS, TOGETHER, traverse
from dashboard.errors import InputError
from dashboard.jobs.work import Work
from dashboard.synthesis.model import Model

FIRST = 20
"""Bases after which there is something to look at."""

GROWTH = 1.8
"""How many times more bases there are at each later look."""

MOST = 5000
"""Bases that a run may have."""

PART = TOGETHER // 2
"""Bases between two words of progress; with an even number of directions they fill the engine's batches, too."""


def check(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Parameters of a run.

    Args:
        params: bases, rows of `seed` from the first; locked, names of directions that are held; seed.
        model: the model.

    Returns:
        The same, with the names in the model's order.

    Raises:
        InputError: they are not what is expected, or the model has no scorer or no directions.
    """
    if not model.has_scorer or not model.names:
        raise InputError(
            f"Expected a model with directions and a scorer. Received: {model.name}. Choose another model."
        )
    bases, seed, locked = params.get("bases", 500), params.get("seed", 0), params.get("locked", [])
    if type(bases) is not int or not 1 <= bases <= MOST:
        raise InputError(f"Expected 1 to {MOST:,} bases. Received: {str(bases)[:20]}. Change their number.")
    if type(seed) is not int or not 0 <= seed < 2**32:
        raise InputError(f"Expected a seed from 0 to {2**32 - 1:,}. Received: {str(seed)[:20]}. Change it.")
    if not isinstance(locked, list) or not all(name in model.names for name in locked):
        raise InputError(f"Expected names of directions to lock. Received: {str(locked)[:60]}. Choose from the list.")
    return {"bases": bases, "locked": [name for name in model.names if name in locked], "seed": seed}


def run(work: Work) -> None:
    """Measure, and keep: steps (T,), scores (B, F, T, S) of the model's scorer, feasible (B, F, T)."""
    model, params = work.model(), work.params
    engine = work.engine("exact")
    locked = [model.names.index(name) for name in params["locked"]]
    bases = np.random.RandomState(params["seed"]).randn(params["bases"], model.config.latent_size)
    scores, feasible, following = [], [], FIRST
    for first in range(0, len(bases), PART):
        part = traverse(
            lambda latents: engine.run(latents, outputs=("scores",))["scores"],
            bases[first : first + PART],
            model.directions,
            names=model.names,
            locked=locked,
            normalised=model.config.normalize_latents,
        )
        scores.append(part.scores.astype(np.float32))
        feasible.append(part.feasible)
        done = min(first + PART, len(bases))
        work.progress(done / len(bases), f"{done:,} of {len(bases):,} bases")
        if done >= following or done == len(bases):
            work.keep(steps=np.array(STEPS), scores=np.concatenate(scores), feasible=np.concatenate(feasible))
            following = int(done * GROWTH)

"""Re-scoring as a job: each attribute of a model is pinned at every step on many bases, and the faces are scored.

Partial results are stored after the first bases and then at growing intervals, so that a rough matrix appears soon.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dashboard.analysis.rescoring import STEPS, TOGETHER, Score, traverse
from dashboard.entanglement.rescoring_results import JUDGE
from dashboard.errors import InputError
from dashboard.faces.direction_names import widened
from dashboard.jobs.job_context import THREADS, Work
from dashboard.jobs.reference_seconds import reference_seconds
from dashboard.synthesis.model import Model

FIRST = 20
"""Bases after which a first result is shown."""

GROWTH = 1.8
"""Factor by which the number of bases grows between results shown."""

MOST = 5000
"""Limit of bases of a run."""

PART = TOGETHER // 2
"""Bases between two progress reports; with an even number of directions they also fill the engine's batches."""


def seconds(params: dict[str, Any], model: Model) -> float:
    """Return the seconds on the reference machine: every face is generated and scored."""
    moved = 1 if "moved" in params else len(model.names)
    faces = params["bases"] * moved * len(STEPS)
    return reference_seconds("rescoring") * faces * model.config.resolution**2 / 1e6


def check(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the parameters of a run.

    Args:
        params: bases, the number of rows of `seed`; locked, names of directions; seed; moved, in a
            run of one direction (an attribute or an extra one), its name; by, "judge" for the scores of the
            model's judge instead of its scorer.
        model: the model.

    Returns:
        Canonical parameters: names of attributes in the model's order, followed by others.

    Raises:
        InputError: a parameter is invalid, or the model has no scorer or no directions.
    """
    model.require_scorer()
    if not model.names:
        raise InputError(f"Expected a model with directions. Received: {model.name}, which has none. Choose another.")
    bases, seed, locked = params.get("bases", 500), params.get("seed", 0), params.get("locked", [])
    if type(bases) is not int or not 1 <= bases <= MOST:
        raise InputError(f"Expected 1 to {MOST:,} bases. Received: {str(bases)[:20]}. Change their number.")
    if type(seed) is not int or not 0 <= seed < 2**32:
        raise InputError(f"Expected a seed from 0 to {2**32 - 1:,}. Received: {str(seed)[:20]}. Change it.")
    names = locked if isinstance(locked, list) and all(isinstance(name, str) for name in locked) else [""]
    every = widened(model, sorted(names)).names
    if not all(name in every for name in names):
        raise InputError(f"Expected names of directions to lock. Received: {str(locked)[:60]}. Choose from the list.")
    held = {"bases": bases, "locked": [name for name in every if name in locked], "seed": seed}
    if (by := params.get("by")) is not None:
        if by != JUDGE or not model.has_judge:
            raise InputError(f"Expected a model with a judge, or no by. Received: {str(by)[:20]}. Leave by out.")
        held["by"] = by
    moved = params.get("moved")
    if moved is None:
        return held
    if not isinstance(moved, str) or moved not in widened(model, [moved]).names:
        raise InputError(
            f"Expected a direction of {model.name} to move. Received: {str(moved)[:60]}. Choose one of them."
        )
    return {**held, "moved": moved}


def run(work: Work) -> None:
    """Measure and store: steps (T,), scores (B, F, T, S) of the model's scorer, feasible (B, F, T); F is 1 if moved."""
    own, params = work.model(), work.params
    read = _reader(work)
    asked = [params["moved"]] if "moved" in params else list(own.names)
    model = widened(own, [*params["locked"], *asked])
    moved, locked = ([model.column(name) for name in names] for names in (asked, params["locked"]))
    bases = model.points(np.random.RandomState(params["seed"]).randn(params["bases"], model.config.latent_size))
    scores, feasible, following = [], [], FIRST
    for first in range(0, len(bases), PART):
        part = traverse(
            read,
            bases[first : first + PART],
            model.directions,
            names=model.names,
            locked=locked,
            moved=moved,
            normalised=model.normalised,
        )
        scores.append(part.scores.astype(np.float32))
        feasible.append(part.feasible)
        done = min(first + PART, len(bases))
        work.progress(done / len(bases), f"{done:,} of {len(bases):,} bases")
        if done >= following or done == len(bases):
            work.keep(steps=np.array(STEPS), scores=np.concatenate(scores), feasible=np.concatenate(feasible))
            following = int(done * GROWTH)


def _reader(work: Work) -> Score:
    """Return the function that generates faces and scores them: the engine with the model's scorer, or its judge."""
    if "by" in work.params:
        from dashboard.synthesis.scored_faces import ScoredFaces, ScorerNetwork

        model = work.model()
        assert model.judge is not None
        faces = ScoredFaces(model, [ScorerNetwork(model.judge, model.judge_variables())], THREADS)
        return lambda latents: faces.scores(latents, [0])
    engine = work.engine("exact")
    model = work.model()

    def scores(points: np.ndarray) -> np.ndarray:
        latents, options = model.drawn(points)
        return engine.run(latents, outputs=("scores",), options=options)["scores"]

    return scores

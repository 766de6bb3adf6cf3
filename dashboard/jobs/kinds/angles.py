"""Bootstrap of a model's directions as a job: the regression of the bank's scores, on resampled faces."""

from __future__ import annotations

from typing import Any

import numpy as np

from dashboard.analysis.directions import bootstrap_angles, held_out_r2
from dashboard.entanglement.angles import LEAST_FACES, MOST_RESAMPLES, RESAMPLES, enough_faces
from dashboard.errors import InputError
from dashboard.jobs.job_context import Work
from dashboard.jobs.reference_seconds import reference_seconds
from dashboard.spaces.sample import faces_of, sample_size
from dashboard.synthesis.model import Model


def seconds(params: dict[str, Any], model: Model) -> float:
    """Return the seconds on the reference machine: a regression a resample."""
    return reference_seconds("angles") * params["resamples"] * sample_size(model) * model.size**2 / 1e9


def check(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the parameters of a run.

    Args:
        params: resamples; seed, of the resampling.
        model: the model.

    Returns:
        All parameters, canonical.

    Raises:
        InputError: a parameter is invalid, or the model has no directions or too small a bank.
    """
    if not model.names or not enough_faces(model):
        raise InputError(
            f"Expected a model with directions and a bank of {LEAST_FACES} scored faces per latent number. "
            f"Received: {model.name}. Choose another model."
        )
    resamples, seed = params.get("resamples", RESAMPLES), params.get("seed", 0)
    if type(resamples) is not int or not 20 <= resamples <= MOST_RESAMPLES:
        raise InputError(f"Expected 20 to {MOST_RESAMPLES:,} resamples. Received: {str(resamples)[:20]}. Change them.")
    if type(seed) is not int or not 0 <= seed < 2**32:
        raise InputError(f"Expected a seed from 0 to {2**32 - 1:,}. Received: {str(seed)[:20]}. Change it.")
    return {"resamples": resamples, "seed": seed}


def run(work: Work) -> None:
    """Compute and store: angles (R, F) in degrees and r2 (F,), nan for an attribute without a score; faces, n."""
    model, params = work.model(), work.params
    work.progress(0, "the bank's latents")
    faces = faces_of(model)
    measurable = np.array([name in faces.score_names for name in model.names])
    scores = faces.scores[:, [faces.score_names.index(name) for name in np.array(model.names)[measurable]]]
    count = params["resamples"]
    angles, r2 = np.full((count, len(measurable)), np.nan), np.full(len(measurable), np.nan)
    r2[measurable] = held_out_r2(faces.latents, scores)
    angles[:, measurable] = bootstrap_angles(
        faces.latents,
        scores,
        repeats=count,
        seed=params["seed"],
        progress=lambda done: work.progress(done / count, f"{done:,} of {count:,} resamples"),
    )
    work.keep(angles=angles, r2=r2, faces=np.array(faces.n))

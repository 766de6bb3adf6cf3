"""Disentanglement of a model's codes as a job: published measures, by the model's own scorer and by true labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.disentanglement import linear_separability, measure, path_length
from dashboard.entanglement.disentanglement_results import (
    BY_SCORER,
    BY_TRUTH,
    MOST_PAIRS,
    PAIRS,
    can_be_measured,
)
from dashboard.errors import InputError
from dashboard.jobs.job_context import Work
from dashboard.jobs.reference_seconds import reference_seconds
from dashboard.library.extra_directions import sefa_names, sefa_of
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import FEATURES, Faces, faces_of, sample_size
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.model import Model
from dashboard.synthesis.stylegan.feeds import Feeds

MOST_CODES, MOST_FACES = 512, 20_000
"""Limits of a set: its codes, those of largest variance first, and the bank's first faces."""

STYLED = 4000
"""Faces whose w and styles are computed."""


def seconds(params: dict[str, Any], model: Model) -> float:
    """Return the seconds on the reference machine: the bank is read, and four faces are generated per pair."""
    pixels = 4 * params["pairs"] * model.config.resolution**2 / 1e6
    faces = reference_seconds("disentanglement") * sample_size(model)
    return faces + reference_seconds("rescoring") * pixels


def check(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the parameters of a run: pairs of the path length, its seed, the digest of true directions if any.

    Raises:
        InputError: a parameter is invalid, or the model has no directions, scorer or bank.
    """
    if not can_be_measured(model):
        raise InputError(
            f"Expected a model with directions, a scorer and a bank. Received: {model.name}. Choose another model."
        )
    pairs, seed = params.get("pairs", PAIRS), params.get("seed", 0)
    if type(pairs) is not int or not 10 <= pairs <= MOST_PAIRS:
        raise InputError(f"Expected 10 to {MOST_PAIRS:,} pairs. Received: {str(pairs)[:20]}. Change their number.")
    if type(seed) is not int or not 0 <= seed < 2**32:
        raise InputError(f"Expected a seed from 0 to {2**32 - 1:,}. Received: {str(seed)[:20]}. Change it.")
    # A result without true labels must not be found once the model has them.
    true = {"true": model.files["true_directions.safetensors"][:16]} if model.has_true_directions else {}
    return {"pairs": pairs, "seed": seed, **true}


def run(work: Work) -> None:
    """Compute and store what `entanglement.disentanglement_results.disentanglement_of` reads."""
    model = work.model()
    assert model.scorer is not None
    faces = faces_of(model)
    work.progress(0, "the bank's latents")
    sets = list(code_sets(model, faces))
    factors = {BY_SCORER: np.asarray(faces.scores, np.float64)}
    if model.has_true_directions:
        # The labels that training on pairs gave the latents.
        factors[BY_TRUTH] = faces.latents @ model.true_directions().directions
    codes, by, numbers, counts = [], [], [], []
    for k, (name, values, of) in enumerate(sets):
        for factor, labels in factors.items():
            count = min(len(values), MOST_FACES)
            found = measure(values[:count], labels[:count])
            codes.append(name)
            by.append(factor)
            numbers.append(
                [
                    *(found.disentanglement, found.completeness, found.informativeness),
                    *(found.mig, found.sap, found.modularity),
                ]
            )
            counts.append([found.codes, of, found.faces])
        work.progress(0.7 * (k + 1) / len(sets), name)
    binary = [k for k, kind in enumerate(model.scorer.kinds) if kind == "binary"]
    separable = linear_separability(faces.latents, faces.scores[:, binary]) if binary else float("nan")
    work.progress(0.8, "path length")
    engine = work.engine("exact")
    scale = 2 * float(faces.features.var(axis=0, dtype=np.float64).sum())
    length = path_length(
        lambda z: engine.run(z.astype(np.float32), outputs=("features",))["features"],
        model.config.latent_size,
        scale,
        work.params["pairs"],
        work.params["seed"],
    )
    work.progress(1, "path length")
    work.keep(
        codes=np.array(codes),
        factors=np.array(by),
        numbers=np.array(numbers),
        counts=np.array(counts),
        faces=np.array([separable, len(binary), length.value, length.error, length.halved, length.pairs]),
    )


def code_sets(model: Model, faces: Faces) -> Iterator[tuple[str, NDArray[np.float64], int]]:
    """Yield the name of each set of codes, the codes (n, C) of the first faces, and the size of the whole set."""
    yield "coordinates", np.asarray(faces.latents @ model.directions, np.float64), len(model.names)
    components = projection_of(model, FEATURES).points
    yield "components of features", np.asarray(components, np.float64), components.shape[1]
    if sefa_names(model):
        kept = sefa_of(model).directions[:, : len(model.names)]
        yield "SeFa", faces.latents @ kept, kept.shape[1]
    if isinstance(model.config, GeneratorConfig):
        return
    feeds = Feeds(model.config, model.variables())
    latents, options = model.drawn(faces.latents[:STYLED])
    if "w" in model.config.spaces:
        w = latents if options.space == "w" else feeds.mapped(latents, None)
        yield "w", *_most_varied(np.asarray(w, np.float64))
    if "s" in model.config.spaces:
        styles = np.concatenate(list(feeds.styles(latents, None, options).values()), axis=1)
        yield "s", *_most_varied(np.asarray(styles, np.float64))


def _most_varied(codes: NDArray[np.float64]) -> tuple[NDArray[np.float64], int]:
    varied = np.argsort(-codes.std(axis=0), kind="stable")[:MOST_CODES]
    return codes[:, np.sort(varied)], codes.shape[1]

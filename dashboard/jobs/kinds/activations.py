"""Activations of the generator's first blocks, their principal components, and the linear map to the latent.

As GANSpace does for a generator without a W space (Härkönen et al. 2020, section 3.2): components of an early layer's
activations, and for each the latent direction that moves along it, by least squares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.pca import permuted_levels
from dashboard.analysis.randomised import leading_components
from dashboard.analysis.stability import split_half
from dashboard.errors import InputError
from dashboard.jobs.job_context import Work
from dashboard.jobs.reference_seconds import reference_seconds
from dashboard.spaces.projection import KEPT_COMPONENTS, SHOWN_COMPONENTS
from dashboard.spaces.sample import Faces, faces_of, sample_size
from dashboard.spaces.spectrum import latent_map, shuffles_of, spectrum
from dashboard.synthesis.model import Model

FEWEST = 500
USUAL = 5000
EXACT_COLUMNS = 4096
"""Number of columns above which a covariance is too large to decompose, and a randomised SVD is used."""

MOST_BYTES = 600_000_000
"""Limit in bytes of the activations that components are computed from."""

BATCH = 256
HELD_OUT = 0.2
"""Share of the faces that the fit of the latent is tested on."""

Rows = NDArray[np.float32]


def seconds(params: dict[str, Any], model: Model) -> float:
    """Return the seconds on the reference machine: faces through the block, twice, and their components."""
    return (
        reference_seconds("activations") * columns_of(model, params["block"]) * (sample_size(model) + params["faces"])
    )


def columns_of(model: Model, block: str) -> int:
    """Return how many numbers a face is in a block."""
    return model.config.activation_size(block)


def check(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the parameters of a run.

    Args:
        params: block, "block4" or "block8"; faces, the number of faces for the components (default: 5,000,
            or fewer if the sample or the memory is smaller).
        model: the model.

    Returns:
        Both parameters, canonical.

    Raises:
        InputError: a parameter is invalid.
    """
    block = params.get("block")
    blocks = model.config.activations
    if block not in blocks:
        offered = ", ".join(blocks) or "none: this network has none of these blocks"
        raise InputError(f"Expected a block ({offered}). Received: {str(block)[:20]}. Choose one.")
    held = sample_size(model)
    most = min(held, MOST_BYTES // (4 * columns_of(model, str(block))))
    fewest = min(FEWEST, most)
    faces = params.get("faces", min(USUAL, most))
    if type(faces) is not int or not fewest <= faces <= most:
        raise InputError(f"Expected {fewest:,} to {most:,} faces. Received: {str(faces)[:20]}. Change their number.")
    return {"block": block, "faces": faces}


def run(work: Work) -> None:
    """Compute and store what `dashboard/spaces/computed_results.py` reads."""
    model, block, count = work.model(), work.params["block"], work.params["faces"]
    faces = faces_of(model)
    work.progress(0.0, "Activations")
    rows = np.empty((0, 0), np.float32)
    for first, part in _activations(work, block, faces, count):
        rows = rows if len(rows) else np.empty((count, part.shape[1]), np.float32)
        rows[first : first + len(part)] = part
        work.progress(0.4 * (first + len(part)) / faces.n, f"Activations of {first + len(part):,} faces")
    found_at = 0.4 * count / faces.n
    found = _components(rows, lambda share, step: work.progress(found_at + 0.3 * share, step))
    points = np.empty((faces.n, min(SHOWN_COMPONENTS, found["axes"].shape[1])), np.float32)
    slopes = found["axes"][:, : points.shape[1]]
    shift = found["mean"] @ slopes
    begun = 0.4 * count / faces.n + 0.3
    for first, part in _activations(work, block, faces, faces.n):
        points[first : first + len(part)] = part @ slopes - shift
        share = (first + len(part)) / faces.n
        work.progress(begun + (0.98 - begun) * share, f"Positions of {first + len(part):,} faces")
    back, offsets, r2 = _linear_map(faces, points)
    work.keep(
        points=points,
        slopes=back.astype(np.float32),
        offsets=offsets,
        r2=r2,
        **{name: values for name, values in found.items() if name not in ("axes", "mean")},
    )


def _activations(work: Work, block: str, faces: Faces, count: int) -> Iterator[tuple[int, Rows]]:
    """Yield the activations of the first faces in batches, as rows, with the index of the first row of each batch."""
    engine = work.engine("exact")
    for start in range(0, count, BATCH):
        latents, options = work.model().drawn(faces.latents[start : min(start + BATCH, count)])
        yield start, engine.run(latents, outputs=(block,), options=options)[block].reshape(len(latents), -1)


def _components(rows: Rows, report: Callable[[float, str], object]) -> dict[str, NDArray]:
    """Return the principal components of rows; overwrites the rows.

    Args:
        rows: (n, d).
        report: called with the share done, 0 to 1, and the step.
    """
    wide = rows.shape[1] > EXACT_COLUMNS
    keep = min(KEPT_COMPONENTS, *(side // 2 - 1 for side in rows.shape)) if wide else KEPT_COMPONENTS
    report(0.0, f"Components of each half of {len(rows):,} faces")
    stable = split_half(
        rows, SHOWN_COMPONENTS, axes_of=(lambda part: leading_components(part, SHOWN_COMPONENTS).axes) if wide else None
    )
    report(0.15, f"Components of {rows.shape[1]:,} numbers")
    agreement = {"stable": stable.cosine, "stable_plane": stable.plane, "splits": np.array(stable.splits)}
    if not wide:
        found = spectrum(rows, standardised=False, white=False, keep=KEPT_COMPONENTS)
        return {
            "mean": found.mean,
            "axes": found.axes,
            "variances": found.variances,
            "noise_low": found.noise_low,
            "noise_high": found.noise_high,
            "total": np.array(found.variances.sum()),
            "error": np.array(0.0),
            "numbers": np.array(found.numbers),
            "shuffles": np.array(shuffles_of(found.numbers)),
            **agreement,
        }
    numbers = int((rows.std(axis=0) > 0).sum())
    found = leading_components(rows, keep)
    random = np.random.default_rng(0)
    times = shuffles_of(rows.shape[1])
    noise = []
    for k in range(times):
        report(0.2 + 0.8 * k / times, f"Shuffled columns: {k + 1} of {times}")
        random.permuted(rows, axis=0, out=rows)
        noise.append(leading_components(rows, keep).variances)
    low, high = permuted_levels(noise)
    return {
        "mean": found.mean,
        "axes": found.axes,
        "variances": found.variances,
        "noise_low": low,
        "noise_high": high,
        "total": np.array(found.total),
        "error": np.array(found.error),
        "numbers": np.array(numbers),
        "shuffles": np.array(times),
        **agreement,
    }


def _linear_map(faces: Faces, points: Rows) -> tuple[NDArray, NDArray, NDArray]:
    """Return the slopes (L, K) and offsets (K,) of points on the latent, and R2 (K,) on faces held out from the
    fit.
    """
    kept = faces.n - int(faces.n * HELD_OUT)
    fitted = Faces(faces.seed, faces.latents[:kept], faces.scores[:0], (), faces.features[:0])
    slopes, offsets, _ = latent_map(fitted.gram, fitted.latents, points[:kept])
    errors = points[kept:] - (faces.latents[kept:] @ slopes + offsets)
    total = points[kept:].var(axis=0, dtype=np.float64)
    r2 = 1 - np.divide(np.square(errors).mean(axis=0), total, out=np.ones(len(total)), where=total > 0)
    return *latent_map(faces.gram, faces.latents, points)[:2], np.clip(r2, 0.0, 1.0)

"""Results of jobs on a model's sample: components of activations, and layouts by UMAP and t-SNE.

The jobs themselves are in `dashboard/jobs/kinds/`. Their results are read from the server's folder (`Model.computed`),
and those used last are cached in memory.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.stability import LayoutStability, Stability
from dashboard.errors import NotFound
from dashboard.stores.result import Arrays, Origin, Result, model_parts, read_result
from dashboard.stores.result_lookup import find_result, results_of
from dashboard.stores.shipped_results import find_shipped, shipped_of
from dashboard.synthesis.model import Model

ACTIVATIONS, ACTIVATIONS_VERSION = "activations", 3
LAYOUTS = ("umap", "tsne")
LAYOUTS_VERSION = 2

KEPT = 8
"""Number of results cached in memory."""


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of one block's activations.

    Args:
        fitted: number of faces in the fit, the sample's first.
        numbers: activations of a face that vary.
        shuffles: number of shuffled samples for the noise level.
        stable, stable_plane: (K,) agreement of the components of both halves of the faces, see `stability`.
        splits: number of random halvings.
        variances: of the components, or of the first ones if the others were not computed.
        total: total variance.
        error: bound of the error of the variances, relative to the first; 0 if exact.
        noise_low, noise_high: 5 and 95 % quantiles for the same data with shuffled columns.
        points: (n, K) positions of all faces of the sample.
        slopes: (L, K), offsets (K,): linear prediction of the points from the latent.
        r2: (K,) of the prediction, on held-out faces.
    """

    fitted: int
    numbers: int
    shuffles: int
    splits: int
    stable: NDArray[np.float64]
    stable_plane: NDArray[np.float64]
    variances: NDArray[np.float64]
    total: float
    error: float
    noise_low: NDArray[np.float64]
    noise_high: NDArray[np.float64]
    points: NDArray[np.float32]
    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]
    r2: NDArray[np.float64]

    @property
    def stability(self) -> Stability:
        """Agreement of these components with those of other faces."""
        return Stability(self.stable, self.stable_plane, self.splits, self.fitted)

    @property
    def exact(self) -> bool:
        """Whether the components are exact, or come from a randomised decomposition."""
        return len(self.variances) == self.numbers


@dataclass(frozen=True, eq=False)
class Layout:
    """Positions of the sample's first faces by UMAP or t-SNE.

    Args:
        points: (m, 2) or (m, 3).
        params: its parameters, including the space.
        stability: its stability; None if not measured.
    """

    points: NDArray[np.float32]
    params: dict[str, Any]
    stability: LayoutStability | None = None


def components_of(model: Model, block: str) -> Components | None:
    """Return the last computed components of a block's activations.

    Args:
        model: the model.
        block: "block4" or "block8".

    Returns:
        The components; None if no job has computed them and none came with the model.
    """
    kept = results_of(model.computed, ACTIVATIONS, ACTIVATIONS_VERSION, model) if model.computed else []
    for result in [*kept, *shipped_of(ACTIVATIONS, ACTIVATIONS_VERSION, model)]:
        arrays = _arrays(result, model) if result.params.get("block") == block else None
        if arrays is not None:
            return Components(
                fitted=int(result.params["faces"]),
                numbers=int(arrays["numbers"]),
                shuffles=int(arrays["shuffles"]),
                splits=int(arrays["splits"]),
                total=float(arrays["total"]),
                error=float(arrays["error"]),
                **{name: _wide(arrays[name]) for name in _COMPONENTS},
            )
    return None


def layout_of(model: Model, method: str, params: dict[str, Any]) -> Layout | None:
    """Return a computed layout.

    Args:
        model: the model.
        method: "umap" or "tsne".
        params: canonical, as returned by the job's check.

    Returns:
        The layout, or None.
    """
    origin = Origin(method, LAYOUTS_VERSION, model_parts(model), params)
    result = find_shipped(origin, model) or (find_result(model.computed, origin) if model.computed else None)
    arrays = _arrays(result, model) if result else None
    if not arrays:
        return None
    if "stability" not in arrays:
        return Layout(arrays["points"], params)
    trust, apart, overlap, seeds, faces = arrays["stability"]
    stability = LayoutStability(float(trust), float(apart), float(overlap), int(seeds), int(faces))
    return Layout(arrays["points"], params, stability)


_COMPONENTS = ("stable", "stable_plane", "variances", "noise_low", "noise_high", "points", "slopes", "offsets", "r2")


def _wide(array: np.ndarray) -> np.ndarray:
    """Return numbers stored as float16 in the type used for computing."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _arrays(result: Result, model: Model) -> Arrays | None:
    """Return the arrays of a result; None if damaged, so that they are computed again."""
    try:
        return _read(result.folder, str(result.index["files"]))
    except NotFound:
        kind, version = str(result.index["kind"]), int(result.index["version"])
        if model.computed is None or result.folder.parent != model.computed:
            return None  # came with the model: do not remove it
        find_result(result.folder.parent, Origin(kind, version, model_parts(model), result.params))  # removes it
        return None


@functools.lru_cache(maxsize=KEPT)
def _read(folder: Path, _files: str) -> Arrays:
    result = read_result(folder)
    if result is None:
        raise NotFound("Expected a result. Received: none any more. Start it again.")
    return result.arrays()

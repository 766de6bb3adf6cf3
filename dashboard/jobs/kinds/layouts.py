"""UMAP and t-SNE of a sample: layouts that keep neighbours together, and nothing else.

Both libraries tell how far they are only in what they print; that is read here, so that progress is real.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import InputError, NotFound
from dashboard.jobs.work import Work
from dashboard.spaces.projection import projection_of
from dashboard.spaces.sample import FEATURES, SCORES, SetSpace, is_available, sample_size, space_of
from dashboard.synthesis.model import Model

FEWEST = 200
MOST = {"umap": 20_000, "tsne": 10_000}
"""Faces: t-SNE takes about four times as long as UMAP."""

WIDEST = 50
"""Columns that t-SNE is given; wider samples are brought to so many principal components first."""

ITERATIONS = 1000

_SHARE = re.compile(r"(\d+)\s*/\s*(\d+)")
_ITERATION = re.compile(r"Iteration (\d+)")


def check_umap(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Parameters of UMAP.

    Args:
        params: space; faces, how many of the sample; neighbours, 2 to 200; distance, 0 to 0.99, how close neighbours
            may come; dimensions, 2 or 3; seed.
        model: the model.

    Returns:
        The same, with defaults.

    Raises:
        InputError: they are not what is expected.
        NotFound: the model has no such space.
    """
    shared = _shared(params, model, "umap")
    return {
        **shared,
        "neighbours": _whole(params, "neighbours", 15, 2, min(200, shared["faces"] - 1)),
        "distance": _number(params, "distance", 0.1, 0.0, 0.99),
    }


def check_tsne(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Parameters of t-SNE: as of UMAP, with perplexity, 2 to 100, in place of neighbours and distance."""
    shared = _shared(params, model, "tsne")
    return {**shared, "perplexity": _number(params, "perplexity", 30.0, 2.0, min(100.0, (shared["faces"] - 1) / 3))}


def run_umap(work: Work) -> None:
    """Lay out by UMAP (McInnes, Healy and Melville 2018), and keep points (m, dimensions)."""
    params = work.params
    work.progress(0.01, "Sample")
    rows = _rows(work.model(), params)
    work.progress(0.02, "UMAP is loaded")
    umap = _umap()

    def stage(text: str) -> None:
        if "Finding Nearest Neighbors" in text:
            work.progress(0.05, "Nearest neighbours")
        elif found := _SHARE.fullmatch(text.strip()):  # of the search for them
            work.progress(0.05 + 0.25 * int(found[1]) / max(int(found[2]), 1))
        elif "Construct embedding" in text:
            work.progress(0.3, "Layout")

    def epoch(text: str) -> None:
        if found := _SHARE.search(text):
            done, total = int(found[1]), int(found[2])
            work.progress(0.3 + 0.68 * done / max(total, 1), f"Epoch {done} of {total}")

    layout = umap(
        n_components=params["dimensions"],
        n_neighbors=params["neighbours"],
        min_dist=params["distance"],
        random_state=params["seed"],
        n_jobs=1,
        verbose=True,
        tqdm_kwds={"file": _Ear(epoch), "bar_format": "{n_fmt}/{total_fmt}\n", "mininterval": 0.2},
    )
    with contextlib.redirect_stdout(_Ear(stage)):
        points = layout.fit_transform(rows)
    work.keep(points=np.asarray(points, np.float32))


def run_tsne(work: Work) -> None:
    """Lay out by t-SNE (van der Maaten 2014, Barnes-Hut), and keep points (m, dimensions)."""
    params = work.params
    work.progress(0.01, "Sample")
    rows = _rows(work.model(), params)
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    if rows.shape[1] > WIDEST:
        rows = PCA(WIDEST, svd_solver="covariance_eigh").fit_transform(rows)
    work.progress(0.05, "Nearest neighbours")

    def heard(text: str) -> None:
        if found := _ITERATION.search(text):
            done = int(found[1])
            work.progress(0.1 + 0.88 * done / ITERATIONS, f"Step {done:,} of {ITERATIONS:,}")

    layout = TSNE(
        n_components=params["dimensions"],
        perplexity=params["perplexity"],
        max_iter=ITERATIONS,
        init="pca",
        random_state=params["seed"],
        n_jobs=1,
        verbose=2,
    )
    with contextlib.redirect_stdout(_Ear(heard)):
        points = layout.fit_transform(rows)
    work.keep(points=np.asarray(points, np.float32))


def _umap() -> Any:
    """The class, without its neural relative, which would load TensorFlow for seconds and half a gigabyte."""
    hidden = "tensorflow" not in sys.modules
    if hidden:
        sys.modules["tensorflow"] = None  # type: ignore[assignment]  # what Python takes for "cannot be imported"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ImportWarning)
            from umap import UMAP
    finally:
        if hidden:
            del sys.modules["tensorflow"]
    return UMAP


class _Ear(io.TextIOBase):
    """Where a library prints to; hands on what it says, line by line."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        self._heard, self._line = heard, ""

    def write(self, text: str) -> int:
        """Hear a piece of text; a line is handed on once it has ended."""
        *whole, self._line = re.split(r"[\r\n]", self._line + text)
        for line in whole:
            if line.strip():
                self._heard(line)
        return len(text)


def _rows(model: Model, params: dict[str, Any]) -> NDArray[np.float32]:
    """The sample's first faces in the space, standardised where its components are."""
    space = space_of(params["space"], model)
    rows = np.asarray(projection_of(model, space).rows[: params["faces"]], np.float32)
    if space in (SCORES, FEATURES):
        spread = rows.std(axis=0)
        rows = (rows - rows.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return rows


def _shared(params: dict[str, Any], model: Model, method: str) -> dict[str, Any]:
    space = space_of(params.get("space"), model)
    if isinstance(space, SetSpace):
        raise InputError(f"Expected a space of the model's own faces. Received: {space.title}. Choose another space.")
    if not is_available(space, model):
        raise NotFound(f"Expected components of the {space.title}. Received: none yet. Have them computed first.")
    most = min(sample_size(model), MOST[method])
    return {
        "space": space.name,
        "faces": _whole(params, "faces", min(5000, most), min(FEWEST, most), most),
        "dimensions": _whole(params, "dimensions", 2, 2, 3),
        "seed": _whole(params, "seed", 0, 0, 2**32 - 1),
    }


def _whole(params: dict[str, Any], name: str, default: int, low: int, high: int) -> int:
    value = params.get(name, default)
    if type(value) is not int or not low <= value <= high:
        raise InputError(f"Expected {name} from {low:,} to {high:,}. Received: {str(value)[:20]}. Change it.")
    return value


def _number(params: dict[str, Any], name: str, default: float, low: float, high: float) -> float:
    value = params.get(name, default)
    if type(value) not in (int, float) or not low <= value <= high:
        raise InputError(f"Expected {name} from {low:g} to {high:g}. Received: {str(value)[:20]}. Change it.")
    return float(value)

"""UMAP and t-SNE of a sample: layouts that preserve neighbourhoods only.

Both libraries report progress only in their printed output, which is read here.
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

from dashboard.analysis.stability import layout_stability
from dashboard.errors import NotFound
from dashboard.jobs.job_context import Work
from dashboard.jobs.reference_seconds import reference_seconds
from dashboard.spaces.layouts import WIDEST, layout_params
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import is_available, space_of
from dashboard.synthesis.model import Model

ITERATIONS = 1000

SEEDS = 5
COMPARED = 1000
"""Number of the sample's first faces for which layouts with several seeds are compared."""

Rows = NDArray[np.float32]

APART = 0.2
"""Seconds between two progress reports of UMAP, at least."""

FIRST = "Compiling UMAP: only the first such job takes up to a minute longer"

_SHARE = re.compile(r"(\d+)\s*/\s*(\d+)")
_ITERATION = re.compile(r"Iteration (\d+)")


def seconds_umap(params: dict[str, Any], model: Model) -> float:
    """Return the seconds on the reference machine: umap-learn uses fewer epochs above 10,000 faces."""
    few = min(params["faces"], COMPARED)
    epochs = 500 if params["faces"] <= 10_000 else 200
    return reference_seconds("umap") * (params["faces"] * epochs + SEEDS * few * 500)


def seconds_tsne(params: dict[str, Any], model: Model) -> float:
    """Return the seconds on the reference machine: n log n for a step (van der Maaten 2014)."""
    few = min(params["faces"], COMPARED)
    return reference_seconds("tsne") * ITERATIONS * sum(n * np.log2(n) for n in (params["faces"], *[few] * SEEDS))


def check_umap(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the parameters of UMAP (see `dashboard.spaces.layouts.layout_params`)."""
    return _there(layout_params("umap", params, model), model)


def check_tsne(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the parameters of t-SNE (see `dashboard.spaces.layouts.layout_params`)."""
    return _there(layout_params("tsne", params, model), model)


def _there(params: dict[str, Any], model: Model) -> dict[str, Any]:
    """Return the parameters after checking that the space is there.

    Raises:
        NotFound: the components of the space's block are not computed yet.
    """
    space = space_of(params["space"], model)
    if not is_available(space, model):
        raise NotFound(f"Expected components of the {space.title}. Received: none yet. Compute them first.")
    return params


def run_umap(work: Work) -> None:
    """Lay out by UMAP (McInnes, Healy and Melville 2018), and store points (m, dimensions)."""
    params = work.params
    work.progress(0.01, "Sample")
    rows = layout_rows(work.model(), params)
    compiled = "umap" in sys.modules
    work.progress(0.02, "UMAP" if compiled else FIRST)
    umap = _umap()

    def stage(text: str) -> None:
        if "Finding Nearest Neighbors" in text:
            work.progress(0.05, "Nearest neighbours" if compiled else FIRST)
        elif found := _SHARE.fullmatch(text.strip()):  # progress of the neighbour search
            work.progress(0.05 + 0.25 * int(found[1]) / max(int(found[2]), 1))
        elif "Construct embedding" in text:
            work.progress(0.3, "Layout")

    def epoch(text: str) -> None:
        if found := _SHARE.search(text):
            done, total = int(found[1]), int(found[2])
            work.progress(0.3 + 0.4 * done / max(total, 1), f"Epoch {done} of {total}")

    layout = umap(
        n_components=params["dimensions"],
        n_neighbors=params["neighbours"],
        min_dist=params["distance"],
        random_state=params["seed"],
        n_jobs=1,
        verbose=True,
        tqdm_kwds={"file": _LineReader(epoch), "bar_format": "{n_fmt}/{total_fmt}\n", "mininterval": APART},
    )
    with contextlib.redirect_stdout(_LineReader(stage)):
        points = layout.fit_transform(rows)

    def again(part: Rows, seed: int) -> Rows:
        neighbours = min(params["neighbours"], len(part) - 1)
        shape = {"n_components": params["dimensions"], "n_neighbors": neighbours, "min_dist": params["distance"]}
        return umap(**shape, random_state=seed, n_jobs=1).fit_transform(part)

    work.keep(points=np.asarray(points, np.float32), **_stability(work, rows, points, again))


def run_tsne(work: Work) -> None:
    """Lay out by t-SNE (van der Maaten 2014, Barnes-Hut), and store points (m, dimensions)."""
    params = work.params
    work.progress(0.01, "Sample")
    rows = layout_rows(work.model(), params)
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE

    if (kept := min(WIDEST, len(rows))) < rows.shape[1]:
        rows = PCA(kept, svd_solver="covariance_eigh").fit_transform(rows)
    work.progress(0.05, "Nearest neighbours")

    def heard(text: str) -> None:
        if found := _ITERATION.search(text):
            done = int(found[1])
            work.progress(0.1 + 0.6 * done / ITERATIONS, f"Step {done:,} of {ITERATIONS:,}")

    layout = TSNE(
        n_components=params["dimensions"],
        perplexity=params["perplexity"],
        max_iter=ITERATIONS,
        init="random",  # with "pca" the seed would have no effect
        random_state=params["seed"],
        n_jobs=1,
        verbose=2,
    )
    with contextlib.redirect_stdout(_LineReader(heard)):
        points = layout.fit_transform(rows)

    def again(part: Rows, seed: int) -> Rows:
        perplexity = min(params["perplexity"], (len(part) - 1) // 3)
        shape = {
            "n_components": params["dimensions"],
            "perplexity": perplexity,
            "max_iter": ITERATIONS,
            "init": "random",
        }
        return TSNE(**shape, random_state=seed, n_jobs=1).fit_transform(part)

    work.keep(points=np.asarray(points, np.float32), **_stability(work, rows, points, again))


def _stability(work: Work, rows: Rows, points: Rows, again: Callable[[Rows, int], Rows]) -> dict[str, np.ndarray]:
    """Return the reliability of a layout: its trustworthiness, and the agreement of five seeds on the first faces."""
    few, first = rows[:COMPARED], work.params["seed"]
    layouts = []
    for k in range(SEEDS):
        work.progress(0.72 + 0.05 * k, f"Seed {k + 1} of {SEEDS}, {len(few):,} faces")
        layouts.append(again(few, (first + k) % 2**32))
    seeds, shown = layout_stability(few, layouts), layout_stability(rows, [points])
    return {"stability": np.array([shown.trust, seeds.procrustes, seeds.overlap, seeds.seeds, seeds.faces])}


def _umap() -> Any:
    """Import the class without ParametricUMAP, which would load TensorFlow (seconds, half a gigabyte)."""
    hidden = "tensorflow" not in sys.modules
    if hidden:
        sys.modules["tensorflow"] = None  # type: ignore[assignment]  # Python then raises ImportError
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ImportWarning)
            from umap import UMAP
    finally:
        if hidden:
            del sys.modules["tensorflow"]
    return UMAP


class _LineReader(io.TextIOBase):
    """A file object for a library's printed output; passes on each line."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        self._heard, self._line = heard, ""

    def write(self, text: str) -> int:
        """Take a piece of text, and pass on each complete line."""
        *whole, self._line = re.split(r"[\r\n]", self._line + text)
        for line in whole:
            if line.strip():
                self._heard(line)
        return len(text)


def layout_rows(model: Model, params: dict[str, Any]) -> NDArray[np.float32]:
    """Return the sample's first faces in the space (faces, d), standardised if its components are; without columns
    that are constant.
    """
    space = space_of(params["space"], model)
    rows = np.asarray(projection_of(model, space).rows[: params["faces"]], np.float32)
    spread = rows.std(axis=0)
    rows = rows[:, spread > 0] if (spread > 0).any() else rows
    return (rows - rows.mean(axis=0)) / rows.std(axis=0) if space.standardised else rows

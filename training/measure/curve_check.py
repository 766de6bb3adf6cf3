"""Check of the bands in the precision of the pages, which may be lower than that of the curves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dashboard.synthesis.curves import Curves
from dashboard.synthesis.model import Model
from training.pinning import pin_rows

LEVEL = 0.05
"""Share of faces outside a band, at most."""


@dataclass(frozen=True)
class OnPage:
    """Agreement of scores computed as pages do with the curves.

    Args:
        numeric: class of numbers that pages compute in on this machine, e.g. "openvino-bf16".
        faces: number of faces, each pinned on one attribute in its calibrated range.
        apart: median and 95th percentile of a score's difference from float32, in bank standard deviations.
        outside: share of faces outside the band of level 0.05, by the page's numbers and by float32.
    """

    numeric: str
    faces: int
    apart: tuple[float, float]
    outside: tuple[float, float]


def check_curves(model: Model, curves: Curves, faces: int, seed: int = 40_000) -> OnPage:
    """Pin fresh faces in each attribute's calibrated range, and compare their scores with the bands.

    Args:
        model: with a scorer and a bank.
        curves: of the model.
        faces: of each attribute.
        seed: of latents and coordinates.
    """
    from dashboard.synthesis.open_engine import open_engine

    assert model.scorer is not None
    random = np.random.RandomState(seed)
    points, at = [], []
    for k, attribute in enumerate(model.attributes):
        targets = random.uniform(*attribute.range, faces)
        bases = model.points(random.randn(faces, model.config.latent_size))
        points.append(pin_rows(bases, model.directions[:, [k]], targets[:, None], model.normalised)[0])
        at.append(targets)
    every, options = model.drawn(np.concatenate(points))
    engines = [open_engine(model, "openvino", precision) for precision in ("fast", "exact")]
    scores = [engine.run(every, outputs=("scores",), options=options)["scores"] for engine in engines]
    columns = [model.scorer.attributes.index(name) for name in model.names]
    spread = model.bank().scores.std(axis=0)[columns]
    shape, rows = (len(columns), faces), np.repeat(columns, faces)
    own = [one[np.arange(len(rows)), rows].reshape(shape) for one in scores]
    apart = np.abs(own[0] - own[1]) / spread[:, None]
    outside = []
    for one in own:
        bands = [curves.band(name, at[k], LEVEL) for k, name in enumerate(model.names)]
        low, high = (np.stack([band[side] for band in bands]) for side in (0, 1))
        outside.append(float(((one < low) | (one > high)).mean()))
    figures = float(np.median(apart)), float(np.quantile(apart, 0.95))
    return OnPage(engines[0].numeric, every.shape[0], figures, (outside[0], outside[1]))

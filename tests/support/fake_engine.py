"""An engine whose outputs are given functions of the latent, so that results of an analysis can be checked.

With unit columns ``D`` (L, F) and coordinates ``s = z D`` (standard normal over random faces), for face ``z``:

    scores      u + curvature * (u^2 - 1), where u = s E^T + noise * e(z)
    features    tanh(z P) with a fixed random P, 64 numbers
    block4      z A_4 reshaped to (4, 4, 8): a linear function of z through `rank` directions, strongest first
    block8      the same with another A, (8, 8, 8)
    image       left to right a bar an attribute, gray level tanh(s_k / 2), without red in the lower half: a picture
                that differs wherever coordinates differ

``E`` (F, F) is the entanglement: ``E[j, i]`` is the slope of score j per unit of coordinate i, the identity by
default. A binary attribute's score is a logit, as a scorer's is: `gain` times the above. ``e(z)`` is noise that
depends on z alone, so that a face scored twice has the same scores.

So re-scoring must find slope ``E[j, i]`` (times `gain` where j is binary) plus what the directions' own angles add, a
regression of scores on latents must find columns along ``D E^T``, and PCA of block4 must find `rank` components.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from dashboard.synthesis.engine import check_request
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions


class FakeEngine:
    """See above; the protocol is `dashboard.synthesis.engine.Engine`.

    Args:
        directions: (L, F) unit columns.
        entanglement: E (F, F), or None for the identity.
        binary: F flags, which scores are logits; none by default.
        gain: logits per unit.
        curvature: share of the quadratic term.
        noise: standard deviation of the part that no direction explains.
        rank: dimensions of z that the blocks' activations depend on.
        resolution: side of the pictures in pixels.
        label_size: numbers in a label; labels are taken and ignored.
        before_run: called with the number of faces at the start of each run: to count, to wait, or to raise.

    Attributes:
        runs: number of faces of each run so far.
    """

    name = "fake"
    numeric = "fake-f32"

    def __init__(
        self,
        directions: np.ndarray,
        *,
        entanglement: np.ndarray | None = None,
        binary: Sequence[bool] | None = None,
        gain: float = 3.0,
        curvature: float = 0.0,
        noise: float = 0.0,
        rank: int = 5,
        resolution: int = 32,
        label_size: int = 0,
        before_run: Callable[[int], None] | None = None,
    ) -> None:
        self.latent_size, count = directions.shape
        self.resolution, self.label_size = resolution, label_size
        self.outputs: tuple[str, ...] = ("image", "block4", "block8", "scores", "features")
        self.directions = directions
        self.entanglement = np.eye(count) if entanglement is None else entanglement
        self.gains = np.where(np.zeros(count, bool) if binary is None else binary, gain, 1.0)
        self.curvature, self.noise = curvature, noise
        self.before_run = before_run
        self.runs: list[int] = []
        rng = np.random.default_rng(20)
        self._features = rng.normal(size=(self.latent_size, 64)) / np.sqrt(self.latent_size)
        self._noise = rng.normal(size=(self.latent_size, count)) / np.sqrt(self.latent_size) * 40.0
        self._blocks = {f"block{side}": _of_rank(rng, self.latent_size, side * side * 8, rank) for side in (4, 8)}

    def run(
        self,
        latents: np.ndarray,
        labels: np.ndarray | None = None,
        outputs: Sequence[str] = ("image",),
        options: DrawingOptions = PLAIN,
    ) -> dict[str, np.ndarray]:
        """Compute outputs for latents; see :meth:`dashboard.synthesis.engine.Engine.run`."""
        assert options == PLAIN
        latents, labels = check_request(self, latents, labels, outputs)
        if self.before_run is not None:
            self.before_run(len(latents))
        self.runs.append(len(latents))
        z = latents.astype(np.float64)
        compute = {
            "image": self._image,
            "scores": self._scores,
            "features": lambda z: np.tanh(z @ self._features),
            "block4": lambda z: (z @ self._blocks["block4"]).reshape(-1, 4, 4, 8),
            "block8": lambda z: (z @ self._blocks["block8"]).reshape(-1, 8, 8, 8),
        }
        return {name: compute[name](z).astype(np.float32) for name in outputs}

    def slopes(self) -> np.ndarray:
        """Return the true slopes (F, F) of score j per unit moved in direction i, without curvature: ``gain_j (E
        G)_ji``.
        """
        return self.gains[:, None] * (self.entanglement @ (self.directions.T @ self.directions))

    def _scores(self, z: np.ndarray) -> np.ndarray:
        # Fast waves of z act as noise in a linear fit, and are reproducible.
        noise = np.sqrt(2.0) * np.sin(z @ self._noise)
        u = z @ self.directions @ self.entanglement.T + self.noise * noise
        return self.gains * (u + self.curvature * (u**2 - 1.0))

    def _image(self, z: np.ndarray) -> np.ndarray:
        side = self.resolution
        bars = np.tanh(z @ self.directions / 2.0)
        columns = np.arange(side) * bars.shape[1] // side
        image = np.repeat(np.repeat(bars[:, None, columns, None], side, axis=1), 3, axis=3)
        image[:, side // 2 :, :, 0] = -1.0
        return image


def _of_rank(rng: np.random.Generator, rows: int, columns: int, rank: int) -> np.ndarray:
    """Return a matrix of that rank whose singular values fall from `rank` to 1."""
    left = np.linalg.qr(rng.normal(size=(rows, rank)))[0]
    right = np.linalg.qr(rng.normal(size=(columns, rank)))[0]
    return left * np.arange(rank, 0, -1.0) @ right.T

"""``python -m training fit``: the direction of every attribute in the generator's latent space.

TL-GAN's method: draw latents, make faces, score them, regress the scores on the latents by least squares, normalise
the slopes. What the generator does not express is dropped by the rule of :func:`choose`; what is kept gets a
calibrated range.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click
import numpy as np
from safetensors.numpy import load_file, save_file

from dashboard.analysis.calibration import calibrated_range
from dashboard.analysis.directions import fit_directions, held_out_r2, without_parallel
from dashboard.analysis.pins import apply_pins, on_sphere
from dashboard.errors import PinError
from dashboard.synthesis.manifest import Attribute
from training.errors import TrainingError

Score = Callable[[np.ndarray], np.ndarray]
"""Latents float32 (n, L) to scores float32 (n, F): standard deviations, or logits for binary attributes."""

LEAST_SCORER = {"r2": 0.5, "auc": 0.9}
"""A scorer that is worse than this on held-out renders cannot tell the attribute."""

LEAST_LINEAR = 0.15
"""A score of which a direction explains less than this, on held-out faces, is not a direction of the latent space."""

MOST_ALIKE = 0.9
"""Two directions with a larger |cosine| are one; the one that explains more is kept."""

STEPS = np.arange(-4.0, 4.01, 0.5)
"""Coordinates at which the response is measured, in standard deviations."""


@dataclass(frozen=True)
class Fit:
    """Directions with what was measured of them.

    Args:
        attributes: that were kept, by group and name as the scorer lists them.
        directions: (L, K) float64, unit columns, one a kept attribute.
        responses: (K, T) mean score at each of STEPS, in standard deviations of the score over random faces.
        dropped: why each of the others was dropped, a sentence by name.
        latents: faces that were drawn.
    """

    attributes: tuple[Attribute, ...]
    directions: np.ndarray
    responses: np.ndarray
    dropped: dict[str, str]
    latents: int

    def write(self, folder: Path) -> None:
        """Keep it in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {"directions": self.directions, "responses": self.responses}
        # safetensors writes an array's memory as it lies, whatever its strides say.
        save_file({name: np.asarray(a, order="C") for name, a in arrays.items()}, folder / "fit.safetensors")
        told = {"attributes": [asdict(a) for a in self.attributes], "dropped": self.dropped, "latents": self.latents}
        (folder / "fit.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")

    @staticmethod
    def read(folder: Path) -> Fit:
        """The fit that :meth:`write` kept.

        Raises:
            TrainingError: there is none.
        """
        try:
            told = json.loads((folder / "fit.json").read_text(encoding="utf-8"))
            arrays = load_file(folder / "fit.safetensors")
        except OSError as error:
            raise TrainingError(f"Expected a fit in {folder}. Received: {error}. Run the fit step first.") from error
        attributes = tuple(Attribute(**{**a, "range": tuple(a["range"])}) for a in told["attributes"])
        return Fit(attributes, arrays["directions"], arrays["responses"], told["dropped"], told["latents"])


def fit(
    score: Score,
    candidates: Sequence[Attribute],
    latent_size: int,
    count: int,
    seed: int,
    bases: int = 64,
    told: Callable[[int], object] = lambda faces: None,
) -> Fit:
    """Find, choose and calibrate the directions of a generator.

    Args:
        score: makes faces and scores them.
        candidates: the scorer's attributes in its order, with its own figures as reliability.
        latent_size: L.
        count: latents to draw: rows of ``RandomState(seed).randn``, brought to the sphere |z|^2 = L.
        seed: of the latents.
        bases: faces on which the response to each direction is measured.
        told: called with the number of faces just made.

    Returns:
        The kept directions, in the candidates' order.

    Raises:
        TrainingError: nothing is left.
    """
    random = np.random.RandomState(seed)
    latents = on_sphere(random.randn(count, latent_size))
    scores = _scored(score, latents, told)
    directions = fit_directions(latents, scores)
    linear = held_out_r2(latents, scores)
    kept, dropped = choose(candidates, directions, linear)
    spread = scores.std(axis=0, dtype=np.float64)
    attributes, columns, responses = [], [], []
    for k in kept:
        starts = on_sphere(random.randn(bases, latent_size))
        curve = respond(score, directions[:, k], starts, told)[:, k] / spread[k]
        found = calibrated_range(STEPS, curve)
        if found is None:
            dropped[candidates[k].name] = "its score does not rise along its direction"
            continue
        figures = {**candidates[k].reliability, "linear_r2": round(float(linear[k]), 4)}
        attributes.append(replace(candidates[k], range=found, reliability=figures))
        columns.append(directions[:, k])
        responses.append(curve)
    if not attributes:
        raise TrainingError(
            "Expected at least one attribute that the generator expresses. Received: none. Train longer."
        )
    return Fit(tuple(attributes), np.stack(columns, axis=1), np.stack(responses), dropped, count)


def choose(
    candidates: Sequence[Attribute], directions: np.ndarray, linear: np.ndarray
) -> tuple[list[int], dict[str, str]]:
    """Which attributes the model expresses.

    Dropped are those that the scorer cannot tell on held-out renders (LEAST_SCORER), those whose score no direction
    explains (LEAST_LINEAR), and the weaker of two that point the same way (MOST_ALIKE).

    Args:
        candidates: (F) attributes with the scorer's figures.
        directions: (L, F) unit columns.
        linear: (F,) held-out R2 of the scores' regression on latents.

    Returns:
        Places of the kept ones, ascending, and for each of the others why, a sentence by name.
    """
    dropped: dict[str, str] = {}
    told: list[int] = []
    for k, attribute in enumerate(candidates):
        (figure, value), *_ = attribute.reliability.items()
        if not value >= LEAST_SCORER[figure]:
            dropped[attribute.name] = f"the scorer's {figure.upper()} on held-out renders is {value:.2f}"
        elif not linear[k] >= LEAST_LINEAR:
            dropped[attribute.name] = f"a direction explains only {linear[k]:.2f} of its score (held-out R2)"
        else:
            told.append(k)
    kept, alike = without_parallel(directions[:, told], linear[told], MOST_ALIKE)
    for k, other in alike.items():
        name, cosine = candidates[told[other]].name, directions[:, told[other]] @ directions[:, told[k]]
        dropped[candidates[told[k]].name] = f"it points the same way as {name} (cosine {cosine:.2f})"
    return [told[k] for k in kept], dropped


def respond(score: Score, direction: np.ndarray, bases: np.ndarray, told: Callable[[int], object]) -> np.ndarray:
    """Mean scores (T, F) with the coordinate on ``direction`` (L,) pinned at each of STEPS, over ``bases`` (n, L)."""
    means = []
    for step in STEPS:
        try:
            pinned = np.stack([apply_pins(base, direction[:, None], np.array([step])) for base in bases])
        except PinError as error:  # one unit column and |4|^2 < L: only a latent of under 16 numbers has no such face
            raise TrainingError(f"Expected latents long enough for a coordinate of {step:+g}. {error}") from error
        means.append(_scored(score, pinned, told).mean(axis=0, dtype=np.float64))
    return np.stack(means)


def _scored(score: Score, latents: np.ndarray, told: Callable[[int], object], batch: int = 64) -> np.ndarray:
    parts = []
    for first in range(0, len(latents), batch):
        parts.append(score(latents[first : first + batch].astype(np.float32)))
        told(len(parts[-1]))
    return np.concatenate(parts)


@click.command()
@click.option("--run", type=click.Path(path_type=Path), required=True, help="Folder of the train step.")
@click.option(
    "--scorer", "scorer_folder", type=click.Path(path_type=Path), required=True, help="Folder of the label step."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the directions.")
@click.option("--latents", default=40_000, show_default=True, help="Faces to make and score.")
@click.option("--bases", default=32, show_default=True, help="Faces on which each direction's response is measured.")
@click.option("--seed", default=1, show_default=True)
def command(run: Path, scorer_folder: Path, out: Path, latents: int, bases: int, seed: int) -> None:
    """Find the direction of every attribute in the generator's latent space."""
    from tqdm import tqdm

    from training.label.scorer import Scorer
    from training.trained import Pictures, read_run

    scorer = Scorer.read(scorer_folder)
    trained, config = read_run(run), scorer.config
    pictures = Pictures(trained.config, trained.networks["Gs"], (config, scorer.variables))
    candidates = [
        Attribute(name, group, kind, (-4.0, 4.0), scorer.figures[name])
        for name, group, kind in zip(config.attributes, scorer.groups, config.kinds, strict=True)
    ]
    with tqdm(total=latents + len(candidates) * bases * len(STEPS), unit=" faces") as bar:
        found = fit(
            lambda z: pictures.scores(z)[0],
            candidates,
            trained.config.latent_size,
            latents,
            seed,
            bases,
            bar.update,
        )
    found.write(out)
    for attribute in found.attributes:
        low, high = attribute.range
        figures = ", ".join(f"{name} {value:.2f}" for name, value in attribute.reliability.items())
        click.echo(f"{attribute.name:20} {low:+.1f} to {high:+.1f}  {figures}")
    for name, reason in found.dropped.items():
        click.echo(f"{name:20} dropped: {reason}")

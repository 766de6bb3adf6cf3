"""``python -m training curves``: expected-score curves for a model folder that has none, from its scorer and judge.

Faces are made and read in the numbers that the pages' ticks are made in on this machine. Raw scores are kept in a work
folder, a file an attribute and round, so that a run that was stopped resumes where it was.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np

from dashboard.errors import LikenessError
from dashboard.faces.expected import level_of
from dashboard.synthesis.add_to_model import add_curves
from dashboard.synthesis.curves import Curves
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.open_engine import open_engine
from training.measure.curves import GRID, summed_up
from training.pinning import pin_rows

ROUND = 50
"""Faces at each coordinate of each attribute in a round."""

SEED = 30_000
"""Latents of attribute k in round r are rows of ``RandomState(SEED + k + 1000 * r)``."""

Score = Callable[[np.ndarray], np.ndarray]
"""Points (n, L) of faces to raw scores (n, J, S)."""


def page_scores(model: Model) -> tuple[Score, str]:
    """Return the functions that score faces as pages do: the scorer, then the judge if there is one; with the
    numeric class.
    """
    engine = open_engine(model, "openvino", "fast")

    def own(points: np.ndarray) -> np.ndarray:
        latents, options = model.drawn(points)
        return engine.run(latents, outputs=("scores",), options=options)["scores"]

    if model.judge is None:
        return lambda points: own(points)[:, None], engine.numeric
    from dashboard.synthesis.scored_faces import ScoredFaces, ScorerNetwork

    judged = ScoredFaces(model, [ScorerNetwork(model.judge, model.judge_variables())])
    return (
        lambda points: np.stack([own(points), judged.scores(points, (0,))], 1),
        engine.numeric,
    )


def pinned_scores(model: Model, score: Score, attribute: int, turn: int, faces: int = ROUND) -> np.ndarray:
    """Pin an attribute at every coordinate of the grid on fresh faces and read it.

    Args:
        model: with a scorer.
        score: of `page_scores`.
        attribute: index of the attribute in the model.
        turn: number of the round, which other faces belong to.
        faces: at each coordinate.

    Returns:
        Raw scores (J, T, faces), by reader and coordinate.
    """
    assert model.scorer is not None
    random = np.random.RandomState(SEED + attribute + 1000 * turn)
    points = model.points(random.randn(faces * len(GRID), model.config.latent_size))
    column, targets = model.directions[:, [attribute]], np.tile(GRID, faces)[:, None]
    pinned, feasible = pin_rows(points, column, targets, model.normalised)
    assert feasible.all(), "a latent of 16 numbers or more has a coordinate of 4"
    raw = score(pinned.astype(np.float32))[:, :, model.scorer.attributes.index(model.names[attribute])]
    return raw.reshape(faces, len(GRID), -1).transpose(2, 1, 0)


def measured_curves(
    model: Model, work: Path, rounds: int, faces: int = ROUND, report: Callable[[str], object] = lambda words: None
) -> Curves:
    """Measure what is not measured yet, and sum up.

    Args:
        model: with a scorer and a bank.
        work: folder of raw scores, of this model alone; created if missing.
        rounds: of `faces` faces at each coordinate of each attribute.
        faces: in a round.
        report: called with a sentence of progress.
    """
    if not (model.scorer and model.has_bank and model.names):
        raise LikenessError(
            f"Expected a model with directions, a scorer and a bank. Received: {model.name} without one of these. Get "
            "them with python -m training fit --model ... --name NEW."
        )
    scorer = hashlib.sha256(repr((model.digest, model.files["scorer.safetensors"])).encode()).hexdigest()[:16]
    folder = work / scorer
    folder.mkdir(parents=True, exist_ok=True)
    todo = [(turn, k) for turn in range(rounds) for k in range(len(model.names))]
    score: Score | None = None
    begun, done = time.monotonic(), 0
    for at, (turn, k) in enumerate(todo):
        file = folder / f"{model.names[k]}-{turn}-{faces}.npy"
        if file.is_file():
            continue
        score = score or page_scores(model)[0]
        np.save(file, pinned_scores(model, score, k, turn, faces))
        done += 1
        left = (time.monotonic() - begun) / done * (len(todo) - at - 1)
        report(f"{model.names[k]}, round {turn + 1} of {rounds}; about {left / 60:.0f} min left")
    raw = [
        np.concatenate([np.load(folder / f"{name}-{turn}-{faces}.npy") for turn in range(rounds)], axis=2)
        for name in model.names
    ]
    columns = [model.scorer.attributes.index(name) for name in model.names]
    scores = [model.bank().scores, *([model.judge_scores()] if model.has_judge else [])]
    return summed_up(raw, model.names, np.stack([each.std(axis=0)[columns] for each in scores]))


def outside_share(model: Model, curves: Curves, score: Score, faces: int, seed: int = 40_000) -> tuple[int, np.ndarray]:
    """Pin fresh faces on one attribute each, in its calibrated range, and count those outside their band.

    Returns:
        Faces of an attribute, and how many (F,) of them the scorer puts outside the band of one pin.
    """
    assert model.scorer is not None
    random, outside = np.random.RandomState(seed), []
    for k, attribute in enumerate(model.attributes):
        at = random.uniform(*attribute.range, faces)
        bases = model.points(random.randn(faces, model.config.latent_size))
        points, _ = pin_rows(bases, model.directions[:, [k]], at[:, None], model.normalised)
        raw = score(points.astype(np.float32))[:, 0, model.scorer.attributes.index(attribute.name)]
        low, high = curves.band(attribute.name, at, level_of(1))
        outside.append(int(((raw < low) | (raw > high)).sum()))
    return faces, np.array(outside)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--work", type=click.Path(path_type=Path), required=True, help="Folder for raw scores; a run goes on there."
)
@click.option(
    "--rounds", type=click.IntRange(1, 40), default=4, show_default=True, help=f"Of {ROUND} faces a coordinate."
)
@click.option("--checked", default=0, show_default=True, help="Fresh faces an attribute to check the bands on.")
def command(folder: Path, work: Path, rounds: int, checked: int) -> None:
    """Measure the expected scores of a model folder's sliders and put them into it."""
    model = open_model(folder)
    curves = measured_curves(model, work, rounds, report=click.echo)
    written = add_curves(folder, curves)
    size = (folder / "curves.safetensors").stat().st_size
    click.echo(
        f"{written.name}: {curves.faces} faces at {len(curves.grid)} coordinates, {size:,} bytes, {written.digest8}."
    )
    if checked:
        score, numeric = page_scores(model)
        faces, outside = outside_share(model, curves, score, checked)
        share = outside.sum() / (faces * len(outside))
        click.echo(f"{share:.1%} of {faces * len(outside):,} fresh faces lie outside the band ({numeric}).")

"""``python -m training.measure variety``: precision, recall and spread in features that no model of ours has shaped.

A judge learns from the renders that a generator learns from, so its features differ from model to model, and the
better it reads their labels, the more they are like labels. The features of a network trained on photographs are the
same for every model and data set (`photo_networks.py`).
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from training.errors import TrainingError


def compare(samples: np.ndarray, renders: np.ndarray, others: np.ndarray) -> dict[str, dict[str, float]]:
    """Compare samples with renders and, as an upper limit, other renders with the same renders.

    Args:
        samples, renders, others: features (n, D), as many of each.

    Returns:
        "Frechet distance", "precision" and "recall" (k = 3), and "spread": the root mean square distance from the mean,
        as a share of that of the renders; each for "samples" and for "renders".
    """
    from training.measure.frechet import frechet_distance
    from training.measure.neighbours import precision_recall

    wide = _spread(renders)
    figures: dict[str, dict[str, float]] = {}
    for name, features in (("samples", samples), ("renders", others)):
        precision, recall = precision_recall(features, renders)
        distance = frechet_distance(features, renders)
        found = {"Frechet distance": distance, "precision": precision, "recall": recall}
        for figure, value in {**found, "spread": _spread(features) / wide}.items():
            figures.setdefault(figure, {})[name] = value
    return figures


def _spread(features: np.ndarray) -> float:
    return float(np.sqrt(features.var(axis=0, dtype=np.float64).sum()))


@click.command()
@click.option("--run", type=click.Path(path_type=Path), help="Folder of a run: train, scorer, judge.")
@click.option("--model", type=click.Path(path_type=Path), help="Model folder, instead of --run.")
@click.option("--faces", type=click.Path(path_type=Path), required=True, help="Renders like those it learned from.")
@click.option("--count", type=click.IntRange(8), default=3000, help="Faces, and renders in each of two sets. [3000]")
@click.option("--seed", default=20_000, show_default=True, help="Of the faces.")
@click.option("--networks", type=click.Path(path_type=Path), help="node_modules that holds the networks.")
def command(run: Path | None, model: Path | None, faces: Path, count: int, seed: int, networks: Path | None) -> None:
    """Print precision, recall and spread in the features of a face network that was trained on photographs."""
    from tqdm import tqdm

    from training.measure.appearance_command import of_model, of_run
    from training.measure.photo_networks import BATCH, FOLDER, PhotoNetworks
    from training.measure.renders import Renders

    if (run is None) == (model is None):
        raise TrainingError("Expected --run or --model. Received: neither, or both.")
    observer = PhotoNetworks(networks or FOLDER)
    made = of_run(run, count, seed) if run is not None else of_model(model, count, seed)  # type: ignore[arg-type]
    renders = Renders(faces, made.shape[1])
    first, second, mirrored = renders.two_parts(count, seed)
    parts = [made, *(renders.take(rows, mirrored) for rows in (first, second))]
    with tqdm(total=sum(map(len, parts)), unit=" pictures") as bar:

        def look(part: np.ndarray) -> np.ndarray:
            found = []
            for first in range(0, len(part), BATCH):
                found.append(observer.features(part[first : first + BATCH]))
                bar.update(len(found[-1]))
            return np.concatenate(found)

        seen = [look(part) for part in parts]
    there = [features[np.isfinite(features[:, 0])] for features in seen]
    n = min(map(len, there))
    found = ", ".join(f"{len(x)} of {len(part)}" for x, part in zip(there, parts, strict=True))
    click.echo(f"Faces found in {found} pictures; {n} of each are compared.")
    click.echo(f"{'':20}{'samples':>10}{'renders':>10}")
    for name, pair in compare(*(features[:n] for features in there)).items():
        click.echo(f"{name:20}{pair['samples']:10.3f}{pair['renders']:10.3f}")

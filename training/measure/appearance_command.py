"""``python -m training.measure appearance``: spectra, lines, peaks, colour and sharpness of faces next to renders."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from training.errors import TrainingError


@click.command()
@click.option("--run", type=click.Path(path_type=Path), help="Folder of a run: train, scorer, judge.")
@click.option("--model", type=click.Path(path_type=Path), help="Model folder, instead of --run.")
@click.option("--faces", type=click.Path(path_type=Path), required=True, help="Data set of renders.")
@click.option("--count", default=500, show_default=True, help="Faces, and renders in each of two sets.")
@click.option("--seed", default=20_000, show_default=True, help="Of the faces.")
def command(run: Path | None, model: Path | None, faces: Path, count: int, seed: int) -> None:
    """Print the figures of single pictures, for a generator's faces and for renders."""
    from training.measure.appearance import appearance
    from training.measure.renders import Renders

    if run is not None and model is None:
        made = of_run(run, count, seed)
    elif model is not None and run is None:
        made = of_model(model, count, seed)
    else:
        raise TrainingError("Expected --run or --model. Received: neither, or both.")
    renders = Renders(faces, made.shape[1])
    first, second, mirrored = renders.two_parts(count, seed)
    figures = appearance(made, renders.take(first, mirrored), renders.take(second, mirrored))
    click.echo(f"{'':26}{'samples':>10}{'renders':>10}")
    for name, pair in figures.items():
        click.echo(f"{name:26}{pair['samples']:10.3f}{pair['renders']:10.3f}")


def of_run(folder: Path, count: int, seed: int) -> np.ndarray:
    """Return the faces uint8 (n, S, S, 3) of a run's averaged generator."""
    from training.pictures import open_pictures
    from training.trained import read_published

    trained, _, _ = read_published(*(folder / name for name in ("train", "scorer", "judge")))
    pictures = open_pictures(trained.config, trained.networks["Gs"])
    return pictures.bytes(np.random.RandomState(seed).randn(count, trained.config.latent_size))


def of_model(folder: Path, count: int, seed: int) -> np.ndarray:
    """Return the faces uint8 (n, S, S, 3) of a model folder."""
    from dashboard.synthesis.model_folder import open_model
    from dashboard.synthesis.open_engine import open_engine
    from dashboard.synthesis.pixels import to_bytes

    model = open_model(folder)
    latents = np.random.RandomState(seed).randn(count, len(model.directions)).astype(np.float32)
    return to_bytes(open_engine(model, precision="exact").run(latents)["image"])

"""``python -m training publish``: the model folder, with its bank, atlas, card and sheets."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import click
import numpy as np
from PIL import Image

from dashboard.analysis.pins import apply_pins, on_sphere
from dashboard.synthesis.model_folder import Bank, Model, write_model
from dashboard.synthesis.pixels import to_bytes
from training.card import LICENCE, Sources, write_card
from training.errors import TrainingError
from training.fit import Fit
from training.label.scorer import Scorer
from training.label.truth import read_truth
from training.train.data import open_shards
from training.train.logs import sheet
from training.trained import Pictures, Run, read_run

ATLAS, ATLAS_COLUMNS, THUMBNAIL = 2000, 50, 64
"""Faces of the bank in the atlas, how many a row, and their side in pixels."""

TRAVERSAL_SEED = 3
"""The face of the traversal sheet; any other would do."""


def publish(
    weights: Path,
    name: str,
    run: Run,
    scorer: Scorer,
    fit: Fit,
    faces: Path,
    docs: Path,
    bank_size: int,
    bank_seed: int,
) -> Model:
    """Write the model folder and its sheets.

    Args:
        weights: folder that models are in.
        name: of the model, and of its folder.
        run, scorer, fit: what the earlier steps left.
        faces: the data set that was trained on.
        docs: folder for the sheets, which the card points to.
        bank_size: random faces to score and keep; the first 2,000 are in the atlas.
        bank_seed: of their latents, rows of ``RandomState(bank_seed).randn``.

    Returns:
        The model, read back.
    """
    pictures = Pictures(run.config, run.networks["Gs"], (scorer.config, scorer.variables))
    latents = np.random.RandomState(bank_seed).randn(bank_size, run.config.latent_size)
    scores, features = pictures.scores(latents)
    docs.mkdir(parents=True, exist_ok=True)
    _save(docs / "seeds.webp", seeds_sheet(pictures, run.config.latent_size))
    _save(docs / "traversals.webp", traversals(pictures, fit))
    dataset = json.loads((faces / "dataset.json").read_text(encoding="utf-8"))
    link = Path(os.path.relpath(docs.absolute(), (weights / name).absolute())).as_posix()
    truth, rendered = read_truth(faces), sum(len(shard) for shard in open_shards(faces))
    training = {f"{n}/{k}": v for n in ("G", "D") for k, v in run.networks[n].items()}
    return write_model(
        weights / name,
        run.config,
        run.networks["Gs"],
        fit.attributes,
        fit.directions,
        LICENCE,
        {
            "training set": f"{rendered} faces rendered from MakeHuman's CC0 assets, seed {dataset['seed']}",
            "faces shown": run.shown,
            "loss": run.recipe.loss,
        },
        scorer=(scorer.config, scorer.variables),
        bank=Bank(bank_seed, scores, features, scorer.config.attributes),
        atlas=atlas(pictures.images(latents[:ATLAS])),
        training=training,
        card=write_card(Sources(name, run, scorer, fit, truth, rendered, dataset, link, TRAVERSAL_SEED)),
    )


def seeds_sheet(pictures: Pictures, latent_size: int) -> Image.Image:
    """The faces of seeds 0 to 63, in order, eight a row."""
    latents = np.concatenate([np.random.RandomState(seed).randn(1, latent_size) for seed in range(64)])
    return sheet(to_bytes(pictures.images(latents)), columns=8)


def traversals(pictures: Pictures, fit: Fit) -> Image.Image:
    """One attribute a row, pinned at -3 to 3 on one face, everything else free."""
    base = on_sphere(np.random.RandomState(TRAVERSAL_SEED).randn(1, fit.directions.shape[0]))[0]
    steps = np.arange(-3.0, 3.01, 1.0)
    pinned = [apply_pins(base, d[:, None], np.array([s])) for d in fit.directions.T for s in steps]
    return sheet(to_bytes(pictures.images(np.stack(pinned))), columns=len(steps))


def atlas(images: np.ndarray) -> bytes:
    """Thumbnails (n, H, W, C) in [-1, 1] side by side, 50 a row, as WebP."""
    small = [
        np.asarray(Image.fromarray(image).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX))
        for image in to_bytes(images)
    ]
    stream = io.BytesIO()
    sheet(np.stack(small), ATLAS_COLUMNS).save(stream, "WEBP", quality=75, method=6)
    return stream.getvalue()


def _save(path: Path, image: Image.Image) -> None:
    image.save(path, "WEBP", quality=90, method=6)


@click.command()
@click.option("--run", type=click.Path(path_type=Path), required=True, help="Folder of the train step.")
@click.option("--scorer", type=click.Path(path_type=Path), required=True, help="Folder of the label step.")
@click.option("--fit", "fit_folder", type=click.Path(path_type=Path), required=True, help="Folder of the fit step.")
@click.option("--faces", type=click.Path(path_type=Path), required=True, help="Data set that the run was trained on.")
@click.option("--weights", type=click.Path(path_type=Path), default=Path("weights"), show_default=True)
@click.option(
    "--docs", type=click.Path(path_type=Path), default=Path("docs/model"), show_default=True, help="For the sheets."
)
@click.option("--name", required=True, help="Name of the model.")
@click.option("--bank", default=20_000, show_default=True, help="Random faces to score and keep.")
@click.option("--bank-seed", default=20_000, show_default=True)
def command(
    run: Path,
    scorer: Path,
    fit_folder: Path,
    faces: Path,
    weights: Path,
    docs: Path,
    name: str,
    bank: int,
    bank_seed: int,
) -> None:
    """Write the model folder with its card."""
    if bank < 1:
        raise TrainingError(f"Expected a bank of at least one face. Received: {bank}.")
    parts = read_run(run), Scorer.read(scorer), Fit.read(fit_folder)
    model = publish(weights, name, *parts, faces, docs, bank, bank_seed)
    size = sum(file.stat().st_size for file in model.path.iterdir())
    click.echo(f"{model.name}: {len(model.attributes)} attributes, {size / 2**20:.1f} MiB, digest {model.digest8}.")

"""``python -m training publish``: the model folder, with its bank, atlas, card and sheets."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
from PIL import Image

from dashboard.analysis.pins import apply_pins, on_sphere
from dashboard.errors import ModelError
from dashboard.synthesis.model_folder import Bank, Model, write_model
from dashboard.synthesis.pixels import to_bytes
from training.card import LICENCE, Sources, write_card
from training.errors import TrainingError
from training.fit import Fit
from training.kept import digest
from training.label.scorer import Scorer
from training.label.truth import read_truth
from training.measure.result import Measured
from training.pictures import Pictures, open_pictures
from training.render.contact import contact_sheet
from training.sheets import save_sheet
from training.train.data import open_shards
from training.trained import Run, read_run

ATLAS, ATLAS_COLUMNS, THUMBNAIL = 2000, 50, 64
"""Faces of the bank in the atlas, how many a row, and their side in pixels."""

TRAVERSAL_SEED = 15
"""The face of the traversal sheet; any other would do."""

TRAVERSAL_STEPS = np.arange(-3.0, 3.01, 1.0)
"""Coordinates of the traversal sheet, one a column."""

LIMIT = 30 * 2**20
"""Bytes that a model folder may have."""


@dataclass(frozen=True)
class Parts:
    """What the earlier steps left.

    Args:
        run: of the train step.
        scorer, judge: of the label step, twice.
        fit: of the fit step.
        measured: of the measure step.
        faces: folder of the data set that was trained on.
    """

    run: Run
    scorer: Scorer
    judge: Scorer
    fit: Fit
    measured: Measured
    faces: Path

    def checked(self) -> Parts:
        """The same, without attributes of whose range the measurement left nothing.

        Raises:
            TrainingError: the measurement is of other directions, or no attribute is left.
        """
        if self.measured.fit != digest(self.fit.directions):
            raise TrainingError("Expected figures of these directions. Received: others. Run the measure step again.")
        stored = [self.measured.stored(attribute) for attribute in self.fit.attributes]
        places = [k for k, attribute in enumerate(stored) if attribute is not None]
        if not places:
            raise TrainingError("Expected an attribute that does what it says. Received: none. Train longer.")
        kept = replace(
            self.fit,
            attributes=tuple(attribute for attribute in stored if attribute is not None),
            directions=self.fit.directions[:, places],
            responses=self.fit.responses[places],
            scores=self.fit.scores[:, places],
            dropped=self.fit.dropped
            | {n: "its score does not rise along it" for k, n in enumerate(self.fit.names) if k not in places},
        )
        return replace(self, fit=kept)


def publish(weights: Path, name: str, given: Parts, nearest: Path, docs: Path, bank_size: int, bank_seed: int) -> Model:
    """Write the model folder and its sheets.

    Args:
        weights: folder that models are in.
        name: of the model, and of its folder.
        given: what the earlier steps left.
        nearest: the sheet of nearest training faces, which goes to the others.
        docs: folder for the sheets, which the card points to.
        bank_size: random faces to score and keep; the first 2,000 are in the atlas.
        bank_seed: of their latents, rows of ``RandomState(bank_seed).randn``.

    Returns:
        The model, read back.

    Raises:
        TrainingError: parts that do not belong together, or a folder of more than 30 MiB; a model of that name that was
            there before is as it was.
    """
    given = given.checked()
    run, scorer, fit, faces = given.run, given.scorer, given.fit, given.faces
    pictures = open_pictures(run.config, run.networks["Gs"], scorer)
    latents = np.random.RandomState(bank_seed).randn(bank_size, run.config.latent_size)
    ((scores, features),) = pictures.scores(latents)
    dataset = json.loads((faces / "dataset.json").read_text(encoding="utf-8"))
    link = Path(os.path.relpath(docs.absolute(), (weights / name).absolute())).as_posix()
    truth, rendered = read_truth(faces), sum(len(shard) for shard in open_shards(faces))
    training = {f"{n}/{k}": v for n in ("G", "D") for k, v in run.networks[n].items()}
    realism = given.measured.realism
    sources = Sources(
        name, run, scorer, given.judge, fit, given.measured, truth, rendered, dataset, link, TRAVERSAL_SEED, scores
    )
    try:
        model = write_model(
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
                "precision": round(realism["precision"]["samples"], 3),
                "recall": round(realism["recall"]["samples"], 3),
            },
            scorer=(scorer.config, scorer.variables),
            bank=Bank(bank_seed, scores, features, scorer.config.attributes),
            atlas=atlas(pictures.images(latents[:ATLAS])),
            training=training,
            card=write_card(sources),
            limit=LIMIT,
        )
    except ModelError as error:
        raise TrainingError(str(error)) from error
    docs.mkdir(parents=True, exist_ok=True)
    save_sheet(docs / "seeds.webp", seeds(pictures, run.config.latent_size), columns=8)
    save_sheet(docs / "traversals.webp", traversals(pictures, fit), len(TRAVERSAL_STEPS), fit.names)
    shutil.copyfile(nearest, docs / "nearest.webp")
    return model


def seeds(pictures: Pictures, latent_size: int) -> np.ndarray:
    """The faces of seeds 0 to 63, in order, uint8."""
    latents = np.concatenate([np.random.RandomState(seed).randn(1, latent_size) for seed in range(64)])
    return to_bytes(pictures.images(latents))


def traversals(pictures: Pictures, fit: Fit) -> np.ndarray:
    """Each attribute pinned at -3 to 3 on one face, everything else free, attribute by attribute, uint8."""
    base = on_sphere(np.random.RandomState(TRAVERSAL_SEED).randn(1, fit.directions.shape[0]))[0]
    pinned = [apply_pins(base, d[:, None], np.array([s])) for d in fit.directions.T for s in TRAVERSAL_STEPS]
    return to_bytes(pictures.images(np.stack(pinned)))


def atlas(images: np.ndarray) -> bytes:
    """Thumbnails (n, H, W, C) in [-1, 1] side by side, 50 a row, as WebP."""
    small = [
        np.asarray(Image.fromarray(image).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX))
        for image in to_bytes(images)
    ]
    stream = io.BytesIO()
    Image.fromarray(contact_sheet(small, ATLAS_COLUMNS)).save(stream, "WEBP", quality=75, method=6)
    return stream.getvalue()


FOLDER = click.Path(path_type=Path)


@click.command()
@click.option("--run", type=FOLDER, required=True, help="Folder of the train step.")
@click.option("--scorer", type=FOLDER, required=True, help="Folder of the label step.")
@click.option("--judge", type=FOLDER, required=True, help="Folder of label --judge.")
@click.option("--fit", "fit_folder", type=FOLDER, required=True, help="Folder of the fit step.")
@click.option("--measured", type=FOLDER, required=True, help="Folder of the measure step.")
@click.option("--faces", type=FOLDER, required=True, help="Data set that the run was trained on.")
@click.option("--weights", type=FOLDER, default=Path("weights"), show_default=True)
@click.option("--docs", type=FOLDER, default=Path("docs/model"), show_default=True, help="For the sheets.")
@click.option("--name", required=True, help="Name of the model.")
@click.option(
    "--bank", type=click.IntRange(1), default=20_000, show_default=True, help="Random faces to score and keep."
)
@click.option("--bank-seed", default=20_000, show_default=True)
@click.option(
    "--results",
    default=500,
    show_default=True,
    help="Faces that what the pages show is measured on; 0 to leave it out.",
)
def command(
    run: Path, scorer: Path, judge: Path, fit_folder: Path, measured: Path, faces: Path, weights: Path, docs: Path,
    name: str, bank: int, bank_seed: int, results: int,
) -> None:  # fmt: skip
    """Write the model folder with its card."""
    scorers = Scorer.read(scorer), Scorer.read(judge)
    parts = Parts(read_run(run), *scorers, Fit.read(fit_folder), Measured.read(measured), faces)
    model = publish(weights, name, parts, measured / "nearest.webp", docs, bank, bank_seed)
    size = sum(file.stat().st_size for file in model.path.iterdir())
    click.echo(f"{model.name}: {len(model.attributes)} attributes, {size / 2**20:.1f} MiB, digest {model.digest8}.")
    if results:
        compute_results(model.path, results)


def compute_results(folder: Path, bases: int) -> None:
    """Have the dashboard compute what its pages show of a model, in a process of its own.

    Raises:
        TrainingError: it could not; the model itself is whole.
    """
    command = [sys.executable, "-m", "dashboard", "results", str(folder), "--bases", str(bases)]
    if subprocess.run(command, check=False).returncode != 0:
        raise TrainingError(
            f"Expected the results of {folder.name}. Received: an error, above. The model is written: "
            f"type python -m dashboard results {folder} again."
        )

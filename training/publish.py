"""``python -m training publish``: the model folder, with its bank, atlas, card and sheets."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from dashboard.analysis.pins import apply_pins, on_sphere
from dashboard.errors import ModelError
from dashboard.synthesis.curves import Curves, TrueDirections
from dashboard.synthesis.model_folder import Model, write_model
from training.bank import FACES, SEED, Banked, make_bank
from training.card import LICENCE, Sources, write_card
from training.errors import TrainingError
from training.fit import Fit
from training.kept import digest
from training.label.scorer import Scorer
from training.measure.curve_check import check_curves
from training.measure.curves import read_curve_result
from training.measure.result import Measured
from training.measure.true_directions import LABELS, PERSONS, persons, plan_of, true_directions
from training.other_models import open_other, open_shelf
from training.pictures import Pictures, open_pictures
from training.publish_other import publish_other
from training.publish_parts import Amounts, drawn_curves, measured_fit
from training.sheets import save_sheet
from training.spaces import FaceSpace
from training.trained import Run, read_published

TRAVERSAL_SEED = 15
"""Seed of the traversal sheet's face; any other works."""

TRAVERSAL_STEPS = np.arange(-3.0, 3.01, 1.0)
"""Coordinates of the traversal sheet, one per column."""

LIMIT = 48_000_000
"""Size limit of a model folder in bytes, results included."""


@dataclass(frozen=True)
class Parts:
    """The results of earlier steps.

    Args:
        run: of the train step.
        scorer, judge: of the label step, twice.
        fit: of the fit step.
        measured: of the measure step.
        banked: scored faces, of the evaluate step; None to compute them.
        curves: expected scores, of the evaluate step, with the digest of their directions; or None.
        log: training log for the card, in Markdown.
        first_seed: of the face of a first visit, or None.
    """

    run: Run
    scorer: Scorer
    judge: Scorer
    fit: Fit
    measured: Measured
    banked: Banked | None = None
    curves: tuple[str, Curves] | None = None
    log: str = ""
    first_seed: int | None = None

    def checked(self) -> Parts:
        """Return the same without the attributes that have no range left after the measurement.

        Raises:
            TrainingError: the measurement belongs to other directions, or no attribute is left.
        """
        kept = measured_fit(self.fit, self.measured)
        if self.curves is not None and self.curves[0] != digest(self.fit.directions):
            raise TrainingError("Expected curves of these directions. Received: others. Run the evaluate step again.")
        networks = self.run.networks["Gs"], self.scorer.variables, self.judge.variables
        if self.banked is not None and self.banked.made_of != digest(*networks):
            raise TrainingError("Expected a bank of these networks. Received: others. Run the evaluate step again.")
        curves = self.curves and (self.curves[0], some_of(self.curves[1], kept.names))
        return replace(self, fit=kept, curves=curves)


def some_of(curves: Curves, names: Sequence[str]) -> Curves:
    """Return the curves of some of the attributes."""
    columns = [curves.names.index(name) for name in names]
    each = ("expected", "mean", "deviation", "present", "bands", "ends")
    return replace(curves, names=tuple(names), **{name: getattr(curves, name)[:, columns] for name in each})


def publish(weights: Path, name: str, given: Parts, nearest: Path, docs: Path, amounts: Amounts) -> Model:
    """Write the model folder and its sheets.

    Args:
        weights: folder of the models.
        name: of the model, and of its folder.
        given: results of the earlier steps.
        nearest: the sheet of nearest training faces.
        docs: folder for the sheets, to which the card links.
        amounts: sample sizes of what no earlier step made.

    Returns:
        The model, read back.

    Raises:
        TrainingError: parts do not belong together, or the folder is over the limit; an existing model of that name
            does not change.
    """
    given = given.checked()
    run, scorer, judge, fit = given.run, given.scorer, given.judge, given.fit
    pictures = open_pictures(run.config, run.networks["Gs"], scorer, judge)
    size, attributes = run.config.latent_size, scorer.config.attributes
    space = FaceSpace(size, run.config.normalize_latents)
    banked = given.banked or make_bank(pictures, space, attributes, "", amounts.bank, amounts.bank_seed)
    curves = given.curves[1] if given.curves else drawn_curves(pictures, fit, space, banked.bank, amounts.curve_faces)
    described = given.measured.training_set
    true = asked_for(given, described["dataset"], amounts) if run.recipe.paired and amounts.persons else None
    link = Path(os.path.relpath(docs.absolute(), (weights / name).absolute())).as_posix()
    training = {f"{n}/{k}": np.asarray(v, np.float16) for n in ("G", "D") for k, v in run.networks[n].items()}
    realism = given.measured.realism
    sources = Sources(
        name, run, scorer, judge, fit, given.measured, link, TRAVERSAL_SEED, banked.bank.scores, curves, true,
        given.log,
    )  # fmt: skip
    try:
        model = write_model(
            weights / name,
            run.config,
            run.networks["Gs"],
            fit.attributes,
            fit.directions,
            LICENCE,
            {
                "training set": f"{described['faces']} faces rendered from MakeHuman's CC0 assets, "
                f"seed {described['dataset']['seed']}",
                "faces shown": run.shown,
                "loss": run.recipe.loss,
                "precision": round(realism["precision"]["samples"], 3),
                "recall": round(realism["recall"]["samples"], 3),
            },
            scorer=(scorer.config, scorer.variables),
            judge=(judge.config, judge.variables),
            bank=banked.bank,
            atlas=banked.atlas,
            curves=curves,
            true_directions=true,
            first_seed=given.first_seed,
            training=training,
            card=write_card(sources),
            limit=LIMIT,
        )
    except ModelError as error:
        raise TrainingError(str(error)) from error
    if curves is not None and amounts.checked:
        on_page = check_curves(model, curves, amounts.checked)
        (model.path / "MODEL_CARD.md").write_text(write_card(replace(sources, on_page=on_page)), encoding="utf-8")
    docs.mkdir(parents=True, exist_ok=True)
    save_sheet(docs / "seeds.webp", seeds(pictures, size), columns=8)
    save_sheet(docs / "traversals.webp", traversals(pictures, fit), len(TRAVERSAL_STEPS), fit.names)
    shutil.copyfile(nearest, docs / "nearest.webp")
    return model


def asked_for(given: Parts, dataset: Mapping[str, Any], amounts: Amounts) -> TrueDirections:
    """Return the true directions of the labels, and their angles to the ones found."""
    codes, labels = persons(plan_of(dataset), amounts.persons)
    columns = [LABELS.index(name) for name in given.fit.names]
    fit = given.fit
    return true_directions(
        codes,
        labels[:, columns],
        fit.directions,
        fit.points(FaceSpace(fit.directions.shape[0])),
        fit.scores,
        amounts.resamples,
    )


def seeds(pictures: Pictures, latent_size: int) -> np.ndarray:
    """Return the faces of seeds 0 to 63, in sequence, uint8."""
    latents = np.concatenate([np.random.RandomState(seed).randn(1, latent_size) for seed in range(64)])
    return pictures.bytes(latents)


def traversals(pictures: Pictures, fit: Fit) -> np.ndarray:
    """Return each attribute pinned at -3 to 3 on one face, everything else free, attribute by attribute, uint8."""
    base = on_sphere(np.random.RandomState(TRAVERSAL_SEED).randn(1, fit.directions.shape[0]))[0]
    pinned = [apply_pins(base, d[:, None], np.array([s])) for d in fit.directions.T for s in TRAVERSAL_STEPS]
    return pictures.bytes(np.stack(pinned))


FOLDER = click.Path(path_type=Path)


@click.command()
@click.option("--run", type=FOLDER, help="Folder of the train step.")
@click.option("--model", help="Name or folder of an imported model, instead of --run.")
@click.option("--scorer", type=FOLDER, required=True, help="Folder of the label step.")
@click.option("--judge", type=FOLDER, required=True, help="Folder of label --judge.")
@click.option("--fit", "fit_folder", type=FOLDER, required=True, help="Folder of the fit step.")
@click.option("--measured", type=FOLDER, required=True, help="Folder of the measure step.")
@click.option("--banked", type=FOLDER, help="Folder of bank and curves, of the evaluate step; else they are made here.")
@click.option("--weights", type=FOLDER, help="Folder of the models. [weights; with --model LIKENESS_HOME/models]")
@click.option("--docs", type=FOLDER, help="With --run: for the sheets. [docs/model]")
@click.option("--name", required=True, help="Name of the model.")
@click.option("--log", type=FOLDER, help="Markdown file of what happened while it was made, for the card.")
@click.option("--ages", type=FOLDER, help="JSON file of `training.measure ages --json`.")
@click.option("--first-seed", type=click.IntRange(0, 2**32 - 1), help="Of the face that the pages open on.")
@click.option("--bank", type=click.IntRange(1), default=FACES, show_default=True, help="Faces to score and keep.")
@click.option("--bank-seed", default=SEED, show_default=True)
@click.option("--curve-faces", default=48, show_default=True, help="At each coordinate, for curves made here; 0: none.")
@click.option("--persons", "drawn", default=PERSONS, show_default=True, help="For true directions; 0: none.")
@click.option("--resamples", default=200, show_default=True, help="Of the intervals of their angles.")
@click.option("--checked", default=24, show_default=True, help="Faces an attribute on which the bands are checked.")
@click.option(
    "--results",
    default=500,
    show_default=True,
    help="Faces that what the pages show is measured on; 0 to leave it out.",
)
def command(
    run: Path | None, model: str | None, scorer: Path, judge: Path, fit_folder: Path, measured: Path,
    banked: Path | None, weights: Path | None, docs: Path | None, name: str, log: Path | None,
    ages: Path | None, first_seed: int | None, bank: int, bank_seed: int,
    curve_faces: int, drawn: int, resamples: int, checked: int, results: int,
) -> None:  # fmt: skip
    """Write the model folder with its card, and compute what the pages show of it."""
    if (run is None) == (model is None) or (model is not None and (banked or docs or log or ages)):
        raise TrainingError("Expected --run, or --model without --banked, --docs, --log and --ages. Received: others.")
    figures, amounts = Measured.read(measured), Amounts(bank, bank_seed, curve_faces, drawn, resamples, checked)
    if model is not None:
        other = open_other(model, scorer, judge, fit_folder, name)
        made = publish_other(weights or open_shelf(), name, other, figures, amounts, first_seed)
        click.echo(f"{made.name}: {len(made.attributes)} attributes in {made.space}, {_size(made.path)}, {made.path}")
        if results:
            compute_results(made.path, results)
        return
    assert run is not None
    if ages is not None:
        figures = replace(figures, ages={**figures.ages, **json.loads(ages.read_text(encoding="utf-8"))})
    trained, found_by, checked_by = read_published(run, scorer, judge)
    parts = Parts(
        trained, found_by, checked_by, Fit.read(fit_folder), figures,
        Banked.read(banked) if banked is not None else None,
        read_curve_result(banked) if banked is not None else None,
        log.read_text(encoding="utf-8") if log is not None else "",
        first_seed,
    )  # fmt: skip
    docs = docs or Path("docs/model")
    made = publish(weights or Path("weights"), name, parts, measured / "nearest.webp", docs, amounts)
    click.echo(f"{made.name}: {len(made.attributes)} attributes, {_size(made.path)}, digest {made.digest8}.")
    if results:
        compute_results(made.path, results)
        click.echo(f"With results: {_size(made.path)}.")
        if sum(file.stat().st_size for file in made.path.rglob("*") if file.is_file()) > LIMIT:
            raise TrainingError(f"Expected a folder of at most {LIMIT:,} bytes. Received: more. Give --results fewer.")


def _size(folder: Path) -> str:
    return f"{sum(file.stat().st_size for file in folder.rglob('*') if file.is_file()) / 1e6:.1f} MB"


def compute_results(folder: Path, bases: int) -> None:
    """Have the dashboard compute the results of a model that its pages show, in a separate process.

    Raises:
        TrainingError: it failed; the model itself is complete.
    """
    command = [sys.executable, "-m", "dashboard", "results", str(folder), "--bases", str(bases)]
    if subprocess.run(command, check=False).returncode != 0:
        raise TrainingError(
            f"Expected the results of {folder.name}. Received: an error, above. The model is written: "
            f"run python -m dashboard results {folder} again."
        )

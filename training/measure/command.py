"""``python -m training measure``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from training.errors import TrainingError
from training.fit_command import engine_option
from training.pictures import EngineName

if TYPE_CHECKING:
    from training.measure.behaviour import Bar, Effort


@click.command()
@click.option("--run", type=click.Path(path_type=Path), help="Folder of the train step.")
@click.option("--model", help="Name or folder of an imported model, instead of --run and --faces.")
@click.option("--scorer", type=click.Path(path_type=Path), required=True, help="Folder of the label step.")
@click.option("--judge", type=click.Path(path_type=Path), required=True, help="Folder of label --judge.")
@click.option("--fit", "fit_folder", type=click.Path(path_type=Path), required=True, help="Folder of the fit step.")
@click.option("--faces", type=click.Path(path_type=Path), help="With --run: data set that the run was trained on.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the figures.")
@click.option("--samples", type=click.IntRange(64), default=10_000, show_default=True, help="Faces in each population.")
@click.option("--pictures", type=click.IntRange(8), default=4096, show_default=True,
              help="Of these, for the sliced Wasserstein distance.")  # fmt: skip
@click.option(
    "--bases", type=click.IntRange(2), default=500, show_default=True, help="Faces every attribute is pinned on."
)
@click.option("--resamples", type=click.IntRange(10), default=1000, show_default=True, help="Of every bootstrap.")
@click.option("--neighbours", default=0, show_default=True, help="Training faces searched for the nearest one; 0: all.")
@click.option("--pairs", type=click.Path(path_type=Path), help="Generator at the end of training on pairs (Gs/...).")
@click.option("--unseen", type=click.Path(path_type=Path),
              help="Data set with codes that was not trained on, for the PSNR of own codes; "
              "without it, the faces of --faces that train leaves out.")  # fmt: skip
@engine_option
@click.option("--seed", default=20_000, show_default=True, help="Of the samples; that of the bank.")
def command(
    run: Path | None, model: str | None, scorer: Path, judge: Path, fit_folder: Path, faces: Path | None, out: Path,
    samples: int, pictures: int, bases: int, resamples: int, neighbours: int, pairs: Path | None, unseen: Path | None,
    engine: EngineName, seed: int,
) -> None:  # fmt: skip
    """Measure the model: realism, memory, control, leakage, stability. Resumes where it stopped.

    Of an imported model (--model) control, leakage and stability are measured: the others compare it with the faces
    that it was trained on.
    """
    from tqdm import tqdm

    from training.measure.behaviour import Effort

    if (model is None) != (run is not None and faces is not None) or (
        model is not None and (run or faces or pairs or unseen)
    ):
        raise TrainingError("Expected --run and --faces, or --model alone. Received: neither, or both.")
    effort = Effort(samples, pictures, bases, resamples, neighbours)

    @contextmanager
    def bar(title: str, total: int) -> Iterator[Callable[[int], object]]:
        with tqdm(total=total, desc=title, unit="") as shown:
            yield shown.update

    if run is not None and faces is not None:
        _of_run(run, scorer, judge, fit_folder, faces, out, effort, pairs, unseen, engine, seed, bar)
    else:
        _of_model(str(model), scorer, judge, fit_folder, out, effort, engine, seed, bar)


def _of_run(
    run: Path, scorer: Path, judge: Path, fit_folder: Path, faces: Path, out: Path, effort: Effort, pairs: Path | None,
    unseen: Path | None, engine: EngineName, seed: int, bar: Bar,
) -> None:  # fmt: skip
    """Measure a run beside its training faces, and list the goals."""
    from training.codes import NAME, read_codes
    from training.fit import Fit
    from training.kept import Kept, digest
    from training.label.truth import read_truth
    from training.measure.goals import goals
    from training.measure.renders import Renders
    from training.measure.result import measured
    from training.measure.study import Study
    from training.sheets import save_sheet
    from training.trained import pair_stage, read_published

    (trained, first, second), found = read_published(run, scorer, judge), Fit.read(fit_folder)
    variables = trained.networks["Gs"]
    kept = Kept(out / "parts", variables, first.variables, second.variables)
    renders = Renders(faces, trained.config.resolution)
    study = Study(trained, first, second, found, renders, read_truth(faces), effort, seed, kept, bar, engine)
    coded = unseen or faces
    codes = read_codes(coded, trained.config.latent_size) if unseen or (faces / NAME).is_file() else None
    network = None if pairs is None else pair_stage(pairs, variables)
    fresh = None if unseen is None else Renders(unseen, trained.config.resolution)
    result, nearest = measured(study, found, digest(found.directions), codes, network, fresh)
    result.write(out)
    save_sheet(out / "nearest.webp", nearest, columns=24)
    stored = tuple(a for a in map(result.stored, found.attributes) if a is not None)
    for goal in goals(stored, result):
        click.echo(f"{'met   ' if goal.met else 'MISSED'} {goal.name}: {goal.received} ({goal.wanted})")


def _of_model(
    model: str, scorer: Path, judge: Path, fit_folder: Path, out: Path, effort: Effort, engine: EngineName, seed: int,
    bar: Bar,
) -> None:  # fmt: skip
    """Measure an imported model along its directions."""
    from training.kept import Kept, digest
    from training.measure.behaviour import Behaviour
    from training.measure.result import measured_alone
    from training.other_models import open_other

    other = open_other(model, scorer, judge, fit_folder, engine=engine)
    names = other.scorer.config.attributes
    kept = Kept(out / "parts", *other.made_of)
    found = other.fit
    result = measured_alone(
        Behaviour(other.pictures, names, found, other.space, effort, seed, kept, bar), digest(found.directions)
    )
    result.write(out)
    for name, figures in result.attributes.items():
        click.echo(
            f"{name:20} response {figures['response']:.2f} ({figures['low']:.2f} to {figures['high']:.2f}), agreement "
            f"{figures['agreement']:.2f}, halves {figures['halves']:.2f}"
            f"{'' if figures['range'] else '; its score does not rise along it'}"
        )
    leakage = result.leakage
    click.echo(f"Leakage {leakage['free']:.3f}, with all others locked {leakage['locked']:.3f}.")
    click.echo("Not measured, for want of the training faces: realism, memory, texture, the method's own error.")

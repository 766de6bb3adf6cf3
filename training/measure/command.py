"""``python -m training measure``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from training.fit_command import engine_option
from training.pictures import EngineName


@click.command()
@click.option("--run", type=click.Path(path_type=Path), required=True, help="Folder of the train step.")
@click.option("--scorer", type=click.Path(path_type=Path), required=True, help="Folder of the label step.")
@click.option("--judge", type=click.Path(path_type=Path), required=True, help="Folder of label --judge.")
@click.option("--fit", "fit_folder", type=click.Path(path_type=Path), required=True, help="Folder of the fit step.")
@click.option("--faces", type=click.Path(path_type=Path), required=True, help="Data set that the run was trained on.")
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
@engine_option
@click.option("--seed", default=20_000, show_default=True, help="Of the samples; that of the bank.")
def command(
    run: Path, scorer: Path, judge: Path, fit_folder: Path, faces: Path, out: Path, samples: int, pictures: int,
    bases: int, resamples: int, neighbours: int, pairs: Path | None, engine: EngineName, seed: int,
) -> None:  # fmt: skip
    """Measure the model: realism, memory, control, leakage, stability. Resumes where it stopped."""
    from tqdm import tqdm

    from training.codes import NAME, read_codes
    from training.fit import Fit
    from training.kept import Kept, digest
    from training.label.truth import read_truth
    from training.measure.goals import goals
    from training.measure.renders import Renders
    from training.measure.result import measured
    from training.measure.study import Effort, Study
    from training.sheets import save_sheet
    from training.trained import pair_stage, read_published

    (trained, first, second), found = read_published(run, scorer, judge), Fit.read(fit_folder)
    variables = trained.networks["Gs"]
    kept = Kept(out / "parts", variables, first.variables, second.variables)

    @contextmanager
    def bar(title: str, total: int) -> Iterator[Callable[[int], object]]:
        with tqdm(total=total, desc=title, unit="") as shown:
            yield shown.update

    effort = Effort(samples, pictures, bases, resamples, neighbours)
    renders = Renders(faces, trained.config.resolution)
    study = Study(trained, first, second, found, renders, read_truth(faces), effort, seed, kept, bar, engine)
    codes = read_codes(faces, trained.config.latent_size) if (faces / NAME).is_file() else None
    network = None if pairs is None else pair_stage(pairs, variables)
    result, nearest = measured(study, found, digest(found.directions), codes, network)
    result.write(out)
    save_sheet(out / "nearest.webp", nearest, columns=24)
    stored = tuple(a for a in map(result.stored, found.attributes) if a is not None)
    for goal in goals(stored, result):
        click.echo(f"{'met   ' if goal.met else 'MISSED'} {goal.name}: {goal.received} ({goal.wanted})")

"""``python -m training fit``: find the direction of every attribute in a space of the generator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import numpy as np

from training.choice import Rule, rule_options
from training.errors import TrainingError
from training.fit import STEPS, Fit, candidates_of, fit
from training.kept import Kept
from training.label.scorer import Scorer
from training.pictures import ENGINES, EngineName, open_pictures
from training.spaces import FaceSpace, SpaceName, space_of

engine_option = click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="What makes and scores faces; auto: JAX where KERAS_BACKEND=jax, else OpenVINO.",
)


@click.command()
@click.option("--run", type=click.Path(path_type=Path), help="Folder of the train step.")
@click.option("--model", help="Name or folder of a model, instead of --run: its generator is looked at.")
@click.option(
    "--scorer", "scorer_folder", type=click.Path(path_type=Path), required=True, help="Folder of the label step."
)
@click.option(
    "--judge", "judge_folder", type=click.Path(path_type=Path), required=True, help="Folder of label --judge."
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the directions.")
@click.option(
    "--space",
    "wanted",
    type=click.Choice(["z", "w"]),
    help="With --model: where directions are found; w of a StyleGAN. [where the model's directions live]",
)
@click.option("--latents", default=60_000, show_default=True, help="Faces to make and score.")
@click.option("--bases", default=64, show_default=True, help="Faces on which each direction's response is measured.")
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--name", "named", help="With --model: write the model again under this name, with directions and scorer."
)
@click.option("--bank", type=click.IntRange(1), default=2000, help="With --name: faces to score and keep [2000].")
@engine_option
@rule_options
def command(
    run: Path | None, model: str | None, scorer_folder: Path, judge_folder: Path, out: Path, latents: int, bases: int,
    seed: int, wanted: SpaceName | None, named: str | None, bank: int, engine: EngineName, **rule: Any,
) -> None:  # fmt: skip
    """Find the direction of every attribute in the generator's z or w. Resumes where it stopped.

    --out also holds the directions as a file that `python -m dashboard import FILE --as directions` reads.
    """
    from tqdm import tqdm

    from training.other_models import check_readable, find, write_named
    from training.trained import read_run

    if (run is None) == (model is None) or ((named or wanted) and model is None):
        raise TrainingError("Expected --run, or --model and perhaps --name and --space. Received: neither, or both.")
    scorer, judge = Scorer.read(scorer_folder), Scorer.read(judge_folder)
    if run is not None:
        other, trained = None, read_run(run)
        config, variables = trained.config, trained.networks["Gs"]
        space = FaceSpace(config.latent_size, config.normalize_latents)
    else:
        other = find(str(model), named)
        check_readable(other, scorer, judge)
        config, variables = other.config, other.variables()
        space = space_of(other, wanted, report=click.echo)
    pictures = open_pictures(config, variables, scorer, judge, engine=engine, w=space.w)
    candidates = candidates_of(scorer, judge)
    made_of = [space.statistics()] if space.w is not None else []
    kept = Kept(out / "parts", variables, scorer.variables, judge.variables, *made_of)
    with tqdm(total=latents + len(candidates) * bases * len(STEPS), unit=" faces") as bar:
        found = fit(
            lambda points: np.stack([scores for scores, _ in pictures.scores(points)], axis=1),
            candidates,
            space,
            latents,
            seed,
            bases,
            Rule(**rule),
            kept,
            bar.update,
        )
        bar.total = bar.n  # dropped attributes have no response
    found.write(out)
    file = write_for_import(out, found, space)
    for attribute, moved in zip(found.attributes, found.per_unit, strict=True):
        low, high = attribute.range
        figures = ", ".join(f"{name} {value:.2f}" for name, value in attribute.reliability.items())
        click.echo(f"{attribute.name:20} {low:+.1f} to {high:+.1f}, {moved:+.2f} per unit  {figures}")
    for name, reason in found.dropped.items():
        click.echo(f"{name:20} dropped: {reason}")
    if other is not None and named:
        click.echo(f"{named} is in {write_named(other, named, found, space, scorer, pictures, bank)}")
    click.echo(f"The directions are in {found.space}: {file}")


def write_for_import(out: Path, found: Fit, space: FaceSpace) -> Path:
    """Write the directions as unit vectors of z or w, as files of directions hold them; its name says the space."""
    from dashboard.library.direction_files import write_directions

    vectors = {name: space.native(column) for name, column in zip(found.names, found.directions.T, strict=True)}
    file = out / f"directions_{found.space}.npz"
    file.write_bytes(write_directions("npz", vectors))
    return file

"""``python -m training train``."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from training.errors import TrainingError
from training.precision import precision_option


@click.command()
@click.option("--faces", type=click.Path(path_type=Path), required=True, help="Data set that the render step wrote.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder of the run; an existing run goes on."
)
@click.option("--resolution", default=64, show_default=True, help="Final resolution in pixels.")
@click.option("--feature-maps", nargs=2, default=(1024, 128), show_default=True, help="fmap_base and fmap_max.")
@click.option("--start", type=int, help="Resolution at which training starts: 32, or that of --init.")
@click.option(
    "--init",
    type=click.Path(path_type=Path),
    help="Networks to go on from: training.safetensors of a model folder; checkpoint or networks of a run.",
)
@click.option("--stable", default=80_000, show_default=True, help="Faces at each resolution once it has faded in.")
@click.option("--fade", default=40_000, show_default=True, help="Faces while a resolution fades in.")
@click.option("--total", default=800_000, show_default=True, help="Faces in all.")
@click.option("--batch", default=32, show_default=True, help="Faces a step.")
@click.option("--loss", type=click.Choice(["logistic", "wgan-gp"]), default="logistic", show_default=True)
@click.option("--r1", type=click.FloatRange(0), help="Weight of R1; without it 1, from 64 px 2, from 128 px 4.")
@click.option("--rate", default=2e-3, show_default=True, help="Adam's learning rate.")
@click.option("--paired", default=0.0, show_default=True, help="Weight of the faces' own codes; see the codes step.")
@click.option("--alone", default=0, show_default=True, help="Faces, with pairs, before the discriminator joins in.")
@click.option("--alone-rate", default=1e-2, show_default=True, help="Muon's learning rate until then.")
@click.option("--squares", default=10.0, show_default=True, help="Weight of squared differences of pairs, at first.")
@click.option("--perceptual", default=0.0, show_default=True, help="Weight of what --scorer sees different in pairs.")
@click.option("--scorer", type=click.Path(path_type=Path), help="Folder of the scorer, for --perceptual.")
@click.option("--detail", default=0.0, show_default=True, help="Weight of pairs' finest octaves, until then.")
@click.option("--bands", default=0.0, show_default=True, help="Weight of the strength of pairs' fine structure.")
@click.option("--coarse", default=0, show_default=True, help="Pixels up to which pairs are compared from then on.")
@click.option("--matched", default=0.0, show_default=True, help="Weight of pairs in the discriminator's layers.")
@click.option("--patches", default=0.0, show_default=True, help="Weight of the discriminator's patch head.")
@click.option("--critic-maps", nargs=2, type=int, help="fmap_base and fmap_max of the discriminator, if others.")
@click.option(
    "--arriving", default=0, show_default=True, help="Faces from then on over which the generator's rate rises."
)
@click.option("--falling", default=0, show_default=True, help="Faces at the end over which both rates fall to 0.")
@click.option("--seed", default=1, show_default=True)
@precision_option
@click.option("--sheets", default=10_000, show_default=True, help="Faces between two sample sheets.")
def command(
    faces: Path, out: Path, resolution: int, feature_maps: tuple[int, int], start: int | None, init: Path | None,
    stable: int, fade: int, total: int, batch: int, loss: str, r1: float | None, rate: float, paired: float,
    alone: int, alone_rate: float, squares: float, perceptual: float, scorer: Path | None, detail: float, bands: float,
    coarse: int, matched: float, patches: float, critic_maps: tuple[int, int] | None, arriving: int, falling: int,
    seed: int, precision: str, sheets: int,
) -> None:  # fmt: skip
    """Train the generator on rendered faces, growing from block to block.

    An interrupted run (Ctrl-C, SIGTERM, a power cut) continues from its checkpoint with the same command. Its options
    are stored with it: only the total may be raised. A new run starts from noise, or with --init from trained
    networks, whose resolution may be lower; a lower --start goes over the coarser blocks again. "Then" in the options
    is when the discriminator joins.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from dashboard.synthesis.config import GeneratorConfig
    from training.kept import digest
    from training.label.scorer import Scorer
    from training.train.loop import train
    from training.train.networks import without_head
    from training.train.recipe import Recipe
    from training.train.start import read_start

    config = GeneratorConfig(resolution, fmap_base=feature_maps[0], fmap_max=feature_maps[1])
    begun = read_start(init, config) if init else None
    if begun and start is not None and start > begun.resolution:
        raise TrainingError(
            f"Expected --start of at most {begun.resolution}, the resolution of {init}. Received: {start}."
        )
    start = start or (begun.resolution if begun else 32)
    if perceptual and scorer is None:
        raise TrainingError("Expected --scorer DIR with --perceptual. Received: none. Run the label step first.")
    eye = Scorer.read(scorer) if scorer and perceptual else None
    penalty = ((4, r1),) if r1 is not None else ((4, 10.0),) if loss == "wgan-gp" else Recipe.r1
    try:
        recipe = Recipe(config, start, stable, fade, total, batch, loss, penalty, rate=rate, seed=seed)
        recipe = replace(recipe, paired=paired, alone=alone, alone_rate=alone_rate)
        recipe = replace(recipe, squares=squares, perceptual=perceptual, scorer=digest(eye.variables) if eye else "")
        recipe = replace(recipe, detail=detail, bands=bands, coarse=coarse, matched=matched, patches=patches)
        recipe = replace(recipe, critic=critic_maps, arriving=arriving, falling=falling)
        recipe = replace(recipe, init=begun.sha256 if begun else "")
    except ValueError as error:
        raise TrainingError(str(error)) from error
    out.mkdir(parents=True, exist_ok=True)
    kept = out / "recipe.json"
    if kept.exists():
        old = Recipe.read(kept)
        if replace(old, total=total) != recipe:
            raise TrainingError(
                f"Expected the recipe in {kept}. Received another one. Give its options, or another --out."
            )
    recipe.write(kept)
    state = begun.state if begun else None
    if begun and start < begun.resolution:
        state = without_head(begun.state)
    shown = train(recipe, faces, out, bf16=precision == "bf16", start=state, scorer=eye, every=sheets)
    click.echo(f"{shown} of {total} faces shown. Checkpoint in {out}.")

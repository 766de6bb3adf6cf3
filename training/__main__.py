"""``python -m training <step>``: the steps from assets to a published model, each of which resumes where it stopped."""

from __future__ import annotations

import importlib
import os
from typing import Any

import click

from dashboard.errors import LikenessError
from training.errors import TrainingError
from training.stopping import stoppable

# The train step's loop is written in TensorFlow; what only makes and scores faces computes in JAX too.
if os.environ.get("KERAS_BACKEND") != "jax":
    os.environ["KERAS_BACKEND"] = "tensorflow"

STEPS = {
    "assets": ("training.assets", "Build the asset folder from checkouts of the public MakeHuman repositories."),
    "render": ("training.render.command", "Render labelled faces from the asset folder."),
    "codes": ("training.codes", "Give every rendered face a latent of its own, for training on pairs."),
    "train": ("training.train.command", "Train the generator on rendered faces, growing from block to block."),
    "label": ("training.label.command", "Train the scorer, or the judge, on rendered faces and their labels."),
    "fit": ("training.fit_command", "Find the direction of every attribute in the generator's z or w."),
    "measure": ("training.measure.command", "Measure the model beside the faces that it was trained on."),
    "evaluate": ("training.evaluate", "Fit, bank, measure and curves in one go, packed to take home."),
    "unpack": ("training.unpack", "Unpack what the evaluate step packed on another machine."),
    "publish": ("training.publish", "Write the model folder with its card."),
    "curves": ("training.add_curves", "Measure what scores to expect along a published model's sliders."),
    "accelerated": ("training.accelerated.command", "Render and train on a graphics processor, with JAX, in minutes."),
    "home": ("training.accelerated.home", "Unpack what an accelerated run brought home."),
    "all": ("training.whole", "All steps from the asset folder on, one after the other."),
}
"""Steps: the module whose ``command`` runs each, and a description."""


class Steps(click.Group):
    """Commands whose modules are imported on call: TensorFlow and OpenGL take seconds to load."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(STEPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return importlib.import_module(STEPS[cmd_name][0]).command if cmd_name in STEPS else None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a step; what the dashboard's modules refuse ends in one line too."""
        try:
            return super().invoke(ctx)
        except LikenessError as error:
            raise TrainingError(str(error)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Steps, in order"):
            formatter.write_dl([(name, text) for name, (_, text) in STEPS.items()])


@click.command(cls=Steps)
@click.pass_context
def main(context: click.Context) -> None:
    """Make a face model, step by step. Every step says what it needs when it is not there."""
    context.with_resource(stoppable())


if __name__ == "__main__":
    main()

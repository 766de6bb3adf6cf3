"""``python -m training.measure <figure>``: one figure at a time, of renders, pictures or a model."""

from __future__ import annotations

import importlib
import os

import click

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

FIGURES = {
    "ages": ("training.measure.ages", "How old faces look to networks that were taught on photographs."),
    "appearance": ("training.measure.appearance_command", "Texture and colour of a run's faces beside renders."),
    "variety": ("training.measure.variety", "Precision, recall and spread in features trained on photographs."),
    "seeds": ("training.measure.seed_sheet", "A sheet of many seeds, to choose the first face from."),
}
"""Figures: the module whose ``command`` measures each, and a description."""


class Figures(click.Group):
    """Commands whose modules are imported on call."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(FIGURES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return importlib.import_module(FIGURES[cmd_name][0]).command if cmd_name in FIGURES else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Figures"):
            formatter.write_dl([(name, text) for name, (_, text) in FIGURES.items()])


@click.command(cls=Figures)
def main() -> None:
    """Measure one figure. All figures of a model together: ``python -m training measure``."""


if __name__ == "__main__":
    main()

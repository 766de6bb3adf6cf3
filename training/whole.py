"""``python -m training all``: all steps from the asset folder to the published model, in one command."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import click

from training import codes, fit_command, publish
from training.errors import TrainingError
from training.label import command as label
from training.measure import command as measure
from training.render import command as render
from training.train import command as train
from training.train.checkpoint import read_checkpoint

FOLDERS = ("faces", "train", "scorer", "judge", "fit", "measured")
"""Subfolders of a working folder, one for each step's result."""

PATH: dict[str, tuple[click.Command, dict[str, Any]]] = {
    "render": (render.command, {"assets": "assets", "out": "faces"}),
    "codes": (codes.command, {"faces": "faces"}),
    "scorer": (label.command, {"faces": "faces", "celeba": None, "out": "scorer", "judge": False}),
    "train": (train.command, {"faces": "faces", "out": "train", "scorer": "scorer"}),
    "judge": (label.command, {"faces": "faces", "celeba": None, "out": "judge", "judge": True}),
    "fit": (
        fit_command.command,
        {
            **{"run": "train", "model": None, "scorer_folder": "scorer", "judge_folder": "judge", "out": "fit"},
            **{"named": None, "bank": None, "wanted": None},
        },
    ),
    "measure": (
        measure.command,
        {
            "run": "train",
            "model": None,
            "scorer": "scorer",
            "judge": "judge",
            "fit_folder": "fit",
            "faces": "faces",
            "out": "measured",
        },
    ),
    "publish": (
        publish.command,
        {
            **{"run": "train", "model": None, "scorer": "scorer", "judge": "judge", "fit_folder": "fit"},
            **{"measured": "measured", "banked": None, "name": "name"},
        },
    ),
}
"""Every step in sequence: its command, and the folders (or values) of the options that connect the steps."""

PLAIN = {("render", "faces"): "--faces", ("train", "init"): "--init"}
"""Options that need no step's name as prefix."""


def options() -> list[click.Parameter]:
    """Return every other option of every step, under the step's name: ``--train-total`` is the total of train."""
    found: list[click.Parameter] = [
        click.Option(["--assets"], type=click.Path(path_type=Path), required=True, help="Asset folder."),
        click.Option(["--run"], type=click.Path(path_type=Path), required=True, help="Working folder."),
        click.Option(["--name"], required=True, help="Name of the model."),
    ]
    for step, (command, given) in PATH.items():
        for param in command.params:
            if param.name in given or not isinstance(param, click.Option):
                continue
            option = copy.copy(param)
            option.opts = [PLAIN.get((step, str(param.name)), f"--{step}-{param.opts[0].removeprefix('--')}")]
            option.name = f"{step}_{param.name}"
            found.append(option)
    return found


def whole(assets: Path, run: Path, name: str, **settings: Any) -> None:
    """Run all steps from the asset folder to a published model.

    Calls render, codes (if train uses pairs), label, train, label --judge, fit, measure and publish, one after the
    other. Each resumes where it stopped, and completed work is not repeated: the same command can be run any number
    of times.
    """
    values: dict[Any, Any] = {"assets": assets, "name": name, True: True, False: False, None: None}
    values |= {folder: run / folder for folder in FOLDERS}
    for step, (command, given) in PATH.items():
        if step == "codes" and not settings["train_paired"]:
            continue
        click.echo(f"== {step}")
        own = {str(p.name): settings[f"{step}_{p.name}"] for p in command.params if p.name not in given}
        with click.Context(command, info_name=step) as context:
            context.invoke(command, **{k: values[v] for k, v in given.items()}, **own)
        if step == "train":
            _check_trained(run / "train", settings["train_total"])


def _check_trained(folder: Path, total: int) -> None:
    """Stop if the train step was interrupted: it then ends without an error, and the next step must not start."""
    kept = read_checkpoint(folder)
    if kept is None or kept[0] < total:
        raise TrainingError("Stopped. What is done is kept: the same command continues from here.")


command = click.Command("all", params=options(), callback=whole, help=whole.__doc__)

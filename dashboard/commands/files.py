"""`python -m dashboard inspect` and `import`: files of latents, directions and labels, without a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from dashboard.errors import InputError
from dashboard.library.direction_files import take
from dashboard.library.direction_from_examples import from_labels, keep
from dashboard.library.extra_directions import Library
from dashboard.library.file_directions import directions_in, directions_words
from dashboard.library.label_files import read_labels
from dashboard.library.latent_files import Reading, read_latent_file
from dashboard.settings import WEIGHTS, load_settings
from dashboard.synthesis.installed_models import find_model
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model

KINDS = ("latents", "directions", "labels")


def shared(command: Any) -> Any:
    """Return the options that both commands have."""
    for option in reversed(
        (
            click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False)),
            click.option("--as", "kind", type=click.Choice(KINDS), default="latents", show_default=True),
            click.option("--model", default="", help="Name or folder of the model [LIKENESS_MODEL, else the first]."),
            click.option("--array", help="Of latents: which array of the file, if it has several."),
            click.option("--delimiter", help="Of a table, instead of the detected one."),
            click.option("--decimal", type=click.Choice([".", ","]), help="Likewise."),
            click.option("--first", type=click.IntRange(1), help="The first column of the latents, from 1."),
            click.option("--labels", help="Of labels: which column or array, if there are several."),
            click.option("--one", help="Of labels: the value that is 1."),
            click.option("--space", default="", help="Of directions: z, w or s [as the file says, else the model's]."),
            click.option("--take", "wanted", default="", help="Of directions: their numbers, such as 1,3."),
        )
    ):
        command = option(command)
    return command


@click.command
@shared
@click.option("--json", "as_json", is_flag=True, help="Print everything found as JSON.")
def inspect(file: Path, kind: str, model: str, as_json: bool, **how: Any) -> None:
    """Say what is in FILE; nothing is stored."""
    summary = _describe(file, kind, _model(model), how)
    click.echo(
        json.dumps(summary)
        if as_json
        else "\n".join([summary["summary"], *summary.get("notes", []), *summary.get("doubts", [])])
    )


@click.command(name="import")
@shared
@click.option("--name", default="", help="Title of the set, or of the direction that labels give [the file's name].")
def import_file(file: Path, kind: str, model: str, name: str, **how: Any) -> None:
    """Store the latents or directions of FILE, or the direction between its labels, in LIKENESS_HOME."""
    loaded, library = _model(model), Library(load_settings().home)
    title = name or file.stem
    if kind == "latents":
        found = read_latent_file(file, loaded.config.latent_size, _reading(how))
        kept = library.latent_sets.keep(title, found.blocks(), loaded, found.columns, found.distinct)
        click.echo(f"{found.summary}\n{kept.title} is kept: latent~{kept.hash}.0 is its first row")
    elif kind == "directions":
        notes: list[str] = []
        space, listed = directions_in(file, loaded, file.name, how["space"], notes)
        for each in take(listed, how["wanted"]):
            hashed = library.user_directions.keep(
                each.title, each.vector, loaded, {"kind": "imported", "description": each.description}, space
            )
            click.echo(f"{each.title}: own~{hashed}{'' if space == 'z' else f', in {space}'}")
        click.echo("\n".join(notes), nl=bool(notes))
    else:
        labels = read_labels(file, loaded.config.latent_size, how["labels"], how["one"])
        made = keep(library, loaded, title, from_labels(loaded, labels), "labels")
        click.echo(f"{labels.words}\n{made['title']}: {made['name']}{' ' + made['warning'] if made['warning'] else ''}")


def _describe(file: Path, kind: str, model: Model, how: dict[str, Any]) -> dict[str, Any]:
    size = model.config.latent_size
    if kind == "latents":
        return read_latent_file(file, size, _reading(how)).as_json()
    if kind == "directions":
        notes: list[str] = []
        space, found = directions_in(file, model, file.name, how["space"], notes)
        lines = [
            f"{k + 1}: {each.title}{f' ({each.description})' if each.description else ''}"
            for k, each in enumerate(found)
        ]
        return {
            "summary": directions_words(found, space),
            "notes": lines + notes,
        }
    labels = read_labels(file, size, how["labels"], how["one"])
    return {"summary": f"{len(labels.values):,} labels", "notes": [labels.words]}


def _reading(how: dict[str, Any]) -> Reading:
    return Reading.of({**how, "first": how["first"] or ""})


def _model(name: str) -> Model:
    settings = load_settings()
    if name and not name.strip():
        raise InputError("Expected the name of a model. Received: blanks. Leave it out for the default.")
    return open_model(find_model(name or settings.model, (WEIGHTS, settings.home / "models")))

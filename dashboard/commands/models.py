"""`python -m dashboard models`: list, import, verify and remove models."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path
from typing import Any

import click

from dashboard.commands.group import Commands, Refusal, ended_tidily
from dashboard.errors import InputError, ModelError, NotFound
from dashboard.settings import Settings, load_settings, open_home
from dashboard.synthesis.human_units import megabytes

FILE = click.Path(path_type=Path)


@click.group(cls=Commands, commands_at={"fetch": "dashboard.commands.fetch:fetch"})
def models() -> None:
    """List, import, verify and remove models."""


@models.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line, for scripts.")
def list_models(as_json: bool) -> None:
    """List the models in weights/ and in LIKENESS_HOME/models."""
    rows = [_row(folder) for folder in _folders(load_settings())]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row))
    else:
        click.echo(_table(rows))


@models.command(name="import")
@click.argument("file", type=FILE)
@click.option("--name", required=True, help='The name it gets: letters, digits, "_" and "-".')
@click.option("--directions", type=FILE, help="TL-GAN's direction file; without it the model has no attributes.")
@click.option("--space", type=click.Choice(["z", "w"]),
              help="In which its directions live [w of a StyleGAN without --directions, else z].")  # fmt: skip
@click.option("--w-faces", type=click.IntRange(10_000, 1_000_000), default=50_000, show_default=True,
              help="Random faces of the mean, covariance and components of w.")  # fmt: skip
@click.option("--licence", help="Terms of its weights, as its author states them [those of NVIDIA's own networks].")
def import_official(
    file: Path, name: str, directions: Path | None, space: Any, w_faces: int, licence: str | None
) -> None:
    """Import FILE, a network of PG-GAN, StyleGAN2 or StyleGAN3, as a model; no code in it is run."""
    from dashboard.synthesis.imports import LICENCE, import_model
    from dashboard.synthesis.manifest import read_manifest

    settings = load_settings()
    if any(folder.name == name for folder in _folders(settings)):
        raise InputError(f'Expected a name that no model here has. Received: "{name}". Choose another name.')
    if open_home(settings.home) is None:
        raise InputError(f"Expected LIKENESS_HOME to be a folder of ours. Received: {settings.home}. Name another.")
    with ended_tidily():
        folder = import_model(
            file, name, _own_shelf(settings), directions, licence or LICENCE, space=space, w_faces=w_faces
        )
    manifest = read_manifest(folder, name)
    click.echo(f"{name}: {manifest.generator.resolution} px, {len(manifest.attributes)} attributes, in {folder}")
    click.echo(f"Serve it: python -m dashboard --model {name}")


@models.command
@click.argument("name")
def verify(name: str) -> None:
    """Verify the model NAME: the digests of its files, all numbers, and one face."""
    import numpy as np

    from dashboard.synthesis.model_folder import open_model
    from dashboard.synthesis.open_engine import open_engine

    settings = load_settings()
    model = open_model(_folder(name, settings))
    click.echo(f"{len(model.files)} files match their digests: {model.digest}")
    arrays = [*model.variables().values(), model.directions]
    if model.has_scorer:
        arrays += model.scorer_variables().values()
    if model.has_bank:
        arrays += [model.bank().scores, model.bank().features]
    click.echo(f"{sum(array.size for array in arrays):,} numbers are finite")
    begun = time.perf_counter()
    engine = open_engine(model, settings.engine, "exact", settings.threads or None)
    picture = engine.run(np.random.RandomState(1).randn(1, model.config.latent_size))["image"]
    if not np.isfinite(picture).all():
        raise ModelError("Expected a face of finite numbers. Received: others. Fetch or import the model again.")
    click.echo(f"A face of {picture.shape[1]} px was made by {engine.numeric} in {time.perf_counter() - begun:.2f} s")


@models.command
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Delete the fetched or imported model NAME permanently."""
    from dashboard.synthesis.installed_models import model_folders, remove_model

    shelf = _own_shelf(load_settings())
    folder = next((folder for folder in model_folders([shelf]) if folder.name == name), None)
    if folder is not None and not yes and not _agreed(folder):
        raise Refusal("Expected a yes. Received: a no. Nothing was removed.")
    shutil.rmtree(remove_model(name, shelf))
    click.echo(f"{name} is removed.")


def _agreed(folder: Path) -> bool:
    size = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    try:
        return click.confirm(f"Delete {folder.name} ({megabytes(size)}) permanently?", err=True)
    except click.Abort as error:
        click.echo(err=True)  # end the line of the question
        raise Refusal("Expected an answer, or --yes. Received: neither. Nothing was removed.") from error


def _own_shelf(settings: Settings) -> Path:
    return settings.home / "models"


def _folders(settings: Settings) -> list[Path]:
    from dashboard.serving.runtime import WEIGHTS
    from dashboard.synthesis.installed_models import model_folders

    return model_folders([WEIGHTS, _own_shelf(settings)])


def _folder(name: str, settings: Settings) -> Path:
    """Return the folder of the model of a name."""
    folders = _folders(settings)
    for folder in folders:
        if folder.name == name:
            return folder
    names = ", ".join(folder.name for folder in folders) or "none"
    raise NotFound(f'Expected the name of a model here ({names}). Received: "{name[:80]}". Name one of these.')


def _row(folder: Path) -> dict[str, object]:
    """Summarise a model from its model.json; no other file is read."""
    from dashboard.synthesis.manifest import read_manifest

    row: dict[str, object] = {"name": folder.name, "folder": str(folder)}
    try:
        manifest = read_manifest(folder, folder.name)
    except ModelError as error:
        return {**row, "problem": str(error)}
    return {
        **row,
        "digest": manifest.digest,
        "resolution": manifest.generator.resolution,
        "attributes": len(manifest.attributes),
        "licence": manifest.licence,
    }


def _table(rows: list[dict[str, object]]) -> str:
    heads = ("name", "digest", "resolution", "attributes", "licence", "folder")
    lines: list[tuple[str, ...]] = [heads]
    for row in rows:
        shown = {**row, "digest": str(row.get("digest", "-"))[:8], "licence": row.get("licence", row.get("problem"))}
        lines.append(tuple(" ".join(str(shown.get(head, "-")).split()) for head in heads))
    widths = [max(len(line[k]) for line in lines) for k in range(len(heads))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)

"""`python -m dashboard models`: the models that are here, and what can be done with them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dashboard.commands.group import Commands
from dashboard.errors import ModelError
from dashboard.settings import load_settings


@click.group(cls=Commands)
def models() -> None:
    """See, import, verify and remove models."""


@models.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for scripts.")
def list_models(as_json: bool) -> None:
    """List the models in weights/ and in LIKENESS_HOME/models."""
    rows = [_row(folder) for folder in model_folders()]
    if as_json:
        for row in rows:
            click.echo(json.dumps(row))
        return
    click.echo(_table(rows))


def shelves() -> tuple[Path, Path]:
    """The folders that models lie in: the project's weights/, and models/ under LIKENESS_HOME."""
    from dashboard.runtime import WEIGHTS

    return WEIGHTS, load_settings().home / "models"


def model_folders() -> list[Path]:
    """Every model folder there is, the project's first, by name."""
    return [
        folder
        for shelf in shelves()
        if shelf.is_dir()
        for folder in sorted(shelf.iterdir())
        if (folder / "model.json").is_file()
    ]


def _row(folder: Path) -> dict[str, object]:
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
        values = {**row, "digest": str(row.get("digest", ""))[:8]}
        if "problem" in row:
            values["licence"] = str(row["problem"])
        lines.append(tuple(str(values.get(head, "-")) for head in heads))
    widths = [max(len(line[k]) for line in lines) for k in range(len(heads))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )

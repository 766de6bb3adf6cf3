"""`python -m dashboard backup` and `restore`: the library of a home as one file."""

from __future__ import annotations

from pathlib import Path

import click

from dashboard.settings import load_settings
from dashboard.stores.backup import restore_backup, write_backup
from dashboard.synthesis.human_units import megabytes


@click.command
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--models", is_flag=True, help="Include fetched and imported models.")
def backup(file: Path, models: bool) -> None:
    """Write collections, uploaded sets, user directions and stored latents to FILE, a ZIP.

    The dashboard may be running.
    """
    count, size = write_backup(load_settings().home, file, models)
    click.echo(f"{count:,} files, {megabytes(size)}, are in {file}")


@click.command
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Replace the stored data by the backup FILE; the old data is set aside, not deleted. Stop the dashboard first."""
    count, aside = restore_backup(load_settings().home, file)
    click.echo(f"{count:,} files are restored" + (f"; what was there before is in {aside}" if aside else ""))

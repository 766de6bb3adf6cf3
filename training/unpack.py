"""``python -m training unpack``: unpack results of an evaluate step on another machine into the folder of a run."""

from __future__ import annotations

import tarfile
from pathlib import Path, PurePosixPath

import click

from training.errors import TrainingError
from training.evaluate import PACKS

FOLDERS = ("fit", "measured", "bank")
"""Folders of a run whose files are in the archives."""

MOST = 64 * 2**20
"""Largest total size of an archive's files, in bytes."""


def unpack(home: Path, run: Path) -> list[str]:
    """Unpack the archives to the folders that `publish` reads.

    Args:
        home: folder of the archives.
        run: the run's folder; unpacked files replace existing ones.

    Returns:
        The files, relative to the run's folder.

    Raises:
        TrainingError: an archive is missing, or contains other files.
    """
    found = []
    for name in PACKS:
        archive = home / f"{name}.tar"
        if not archive.is_file():
            raise TrainingError(f"Expected {archive.name} in {home}. Received: no such file. Run the evaluate step.")
        found += _extract(archive, run)
    return found


def _extract(archive: Path, folder: Path) -> list[str]:
    """Return the plain files of an archive; their names never lead outside the run's three folders."""
    written, size = [], 0
    with tarfile.open(archive) as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            size += member.size
            if not member.isfile() or len(path.parts) != 2 or path.parts[0] not in FOLDERS or size > MOST:
                raise TrainingError(
                    f"Expected {archive.name} to hold files of {', '.join(FOLDERS)}. Received: {member.name[:80]}. "
                    "Run the evaluate step again."
                )
            source = tar.extractfile(member)
            assert source is not None
            (folder / path.parts[0]).mkdir(parents=True, exist_ok=True)
            (folder / path.parts[0] / path.name).write_bytes(source.read())
            written.append(member.name)
    return written


@click.command()
@click.option("--home", type=click.Path(path_type=Path), required=True, help="Folder of evaluated.tar and bank.tar.")
@click.option("--run", type=click.Path(path_type=Path), required=True, help="Folder of the run.")
def command(home: Path, run: Path) -> None:
    """Unpack what the evaluate step packed into the folder of a run."""
    click.echo(", ".join(unpack(home, run)))

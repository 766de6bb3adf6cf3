"""``python -m training unpack``: what a graphics processor's runs took home, as the folder of a run."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path, PurePosixPath

import click
import numpy as np

from training.errors import TrainingError

ARCHIVES = ("record.tar", "evaluated.tar", "bank.tar")
"""Of the accelerated run, and of the evaluation; those that are there are unpacked."""

MOST = 64 * 2**20
"""Bytes that an archive's files may have together."""


def unpack(home: Path, run: Path, network: str | None = None) -> list[str]:
    """Make a run's folder.

    Args:
        home: where the archives and networks lie.
        run: the folder; what is in the archives replaces what is there.
        network: name of the file whose generator is the averaged one: a stage's end is a way back to it. None for the
            last stage's, by name.

    Returns:
        Lines that tell what was found.

    Raises:
        TrainingError: nothing there, or an archive that holds something else.
    """
    told = []
    for name in ARCHIVES:
        if (home / name).is_file():
            files = _extract(home / name, run)
            told.append(f"{name}: {len(files)} files")
    averages = sorted(home.glob("average-*.safetensors"))
    if not told or not averages or not (home / "training.safetensors").is_file():
        raise TrainingError(f"Expected archives, training.safetensors and an average in {home}. Received: less.")
    last = next((path for path in averages if "adversarial" in path.name), averages[-1])
    chosen = last if network is None else home / f"{network.removesuffix('.safetensors')}.safetensors"
    if chosen not in averages:
        names = ", ".join(path.stem for path in averages)
        raise TrainingError(f"Expected a network among {names}. Received: {network}.")
    _write_networks(run, home / "training.safetensors", chosen)
    told.append(f"generator: {chosen.name}")
    return told


def _write_networks(run: Path, training: Path, average: Path) -> None:
    """Write networks as the checkpoint that the train step leaves."""
    from safetensors import safe_open

    from training.train.checkpoint import write_checkpoint
    from training.train.recipe import Recipe

    recipe = Recipe.read(run / "train" / "recipe.json")
    arrays: dict[str, np.ndarray] = {}
    for path in (training, average):
        with safe_open(path, framework="numpy") as file:
            arrays |= {key: file.get_tensor(key).astype(np.float32) for key in file.keys()}  # noqa: SIM118
    arrays |= {f"{name}/lod": np.zeros((), np.float32) for name in ("G", "Gs")}
    write_checkpoint(run / "train", recipe.total, recipe.config.log2, arrays)


def _extract(archive: Path, folder: Path) -> list[str]:
    """The plain files of an archive, none of which may stand outside the folder."""
    written, size = [], 0
    with tarfile.open(archive) as tar:
        for member in tar:
            place = PurePosixPath(member.name)
            size += member.size
            if not member.isfile() or place.is_absolute() or ".." in place.parts or size > MOST:
                raise TrainingError(f"Expected plain files in {archive.name}. Received: {member.name[:80]}.")
            source = tar.extractfile(member)
            assert source is not None
            target = folder.joinpath(*place.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read())
            written.append(member.name)
    return written


@click.command()
@click.option("--home", type=click.Path(path_type=Path), required=True, help="Folder of what was taken home.")
@click.option("--run", type=click.Path(path_type=Path), required=True, help="Folder of the run to be.")
@click.option("--network", help="File whose generator is published; by default that of the last stage.")
def command(home: Path, run: Path, network: str | None) -> None:
    """Unpack what was taken home from a graphics processor into the folder of a run."""
    for line in unpack(home, run, network):
        click.echo(line)
    record = run / "shards.json"
    if record.is_file():
        click.echo(f"shards rendered: {json.loads(record.read_text(encoding='utf-8')).get('faces')}")

"""``python -m training assets``."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


SURROUNDINGS = Path("/usr/share/blender/datafiles/studiolights/world")


@click.command()
@click.option("--makehuman", type=FOLDER, help="Checkout of makehumancommunity/makehuman.")
@click.option("--makehuman-assets", type=FOLDER, help="Checkout of makehumancommunity/makehuman-assets, with git-lfs.")
@click.option(
    "--textures",
    type=FOLDER,
    help="Another folder with the textures, laid out like base/ of makehuman-assets, where git-lfs cannot fetch them.",
)
@click.option("--kit", type=FOLDER, help="Instead of the checkouts: an asset folder that has no surroundings yet.")
@click.option(
    "--surroundings",
    type=FOLDER,
    default=SURROUNDINGS,
    show_default=True,
    help="Panoramas of Debian's package blender-data.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Asset folder to make.")
def command(
    makehuman: Path | None,
    makehuman_assets: Path | None,
    textures: Path | None,
    kit: Path | None,
    surroundings: Path,
    out: Path,
) -> None:
    """Build the asset folder from checkouts of the public MakeHuman repositories and blender-data's panoramas.

    Takes the files of the head, leaves out what the head does not need, and rejects files that are not CC0. An
    interrupted build resumes where it stopped.
    """
    from training.assets.build import copy_kit
    from training.assets.surroundings import surroundings_files
    from training.errors import TrainingError

    out = out.resolve()
    more = surroundings_files(surroundings)  # report missing sources before anything is made
    if kit is not None:
        copy_kit(kit, out, more)
    elif makehuman is not None and makehuman_assets is not None:
        _build(makehuman, makehuman_assets, textures, out, more)
    else:
        raise TrainingError("Expected --makehuman and --makehuman-assets, or --kit. Received: neither.")


def _build(makehuman: Path, makehuman_assets: Path, textures: Path | None, out: Path, more: dict[str, bytes]) -> None:
    from tqdm import tqdm

    from training.assets.build import build
    from training.assets.checkouts import Checkouts
    from training.assets.selection import TARGET_COUNT

    checkouts = Checkouts(makehuman, makehuman_assets, textures)
    built = build(checkouts, out, lambda todo: tqdm(todo, unit=" files"), more)
    click.echo(f"{len(built)} files in {out}.")
    targets = sum(entry.path.endswith(".target") for entry in built)
    if targets != TARGET_COUNT:
        click.echo(
            f"Note: {targets} morph targets, not the {TARGET_COUNT} of the repository in 2020: "
            "the same seed will not give the same faces."
        )
    strangers = [entry.source for entry in built if entry.lfs_oid not in ("", entry.source_sha256)]
    if strangers:
        click.echo(f"Note: {len(strangers)} textures are not the files that git-lfs names: {', '.join(strangers)}")

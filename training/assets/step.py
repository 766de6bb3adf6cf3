"""``python -m training assets``."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--makehuman", type=FOLDER, required=True, help="Checkout of makehumancommunity/makehuman.")
@click.option(
    "--makehuman-assets",
    type=FOLDER,
    required=True,
    help="Checkout of makehumancommunity/makehuman-assets, its git-lfs files fetched.",
)
@click.option(
    "--textures",
    type=FOLDER,
    help="Another folder with the textures, laid out like base/ of makehuman-assets, where git-lfs cannot fetch them.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Asset folder to make.")
def command(makehuman: Path, makehuman_assets: Path, textures: Path | None, out: Path) -> None:
    """Build the asset folder from checkouts of the public MakeHuman repositories.

    Takes the files of the head, drops what the head does not need, and refuses what is not CC0. A build that was
    stopped goes on where it was.
    """
    from tqdm import tqdm

    from training.assets.build import build
    from training.assets.checkouts import Checkouts
    from training.assets.selection import TARGET_COUNT

    out = out.resolve()
    checkouts = Checkouts(makehuman, makehuman_assets, textures)
    built = build(checkouts, out, lambda todo: tqdm(todo, unit=" files"))
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

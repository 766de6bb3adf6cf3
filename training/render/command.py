"""`python -m training render`: pictures of invented heads with labels, for training."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from tqdm import tqdm

from training.render.contact import contact_sheet, write_png
from training.render.dataset import Plan, open_dataset, read_pictures
from training.render.errors import RenderError
from training.render.formats import check_file
from training.render.hair import PROCEDURAL, STYLES
from training.render.kit import part_folders
from training.render.workers import render_shards

SHEET = 64
SIZES = click.Choice(["32", "64", "128", "256"])
DRAWN = click.Choice(["256", "512", "1024"])


@click.command(name="render")
@click.option("--assets", type=click.Path(path_type=Path), required=True, help="Asset folder, as `assets` makes it.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the data set.")
@click.option("--faces", type=click.IntRange(1, 1_000_000), required=True, help="How many faces.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Same seed, same faces.")
@click.option("--size", type=SIZES, default="256", show_default=True, help="Pixels a side.")
@click.option("--render", type=DRAWN, default="512", show_default=True, help="Pixels a side when drawn.")
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="One for each core.")
@click.option("--shard", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="Faces in a shard.")
def command(assets: Path, out: Path, faces: int, seed: int, size: str, render: str, processes: int, shard: int) -> None:
    """Render labelled faces: picture shards, labels.csv, dataset.json, contact.png. Resumes where it stopped."""
    check_file(assets / "data" / "3dobjs" / "base.obj")  # fail early, not after starting processes
    styles = (*PROCEDURAL, *(folder.name for folder in part_folders(assets, "hair") if folder.name in STYLES))
    plan = Plan(faces, int(size), seed, int(render), styles, shard)
    missing = open_dataset(out, plan)
    done = faces - sum(len(plan.indices(number)) for number in missing)
    with tqdm(total=faces, initial=done, unit="face", file=sys.stderr, mininterval=1.0) as bar:

        def advance(count: int) -> None:
            bar.update(count)

        whole = not missing or render_shards(assets, out, plan, missing, processes, advance)
    if not whole:
        raise RenderError("Stopped. What is done is kept: the same command continues from here.")
    write_png(out / "contact.png", contact_sheet(read_pictures(out, plan, range(min(faces, SHEET)))))
    click.echo(f"{faces} faces of {size} x {size} pixels in {out}.")


if __name__ == "__main__":
    command()

"""`python -m dashboard rescore`, `bank` and `merge`: scores of many faces, whole or in slices."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from dashboard.bulk.merging import merge as merge_slices
from dashboard.bulk.open_work import open_work
from dashboard.bulk.plan import WHOLE, Slice
from dashboard.bulk.scored import BankRequest, BankWork, RescoreRequest, RescoreWork
from dashboard.bulk.slices import folder_of, read_plan
from dashboard.commands.group import ended_tidily
from dashboard.commands.printed_progress import progress
from dashboard.commands.slices import SLICE, run_slice, write_slice
from dashboard.commands.spread import WORKERS, spread
from dashboard.errors import InputError
from dashboard.settings import load_settings

FILE = click.Path(path_type=Path)
MODEL = click.option("--model", default="", help="Name or folder of the model [LIKENESS_MODEL, else the first].")
ENGINE = click.option("--engine", type=click.Choice(["auto", "openvino", "tensorflow"]), help="[LIKENESS_ENGINE]")
SEED = click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True,
                    help="Seed of the random faces.")  # fmt: skip


@click.command
@MODEL
@click.option("--bases", type=click.IntRange(1, 1_000_000), default=500, show_default=True, help="Random faces.")
@SEED
@click.option("--lock", "locks", multiple=True, metavar="ATTRIBUTE", help="Lock this direction; may be repeated.")
@click.option("--out", type=FILE, required=True, help="File for the arrays, .npz.")
@ENGINE
@SLICE
@WORKERS
def rescore(
    model: str, bases: int, seed: int, locks: tuple[str, ...], out: Path, engine: str | None, part: Slice | None,
    workers: str | None,
) -> None:  # fmt: skip
    """Move every attribute to every step on random faces, and write the scores of all pictures."""
    request = RescoreRequest(bases, seed, locks, engine or load_settings().engine)
    _write(RescoreWork(_loaded(model, request.engine), request), part, out, "bases", workers)


@click.command
@MODEL
@click.option("--faces", type=click.IntRange(1, 10_000_000), default=20_000, show_default=True, help="Random faces.")
@SEED
@click.option("--out", type=FILE, required=True, help="File for the arrays, .npz.")
@ENGINE
@SLICE
@WORKERS
def bank(
    model: str, faces: int, seed: int, out: Path, engine: str | None, part: Slice | None, workers: str | None
) -> None:
    """Score random faces, and write their latents, scores and features."""
    request = BankRequest(faces, seed, engine or load_settings().engine)
    _write(BankWork(_loaded(model, request.engine), request), part, out, "faces", workers)


@click.command
@click.argument("result", type=FILE)
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--manifest", type=FILE, help="Of faces as PNG files: CSV with a row per picture.")
@click.option("--remove", is_flag=True, help="Remove the slices once the result is complete.")
def merge(result: Path, folders: tuple[Path, ...], manifest: Path | None, remove: bool) -> None:
    """Write RESULT, a file or folder of faces, rescore or bank, from its slices.

    FOLDERS have the slices; omitted, RESULT.slices. Several are of the same work on several machines.
    """
    if result.name in ("", "..") or result.suffix == ".slices":
        raise InputError(f"Expected the file or folder of the result. Received: {result}. Leave .slices out.")
    given = list(folders or (folder_of(result),))
    plan = read_plan(given[0])
    png = plan.options.get("form") == "png"
    if manifest is not None and not png:
        raise InputError("Expected --manifest with faces as PNG files. Received: an array. Leave it out.")
    _merge(given, result, plan.rows)
    if manifest is not None:
        from dashboard.commands.faces import write_faces_manifest

        write_faces_manifest(open_work(plan), manifest)  # type: ignore[arg-type]  # PNG files are of faces
    if remove:
        for folder in given:
            shutil.rmtree(folder)
    noun = {"rescore": "bases", "bank": "scored faces"}.get(plan.kind, "faces")
    click.echo(f"{plan.rows:,} {noun} of {plan.model} are in {plan.request.get('pictures') if png else result}")


def _loaded(model: str, engine: Any) -> Any:
    from dashboard.api import load_model

    return load_model(model, engine, load_settings().threads or None)


def _write(work: RescoreWork | BankWork, part: Slice | None, out: Path, noun: str, workers: str | None) -> None:
    if out.suffix != ".npz":
        raise InputError(f"Expected a file .npz. Received: {out.name}. Change its ending.")
    if part is not None and workers:
        raise InputError("Expected --workers or --slice. Received: both. Leave one out.")
    if part is not None:
        write_slice(work, part, out)
        return
    # The whole is one slice, so that an interrupted command continues, and the result has the same bytes.
    if workers:
        folder = spread(work, out, work.loaded.model.config.resolution)
    else:
        folder = folder_of(out)
        run_slice(work, WHOLE, folder)
    _merge([folder], out, work.plan.rows)
    shutil.rmtree(folder)
    click.echo(f"{work.plan.rows:,} {noun} of {work.plan.model} are in {out}")


def _merge(folders: Sequence[Path], target: Path, rows: int) -> None:
    with ended_tidily(), progress(rows, "rows") as bar:
        merge_slices(folders, target, bar.update)

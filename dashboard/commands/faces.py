"""`python -m dashboard faces` and `latents`: many faces, as pictures or as arrays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from dashboard.api import BATCH, load_model
from dashboard.bulk.array_output import write_npy
from dashboard.bulk.face_latents import latents_of, read_label_rows
from dashboard.bulk.faces import FaceRequest, FacesWork
from dashboard.bulk.merging import merge
from dashboard.bulk.plan import BLOCK, Slice
from dashboard.commands.drawing import PICTURE, TRUNCATION, drawing_options, with_options
from dashboard.commands.group import ended_tidily
from dashboard.commands.printed_progress import progress
from dashboard.commands.slices import SLICE, write_slice
from dashboard.commands.spread import WORKERS, spread
from dashboard.entanglement.picture_manifest import plain_row, write_manifest
from dashboard.errors import InputError
from dashboard.faces.attribute_layers import canonical_layers, read_layers
from dashboard.settings import load_settings

FILE = click.Path(path_type=Path)
LABELS = click.option("--labels", "label_file", type=FILE, help="(N, labels) array in a .npy file; zeros if omitted.")


def shared(command: Any) -> Any:
    """Return the options that both commands have."""
    for option in reversed(
        (
            click.option("--model", default="", help="Name or folder of the model [LIKENESS_MODEL, else the first]."),
            click.option("--seeds", help="Such as 0-63, or 4217,1000.83."),
            click.option("--latents", "latent_file", type=FILE, help="File of latents, instead of seeds."),
            click.option("--pin", "pins", multiple=True, metavar="ATTRIBUTE=VALUE", help="Hold a coordinate, in σ."),
            click.option(
                "--layers",
                "ranges",
                multiple=True,
                metavar="ATTRIBUTE=LAYERS",
                help="Layers that a pinned attribute acts on: coarse, middle, fine, or numbers such as 0-3.",
            ),
        )
    ):
        command = option(command)
    return command


@click.command
@shared
@LABELS
@with_options(*TRUNCATION, *PICTURE)
@click.option("--out", type=FILE, help="Folder for a PNG file of each face.")
@click.option("--npy", type=FILE, help="File for one array (N, H, W, C).")
@click.option("--dtype", type=click.Choice(["float32", "uint8"]), default="float32", show_default=True,
              help="Of --npy: float32 network output (-1 black, 1 white), or bytes.")  # fmt: skip
@click.option("--engine", type=click.Choice(["auto", "openvino", "tensorflow"]), help="[LIKENESS_ENGINE, else auto]")
@click.option("--batch", type=click.IntRange(1, 256), default=BATCH, show_default=True, help="Faces at a time.")
@click.option("--manifest", type=FILE, help="CSV with a row per picture: its face and its model.")
@click.option("--traversals", type=click.IntRange(2, 5000), metavar="BASES",
              help="Instead of seeds: the pictures of the measured effects, for another judge to score.")  # fmt: skip
@click.option("--lock", "locks", multiple=True, metavar="ATTRIBUTE", help="With --traversals: lock this direction.")
@SLICE
@WORKERS
def faces(
    model: str, seeds: str | None, latent_file: Path | None, pins: tuple[str, ...], ranges: tuple[str, ...],
    label_file: Path | None, psi: float, cutoff: int | None, noise: str, translate: str, rotate: float,
    w_file: Path | None, out: Path | None, npy: Path | None, dtype: str, engine: Any, batch: int, manifest: Path | None,
    traversals: int | None, locks: tuple[str, ...], part: Slice | None, workers: str | None,
) -> None:  # fmt: skip
    """Make faces: PNG files in a folder (--out), or one array (--npy)."""
    if manifest is not None and out is None:
        raise InputError("Expected --manifest with --out. Received: no folder. Add --out.")
    if part is not None and (manifest is not None or traversals):
        raise InputError("Expected --slice without --manifest and --traversals. Received: both. Use merge --manifest.")
    if workers and (part is not None or traversals):
        raise InputError("Expected --workers without --slice and --traversals. Received: both. Leave one out.")
    if locks and not traversals:
        raise InputError("Expected --lock with --traversals. Received: --lock alone. Add --traversals.")
    if (out is None) == (npy is None):
        raise InputError(f"Expected either --out or --npy. Received: {'both' if out else 'neither'}.")
    engine = engine or load_settings().engine
    loaded = load_model(model, engine, load_settings().threads or None)
    if traversals:
        from dashboard.commands.traversal_pictures import write_traversals

        if out is None or manifest is None or seeds or latent_file or pins or ranges or label_file or w_file:
            raise InputError(
                "Expected --traversals with --out and --manifest, and no seeds, latents, labels, pins, layers or w. "
                "Received: others. Change them."
            )
        with ended_tidily():
            click.echo(write_traversals(loaded, traversals, locks, out, manifest, batch))
        return
    request = FaceRequest(
        seeds=seeds,
        pins=held_pins(pins),
        layers=held_layers(ranges),
        latents=_absolute(latent_file),
        labels=_absolute(label_file),
        w=_absolute(w_file),
        options=drawing_options(loaded.model.config, psi, cutoff, noise, translate, rotate),
        batch=batch,
        dtype=dtype,
        engine=engine,
        pictures=_absolute(out),
    )
    work = FacesWork(loaded, request)
    if work.latents.note:
        click.echo(work.latents.note, err=True)
    if part is not None:
        write_slice(work, part, npy or out)  # type: ignore[arg-type]  # one of both is given
        return
    if workers:
        target = npy or out
        assert target is not None
        folder = spread(work, target, loaded.model.config.resolution)
        merge([folder], target)
        shutil.rmtree(folder)
        if manifest is not None:
            write_faces_manifest(work, manifest)
        click.echo(f"{len(work.latents):,} faces of {loaded.name} are in {target}")
        return
    with ended_tidily(), progress(len(work.latents)) as bar:
        if npy is not None:
            write_npy(npy, _shown(work.blocks(), bar), len(work.latents), work.shape, np.dtype(dtype))
        for number in range(-(-len(work.latents) // BLOCK) if out is not None else 0):
            bar.update(work.write_pictures(number))
    if manifest is not None:
        write_faces_manifest(work, manifest)
    click.echo(f"{len(work.latents):,} faces of {loaded.name} are in {npy or out}")


@click.command
@shared
@LABELS
@with_options(*TRUNCATION)
@click.option("--space", type=click.Choice(["z", "w", "w+", "s"]), default="z", show_default=True,
              help="Latents, or the inputs of a StyleGAN's layers: w, rows of w, or all styles.")  # fmt: skip
@click.option("--out", type=FILE, required=True, help="File for the array (N, L), float32.")
def latents(
    model: str, seeds: str | None, latent_file: Path | None, pins: tuple[str, ...], ranges: tuple[str, ...],
    label_file: Path | None, psi: float, cutoff: int | None, space: Any, out: Path,
) -> None:  # fmt: skip
    """Write the latents of faces, with pins held: one array, on the sphere where the model normalises latents."""
    loaded = load_model(model)
    options = drawing_options(loaded.model.config, psi, cutoff)
    wanted = latents_of(loaded, seeds, latent_file, held_pins(pins), held_layers(ranges), options)
    if wanted.note:
        click.echo(wanted.note, err=True)
    labels = read_label_rows(loaded, label_file, len(wanted))

    if wanted.space == "w" and (space == "z" or labels is not None):
        raise InputError(
            "Expected --space w, w+ or s and no labels: the directions of this model live in w. Received: pins with "
            f"{'labels' if labels is not None else '--space z'}. Change it."
        )
    if wanted.space == "w+":
        if space not in ("w+", "s") or labels is not None:
            raise InputError(
                "Expected --space w+ or s and no labels: with --layers a face has a row of w for each layer. Received: "
                f"{'labels' if labels is not None else f'--space {space}'}. Change it."
            )
        options = replace(options, psi=1.0, cutoff=None)  # the rows are truncated already
    options = replace(options, space=wanted.space)

    def block(first: int) -> np.ndarray:
        rows = wanted.block(first, BLOCK)
        if space == wanted.space:
            return rows.astype(np.float32)
        return loaded.styles(rows, None if labels is None else labels[first : first + BLOCK], space, options)

    head = block(0)
    blocks = (head if not first else block(first) for first in range(0, len(wanted), BLOCK))
    with ended_tidily(), progress(len(wanted), "latents") as bar:
        write_npy(out, _shown(blocks, bar), len(wanted), head.shape[1:], np.dtype(np.float32))
    click.echo(f"{len(wanted):,} latents of {loaded.name} are in {out}")
    if space == "s":
        click.echo("Numbers per layer: " + ", ".join(f"{name} {n}" for name, n in loaded.style_sizes().items()))


def write_faces_manifest(work: FacesWork, file: Path) -> None:
    """Write the manifest of PNG files."""
    wanted = work.latents
    names = [(f"{wanted.name(k)}.png", wanted.face(k)) for k in range(len(wanted))]
    write_manifest(file, (plain_row(work.loaded.model, name, *face) for name, face in names))


def held_pins(texts: tuple[str, ...]) -> dict[str, float]:
    """Read pins such as Smiling=2.2.

    Raises:
        InputError: a text is not a pin, or an attribute is named twice.
    """
    pins = dict(map(_pin, texts))
    if len(texts) > len(pins):
        raise InputError("Expected every attribute once. Received: one of them twice. Keep one of its pins.")
    return pins


def held_layers(texts: tuple[str, ...]) -> dict[str, str]:
    """Read layers of attributes such as Smiling=coarse; those of all layers are left out.

    Raises:
        InputError: a text is not such layers, or an attribute is named twice.
    """
    return dict(canonical_layers(pair for text in texts for pair in read_layers(text)))


def _pin(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise InputError(f"Expected a pin such as Smiling=2.2. Received: {text[:64]}.") from None


def _absolute(file: Path | None) -> str | None:
    return None if file is None else str(file.absolute())


def _shown(blocks: Iterator[np.ndarray], bar: Any) -> Iterator[np.ndarray]:
    for block in blocks:
        yield block
        bar.update(len(block))

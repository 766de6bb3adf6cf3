"""`python -m dashboard faces --traversals`: the pictures of a re-scoring run, and their manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dashboard.api import LoadedModel
from dashboard.bulk.picture_files import write_picture
from dashboard.commands.printed_progress import progress
from dashboard.entanglement.picture_manifest import Row, traversal_pictures, write_manifest
from dashboard.errors import InputError


def write_traversals(
    loaded: LoadedModel, bases: int, locked: Sequence[str], out: Path, manifest: Path, batch: int
) -> str:
    """Compute the pictures.

    Args:
        loaded: the model.
        bases: number of people.
        locked: names of the locked attributes.
        out: folder for the PNG files.
        manifest: file for the rows.
        batch: pictures per batch.

    Returns:
        A summary in one sentence.

    Raises:
        InputError: the model has no directions, or none of these names.
    """
    from dashboard.faces.encoding import encode
    from dashboard.synthesis.pixels import to_bytes

    unknown = next((name for name in locked if name not in loaded.attributes), None)
    if unknown is not None or not loaded.attributes:
        raise InputError(
            f"Expected attributes of {loaded.name} ({', '.join(loaded.attributes) or 'none'}). "
            f"Received: {(unknown or 'none')[:64]}. Choose others."
        )
    out.mkdir(parents=True, exist_ok=True)
    made: list[Row] = []
    with progress(bases, "people") as bar:
        for rows, latents in traversal_pictures(loaded.model, bases, locked):
            drawn, options = loaded.model.drawn(latents)
            blocks = loaded.stream(drawn, batch=batch, options=options)
            for row, picture in zip(rows, (each for block in blocks for each in to_bytes(block)), strict=True):
                write_picture(out / row[0], encode(picture, "png"))
            made += rows
            bar.update(1)
    write_manifest(manifest, made)
    return f"{len(made):,} pictures of {bases:,} people are in {out}, their manifest in {manifest}"

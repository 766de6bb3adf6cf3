"""The manifest of pictures for another judge: a row for each, with the face, the slider and the step.

A re-scoring run has the pictures that the model's own scorer reads: each slider at each step on each base, and each
base itself, which gives the standard deviations of the other judge's scores.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.rescoring import STEPS, moved_latents
from dashboard.entanglement.rescoring_results import SEED
from dashboard.faces.face import Face, Seed
from dashboard.stores.durable import write_file
from dashboard.synthesis.model import Model

COLUMNS = ("picture", "face", "base", "moved", "step", "locked", "model", "digest")

JOINED = "+"
"""Separator between names of locked attributes."""

Row = tuple[str, ...]
"""Texts of a row, in the order of `COLUMNS`; moved, step and locked are empty for faces outside a run."""


def write_manifest(path: Path, rows: Iterable[Row]) -> None:
    """Write rows as CSV, atomically."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    write_file(path, text.getvalue().encode())


def plain_row(model: Model, picture: str, face: str, base: str) -> Row:
    """Return the row of a face outside a run."""
    return picture, face, base, "", "", "", model.name, model.digest


def traversal_pictures(
    model: Model, bases: int, locked: Sequence[str] = ()
) -> Iterator[tuple[list[Row], NDArray[np.float64]]]:
    """List the pictures of a run of re-scoring, base by base.

    Args:
        model: the model.
        bases: number of bases, the first rows of the run's seed.
        locked: names of the locked attributes.

    Returns:
        For each base the rows of its pictures, itself first, and their latents (n, L), without infeasible steps.
    """
    latents = model.points(np.random.RandomState(SEED).randn(bases, model.config.latent_size))
    held = [name for name in model.names if name in locked]
    columns, held_names = [model.column(name) for name in held], JOINED.join(held)
    tail = "_locked" if held else ""
    for k, base in enumerate(latents):
        seed = Seed(SEED, k)
        own = dict(zip(model.names, (round(float(at), 4) for at in base @ model.directions), strict=True))
        made, missing = moved_latents(
            k, base, model.directions, list(model.names), range(len(model.names)), columns, STEPS,
            model.normalised,
        )  # fmt: skip
        gone = {(each.attribute, each.value) for each in missing}
        rows, parts = [plain_row(model, f"{seed}.png", str(Face(seed)), str(seed))], [base]
        for i, name in enumerate(model.names):
            for t, step in enumerate(STEPS):
                if (i, step) in gone:
                    continue
                pins = {**{other: own[other] for other in held if other != name}, name: step}
                face = Face(seed, tuple(sorted(pins.items())))
                picture = f"{seed}_{name}_{step:+g}{tail}.png"
                rows.append((picture, str(face), str(seed), name, f"{step:g}", held_names, model.name, model.digest))
                parts.append(made[i, t])
        yield rows, np.stack(parts)

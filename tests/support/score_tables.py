"""Manifests and tables of scores: by "another" network, the model's own scorer; and of random faces."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.entanglement.picture_manifest import Row, plain_row, traversal_pictures, write_manifest
from dashboard.synthesis.model import Model
from dashboard.synthesis.open_engine import open_engine

FACES = 400
"""Faces of `write_face_scores`, seeds from 0."""


def write_score_tables(model: Model, folder: Path, people: int, change: Any = lambda row: row) -> tuple[Path, Path]:
    """Write a manifest, and scores of its pictures in another order.

    Args:
        model: the model.
        folder: where both are written.
        people: whose sliders are moved.
        change: applied to each row of the manifest.

    Returns:
        Paths of manifest and scores.
    """
    engine = open_engine(model, "openvino", "exact", 1)
    rows, scores = [], []
    for manifest_rows, latents in traversal_pictures(model, people):
        rows += [change(row) for row in manifest_rows]
        scores.append(engine.run(latents.astype(np.float32), outputs=("scores",))["scores"])
    write_manifest(folder / "manifest.csv", rows)
    lines = ["file,smiling,Male,Mouth Open,Colour"]
    columns = [model.names.index(name) for name in ("Smiling", "Male", "Mouth_Open")]
    for row, values in zip(rows, np.concatenate(scores)[:, columns], strict=True):
        lines.append(",".join([f"/there/{row[0]}", *(f"{value:.6f}" for value in values), "blue"]))
    (folder / "scores.csv").write_text("\n".join(lines[:1] + lines[:0:-1]))
    return folder / "manifest.csv", folder / "scores.csv"


def true_columns(model: Model) -> np.ndarray:
    """Return the two directions (L, 2) that the scores of `write_face_scores` grow along."""
    return np.linalg.qr(np.random.default_rng(3).standard_normal((model.size, 2)))[0]


def face_rows(model: Model) -> list[Row]:
    """Return the rows of a manifest of random faces."""
    return [plain_row(model, f"seed-{seed}.png", f"1:{seed}", str(seed)) for seed in range(FACES)]


def write_face_scores(
    model: Model, folder: Path, change: Callable[[list[str]], list[str]] = lambda cells: cells
) -> tuple[Path, Path]:
    """Write scores of random faces that grow along two directions, in another order, and the manifest of the faces.

    Args:
        model: any.
        folder: where both are written.
        change: applied to each row of the scores.

    Returns:
        Paths of scores and manifest.
    """
    z = np.stack([np.random.RandomState(seed).randn(model.config.latent_size) for seed in range(FACES)])
    scores = model.points(z) @ true_columns(model) + 0.1 * np.random.default_rng(4).standard_normal((FACES, 2))
    write_manifest(folder / "manifest.csv", face_rows(model))
    with (folder / "scores.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["File", "old_age", "Smiling", "site", "always"])
        for seed in reversed(range(FACES)):
            numbers = [f"{scores[seed, 0]:.5f}", "" if seed % 50 == 0 else f"{scores[seed, 1]:.5f}"]
            out.writerow(change([f"/there/seed-{seed}.png", *numbers, "Oslo", "3"]))
    return folder / "scores.csv", folder / "manifest.csv"

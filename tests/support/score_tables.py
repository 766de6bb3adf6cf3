"""A manifest, and a table of scores by "another" network: the model's own scorer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from dashboard.entanglement.picture_manifest import traversal_pictures, write_manifest
from dashboard.synthesis.model import Model
from dashboard.synthesis.open_engine import open_engine


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

"""Numbers of a face as files: its latent as NPY; coordinates and scores as CSV and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import numpy as np

from dashboard.faces.answers import AttributeNumbers, NumbersAnswer, as_text
from dashboard.faces.bases import coordinates_of
from dashboard.faces.drawing import drawing_of
from dashboard.faces.face import Face
from dashboard.synthesis.model import Model


def latent_file(face: Face, model: Model) -> bytes:
    """Write the latent of a face as NPY: float32, as `numpy.load` and the command `faces` read it.

    Returns:
        (1, L) of z for `--latents`, of w for `--w`, before truncation; (1, layers, L) of w+ for `--w`, truncated, if
        attributes act on some layers only.
    """
    stream = io.BytesIO()
    np.save(stream, drawing_of(face, model).latent[None], allow_pickle=False)
    return stream.getvalue()


def numbers_table(face: Face, model: Model, scores: Mapping[str, float]) -> str:
    """Write a face's numbers as CSV, one line per attribute.

    Args:
        face: the face.
        model: the model.
        scores: by attribute, in bank standard deviations; empty without a scorer.

    Returns:
        model, digest, face, attribute, whether it is pinned, coordinate and score, both in standard deviations.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["model", "digest", "face", "attribute", "pinned", "coordinate", "score"])
    for name, coordinate, pinned, score in _rows(face, model, scores):
        read = "" if score is None else f"{score:.4f}"
        writer.writerow([model.name, model.digest, str(face), name, int(pinned), f"{coordinate:.4f}", read])
    return stream.getvalue()


def numbers_json(face: Face, model: Model, scores: Mapping[str, float]) -> str:
    """Write the same as JSON, with the latent."""
    rows = [
        AttributeNumbers(attribute=name, pinned=pinned, coordinate=round(coordinate, 4), score=score)
        for name, coordinate, pinned, score in _rows(face, model, scores)
    ]
    latent = np.round(drawing_of(face, model).latent.astype(np.float64), 6).tolist()
    answer = NumbersAnswer(model=model.name, digest=model.digest, face=str(face), attributes=rows, latent=latent)
    return as_text(answer, indent=1)


def _rows(face: Face, model: Model, scores: Mapping[str, float]) -> list[tuple[str, float, bool, float | None]]:
    pinned = {name for name, _ in face.pins}
    at = coordinates_of(face, model)
    return [(name, float(value), name in pinned, scores.get(name)) for name, value in zip(model.names, at, strict=True)]

"""Small StyleGANs with random weights, as models."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from support.models import random_variables, tiny_scorer
from support.stylegan_files import nvidia_file
from support.stylegan_reference import random_stylegan2, random_stylegan3

from dashboard.synthesis.imports import attributes_of, import_model
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import Bank, open_model, write_model
from dashboard.synthesis.open_engine import open_engine

NAMES = ("Smiling", "Male", "Young")
"""Directions of `directed`."""

NETWORKS = {"stylegan2": random_stylegan2, "stylegan3": random_stylegan3}


def imported_stylegan(family: str, folder: Path, name: str = "", resolution: int = 16, **settings: Any) -> Model:
    """Write a random network's file and import it.

    Args:
        family: "stylegan2" or "stylegan3".
        folder: an existing folder; the model is in its folder "shelf".
        name: of the model; the family if empty.
        resolution: side of the pictures in pixels.
        settings: as of `random_stylegan2` or `random_stylegan3`.

    Returns:
        The model.
    """
    file = folder / f"{name or family}.pkl"
    file.write_bytes(nvidia_file(NETWORKS[family](resolution=resolution, **settings)))
    return open_model(import_model(file, name or family, folder / "shelf"))


def directed(model: Model) -> Model:
    """Return a model with three correlated directions of w."""
    assert model.w is not None
    random = np.random.RandomState(5)
    normals = random.randn(3, model.size) + random.randn(model.size)
    columns = np.column_stack([model.column_of(normal) for normal in normals])
    return replace(model, attributes=attributes_of(NAMES), directions=columns, gram=columns.T @ columns)


def written(model: Model, folder: Path, bank: int = 0) -> Model:
    """Write a model whose directions live in w as a folder.

    Args:
        model: such as `directed` returns.
        folder: the folder to be; its name is the model's name.
        bank: faces in its bank, with a scorer of its attributes; 0 for a model without a scorer.
    """
    assert model.w is not None
    statistics = {
        "mean": model.w.mean,
        "covariance": model.w.covariance,
        "reach2": np.asarray(model.w.reach2),
        "faces": np.asarray(model.w.faces),
    }
    network = tiny_scorer(model.attributes, size=min(16, model.config.resolution))
    scorer = (network, random_variables(network, 1)) if bank else None

    def write(scored: Bank | None) -> Model:
        return write_model(
            folder,
            model.config,
            model.variables(),
            model.attributes,
            model.directions,
            "CC0-1.0",
            {},
            scorer=scorer,
            bank=scored,
            dtype=np.float32,
            w={name: np.asarray(array, np.float32) for name, array in statistics.items()},
        )

    made = write(None)
    if not bank:
        return made
    z = np.random.RandomState(7).randn(bank, model.config.latent_size).astype(np.float32)
    found = open_engine(made, "openvino", "exact", 1).run(z, outputs=("scores", "features"))
    return write(Bank(7, found["scores"], found["features"], network.attributes))

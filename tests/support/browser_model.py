"""The model of the browser tests: random weights, and correlated attributes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from support.models import correlated_directions, random_variables, tiny_config

from dashboard.synthesis.model_folder import Attribute, Model, write_model

ATTRIBUTES = (
    Attribute("Smiling", "Expression", "binary", (-3.5, 3.5), {"auc": 0.97, "r2": 0.61}),
    Attribute("Mouth_Slightly_Open", "Expression", "continuous", (-3.0, 3.0), {"r2": 0.58}),
    Attribute("Narrow_Eyes", "Expression", "continuous", (-3.0, 3.0), {"r2": 0.33}),
    Attribute("Arched_Eyebrows", "Expression", "continuous", (-3.0, 3.0), {"r2": 0.4}),
    Attribute("Male", "Person", "binary", (-3.0, 3.0), {"auc": 0.99, "r2": 0.83}),
    Attribute("Young", "Person", "continuous", (-3.0, 2.5), {"r2": 0.77}),
    Attribute("Eyeglasses", "Hair and glasses", "binary", (-2.0, 2.4), {"auc": 0.93, "r2": 0.35}),
    Attribute("Gray_Hair", "Hair and glasses", "continuous", (-3.0, 3.0), {"r2": 0.5}),
    Attribute("Silver_Hair", "Hair and glasses", "continuous", (-3.0, 3.0), {"r2": 0.5}),
    Attribute("Yaw", "Camera and light", "continuous", (-3.0, 3.0), {"r2": 0.91}),
)
HIDDEN_AT_FIRST = "Arched_Eyebrows"
"""The fourth of its group, which a first visit does not show."""


def write_browser_model(path: Path) -> Model:
    """Write the model folder.

    Args:
        path: the folder to be.

    Returns:
        The model. Gray_Hair and Silver_Hair point the same way (cosine 0.99), so that they can contradict each other;
        of the others each is correlated with its neighbours.
    """
    config = tiny_config(resolution=64)
    directions = correlated_directions(config.latent_size, len(ATTRIBUTES), correlation=0.6)
    names = [attribute.name for attribute in ATTRIBUTES]
    gray, silver = names.index("Gray_Hair"), names.index("Silver_Hair")
    own = directions[:, silver] - directions[:, gray] * (directions[:, gray] @ directions[:, silver])
    directions[:, silver] = 0.99 * directions[:, gray] + np.sqrt(1 - 0.99**2) * own / np.linalg.norm(own)
    return write_model(
        path,
        config,
        random_variables(config),
        ATTRIBUTES,
        directions,
        licence="CC0-1.0",
        provenance={"made_by": "tests/support/browser_model.py", "faces": 0},
        card="# A small model\n\nRandom weights, for tests.\n",
    )

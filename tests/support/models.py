"""A tiny, complete model folder: random seeded weights, a few attributes, a scorer and a bank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from dashboard.settings import WEIGHTS
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.curves import TrueDirections
from dashboard.synthesis.installed_models import find_model
from dashboard.synthesis.model_folder import Attribute, Bank, Model, write_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.scored_faces import ScoredFaces, ScorerNetwork
from dashboard.synthesis.scorer_config import Kind, ScorerConfig

INCLUDED = find_model("", (WEIGHTS,))
"""Folder of the model that ships with Likeness."""

ATTRIBUTES = (
    Attribute("Smiling", "Expression", "binary", (-3.5, 3.5), {"auc": 0.97, "r2": 0.61}),
    Attribute("Mouth_Open", "Expression", "continuous", (-3.0, 3.0), {"r2": 0.58}),
    Attribute("Male", "Person", "binary", (-3.0, 3.0), {"auc": 0.99, "r2": 0.83}),
    Attribute("Young", "Person", "continuous", (-3.0, 2.5), {"r2": 0.77}),
    Attribute("Pointy_Nose", "Face shape", "continuous", (-2.5, 2.5), {"r2": 0.42}),
    Attribute("Eyeglasses", "Hair and glasses", "binary", (-2.0, 4.0), {"auc": 0.93, "r2": 0.35}),
    Attribute("Yaw", "Camera and light", "continuous", (-3.0, 3.0), {"r2": 0.91}),
    Attribute("Light_Left", "Camera and light", "continuous", (-3.0, 3.0), {"r2": 0.88}),
)


def tiny_config(**options: Any) -> GeneratorConfig:
    """Return a generator of 32 px with at most 32 feature maps; `options` are those of `GeneratorConfig`."""
    return GeneratorConfig(**{"resolution": 32, "fmap_base": 256, "fmap_max": 32, **options})


def random_variables(config: GeneratorConfig | ScorerConfig, seed: int = 0) -> dict[str, np.ndarray]:
    """Draw seeded float32 variables under the network's names, of a spread that lets pictures and scores vary.

    Where the network scales its weights when they are used, they are stored at unit variance; else at He's.
    """
    rng = np.random.default_rng(seed)
    variables: dict[str, np.ndarray] = {}
    for name, shape in config.variables().items():
        spread = 0.2
        if name.endswith("/weight"):
            fan_in = 9 * shape[3] if "Conv0_up" in name else int(np.prod(shape[:-1]))
            scaled = isinstance(config, GeneratorConfig) and config.use_wscale
            spread = 1.0 if scaled else np.sqrt(2 / fan_in)
        variables[name] = np.asarray(rng.normal(scale=spread, size=shape), np.float32)
    if "lod" in variables:
        variables["lod"] = np.zeros((), np.float32)
    # ToRGB adds up 3 to 32 unit features: a third keeps most of the picture between black and white.
    return {name: v * np.float32(0.3) if name.startswith("ToRGB") else v for name, v in variables.items()}


def correlated_directions(latent_size: int, count: int, seed: int = 0, correlation: float = 0.25) -> np.ndarray:
    """Return (L, F) unit columns, each a mixture of its own axis and its left neighbour's."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.normal(size=(latent_size, count)))[0]
    mixed = axes + correlation * np.roll(axes, 1, axis=1)
    return mixed / np.linalg.norm(mixed, axis=0)


def tiny_scorer(attributes: tuple[Attribute, ...] = ATTRIBUTES, size: int = 16, residual: int = 0) -> ScorerConfig:
    """Return a scorer of those attributes with a few feature maps."""
    channels = tuple(4 * (k + 1) for k in range(int(np.log2(size)) - 2))
    names: tuple[str, ...] = tuple(a.name for a in attributes)
    kinds: tuple[Kind, ...] = tuple(a.kind for a in attributes)
    return ScorerConfig(size=size, channels=channels, attributes=names, kinds=kinds, residual=residual)


def write_tiny_model(
    path: Path,
    *,
    seed: int = 0,
    attributes: tuple[Attribute, ...] = ATTRIBUTES,
    correlation: float = 0.25,
    scorer: bool = True,
    judge: bool = False,
    truth: bool = False,
    bank: int = 48,
    bank_seed: int = 7,
    lod: float = 0.0,
    **options: Any,
) -> Model:
    """Write a small model folder that the real code opens.

    Args:
        path: the folder to be; its name is the model's name.
        seed: of every random number in it.
        attributes: a direction is made for each; may be none.
        correlation: share of the neighbour's axis in each direction; 0 makes them orthogonal.
        scorer: whether it comes with an attribute network.
        judge: whether it comes with a second one, wider and of other weights.
        truth: whether it comes with true directions: its own.
        bank: faces in its bank, 0 for none; scored by the model's own scorer, or their coordinates where it has none.
        bank_seed: the seed of the bank's latents.
        lod: the level of detail that the generator shows.
        options: of `GeneratorConfig`, over those of `tiny_config`.

    Returns:
        The model.
    """
    config = tiny_config(**options)
    read = attributes or ATTRIBUTES
    scorer_config, judge_config = tiny_scorer(read), tiny_scorer(read, residual=1)

    def write(scored: Bank | None) -> Model:
        return write_model(
            path,
            config,
            {**random_variables(config, seed), "lod": np.array(lod, np.float32)},
            attributes,
            correlated_directions(config.latent_size, len(attributes), seed, correlation),
            licence="CC0-1.0",
            provenance={"made by": "tests/support/models.py", "seed": seed},
            scorer=(scorer_config, random_variables(scorer_config, seed + 1)) if scorer else None,
            judge=(judge_config, random_variables(judge_config, seed + 2)) if judge and scored else None,
            bank=scored,
            true_directions=_true(config.latent_size, attributes, seed, correlation) if truth else None,
            card="# A tiny model\n\nRandom weights, for tests.\n",
        )

    model = write(None)
    second = ScorerNetwork(judge_config, random_variables(judge_config, seed + 2)) if judge else None
    return write(_scored(model, bank, bank_seed, second)) if bank else model


def _true(size: int, attributes: tuple[Attribute, ...], seed: int, correlation: float) -> TrueDirections:
    """Take a model's own directions for the true ones."""
    none = np.zeros(len(attributes))
    columns = correlated_directions(size, len(attributes), seed, correlation)
    return TrueDirections(columns, r2=none + 1, angle=none, low=none, high=none)


def _scored(model: Model, count: int, seed: int, judge: ScorerNetwork | None = None) -> Bank:
    """Score the model's own faces with its scorer; where it has none, coordinates and no features."""
    latents = np.random.RandomState(seed).randn(count, model.config.latent_size)
    if model.scorer is None:
        return Bank(seed, latents @ model.directions, np.zeros((count, 64)), model.names)
    received = open_engine(model, "openvino", "exact").run(latents, outputs=("scores", "features"))
    read = received["scores"]
    judged = None if judge is None else ScoredFaces(model, [judge], 1).scores(latents, [0])
    return Bank(seed, read, received["features"], model.scorer.attributes, judged)

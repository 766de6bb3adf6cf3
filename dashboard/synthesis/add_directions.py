"""Adding directions to a model that was imported without."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dashboard.errors import InputError
from dashboard.synthesis.imports import DIRECTIONS_SOURCE, attributes_of
from dashboard.synthesis.model_folder import open_model, write_model
from dashboard.synthesis.official.directions import read_directions
from dashboard.synthesis.official.generators import PGGAN_SOURCE, STYLEGAN_SOURCE


def add_directions(folder: Path, path: Path) -> Path:
    """Write a model folder again, with TL-GAN's directions.

    Args:
        folder: a model that was imported without directions.
        path: TL-GAN's direction file.

    Returns:
        The folder; its generator is unchanged, its digest is new.

    Raises:
        OfficialFileError: the file is not a TL-GAN direction file.
        InputError: the model has directions, was not imported, has latents of another size, or its directions live in
            w, while TL-GAN's are in z.
        ModelError: the folder cannot be used.
    """
    model = open_model(folder)
    if model.attributes or model.provenance.get("source") not in (PGGAN_SOURCE, STYLEGAN_SOURCE):
        raise InputError(
            f'Expected a model that was imported without directions. Received: "{model.name}", '
            f"which has {len(model.attributes)}. Import the network again under another name."
        )
    if model.space != "z":
        raise InputError(
            f'Expected a model whose directions live in z, as TL-GAN\'s do. Received: "{model.name}", in '
            f"{model.space}. Import the network again with directions in z."
        )
    found = read_directions(path)
    size = model.config.latent_size
    if found.directions.shape[0] != size:
        raise InputError(
            f"Expected directions of {size} numbers, the network's latent size. "
            f"Received: {found.directions.shape[0]}. Choose the directions that were found for this network."
        )
    card = folder / "MODEL_CARD.md"
    text = card.read_text(encoding="utf-8") if card.is_file() else f"# {model.name}\n"
    write_model(
        folder,
        model.config,
        model.variables(),
        attributes_of(found.names),
        found.directions,
        model.licence,
        {**model.provenance, "directions": {"source": DIRECTIONS_SOURCE, **found.provenance}},
        card=f"{text}\nTL-GAN's directions of {len(found.names)} attributes were added later.\n",
        dtype=np.float32,
    )
    return folder

"""From official files to a model folder: a generator of PG-GAN or StyleGAN, and TL-GAN's directions beside it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from dashboard.errors import InputError, ModelError
from dashboard.synthesis.celeba import GROUP_OF, OTHERS
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.manifest import Attribute, check_name
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import write_model
from dashboard.synthesis.official.directions import OfficialDirections, read_directions
from dashboard.synthesis.official.generators import PGGAN_SOURCE as SOURCE
from dashboard.synthesis.official.generators import OfficialGenerator, read_generator
from dashboard.synthesis.stylegan.standard_w import FACES, statistics_of

DIRECTIONS_SOURCE = "TL-GAN direction file"

LICENCE = "CC BY-NC 4.0 for NVIDIA's own networks; for any other, what its author says"

WHOLE_RANGE = (-4.0, 4.0)
"""The whole slider: these directions were not calibrated, so no part of it is marked as doubtful."""

STALE_SECONDS = 24 * 3600.0


def import_model(
    path: Path,
    name: str,
    shelf: Path,
    directions: Path | None = None,
    licence: str = LICENCE,
    title: str | None = None,
    space: Literal["z", "w"] | None = None,
    w_faces: int = FACES,
) -> Path:
    """Create a model folder from official files, atomically.

    Weights stay float32, so that pictures match the original's.

    Args:
        path: a network file: NVIDIA's of PG-GAN, StyleGAN2 or StyleGAN3, or rosinality's of StyleGAN2.
        name: name of the new model and its folder.
        shelf: the folder for model folders; created with mode 0700 if missing.
        directions: TL-GAN's direction file, or None for a model without attributes.
        licence: terms of the weights.
        title: original name of an uploaded network file; None for the name of `path`.
        space: in which directions of the model live; None for w where the network has it and no directions are given,
            else z. TL-GAN's directions are in z.
        w_faces: random faces of the mean, covariance and components of w, 10,000 to 1,000,000.

    Returns:
        The model's folder.

    Raises:
        OfficialFileError: a file has another format.
        InputError: the name is invalid or taken, or the directions have another latent size.
        ModelError: another import has taken the name in the meantime.
        OSError: a file cannot be read, or the folder not written.
    """
    try:
        check_name(name)
    except ModelError as error:
        raise InputError(str(error)) from error
    folder = shelf / name
    if folder.exists():
        raise InputError(
            f'Expected no model "{name}" yet. Received: one that is there. Choose another name, or remove that one.'
        )
    # The small file first, to report its errors early.
    found = read_directions(directions) if directions else None
    network = read_generator(path)
    size = network.config.latent_size
    w = _statistics(network, space, found is not None, w_faces)
    if found and found.directions.shape[0] != size:
        raise InputError(
            f"Expected directions of {size} numbers, the network's latent size. "
            f"Received: {found.directions.shape[0]}. Name the directions that were found for this network."
        )
    shelf.mkdir(mode=0o700, parents=True, exist_ok=True)
    remove_stale(shelf)
    file = _plain(title or path.name)
    about = f"A network imported from {file}: {network.about}."
    provenance: dict[str, Any] = {"about": about, "source": network.source, "file": file, **network.provenance}
    if found and directions:
        provenance["directions"] = {"source": DIRECTIONS_SOURCE, "file": _plain(directions.name), **found.provenance}
    write_model(
        folder,
        network.config,
        network.variables,
        attributes_of(found.names if found else ()),
        found.directions if found else np.zeros((size if w is None else len(w["mean"]), 0)),
        licence,
        provenance,
        card=_card(name, network, found, licence, provenance, w),
        dtype=np.float32,
        replace=False,
        w=w,
    )
    return folder


def _statistics(
    network: OfficialGenerator, space: Literal["z", "w"] | None, directed: bool, w_faces: int
) -> dict[str, np.ndarray] | None:
    """Return the statistics of w of a network whose directions will live in w; None for z."""
    config = network.config
    if isinstance(config, GeneratorConfig) or space == "z" or (space is None and directed):
        if space == "w":
            raise InputError("Expected directions in z: a PG-GAN has no w. Received: w. Choose z.")
        return None
    if directed:
        raise InputError("Expected directions in z: TL-GAN's are. Received: w. Import without them, or choose z.")
    return statistics_of(config, network.variables, w_faces)


def attributes_of(names: tuple[str, ...]) -> tuple[Attribute, ...]:
    """Return the attributes of directions with only their names; CelebA's are binary."""
    return tuple(
        Attribute(name, GROUP_OF.get(name, OTHERS), "binary" if name in GROUP_OF else "continuous", WHOLE_RANGE, {})
        for name in names
    )


def has_tlgan_directions(model: Model) -> bool:
    """Return whether a model's directions are TL-GAN's own, for which Streamlit's formula z = D (f - 50) / 250 was
    made.
    """
    stated = model.provenance.get("directions")
    return isinstance(stated, dict) and stated.get("source") == DIRECTIONS_SOURCE


def is_celebahq(model: Model) -> bool:
    """Return whether a model is NVIDIA's CelebA-HQ: of its networks the only one of 1024 px."""
    config = model.config
    return model.provenance.get("source") == SOURCE and (config.resolution, config.latent_size) == (1024, 512)


def remove_stale(shelf: Path, now: float | None = None) -> None:
    """Delete unfinished imports older than a day: hidden folders of `write_model`.

    Args:
        shelf: the folder that holds model folders.
        now: the time in seconds; None for the current time.
    """
    before = (time.time() if now is None else now) - STALE_SECONDS
    for folder in shelf.glob(".*-*"):
        if folder.is_dir() and not folder.is_symlink() and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)


def _card(
    name: str,
    network: OfficialGenerator,
    directions: OfficialDirections | None,
    licence: str,
    provenance: dict[str, Any],
    w: Mapping[str, np.ndarray] | None,
) -> str:
    config = network.config
    numbers = sum(array.size for array in network.variables.values()) - 1  # without lod
    rows = {
        "Generator": f"{network.about}, {config.resolution} px, latent {config.latent_size}, {numbers:,} numbers",
        "File": f"{provenance['file']}, {provenance['bytes']:,} bytes",
        "SHA-256": f"`{provenance['sha256']}`",
    }
    if directions:
        stated = provenance["directions"]
        rows["Directions"] = f"TL-GAN's, {len(directions.names)} attributes"
        rows["Their file"] = f"{stated['file']}, {stated['bytes']:,} bytes"
        rows["Their SHA-256"] = f"`{stated['sha256']}`"
    if w is not None:
        rows["Directions live in"] = f"w, standardised over {int(w['faces']):,} random faces"
    rows["Licence"] = _plain(licence)
    table = "\n".join(f"| {key} | {value} |" for key, value in rows.items())
    return (
        f"# {name}\n\nImported from official files. Weights are stored as they were, in float32.\n\n"
        f"| | |\n|---|---|\n{table}\n\n"
        "Nothing was measured here: how well a direction does what its name says is not known, and neither is the\n"
        "range in which faces still look like faces. CelebA's labels are what annotators saw in photographs of\n"
        "celebrities; directions found with them carry their prejudices.\n"
    )


def _plain(text: str) -> str:
    """Return the first 200 characters of a text from outside, without characters special to JSON or Markdown."""
    return "".join(letter if letter.isprintable() and letter not in "|<>`[]" else "_" for letter in text[:200])

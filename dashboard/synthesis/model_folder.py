"""Model folders: a description in ``model.json``, arrays in safetensors files, a digest of every file.

    model.json               schema version, generator and scorer config, digest, licence, provenance, attributes, files
    generator.safetensors    the averaged generator, NVIDIA's variable names; float16, or float32 as it was imported
    directions.safetensors   "directions" (L, F), unit columns, in the order of the attributes; F may be 0
    scorer.safetensors       the attribute network, if there is one
    judge.safetensors        a second one, of another split and architecture, that had no part in finding the directions
    bank.safetensors         "base_seed" (), "scores" (N, S), "features" (N, 64), with a judge "judge_scores" (N, S);
                             latents follow from the seed
    curves.safetensors       what a score is expected to be at each coordinate of its slider, with bands
    true_directions.safetensors  of a generator that was trained on pairs: the regression of each label on the code
    w.safetensors            mean, covariance and reach of w over random faces, if the directions live in w
    atlas.webp               thumbnails of the bank's first faces
    training.safetensors     generator and discriminator as training left them
    MODEL_CARD.md            for people: not digested, so that a corrected sentence breaks nothing
    results/                 what pages would otherwise offer to measure; each result says itself what it is of

docs/decisions/model-folder.md has every tensor with its type, shape and meaning.

The folder's name is the model's name. The digest covers generator and directions: all that a picture depends on.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.errors import ModelError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.curves import Curves, TrueDirections, curve_arrays, true_arrays
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.manifest import (
    MAX_BANK,
    MAX_CURVE_LEVELS,
    MAX_CURVE_STEPS,
    SCHEMA,
    Attribute,
    FileEntry,
    FileName,
    Manifest,
    bank_shapes,
    check_name,
    curve_shapes,
    expected_shapes,
    max_bytes,
    model_digest,
    read_manifest,
)
from dashboard.synthesis.model import Bank, Model
from dashboard.synthesis.scorer_config import ScorerConfig
from dashboard.synthesis.stylegan.standard_w import StandardW
from dashboard.synthesis.tensors import check_shapes, declared_shapes, load_arrays, save_arrays

__all__ = ["Attribute", "Bank", "Model", "open_model", "write_model"]


def open_model(path: Path) -> Model:
    """Read and verify a model folder.

    Args:
        path: the folder.

    Returns:
        The model; every file that its description lists has been checked for length, digest and shapes.

    Raises:
        ModelError: a file is missing, altered or unexpected, or its arrays do not match the description; the message
            names it.
    """
    path = path.absolute()
    return _open(path, path.name)


def write_model(
    path: Path,
    config: NetworkConfig,
    variables: Mapping[str, np.ndarray],
    attributes: Sequence[Attribute],
    directions: np.ndarray,
    licence: str,
    provenance: Mapping[str, Any],
    scorer: tuple[ScorerConfig, Mapping[str, np.ndarray]] | None = None,
    bank: Bank | None = None,
    atlas: bytes | None = None,
    training: Mapping[str, np.ndarray] | None = None,
    card: str | None = None,
    dtype: type[np.floating] = np.float16,
    replace: bool = True,
    limit: int | None = None,
    *,
    judge: tuple[ScorerConfig, Mapping[str, np.ndarray]] | None = None,
    curves: Curves | None = None,
    true_directions: TrueDirections | None = None,
    first_seed: int | None = None,
    w: Mapping[str, np.ndarray] | None = None,
) -> Model:
    """Write a model folder, atomically.

    Args:
        path: the new folder; its name becomes the model's name.
        config: architecture of the generator.
        variables: the generator's variables by NVIDIA's names; stored as ``dtype``.
        attributes: one per column of ``directions``; empty without directions.
        directions: (L, F), columns of any length above zero; stored as unit columns.
        licence: terms of the weights.
        provenance: origin of the model, plain values.
        scorer: config and variables of the attribute network; stored as float16.
        bank: scored faces; a column per score of the scorer, or per attribute without a scorer.
        atlas: a WebP picture of the bank's first faces.
        training: generator and discriminator at the end of training, in their own types.
        card: text of MODEL_CARD.md.
        dtype: float16, or float32 to reproduce the pictures of a float32 file.
        replace: whether an existing folder is replaced; if not, it is an error.
        limit: size limit of the folder in bytes, or None.
        judge: config and variables of a second attribute network; stored as float16.
        curves: expected scores of each slider.
        true_directions: directions of the labels from training on pairs.
        first_seed: seed of the pages' initial face.
        w: statistics of w (`standard_w.statistics_of`) if the directions live in w; None for directions in z.

    Returns:
        The model, read back from the folder.

    Raises:
        ModelError: the parts do not match, ``dtype`` cannot hold a number, the folder exceeds the limit, or it exists
            and must not be replaced; the old folder is unchanged.
    """
    path = path.absolute()
    check_name(path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors: dict[FileName, Mapping[str, np.ndarray]] = {
        "generator.safetensors": _narrow(variables, dtype),
        "directions.safetensors": {"directions": _unit_columns(np.asarray(directions, np.float64))},
    }
    if scorer is not None:
        tensors["scorer.safetensors"] = _narrow(scorer[1])
    if judge is not None:
        tensors["judge.safetensors"] = _narrow(judge[1])
    if bank is not None:
        seed, scores = np.array(bank.base_seed, np.int64), np.asarray(bank.scores, np.float32)
        tensors["bank.safetensors"] = {"base_seed": seed, "scores": scores, **_narrow({"features": bank.features})}
        if bank.judge_scores is not None:
            tensors["bank.safetensors"] |= {"judge_scores": np.asarray(bank.judge_scores, np.float32)}
    if curves is not None:
        tensors["curves.safetensors"] = curve_arrays(curves)
    if true_directions is not None:
        tensors["true_directions.safetensors"] = true_arrays(true_directions)
    if w is not None:
        tensors["w.safetensors"] = w
    if training is not None:
        tensors["training.safetensors"] = training
    with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as scratch:
        folder = Path(scratch) / "new"
        folder.mkdir()
        for name, arrays in tensors.items():
            save_arrays(folder / name, arrays)
        if atlas is not None:
            (folder / "atlas.webp").write_bytes(atlas)
        files = {file.name: (file.stat().st_size, _sha256(file)) for file in sorted(folder.iterdir())}
        manifest = {
            "schema_version": SCHEMA,
            "generator": config.as_dict(),
            "digest": model_digest(
                config,
                [attribute.name for attribute in attributes],
                files["generator.safetensors"][1],
                files["directions.safetensors"][1],
                files["w.safetensors"][1] if w is not None else None,
            ),
            "licence": licence,
            "provenance": dict(provenance),
            "attributes": [asdict(attribute) for attribute in attributes],
            "scorer": scorer[0].as_dict() if scorer else None,
            "judge": judge[0].as_dict() if judge else None,
            "first_seed": first_seed,
            **({"space": "w"} if w is not None else {}),
            "files": {name: {"bytes": size, "sha256": digest} for name, (size, digest) in files.items()},
        }
        (folder / "model.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        if card is not None:
            (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
        _open(folder, path.name)
        if limit is not None:
            _check_total(folder, limit)
        _swap(folder, path, Path(scratch) / "old" if replace else None)
    return open_model(path)


def _open(path: Path, name: str) -> Model:
    check_name(name)
    manifest = read_manifest(path, name)
    for file_name, entry in manifest.files.items():
        _check_file(path / file_name, name, entry, max_bytes(file_name, manifest))
    for file_name, shapes in expected_shapes(manifest).items():
        check_shapes(path / file_name, shapes)
    if "bank.safetensors" in manifest.files:
        _check_bank(path / "bank.safetensors", manifest)
    if "curves.safetensors" in manifest.files:
        _check_curves(path / "curves.safetensors", manifest)
    digest = model_digest(
        manifest.generator,
        [attribute.name for attribute in manifest.attributes],
        manifest.files["generator.safetensors"].sha256,
        manifest.files["directions.safetensors"].sha256,
        manifest.files["w.safetensors"].sha256 if manifest.space == "w" else None,
    )
    if digest != manifest.digest:
        raise ModelError(
            f'Expected model.json of model "{name}" to give the digest {digest}. Received: {manifest.digest}. '
            "Its generator config or its attributes were altered: fetch the model again."
        )
    directions = load_arrays(path / "directions.safetensors", np.float64)["directions"]
    norms = np.linalg.norm(directions, axis=0)
    if not np.allclose(norms, 1.0, atol=1e-3):
        raise ModelError(
            f'Expected directions.safetensors of model "{name}" to hold unit columns. '
            f"Received: a column of length {norms[np.argmax(np.abs(norms - 1.0))]:.4g}. Fetch the model again."
        )
    directions = _unit_columns(directions)
    return Model(
        name=name,
        path=path,
        digest=digest,
        config=manifest.generator,
        attributes=manifest.attributes,
        directions=directions,
        gram=directions.T @ directions,
        licence=manifest.licence,
        provenance=manifest.provenance,
        scorer=manifest.scorer,
        judge=manifest.judge,
        first_seed=manifest.first_seed,
        files={file_name: entry.sha256 for file_name, entry in manifest.files.items()},
        w=_standard_w(path, manifest),
    )


def _standard_w(path: Path, manifest: Manifest) -> StandardW | None:
    """Return the space of the faces if the directions live in w."""
    config = manifest.generator
    if manifest.space != "w" or isinstance(config, GeneratorConfig):
        return None
    found = load_arrays(path / "w.safetensors", np.float64)
    names = tuple(name for name in config.variables() if name.startswith("mapping."))
    if not np.allclose(found["covariance"], found["covariance"].T) or not float(found["reach2"]) > 0:
        raise ModelError(
            f'Expected w.safetensors of model "{path.name}" to hold a covariance. Received: another matrix. '
            "Import the model again."
        )

    def mapping() -> dict[str, np.ndarray]:
        return load_arrays(path / "generator.safetensors", np.float32, names)

    return StandardW(config, found["mean"], found["covariance"], float(found["reach2"]), int(found["faces"]), mapping)


def _check_file(file: Path, name: str, entry: FileEntry, limit: int) -> None:
    advice = "Restore the file, or fetch the model again."
    try:
        size = file.stat().st_size
        if size != entry.bytes or size > limit:
            expected = f"{entry.bytes} bytes" if entry.bytes <= limit else f"at most {limit} bytes"
            raise ModelError(
                f'Expected {file.name} of model "{name}" to be {expected}. Received: {size} bytes. {advice}'
            )
        digest = _sha256(file)
    except OSError as error:
        problem = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise ModelError(f'Expected model "{name}" to hold {file.name}. Received: {problem}. {advice}') from error
    if digest != entry.sha256:
        raise ModelError(
            f'Expected {file.name} of model "{name}" with SHA-256 {entry.sha256}. Received: {digest}: altered. {advice}'
        )


def _check_total(folder: Path, limit: int) -> None:
    sizes = {file.name: file.stat().st_size for file in folder.iterdir()}
    if sum(sizes.values()) > limit:
        largest = ", ".join(f"{name} {sizes[name]}" for name in sorted(sizes, key=lambda name: -sizes[name])[:3])
        raise ModelError(
            f"Expected a model folder of at most {limit} bytes. Received: {sum(sizes.values())} ({largest}). "
            "Make the networks or the bank smaller."
        )


def _check_bank(file: Path, manifest: Manifest) -> None:
    count = (declared_shapes(file).get("scores") or (0,))[0]
    if not 1 <= count <= MAX_BANK:
        raise ModelError(
            f"Expected {file.name} to hold 1 to {MAX_BANK} faces. Received: {count}. Fetch the model again."
        )
    check_shapes(file, bank_shapes(manifest, count))


def _check_curves(file: Path, manifest: Manifest) -> None:
    declared = declared_shapes(file)
    steps, levels = ((declared.get(name) or (0,))[0] for name in ("grid", "levels"))
    if not (2 <= steps <= MAX_CURVE_STEPS and 2 <= levels <= MAX_CURVE_LEVELS):
        raise ModelError(
            f"Expected {file.name} to hold 2 to {MAX_CURVE_STEPS} coordinates and 2 to {MAX_CURVE_LEVELS} levels. "
            f"Received: {steps} and {levels}. Fetch the model again."
        )
    check_shapes(file, curve_shapes(manifest, steps, levels))


def _unit_columns(columns: np.ndarray) -> np.ndarray:
    """Scale the columns to unit length; unit columns are unchanged to the last bit, and so is their digest."""
    norms = np.linalg.norm(columns, axis=0)
    return columns / np.where(np.abs(norms - 1.0) < 1e-12, 1.0, norms)


def _narrow(arrays: Mapping[str, np.ndarray], dtype: type[np.floating] = np.float16) -> dict[str, np.ndarray]:
    """Return the arrays in a narrower type; a number that it cannot hold is an error, not an infinity."""
    narrowed: dict[str, np.ndarray] = {}
    for name, array in arrays.items():
        with np.errstate(over="ignore"):
            narrowed[name] = np.asarray(array).astype(dtype, copy=False)
        if not np.isfinite(narrowed[name]).all():
            largest = np.max(np.abs(array))
            raise ModelError(
                f"Expected finite numbers of at most {np.finfo(dtype).max:g} in {name}. Received: {largest}. "
                "Was the training diverging?"
            )
    return narrowed


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _swap(new: Path, path: Path, old: Path | None) -> None:
    """Move a finished folder to its final path.

    An existing folder is moved to `old`, and back if the second step fails; without `old` it is an error.
    """
    if path.exists():
        if old is None:
            raise ModelError(
                f'Expected no model "{path.name}" yet. Received: one that is there. Choose another name, '
                "or remove that one first."
            )
        path.rename(old)
    try:
        new.rename(path)
    except OSError:
        if old is not None and old.exists():
            old.rename(path)
        raise

"""``model.json``: its schema and its consistency checks."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dashboard.errors import ModelError
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.families import NetworkConfig
from dashboard.synthesis.scorer_config import Kind, ScorerConfig
from dashboard.synthesis.stylegan.standard_w import statistics_shapes
from dashboard.synthesis.tensors import array_bytes

SCHEMA = 2
"""Version of ``model.json``; increased whenever an older dashboard could misread a newer folder. 2: judge, curves, true
directions, first face."""

DIGEST_SCHEME = 1
"""Increased if the digest covers other parts; folders of both schemas have the same digest."""

MAX_MANIFEST_BYTES = 1 << 20
MAX_ATTRIBUTES = 256
MAX_BANK = 100_000
MAX_CURVE_STEPS, MAX_CURVE_LEVELS = 257, 129

FileName = Literal[
    "generator.safetensors",
    "directions.safetensors",
    "scorer.safetensors",
    "judge.safetensors",
    "bank.safetensors",
    "curves.safetensors",
    "true_directions.safetensors",
    "w.safetensors",
    "atlas.webp",
    "training.safetensors",
]

_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_OTHER_MAX_BYTES: dict[FileName, int] = {"atlas.webp": 64 << 20, "training.safetensors": 2 << 30}
_HEADER_ROOM = 2 << 20

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Finite = Annotated[float, Field(allow_inf_nan=False)]


@dataclass(frozen=True)
class Attribute:
    """An attribute that has a direction.

    Args:
        name: CelebA's name if there is one.
        group: heading of its slider.
        kind: "continuous" or "binary".
        range: calibrated smallest and largest coordinate, in standard deviations.
        reliability: quality figures of the direction, e.g. ``{"r2": 0.8}``.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{0,63}$")]
    group: Annotated[str, Field(min_length=1, max_length=64)]
    kind: Kind
    range: tuple[Finite, Finite]
    reliability: dict[str, Finite]

    def __post_init__(self) -> None:
        if not self.range[0] < self.range[1]:
            raise ValueError(
                f"Expected a range of {self.name} from a smaller to a larger number. Received: {self.range}."
            )


class FileEntry(BaseModel):
    """Length and digest of one file."""

    model_config = ConfigDict(extra="forbid")

    bytes: Annotated[int, Field(ge=0)]
    sha256: Digest


class Manifest(BaseModel):
    """The content of ``model.json``; unknown entries are refused."""

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1, 2]
    generator: NetworkConfig
    digest: Digest
    licence: Annotated[str, Field(min_length=1, max_length=2000)]
    provenance: dict[str, Any]
    attributes: Annotated[tuple[Attribute, ...], Field(max_length=MAX_ATTRIBUTES)]
    scorer: ScorerConfig | None
    judge: ScorerConfig | None = None
    first_seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    space: Literal["z", "w"] = "z"
    files: dict[FileName, FileEntry]


def check_name(name: str) -> None:
    """Check a model's name, which is part of addresses and the name of a folder.

    Raises:
        ModelError: the name is not 1 to 64 letters, digits, "_" and "-", or starts with "_" or "-".
    """
    if not _MODEL_NAME.fullmatch(name):
        raise ModelError(
            'Expected a model name of 1 to 64 letters, digits, "_" and "-", the first a letter or digit. '
            f'Received: "{name[:80]}". Choose another name.'
        )


def read_manifest(path: Path, name: str) -> Manifest:
    """Read ``model.json`` and check its consistency.

    Args:
        path: the model's folder.
        name: the model's name, for messages.

    Returns:
        Its content; no other file has been read.

    Raises:
        ModelError: the file is missing, over 1 MiB, of another schema version, or inconsistent.
    """
    file = path / "model.json"
    try:
        size = file.stat().st_size
        text = file.read_bytes() if size <= MAX_MANIFEST_BYTES else b""
    except OSError as error:
        raise ModelError(
            f'Expected the folder of model "{name}" to hold model.json. Received: {error.strerror or error}. '
            "Choose a model folder, or fetch the model again."
        ) from error
    if size > MAX_MANIFEST_BYTES:
        raise ModelError(
            f'Expected model.json of model "{name}" of at most {MAX_MANIFEST_BYTES} bytes. Received: {size} bytes. '
            "Fetch the model again."
        )
    try:
        manifest = Manifest.model_validate_json(text)
    except (ValidationError, OverflowError) as error:
        raise ModelError(
            f'Expected model.json of model "{name}" to be of schema version {SCHEMA}. Received: {_first(error)}. '
            "Fetch the model again, or update the dashboard."
        ) from error
    if problem := _contradiction(manifest):
        raise ModelError(f'Expected model.json of model "{name}" to {problem}. Fetch the model again.')
    return manifest


def model_digest(
    config: NetworkConfig,
    names: Sequence[str],
    generator_sha256: str,
    directions_sha256: str,
    w_sha256: str | None = None,
) -> str:
    """Return the digest of everything on which a picture depends.

    Args:
        config: architecture of the generator.
        names: names of the attributes, in the order of the directions' columns.
        generator_sha256, directions_sha256: digests of the two files.
        w_sha256: digest of the statistics of w, if the directions live in w.

    Returns:
        64 hex digits.
    """
    parts = [DIGEST_SCHEME, config.as_dict(), list(names), generator_sha256, directions_sha256]
    parts += ["w", w_sha256] if w_sha256 else []
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def expected_shapes(manifest: Manifest) -> dict[FileName, dict[str, tuple[int, ...]]]:
    """Return the required shapes of the listed safetensors files; others depend on the files themselves.

    Args:
        manifest: from :func:`read_manifest`.

    Returns:
        For each file, a shape for each tensor.
    """
    shapes: dict[FileName, dict[str, tuple[int, ...]]] = {
        "generator.safetensors": manifest.generator.variables(),
        "directions.safetensors": {"directions": (point_size(manifest), len(manifest.attributes))},
    }
    if manifest.space == "w" and not isinstance(manifest.generator, GeneratorConfig):
        shapes["w.safetensors"] = statistics_shapes(manifest.generator)
    if manifest.scorer:
        shapes["scorer.safetensors"] = manifest.scorer.variables()
    if manifest.judge:
        shapes["judge.safetensors"] = manifest.judge.variables()
    if "true_directions.safetensors" in manifest.files:
        shapes["true_directions.safetensors"] = true_direction_shapes(manifest)
    return shapes


def bank_shapes(manifest: Manifest, count: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a bank of so many faces."""
    features = manifest.scorer.features if manifest.scorer else 64
    shapes = {"base_seed": (), "scores": (count, len(_score_names(manifest))), "features": (count, features)}
    if manifest.judge:
        shapes["judge_scores"] = (count, len(manifest.judge.attributes))
    return shapes


def curve_shapes(manifest: Manifest, steps: int, levels: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of expected-score curves at so many coordinates, with bands of so many levels."""
    cells = (2 if manifest.judge else 1, len(manifest.attributes))
    each = dict.fromkeys(("expected", "mean", "deviation", "present"), (*cells, steps))
    other = {"grid": (steps,), "levels": (levels,), "bands": (*cells, steps, levels), "ends": (*cells, 2), "faces": ()}
    return {**each, **other}


def true_direction_shapes(manifest: Manifest) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the labels' directions from training on pairs."""
    count = len(manifest.attributes)
    figures = dict.fromkeys(("r2", "angle", "low", "high"), (count,))
    return {"directions": (point_size(manifest), count), **figures}


def point_size(manifest: Manifest) -> int:
    """Return the length of a direction: of z, or of w."""
    if manifest.space == "w" and not isinstance(manifest.generator, GeneratorConfig):
        return manifest.generator.style_size
    return manifest.generator.latent_size


def _score_names(manifest: Manifest) -> tuple[str, ...]:
    """Return the names of the bank's columns: the scorer's attributes, or the model's without a scorer."""
    return manifest.scorer.attributes if manifest.scorer else tuple(a.name for a in manifest.attributes)


def max_bytes(file_name: FileName, manifest: Manifest) -> int:
    """Return the size limit of a file, so that nothing larger is read."""
    if file_name in _OTHER_MAX_BYTES:
        return _OTHER_MAX_BYTES[file_name]
    if file_name == "bank.safetensors":
        shapes = bank_shapes(manifest, MAX_BANK)
    elif file_name == "curves.safetensors":
        shapes = curve_shapes(manifest, MAX_CURVE_STEPS, MAX_CURVE_LEVELS)
    else:
        shapes = expected_shapes(manifest)[file_name]
    return array_bytes(shapes) + _HEADER_ROOM


def _contradiction(manifest: Manifest) -> str:
    """Describe an inconsistency of a manifest, as the end of a sentence; empty if there is none."""
    listed, names = set(manifest.files), [a.name for a in manifest.attributes]
    needed: set[FileName] = {"generator.safetensors", "directions.safetensors"}
    if manifest.scorer:
        needed.add("scorer.safetensors")
        size, picture, channels = manifest.scorer.size, manifest.generator.resolution, manifest.generator.num_channels
        if channels != 3 or size > picture:
            return (
                "describe a scorer no larger than the pictures, in their 3 channels. "
                f"Received: size {size} for pictures of {picture} px in {channels}"
            )
    elif "scorer.safetensors" in listed:
        return "describe the scorer that it lists. Received: a file without a description"
    if manifest.judge:
        needed.add("judge.safetensors")
        if manifest.scorer is None or manifest.judge.attributes != manifest.scorer.attributes:
            return "describe a judge of the scorer's attributes. Received: one of others"
        if manifest.judge.size > manifest.generator.resolution:
            return f"describe a judge no larger than the pictures. Received: size {manifest.judge.size}"
    elif "judge.safetensors" in listed:
        return "describe the judge that it lists. Received: a file without a description"
    if manifest.space not in manifest.generator.spaces:
        return f"have directions in {' or '.join(manifest.generator.spaces)}. Received: {manifest.space}"
    if manifest.space == "w":
        needed.add("w.safetensors")
    elif "w.safetensors" in listed:
        return "have directions in w, whose statistics it lists. Received: in z"
    if "curves.safetensors" in listed and manifest.scorer is None:
        return "describe a scorer, whose scores the curves tell. Received: none"
    if absent := sorted(needed - listed):
        return f"list {absent[0]}. Received: {', '.join(sorted(listed)) or 'no files'}"
    if len(set(names)) != len(names):
        return f"name each attribute once. Received: {max(names, key=names.count)} twice"
    return ""


def _first(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])[:100]
    return f"{field}: {first['msg']}" if field else first["msg"]

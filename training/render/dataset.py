"""A data set of rendered faces: shards of pictures and a table of labels, made by several processes, resumable.

    dataset.json       n, size, seed, attributes, version, and everything else on which the pictures depend
    labels.csv         index, then one column per attribute; complete from the start
    images-00000.npy   uint8 (faces, size, size, 3) RGB, `shard` faces each, written one after another

A shard gets its final name only when it is complete. Face i depends on the seed, on i and on the kit, not on the
processes: its code comes from SeedSequence([seed, i]).
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from training.render.attributes import ATTRIBUTES, labels_of
from training.render.chance import NAMES
from training.render.errors import DatasetError
from training.render.formats import ByteArray
from training.render.geometry import Array
from training.render.person import Person, person_of

VERSION = 4
CACHE = "cache"

PART = 2500
"""Faces whose labels one process writes together."""


@dataclass(frozen=True)
class Plan:
    """The plan of a data set.

    Attributes:
        n: number of faces. size: side of the stored pictures. seed: of the persons.
        render: side at which they are drawn before they are reduced.
        styles: hair styles of the kit; the persons depend on them.
        shard: faces in a shard; the last one may hold fewer.
    """

    n: int
    size: int
    seed: int
    render: int
    styles: tuple[str, ...]
    shard: int = 1000

    @property
    def shards(self) -> int:
        """Number of shards."""
        return -(-self.n // self.shard)

    def indices(self, shard: int) -> range:
        """Return the faces of a shard."""
        return range(shard * self.shard, min((shard + 1) * self.shard, self.n))

    def person(self, index: int) -> Person:
        """Return the face `index`."""
        return person_of(self.code(index), self.styles)

    def code(self, index: int) -> Array:
        """Return the numbers that face `index` is drawn from, float32 (len(chance.NAMES),)."""
        chance = np.random.default_rng(np.random.SeedSequence([self.seed, index]))
        return chance.standard_normal(len(NAMES), np.float32)


def shard_path(folder: Path, shard: int) -> Path:
    """Return the path of a shard."""
    return folder / f"images-{shard:05d}.npy"


def open_dataset(folder: Path, plan: Plan) -> list[int]:
    """Prepare a folder: write dataset.json and labels.csv, and list missing shards.

    Args:
        folder: The data set; created if missing.
        plan: What it must hold. An existing data set may grow (a larger n), nothing else may differ.

    Returns:
        The shards that are still to be rendered.

    Raises:
        DatasetError: The folder holds another data set.
    """
    folder.mkdir(parents=True, exist_ok=True)
    description = _description(plan)
    path = folder / "dataset.json"
    if path.exists():
        _check_same(path, description)
    for leftover in folder.glob("*.partial"):
        leftover.unlink()
    write_atomically(path, json.dumps(description, indent=1) + "\n")
    _write_labels(folder, plan)
    return [shard for shard in range(plan.shards) if not _is_whole(folder, plan, shard)]


def read_plan(folder: Path) -> Plan:
    """Read the plan of a data set from its dataset.json.

    Raises:
        DatasetError: there is none, or one of another version.
    """
    path = folder / "dataset.json"
    found = _read_description(path)
    return Plan(found["n"], found["size"], found["seed"], found["render"], tuple(found["styles"]), found["shard"])


def write_shard(folder: Path, shard: int, pictures: ByteArray) -> None:
    """Write a shard; it gets its final name only when it is complete."""
    path = shard_path(folder, shard)
    temporary = path.with_suffix(f".{os.getpid()}.partial")
    with temporary.open("wb") as stream:
        np.save(stream, pictures, allow_pickle=False)
    temporary.replace(path)


def write_atomically(path: Path, text: str) -> None:
    """Write a text file atomically."""
    temporary = path.with_suffix(f".{os.getpid()}.partial")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def read_pictures(folder: Path, plan: Plan, indices: Sequence[int]) -> ByteArray:
    """Return faces of a data set whose shards exist.

    Args:
        folder: The data set.
        plan: Of the data set.
        indices: Which faces.

    Returns:
        uint8 (n, size, size, 3).

    Raises:
        DatasetError: A shard is missing.
    """
    found: list[ByteArray] = []
    for index in indices:
        path = shard_path(folder, index // plan.shard)
        if not path.exists():
            raise DatasetError(f"Expected face {index} in {path}. Received: no such file. Run the render step.")
        found.append(np.load(path, mmap_mode="r", allow_pickle=False)[index % plan.shard])
    return np.stack(found)


def _description(plan: Plan) -> dict[str, Any]:
    attributes = [{"name": a.name, "group": a.group, "kind": a.kind, "meaning": a.meaning} for a in ATTRIBUTES]
    return {"version": VERSION, **asdict(plan), "styles": list(plan.styles), "attributes": attributes}


def _read_description(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DatasetError(
            f"Expected a data set's description in {path}. Received: {error}. Choose another folder."
        ) from error
    if not isinstance(found, dict):
        raise DatasetError(f"Expected a data set's description in {path}. Received: a list. Choose another folder.")
    if found.get("version") != VERSION:
        raise DatasetError(
            f"Expected a data set of version {VERSION} in {path}. Received: version {found.get('version')}, whose "
            "faces were drawn differently. Choose another folder."
        )
    return found


def _check_same(path: Path, wanted: dict[str, Any]) -> None:
    found = _read_description(path)
    different = [name for name in wanted if name not in ("n", "attributes") and found.get(name) != wanted[name]]
    if _names(found) != _names(wanted):
        different.append("attributes")
    if different:
        raise DatasetError(
            f"Expected {path} to describe the same data set. Received: another {', '.join(different)}. "
            "Choose another folder."
        )
    if found.get("n", 0) > wanted["n"]:
        raise DatasetError(
            f"Expected at least {found['n']} faces, as in {path}. Received: {wanted['n']}. Choose another folder."
        )


def _names(description: dict[str, Any]) -> list[str]:
    return [attribute["name"] for attribute in description.get("attributes", [])]


def _write_labels(folder: Path, plan: Plan) -> None:
    temporary = folder / f"labels.{os.getpid()}.partial"
    with temporary.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["index", *(attribute.name for attribute in ATTRIBUTES)])
        writer.writerows(_rows(plan))
    temporary.replace(folder / "labels.csv")


def _rows(plan: Plan) -> Iterable[list[str]]:
    parts = [range(first, min(first + PART, plan.n)) for first in range(0, plan.n, PART)]
    if len(parts) == 1:
        yield from _rows_of(plan, parts[0])
        return
    # Drawing begins when the labels exist, so write them quickly.
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(parts)), multiprocessing.get_context("spawn")) as processes:
        for rows in processes.map(partial(_rows_of, plan), parts):
            yield from rows


def _rows_of(plan: Plan, indices: range) -> list[list[str]]:
    return [[str(k), *(f"{value:.5g}" for value in labels_of(plan.person(k)))] for k in indices]


def _is_whole(folder: Path, plan: Plan, shard: int) -> bool:
    path = shard_path(folder, shard)
    try:
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError):
        return False
    return stored.dtype == np.uint8 and stored.shape == (len(plan.indices(shard)), plan.size, plan.size, 3)

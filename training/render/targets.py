"""Morph targets of the head, ready to be summed; and the pairs that make a two-sided modifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from training.render.errors import KitError
from training.render.formats import FloatArray, IntArray, read_target
from training.render.geometry import Array

OPPOSITES = (
    ("decr", "incr"),
    ("down", "up"),
    ("in", "out"),
    ("backward", "forward"),
    ("concave", "convex"),
    ("compress", "uncompress"),
)


@dataclass(frozen=True, eq=False)
class Modifier:
    """A detail with two signs: the targets of a negative and of a positive amount."""

    negative: tuple[str, ...]
    positive: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Targets:
    """All morph targets that touch the head.

    Macro targets move every vertex and are kept dense, (M, V * 3); details are sparse, (V * 3, T).
    """

    macro_row: dict[str, int]
    macro: FloatArray
    detail_column: dict[str, int]
    detail: sparse.csc_matrix
    modifiers: dict[str, Modifier]

    @property
    def names(self) -> tuple[str, ...]:
        """Every target, by its path below data/targets without the suffix."""
        return (*self.macro_row, *self.detail_column)

    def displacement(self, weights: Mapping[str, float]) -> Array:
        """Return the weighted sum (V, 3). MakeHuman leaves out macro targets that are all average: unknown names add
        nothing.
        """
        chosen = [(name, weight) for name, weight in weights.items() if abs(weight) > 1e-4]
        macro = [(self.macro_row[name], weight) for name, weight in chosen if name in self.macro_row]
        detail = [(self.detail_column[name], weight) for name, weight in chosen if name in self.detail_column]
        total = np.zeros(self.macro.shape[1], np.float32)
        if macro:
            rows, amounts = zip(*macro, strict=True)
            total += np.asarray(amounts, np.float32) @ self.macro[list(rows)]
        if detail:
            columns, amounts = zip(*detail, strict=True)
            total += self.detail[:, list(columns)] @ np.asarray(amounts, np.float32)
        return total.reshape(-1, 3)


def read_targets(folder: Path, position_of: IntArray) -> Targets:
    """Read every .target below a folder.

    Args:
        folder: data/targets of the kit.
        position_of: (base vertices,) the position of each base vertex among those used, or -1.

    Returns:
        Targets.

    Raises:
        KitError: No macro targets, or a malformed file.
    """
    vertices = int(position_of.max()) + 1
    found: dict[str, tuple[IntArray, FloatArray]] = {}
    for path in sorted(folder.rglob("*.target")):
        target = read_target(path)
        if len(target.indices) and target.indices.max() >= len(position_of):
            raise KitError(f"Expected vertices below {len(position_of)} in {path}. Received: {target.indices.max()}.")
        kept = position_of[target.indices] >= 0
        if kept.any():
            name = path.relative_to(folder).with_suffix("").as_posix()
            found[name] = (position_of[target.indices[kept]], target.displacements[kept])
    macro_names = [name for name in found if name.startswith("macrodetails/")]
    detail_names = [name for name in found if not name.startswith("macrodetails/")]
    if not macro_names:
        raise KitError(f"Expected morph targets in {folder / 'macrodetails'}. Received: none. Build the kit again.")
    macro = np.zeros((len(macro_names), vertices, 3), np.float32)
    for row, name in enumerate(macro_names):
        macro[row][found[name][0]] = found[name][1]
    return Targets(
        {name: row for row, name in enumerate(macro_names)},
        macro.reshape(len(macro_names), -1),
        {name: column for column, name in enumerate(detail_names)},
        _sparse([found[name] for name in detail_names], vertices),
        _modifiers(detail_names),
    )


def _sparse(targets: list[tuple[IntArray, FloatArray]], vertices: int) -> sparse.csc_matrix:
    rows = [(indices[:, None] * 3 + np.arange(3)).ravel() for indices, _ in targets]
    columns = [np.full(len(indices) * 3, column) for column, (indices, _) in enumerate(targets)]
    values = [displacements.ravel() for _, displacements in targets]
    joined = [np.concatenate(part) if part else np.zeros(0) for part in (values, rows, columns)]
    shape = (vertices * 3, len(targets))
    return sparse.csc_matrix(
        (joined[0], (joined[1].astype(np.int64), joined[2].astype(np.int64))), shape, dtype=np.float32
    )


def _modifiers(names: list[str]) -> dict[str, Modifier]:
    """Return the detail modifiers under the name of their positive side, without `l-` and `r-` of paired targets."""
    present = set(names)
    modifiers: dict[str, Modifier] = {}
    for name in names:
        folder, _, base = name.rpartition("/")
        if folder.startswith(("expression", "asym")) or base.startswith("r-"):
            continue
        sides = ("l-", "r-") if base.startswith("l-") else ("",)
        core = base.removeprefix("l-")

        def both(stem: str, folder: str = folder, sides: tuple[str, ...] = sides) -> tuple[str, ...]:
            return tuple(path for side in sides if (path := f"{folder}/{side}{stem}") in present)

        word = core.rpartition("-")[2]
        pair = next((pair for pair in OPPOSITES if word in pair), None)
        if pair is None:
            modifiers[f"{folder}/{core}"] = Modifier((), both(core))
        else:
            stem = core[: -len(word)]
            modifiers[f"{folder}/{stem}{pair[1]}"] = Modifier(both(stem + pair[0]), both(stem + pair[1]))
    return modifiers

"""Morph targets of the procedural head: MakeHuman's 490 names, each a small displacement that fits its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from support.head_recipes import (
    ABOVE,
    AGE,
    ASYMMETRIC,
    ASYMMETRIES,
    BELOW,
    DETAILS,
    ENDS,
    ETHNIC,
    MUSCLE,
    NOT_EYES,
    REGIONS,
    SEX,
    SIDED,
    UNITS,
    WEIGHT,
)
from support.head_surface import COLUMNS, HELPERS, MOUTH_Y, RINGS, bump


class Displacements:
    """Displacements of given base vertices (n, 3) under every target."""

    def __init__(self, vertices: np.ndarray) -> None:
        self.vertices = vertices
        self.weights: dict[str, np.ndarray] = {}

    @cached_property
    def outward(self) -> np.ndarray:
        """+1 left of the middle of the face (x > 0), -1 right of it, 0 on it."""
        return np.sign(np.round(self.vertices[:, 0], 3))

    def weight(self, region: str) -> np.ndarray:
        """Return how far (n,), 0 to 1, each vertex belongs to a region and to its mirror image."""
        if region not in self.weights:
            p = self.vertices * [1, 1, 1]
            p[:, 0] = abs(p[:, 0])
            w = np.maximum(bump(p, *REGIONS[region]) - 0.15, 0) / 0.85  # sparse: nothing outside 1.4 radii
            if region == "trunk":
                w[COLUMNS * RINGS :] = 0
            if region in NOT_EYES:
                w[HELPERS["helper-l-eye"][0] : HELPERS["helper-r-eye"][1]] = 0
            if region in ABOVE or region in BELOW:
                w[(p[:, 1] < MOUTH_Y) == (region in ABOVE)] = 0
            self.weights[region] = w
        return self.weights[region]

    def of(self, recipe: str, side: int = 0) -> np.ndarray:
        """Return the displacement (n, 3) of a sum of terms; side +1 or -1 keeps the left or right half only."""
        total = np.zeros_like(self.vertices)
        for term in filter(None, recipe.split("+")):
            region, move, *numbers = term.split()
            step = np.array([float(n) for n in numbers])
            if move == "grow":
                centre = np.array(REGIONS[region][0])
                p = self.vertices - centre * [0, 1, 1]
                p[:, 0] -= self.outward * centre[0]
                d = p * step
            else:
                d = np.broadcast_to(step, self.vertices.shape).copy()
                if move == "push":
                    d[:, 0] *= self.outward
            total += d * self.weight(region)[:, None]
        if side:
            total[self.outward != side] = 0
        return total


def macro_recipes() -> Iterator[tuple[str, str]]:
    """Yield the names and recipes of the macro targets, with the four all-average ones, which touch the trunk only."""
    for sex in SEX:
        for age in AGE:
            for people, recipe in ETHNIC.items():
                yield f"macrodetails/{people}-{sex}-{age}", "+".join((recipe, SEX[sex], AGE[age]))
            for muscle in MUSCLE:
                for weight in WEIGHT:
                    terms = (MUSCLE[muscle], WEIGHT[weight], "trunk grow .1 0 .1")
                    yield f"macrodetails/universal-{sex}-{age}-{muscle}-{weight}", "+".join(filter(None, terms))


def targets(vertices: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield every target: its path below data/targets without its ending, and the displacement (n, 3)."""
    field = Displacements(vertices)
    for name, recipe in macro_recipes():
        yield name, field.of(recipe)
    for row in DETAILS.split("\n")[1:-1]:
        path, letter, recipe = row.split(maxsplit=2)
        folder, stem = path.split("/")
        negative, positive = ENDS[letter]
        for prefix, side in (("l-", 1), ("r-", -1)) if folder in SIDED else (("", 0),):
            d = field.of(recipe, side)
            yield f"{folder}/{prefix}{stem}-{positive}".rstrip("-"), d
            if negative:
                yield f"{folder}/{prefix}{stem}-{negative}", -d
    for row in UNITS.split("\n")[1:-1]:
        stem, recipe = row.split(maxsplit=1)
        for name, side in (("left", 1), ("right", -1)) if "SIDE" in stem else (("", 0),):
            d = field.of(recipe, side)
            for people, strength in (("african", 1.1), ("asian", 0.9), ("caucasian", 1.0)):
                yield f"expression/units/{people}/{stem.replace('SIDE', name)}", strength * d
    for region, count in ASYMMETRIES.items():
        for number in range(count):
            step = ["0 .03 0", "0 0 .03", ".03 0 0", "0 .02 .02"][number % 4]
            d = field.of(f"{ASYMMETRIC.get(region, region)} push {step}", side=1)
            yield f"asym/asym-{region}-{number + 1}-l", d
            yield f"asym/asym-{region}-{number + 1}-r", -d


def target_text(displacement: np.ndarray, kept: np.ndarray, head: str) -> str | None:
    """Return a .target file of the kept vertices (n,) bool that move by a thousandth or more; None if none does."""
    x, y, z = np.abs(displacement.T)
    moved = np.flatnonzero((np.maximum(np.maximum(x, y), z) >= 0.001) & kept)
    if not len(moved):
        return None
    rows = zip(moved.tolist(), (np.round(displacement[moved], 3) + 0.0).tolist(), strict=True)
    return "\n".join([head, *(f"{i} {x:g} {y:g} {z:g}" for i, (x, y, z) in rows)]) + "\n"

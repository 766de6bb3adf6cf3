"""Faces whose attributes lie inside chosen ranges: "someone old, smiling".

A model with a bank is asked for faces of its bank, by their scores. Of one without, faces are drawn until one has its
coordinates in the ranges, and how many there are is counted on the model's own sample.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.analysis.pins import on_sphere
from dashboard.errors import InputError
from dashboard.faces.face import Seed
from dashboard.faces.grammar import format_number
from dashboard.spaces.sample import faces_of, sample_seed, scored_only
from dashboard.synthesis.model import Model

LIMIT = 4.0
"""Standard deviations at the ends of a range; an end there is open, so that every face lies in the full range."""

MAX_LENGTH = 2000
TRIES = 20_000
"""Faces that are drawn, at most, where there is no bank."""

BATCH = 256
SEEDS = 2**32

_RANGE = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9_-]{0,63}):(?P<low>-?\d(?:\.\d{1,4})?):(?P<high>-?\d(?:\.\d{1,4})?)"
)


@dataclass(frozen=True)
class Range:
    """The range of one attribute.

    Args:
        name: of the attribute.
        low: standard deviations, -4 to 4; -4 stands for everything below, too.
        high: likewise, more than `low`; 4 stands for everything above, too.
    """

    name: str
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.name}:{format_number(self.low)}:{format_number(self.high)}"

    def holds(self, values: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Tell of (n,) values which lie inside; what is not a number does not."""
        low = -np.inf if self.low <= -LIMIT else self.low
        high = np.inf if self.high >= LIMIT else self.high
        return (values >= low) & (values <= high)


@dataclass(frozen=True)
class Count:
    """How many faces of the sample match the ranges.

    Args:
        matches: that many.
        of: faces in the sample.
        widen: the range that shuts out most, as (name, matches without it); None where some match.
    """

    matches: int
    of: int
    widen: tuple[str, int] | None


def read_ranges(text: str, model: Model) -> tuple[Range, ...]:
    """Read ranges as an address has them.

    Args:
        text: such as `Smiling:1:4,Young:-4:-1`; empty for none.
        model: whose attributes they are of.

    Returns:
        The ranges, in the order of the text.

    Raises:
        InputError: the text is broken, a range is empty, an attribute is unknown or stands twice.
    """
    if len(text) > MAX_LENGTH:
        raise InputError(f"Expected ranges of at most {MAX_LENGTH} characters. Received: {len(text)}. Choose fewer.")
    ranges = tuple(_read(part) for part in text.split(",")) if text else ()
    names, measured = [each.name for each in ranges], measured_names(model)
    for name in names:
        if name not in measured:
            raise InputError(f"Expected an attribute that is measured. Received: {name}. Choose one from the list.")
        if names.count(name) > 1:
            raise InputError(f"Expected every attribute once. Received: {name} twice. Keep one of its ranges.")
    return ranges


def measured_names(model: Model) -> tuple[str, ...]:
    """Return the attributes that ranges can be chosen for: those with scores in the bank, or else those with
    directions.
    """
    return model.scorer.attributes if model.has_bank and model.scorer else model.names  # as `Model.bank` names columns


def count(model: Model, ranges: tuple[Range, ...]) -> Count:
    """Count the faces of the model's sample that lie inside all ranges.

    Args:
        model: the model.
        ranges: of `read_ranges`.

    Returns:
        The count, and where there are none, which range to widen.
    """
    flags = _flags(model, ranges)
    matches = int(np.count_nonzero(flags.all(axis=1)))
    widen = None if matches or not ranges else _narrowest(ranges, flags)
    return Count(matches, len(flags), widen)


def drawn(model: Model, ranges: tuple[Range, ...], number: int, now: str = "") -> Seed | None:
    """Draw a face in the ranges.

    Args:
        model: the model.
        ranges: of `read_ranges`.
        number: 0 or more; the same number draws the same face.
        now: the base on the page, which is drawn only where there is no other.

    Returns:
        A row of the bank; for a model without one, a seed whose coordinates lie inside. None where none was found.
    """
    if not model.has_bank:
        return _new_seed(model, ranges, number)
    rows = np.flatnonzero(_flags(model, ranges).all(axis=1))
    bases = (Seed(sample_seed(model), int(rows[(number + k) % len(rows)])) for k in range(len(rows)))
    first = next(bases, None)
    return first if str(first) != now else next(bases, first)


def _read(text: str) -> Range:
    found = _RANGE.fullmatch(text)
    given = Range(found["name"], float(found["low"]), float(found["high"])) if found else None
    if given is None or not -LIMIT <= given.low < given.high <= LIMIT:
        raise InputError(
            f"Expected a range such as Smiling:1:4, from -4 to 4. Received: {text[:80]}. Write a name and two numbers."
        )
    return given


def _flags(model: Model, ranges: tuple[Range, ...]) -> NDArray[np.bool_]:
    """Return (n, ranges) which faces of the sample lie inside which range."""
    values = _measured(model, [each.name for each in ranges])
    inside = [each.holds(column) for each, column in zip(ranges, values.T, strict=True)]
    return np.stack(inside, axis=1) if inside else np.ones((len(values), 1), bool)


def _measured(model: Model, names: list[str]) -> NDArray[np.floating]:
    """Return what the faces of the sample measure (n, names): scores in standard deviations over the bank, or
    coordinates.
    """
    if not model.has_bank:
        return faces_of(model).latents @ _columns(model, names)
    scores, scored = scored_only(model)
    chosen = scores[:, [scored.index(name) for name in names]].astype(np.float64)
    spread = chosen.std(axis=0)
    return (chosen - chosen.mean(axis=0)) / np.where(spread > 0, spread, 1)


def _columns(model: Model, names: list[str]) -> NDArray[np.float32]:
    return model.directions[:, [model.column(name) for name in names]].astype(np.float32)


def _narrowest(ranges: tuple[Range, ...], flags: NDArray[np.bool_]) -> tuple[str, int]:
    """Return the range without which most faces match, and how many."""
    without = [int(np.count_nonzero(np.delete(flags, k, axis=1).all(axis=1))) for k in range(len(ranges))]
    best = int(np.argmax(without))
    return ranges[best].name, without[best]


def _new_seed(model: Model, ranges: tuple[Range, ...], number: int) -> Seed | None:
    """Return the first seed from `number` on whose face lies inside."""
    size, columns = model.config.latent_size, _columns(model, [each.name for each in ranges])
    for first in range(number, number + TRIES, BATCH):
        seeds = [seed % SEEDS for seed in range(first, first + BATCH)]
        latents = np.stack([np.random.RandomState(seed).randn(size) for seed in seeds])
        values = (on_sphere(latents) if model.config.normalize_latents else latents) @ columns
        inside = [each.holds(values[:, k]) for k, each in enumerate(ranges)]
        rows = np.flatnonzero(np.all(inside, axis=0)) if inside else [0]
        if len(rows):
            return Seed(seeds[int(rows[0])])
    return None

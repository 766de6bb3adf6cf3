"""Faces whose attributes are in chosen ranges: "someone old, smiling".

With a bank, faces are chosen from it by their scores. Without one, faces are drawn until one has its coordinates in the
ranges, and the number of matches is counted on the model's own sample.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.errors import InputError
from dashboard.faces.face import Seed
from dashboard.faces.grammar import format_number
from dashboard.spaces.sample import faces_of, sample_seed, scored_only
from dashboard.synthesis.model import Model

LIMIT = 4.0
"""Limits of a range in standard deviations; an end at a limit is open, so that every face is in the full range."""

MAX_LENGTH = 2000
TRIES = 20_000
"""Maximum number of faces drawn without a bank."""

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
        low: standard deviations, -4 to 4; -4 includes everything below.
        high: likewise, above `low`; 4 includes everything above.
    """

    name: str
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.name}:{format_number(self.low)}:{format_number(self.high)}"

    def holds(self, values: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Return which of (n,) values are in the range; NaN is not."""
        low = -np.inf if self.low <= -LIMIT else self.low
        high = np.inf if self.high >= LIMIT else self.high
        return (values >= low) & (values <= high)


@dataclass(frozen=True)
class Count:
    """The number of faces of the sample that match the ranges.

    Args:
        matches: faces that match.
        of: faces in the sample.
        widen: the range that excludes most faces, as (name, matches without it); None if some match.
    """

    matches: int
    of: int
    widen: tuple[str, int] | None


def read_ranges(text: str, model: Model) -> tuple[Range, ...]:
    """Parse the ranges of an address.

    Args:
        text: such as `Smiling:1:4,Young:-4:-1`; empty for none.
        model: the model of the attributes.

    Returns:
        The ranges, in the order of the text.

    Raises:
        InputError: the text is invalid, a range is empty, or an attribute is unknown or occurs twice.
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
    """Count the faces of the model's sample that are in all ranges.

    Args:
        model: the model.
        ranges: from `read_ranges`.

    Returns:
        The count and, if it is 0, the range to widen.
    """
    flags = _flags(model, ranges)
    matches = int(np.count_nonzero(flags.all(axis=1)))
    widen = None if matches or not ranges else _narrowest(ranges, flags)
    return Count(matches, len(flags), widen)


def drawn(model: Model, ranges: tuple[Range, ...], number: int, now: str = "") -> Seed | None:
    """Draw a face in the ranges.

    Args:
        model: the model.
        ranges: from `read_ranges`.
        number: 0 or more; the same number draws the same face.
        now: the base on the page, drawn only if there is no other.

    Returns:
        A row of the bank; for a model without one, a seed whose coordinates are in the ranges. None if none was found.
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
    """Return flags (n, ranges): which faces of the sample are in which range."""
    values = _measured(model, [each.name for each in ranges])
    inside = [each.holds(column) for each, column in zip(ranges, values.T, strict=True)]
    return np.stack(inside, axis=1) if inside else np.ones((len(values), 1), bool)


def _measured(model: Model, names: list[str]) -> NDArray[np.floating]:
    """Return the values (n, names) of the sample's faces: scores in standard deviations over the bank, or
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
    """Return the range without which most faces match, and their number."""
    without = [int(np.count_nonzero(np.delete(flags, k, axis=1).all(axis=1))) for k in range(len(ranges))]
    best = int(np.argmax(without))
    return ranges[best].name, without[best]


def _new_seed(model: Model, ranges: tuple[Range, ...], number: int) -> Seed | None:
    """Return the first seed from `number` on whose face is in the ranges."""
    size, columns = model.config.latent_size, _columns(model, [each.name for each in ranges])
    for first in range(number, number + TRIES, BATCH):
        seeds = [seed % SEEDS for seed in range(first, first + BATCH)]
        latents = np.stack([np.random.RandomState(seed).randn(size) for seed in seeds])
        values = model.points(latents) @ columns
        inside = [each.holds(values[:, k]) for k, each in enumerate(ranges)]
        rows = np.flatnonzero(np.all(inside, axis=0)) if inside else [0]
        if len(rows):
            return Seed(seeds[int(rows[0])])
    return None

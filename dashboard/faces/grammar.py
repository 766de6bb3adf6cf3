"""Parts of face strings: numbers and bases. `dashboard.faces.face` makes faces of them.

A base is the starting point of a face, before any pin. The grammar is in docs/faces.md.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from dashboard.errors import FaceError

MAX_SEED = 2**32 - 1
MAX_ROW = 19_999
MAX_SET_ROW = 999_999
MAX_DEPTH = 4
MAX_BASES_MIXED = 16
MAX_NUMBER = 1e6
PARTS = 10_000  # numbers are whole counts of 1/10,000: four decimals

MAX_FEATURE = 100
_FEATURE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]{0,63})=([0-9]{1,3})")
_SEED = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,10}))?")
_ROW = re.compile(r"[0-9]{1,10}")
_HASH = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"-?[0-9]{1,4}(?:\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True)
class Seed:
    """Row `row` of NumPy's `RandomState(seed).randn(n, latent_size)`; NVIDIA's chosen faces are rows of seed 1000.

    Args:
        seed: 0 to 4,294,967,295.
        row: 0 to 19,999, the rows of a bank.

    Raises:
        FaceError: a number is out of range.
    """

    seed: int
    row: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= MAX_SEED:
            raise expected(f"a seed from 0 to {MAX_SEED}", self.seed, "Choose a smaller number.")
        if not 0 <= self.row <= MAX_ROW:
            raise expected(f"a row from 0 to {MAX_ROW}", self.row, "Choose a smaller number after the point.")

    def __str__(self) -> str:
        return f"{self.seed}.{self.row}" if self.row else str(self.seed)


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored latent, named by its hash (see `dashboard.faces.bases.latent_hash`), or a row of a stored set.

    Args:
        hash: 32 lower-case hexadecimal digits.
        row: of a set, from 0; None for a single latent.
        space: "z", or "w" for a stored w.

    Raises:
        FaceError: the hash is invalid, or the row is out of range.
    """

    hash: str
    row: int | None = None
    space: Literal["z", "w"] = "z"

    def __post_init__(self) -> None:
        if not _HASH.fullmatch(self.hash):
            raise expected("latent~ and 32 digits of 0-9 and a-f", self.hash, "Copy the whole name of the latent.")
        if self.row is not None and not 0 <= self.row <= MAX_SET_ROW:
            raise expected(f"a row from 0 to {MAX_SET_ROW}", self.row, "Choose a smaller number after the point.")

    @property
    def name(self) -> str:
        """Key for the look-up: `HASH`, or `HASH.ROW` of a set."""
        return self.hash if self.row is None else f"{self.hash}.{self.row}"

    def __str__(self) -> str:
        return f"{'latent' if self.space == 'z' else 'w'}~{self.name}"


@dataclass(frozen=True, slots=True)
class Mix:
    """The point at `t` on the great circle from one base to another (slerp).

    Args:
        first: the base at t = 0.
        second: the base at t = 1.
        t: 0 to 1; rounded to four decimals.

    Raises:
        FaceError: `t` is out of range, or bases are nested too deeply.
    """

    first: Base
    second: Base
    t: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "t", quantise(self.t))
        if not 0 <= self.t <= 1:
            raise expected("a mix between 0 and 1", self.t, "Give the share of the second face.")
        _check_size(self)

    def __str__(self) -> str:
        return f"mix({self.first},{self.second},{format_number(self.t)})"


@dataclass(frozen=True, slots=True)
class Average:
    """The average of two bases or more; a base that occurs twice counts twice.

    Args:
        members: the bases.

    Raises:
        FaceError: fewer than two members, more than 16 in total, or nested too deeply.
    """

    members: tuple[Base, ...]

    def __post_init__(self) -> None:
        if len(self.members) < 2:
            raise expected("two bases or more in avg(...)", len(self.members), "Add a base, or write it without avg.")
        _check_size(self)

    def __str__(self) -> str:
        return f"avg({','.join(map(str, self.members))})"


@dataclass(frozen=True, slots=True)
class Demo:
    """The latent of Streamlit's Face-GAN demo for some features (see `dashboard.faces.demo`).

    Args:
        features: (name, value) pairs in any order, each name once; a value is a whole number from 0 to 100. Other
            features are close to the middle, drawn by the demo's own seed.

    Raises:
        FaceError: a name is invalid or occurs twice, or a value is out of range.
    """

    features: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "features", tuple(sorted(self.features)))
        for name, value in self.features:
            if not _FEATURE.fullmatch(f"{name}={value}") or value > MAX_FEATURE:
                raise expected("a feature from 0 to 100, such as Young=75", f"{name}={value}", "Write a whole number.")
        names = [name for name, _ in self.features]
        if len(set(names)) != len(names):
            raise expected("every feature once", f"{max(names, key=names.count)} twice", "Keep one of them.")

    def __str__(self) -> str:
        return f"demo({','.join(f'{name}={value}' for name, value in self.features)})"


Base = Seed | Stored | Mix | Average | Demo


def parse_base(text: str) -> Base:
    """Read a base: `SEED`, `latent~HASH`, either with `.ROW`, `mix(a,b,t)`, `avg(a,b,...)` or `demo(Name=value,...)`.

    Args:
        text: the base alone, without version and pins.

    Returns:
        The base as written; `Face` and `simplified` give its canonical form.

    Raises:
        FaceError: the text is invalid, or nested too deeply.
    """
    return _parse_base(text, depth=0)


def simplified(base: Base) -> Base:
    """Return the canonical form of a base: the same latent, one string.

    The bases of a mix and the members of an average are sorted; a mix with t = 0 or two equal bases is that base, and
    so is an average of equal members.

    Args:
        base: any base.

    Returns:
        The canonical base.
    """
    if isinstance(base, Mix):
        first, second, t = simplified(base.first), simplified(base.second), base.t
        if str(first) > str(second):
            first, second, t = second, first, quantise(1 - t)
        if t == 0 or first == second:
            return first
        return second if t == 1 else Mix(first, second, t)
    if isinstance(base, Average):
        members = tuple(sorted(map(simplified, base.members), key=str))
        return members[0] if members[0] == members[-1] else Average(members)
    return base


def quantise(value: float) -> float:
    """Round to four decimals, halves away from zero, without a negative zero (as assets/js/pins.js does).

    Args:
        value: a number from -1,000,000 to 1,000,000.

    Returns:
        The nearest double to the rounded number.

    Raises:
        FaceError: `value` is outside this range, or not finite.
    """
    if not abs(value) <= MAX_NUMBER:
        raise expected("a number such as 1.25", value, "Give a finite number, not a huge one.")
    parts = math.floor(abs(value) * PARTS + 0.5)
    return math.copysign(parts, value) / PARTS if parts else 0.0


def format_number(value: float) -> str:
    """Write a number in its shortest form of at most four decimals.

    Args:
        value: a finite number.

    Returns:
        Such as `2.2`, `-0.35`, `0`.
    """
    return f"{quantise(value):.4f}".rstrip("0").rstrip(".")


def parse_number(text: str) -> float:
    """Parse a decimal number with an optional minus sign and point; no exponent, no plus sign.

    Args:
        text: such as `-0.35`.

    Returns:
        The number, not rounded.

    Raises:
        FaceError: the text is not such a number.
    """
    if not _NUMBER.fullmatch(text):
        raise expected("a number such as 2.2 or -0.35", text, "Write digits with at most one point.")
    return float(text)


def expected(what: str, received: object, advice: str) -> FaceError:
    """Build a FaceError in the common form, with the received text made printable and short."""
    text = "".join(character if character.isprintable() else "?" for character in str(received)[:61]) or "nothing"
    return FaceError(f"Expected {what}. Received: {text if len(text) <= 60 else f'{text[:57]}...'}. {advice}")


def _parse_base(text: str, depth: int) -> Base:
    if depth > MAX_DEPTH:
        raise _too_deep(text)
    if text.startswith(("latent~", "w~")):
        kind, _, given = text.partition("~")
        name, point, row = given.partition(".")
        if point and not _ROW.fullmatch(row):
            raise expected("a row such as latent~HASH.17", text, "Write its number after the point.")
        return Stored(name, int(row) if point else None, "w" if kind == "w" else "z")
    kind, parenthesis, inner = text.partition("(")
    if parenthesis and kind in ("mix", "avg", "demo") and inner.endswith(")"):
        arguments = _split_arguments(inner[:-1])
        if kind == "demo":
            return Demo(tuple(_parse_feature(argument) for argument in arguments if inner != ")"))
        if kind == "avg":
            return Average(tuple(_parse_base(argument, depth + 1) for argument in arguments))
        if len(arguments) != 3:
            raise expected("mix(base,base,t)", text, "Give two bases and a share between 0 and 1.")
        first, second, t = arguments
        return Mix(_parse_base(first, depth + 1), _parse_base(second, depth + 1), parse_number(t))
    if seed := _SEED.fullmatch(text):
        return Seed(int(seed[1]), int(seed[2] or 0))
    raise expected(
        "a base: SEED, SEED.ROW, latent~HASH, w~HASH, mix(...), avg(...) or demo(...)",
        text,
        "Begin with a seed such as 4217.",
    )


def _parse_feature(text: str) -> tuple[str, int]:
    found = _FEATURE.fullmatch(text)
    if found is None:
        raise expected("a feature from 0 to 100, such as Young=75", text, "Write a name, = and a whole number.")
    return found[1], int(found[2])


def _too_deep(received: object) -> FaceError:
    return expected(
        f"mixes and averages at most {MAX_DEPTH} deep", received, "Store a mix as a latent to mix it further."
    )


def _split_arguments(text: str) -> list[str]:
    """Split at the commas outside brackets."""
    parts, level, start = [], 0, 0
    for index, character in enumerate(text):
        level += (character == "(") - (character == ")")
        if character == "," and level == 0:
            parts.append(text[start:index])
            start = index + 1
    return [*parts, text[start:]]


def _check_size(base: Base) -> None:
    depth, bases = _depth_and_bases(base)
    if depth > MAX_DEPTH:
        raise _too_deep(depth)
    if bases > MAX_BASES_MIXED:
        raise expected(
            f"at most {MAX_BASES_MIXED} bases in one face", bases, "Store an average as a latent to mix it further."
        )


def _depth_and_bases(base: Base) -> tuple[int, int]:
    members = base.members if isinstance(base, Average) else (base.first, base.second) if isinstance(base, Mix) else ()
    if not members:
        return 0, 1
    sizes = [_depth_and_bases(member) for member in members]
    return 1 + max(depth for depth, _ in sizes), sum(bases for _, bases in sizes)

"""Faces: a base, some pins and how it is drawn, with one canonical string for each.

The grammar is in docs/faces.md. Strings are the link, the cache key and the address of the picture, so
two equal faces always have the same string: pins are sorted and rounded, mixes and averages are sorted.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from dashboard.faces.attribute_layers import canonical_layers, read_layers, written_layers
from dashboard.faces.grammar import (
    Average,
    Base,
    Demo,
    Mix,
    Seed,
    Stored,
    expected,
    format_number,
    parse_base,
    parse_number,
    quantise,
    simplified,
)
from dashboard.faces.option_grammar import canonical_options, is_option, parse_options, written_options
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

__all__ = ["Average", "Base", "Demo", "Face", "Mix", "Seed", "Stored", "is_name", "parse", "parse_base", "quantise"]

VERSION = "1"
MAX_LENGTH = 1000
MAX_VALUE = 4.0
LAYERS = "layers"

_NAME = re.compile(r"(?:own~[0-9a-f]{32}|(?:pc|sefa)~[A-Za-z0-9._-]{1,64}|[A-Za-z0-9][A-Za-z0-9_-]{0,63})")


@dataclass(frozen=True, slots=True)
class Face:
    """A base, some pins and options, always in canonical form, so that equal faces compare equal.

    Args:
        base: the base of the face.
        pins: (attribute, value) pairs in any order; a value is a coordinate in standard deviations, -4 to 4.
        options: label, truncation, noise, and translation and rotation of the picture; their `space` is ignored.
        layers: (attribute, range of layers) pairs, such as ("Smiling", "coarse"); other attributes act on all layers.

    Raises:
        FaceError: a name is invalid or occurs twice, a value is out of range, or the string would be too long.
    """

    base: Base
    pins: tuple[tuple[str, float], ...] = ()
    options: DrawingOptions = PLAIN
    layers: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "base", simplified(self.base))
        object.__setattr__(self, "pins", _canonical_pins(self.pins))
        object.__setattr__(self, "options", canonical_options(self.options))
        object.__setattr__(self, "layers", canonical_layers(self.layers))
        for name, _ in self.layers:
            _require_name(name)
        if len(str(self)) > MAX_LENGTH:
            raise expected(f"a face of at most {MAX_LENGTH} characters", len(str(self)), "Release some pins.")

    def __str__(self) -> str:
        pins = "".join(f";{name}={format_number(value)}" for name, value in self.pins)
        layers = f";{LAYERS}:{written_layers(self.layers)}" if self.layers else ""
        return f"{VERSION}:{self.base}{pins}{written_options(self.options)}{layers}"

    @property
    def names(self) -> tuple[str, ...]:
        """The pinned attributes, sorted."""
        return tuple(name for name, _ in self.pins)

    @property
    def values(self) -> tuple[float, ...]:
        """The pinned coordinates, in the order of `names`."""
        return tuple(value for _, value in self.pins)


def parse(text: str, allowed_names: Collection[str] | None = None) -> Face:
    """Read a face string, canonical or not.

    Args:
        text: such as `1:4217;Smiling=2.2`; at most 1,000 characters.
        allowed_names: the attributes that may be pinned (`DirectionNames` of a model); None accepts any well-formed
            name.

    Returns:
        The face; `str` of it is the canonical form of `text`.

    Raises:
        FaceError: the text is invalid, a number is out of range, or an attribute is unknown.
    """
    if len(text) > MAX_LENGTH:
        raise expected(f"a face of at most {MAX_LENGTH} characters", f"{len(text)} characters", "Release some pins.")
    version, colon, rest = text.partition(":")
    if not colon:
        raise expected("a face such as 1:4217;Smiling=2.2", text, "Begin with 1: and a seed.")
    if version != VERSION:
        raise expected(f"a face of version {VERSION}", f"version {version}", "Update Likeness to open newer faces.")
    base, *parts = rest.split(";")
    layered = [part for part in parts if part.startswith(f"{LAYERS}:")]
    if len(layered) > 1:
        raise expected("every option once", f"{LAYERS} twice", "Keep one of them.")
    layers = read_layers(layered[0].removeprefix(f"{LAYERS}:")) if layered else ()
    options = parse_options(part for part in parts if is_option(part) and part not in layered)
    pairs = [_parse_pin(part) for part in parts if not is_option(part)]
    if allowed_names is not None:
        for name, _ in (*pairs, *layers):
            _check_names(name, allowed_names)
    return Face(parse_base(base), tuple(pairs), options, layers)


def is_name(text: str) -> bool:
    """Return whether a text can name a direction: `Name`, `pc~...`, `sefa~...` or `own~HASH`."""
    return _NAME.fullmatch(text) is not None


def _canonical_pins(pins: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    canonical = sorted((name, quantise(value)) for name, value in pins)
    for name, value in canonical:
        _require_name(name)
        if abs(value) > MAX_VALUE:
            raise expected(f"{name} from -4 to 4", format_number(value), "Choose a value from -4 to 4.")
    for (name, _), (following, _) in itertools.pairwise(canonical):
        if name == following:
            raise expected("every attribute once", f"{name} twice", "Keep one of its pins.")
    return tuple(canonical)


def _require_name(name: str) -> None:
    if not is_name(name):
        raise expected("an attribute's name of letters, digits, - and _", name, "Write it as the model does.")


def _parse_pin(text: str) -> tuple[str, float]:
    name, equals, value = text.partition("=")
    if not equals:
        raise expected("a pin such as Smiling=2.2, or an option such as psi:0.7", text, "Write a name, = and a value.")
    return name, parse_number(value)


def _check_names(name: str, allowed_names: Collection[str]) -> None:
    if name in allowed_names:
        return
    if name.startswith("own~"):
        advice = "It was made elsewhere, for another model, or was removed: import it, or release it."
        raise expected("a direction that is kept here", name, advice)
    close = difflib.get_close_matches(name[:64], list(allowed_names), n=1)
    advice = f"Did you mean {close[0]}?" if close else "See the sliders for what it knows."
    raise expected("an attribute of this model", name, advice)

"""Parts of face strings that say how a face is drawn: `;psi:0.7;noise:none`. The grammar is in docs/faces.md.

An option that changes nothing is left out, so that a face without options keeps the string it always had.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dashboard.faces.grammar import expected, format_number, parse_number, quantise
from dashboard.synthesis.stylegan.options import MAX_DEGREES, MAX_PSI, MAX_SHIFT, PLAIN, DrawingOptions, Noise

NAMES = ("label", "psi", "cutoff", "noise", "translate", "rotate")
"""Options in their canonical order; `layers` follows them (`dashboard.faces.attribute_layers`)."""

MAX_COUNT = 8192
"""Limit of labels and of rows of w, as of every layer's size."""

MAX_NOISE_SEED = 2**32 - 1

_OPTION = re.compile(r"([a-z]{1,20}):(.*)", re.DOTALL)
_COUNT = re.compile(r"[0-9]{1,4}")
_SEED = re.compile(r"[0-9]{1,10}")


def is_option(text: str) -> bool:
    """Return whether a part of a face string is an option, not a pin."""
    return _OPTION.fullmatch(text) is not None


def parse_options(parts: Iterable[str]) -> DrawingOptions:
    """Read options.

    Args:
        parts: such as `psi:0.7`, in any order, each name once.

    Returns:
        The options, canonical.

    Raises:
        FaceError: a name is unknown or occurs twice, or a value is invalid.
    """
    found: dict[str, str] = {}
    for part in parts:
        matched = _OPTION.fullmatch(part)
        name = matched[1] if matched else part
        if matched is None or name not in NAMES:
            raise expected(f"an option of: {', '.join(NAMES)}, layers", name, "Write such as psi:0.7.")
        if name in found:
            raise expected("every option once", f"{name} twice", "Keep one of them.")
        found[name] = matched[2]
    x, y = _shift(found["translate"]) if "translate" in found else (0.0, 0.0)
    return canonical_options(
        DrawingOptions(
            psi=parse_number(found.get("psi", "1")),
            cutoff=_count("cutoff", found["cutoff"]) if "cutoff" in found else None,
            noise=_noise(found.get("noise", "const")),
            shift=(x, y),
            degrees=parse_number(found.get("rotate", "0")),
            label=_count("label", found["label"]) if "label" in found else None,
        )
    )


def canonical_options(options: DrawingOptions) -> DrawingOptions:
    """Return options with rounded numbers, and without a cutoff that truncates nothing.

    Raises:
        FaceError: a number is out of range.
    """
    psi, degrees = quantise(options.psi), quantise(options.degrees)
    x, y = (quantise(number) for number in options.shift)
    cutoff, label, noise = options.cutoff, options.label, options.noise
    if abs(psi) > MAX_PSI:
        raise expected(f"a psi from -{MAX_PSI:g} to {MAX_PSI:g}", format_number(psi), "Choose a smaller one.")
    if max(abs(x), abs(y)) > MAX_SHIFT:
        shown = f"{format_number(x)},{format_number(y)}"
        raise expected(f"shifts from -{MAX_SHIFT:g} to {MAX_SHIFT:g}", shown, "Choose smaller ones.")
    if abs(degrees) > MAX_DEGREES:
        raise expected(
            f"a rotation of at most {MAX_DEGREES:g} degrees", format_number(degrees), "Choose a smaller one."
        )
    for name, count in (("cutoff", cutoff), ("label", label)):
        if count is not None and not 0 <= count <= MAX_COUNT:
            raise expected(f"a {name} from 0 to {MAX_COUNT}", count, "Choose a smaller number.")
    if isinstance(noise, int) and not 0 <= noise <= MAX_NOISE_SEED:
        raise expected(f"a seed of the noise from 0 to {MAX_NOISE_SEED}", noise, "Choose a smaller number.")
    return DrawingOptions(psi, cutoff if psi != 1 else None, noise, (x, y), degrees, label=label)


def written_options(options: DrawingOptions) -> str:
    """Write canonical options: `;psi:0.7;noise:none`, or nothing."""
    values = {
        "label": None if options.label is None else str(options.label),
        "psi": None if options.psi == PLAIN.psi else format_number(options.psi),
        "cutoff": None if options.cutoff is None else str(options.cutoff),
        "noise": None if options.noise == PLAIN.noise else str(options.noise),
        "translate": ",".join(map(format_number, options.shift)) if any(options.shift) else None,
        "rotate": format_number(options.degrees) if options.degrees else None,
    }
    return "".join(f";{name}:{values[name]}" for name in NAMES if values[name] is not None)


def options_in_words(options: DrawingOptions) -> str:
    """Describe canonical options: "psi 0.7 up to row 4, noise none"; empty without any."""
    x, y = options.shift
    up_to = "" if options.cutoff is None else f" up to row {options.cutoff}"
    texts = {
        "label": None if options.label is None else f"label {options.label}",
        "psi": None if options.psi == PLAIN.psi else f"psi {format_number(options.psi)}{up_to}",
        "noise": None if options.noise == PLAIN.noise else f"noise {options.noise}",
        "translate": f"translated by {format_number(x)}, {format_number(y)}" if any(options.shift) else None,
        "rotate": f"rotated by {format_number(options.degrees)}°" if options.degrees else None,
    }
    return ", ".join(words for words in texts.values() if words)


def mixed_options(first: DrawingOptions, second: DrawingOptions, share: float) -> DrawingOptions:
    """Return the options at a share of the way from one face to another.

    Args:
        first, second: canonical options.
        share: 0 to 1.

    Returns:
        psi, translation and rotation interpolated; label, noise and cutoff of the first, or of the second from a half
        on.
    """
    nearer = first if share < 0.5 else second
    starts, ends = ((each.psi, *each.shift, each.degrees) for each in (first, second))
    numbers = [(1 - share) * a + share * b for a, b in zip(starts, ends, strict=True)]
    return canonical_options(
        DrawingOptions(
            numbers[0], nearer.cutoff, nearer.noise, (numbers[1], numbers[2]), numbers[3], label=nearer.label
        )
    )


def _count(name: str, text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise expected(f"a {name} from 0 to {MAX_COUNT}", text, "Write a whole number.")
    return int(text)


def _noise(text: str) -> Noise:
    if text in ("const", "none"):
        return text
    if not _SEED.fullmatch(text):
        raise expected("the noise const, none, or a seed", text, "Write such as noise:none.")
    return int(text)


def _shift(text: str) -> tuple[float, float]:
    x, comma, y = text.partition(",")
    if not comma:
        raise expected("a translation such as 0.1,-0.2", text, "Write x and y with a comma.")
    return parse_number(x), parse_number(y)

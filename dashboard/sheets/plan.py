"""The plan of a sheet, read from the parameters of an address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from dashboard.errors import InputError, LikenessError
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.face import Face, parse, parse_base
from dashboard.faces.initial_face import slider_names
from dashboard.faces.layer_ranges import ALL, COARSE, named_ranges, parse_layers
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_rows import require_layers

Kind = Literal["sweep", "grid", "mix", "styles"]
Runs = Literal["both", "free", "locked"]

MAX_FACES = 6
MAX_STEPS = {"sweep": 13, "grid": 9, "mix": 33, "styles": 33}
MOST_STEPS = max(MAX_STEPS.values())
LIMIT = 4.0


@dataclass(frozen=True)
class Plan:
    """The plan of a sheet.

    Args:
        kind: "sweep", "grid", "mix" or "styles".
        on: the swept attribute, across; unused in mixes.
        by: the attribute down the rows of a grid.
        low, high: the range, in standard deviations.
        steps: faces in a row.
        runs: nothing locked, all others locked, or both.
        people: bases of a sweep's faces, as typed, instead of the compared faces; empty for none.
        layers: those of a style mix, canonical.
    """

    kind: Kind = "sweep"
    on: str = ""
    by: str = ""
    low: float = -LIMIT
    high: float = LIMIT
    steps: int = 9
    runs: Runs = "both"
    people: str = ""
    layers: str = COARSE

    @property
    def values(self) -> list[float]:
        """Coordinates in equal steps over the range."""
        return [round(float(value), 4) + 0.0 for value in np.linspace(self.low, self.high, self.steps)]


def read_plan(words: Mapping[str, Any], model: Model) -> tuple[Plan, LikenessError | None]:
    """Read the plan of an address.

    Args:
        words: the query parameters sheet, on, by, from, to, steps, runs, people, layers; defaults for missing ones.
        model: the model of the attributes.

    Returns:
        The plan and None; an invalid parameter gets its default, and its error is returned.
    """
    names = slider_names(model)
    on, by = (names[0] if names else ""), (names[1 if len(names) > 1 else 0] if names else "")
    problems: list[LikenessError] = []

    def taken(name: str, read: Callable[[str], Any], default: Any) -> Any:
        if words.get(name) in (None, ""):
            return default
        try:
            return read(str(words[name])[:200])
        except LikenessError as error:
            problems.append(error)
            return default

    kind: Kind = taken("sheet", _kind(model), "sweep")
    low, high = taken("from", _bound("from"), -LIMIT), taken("to", _bound("to"), LIMIT)
    if low >= high:
        problems.append(InputError(f"Expected from below to. Received: {low:g} and {high:g}. Choose another range."))
        low, high = -LIMIT, LIMIT
    plan = Plan(
        kind,
        taken("on", _one_of("an attribute", names), on),
        taken("by", _one_of("an attribute", names), by),
        low,
        high,
        taken("steps", _count(MAX_STEPS[kind]), 5 if kind == "grid" else 9),
        taken("runs", _one_of("runs", get_args(Runs)), "both"),
        taken("people", str, ""),
        taken("layers", _layers(model), default_layers(model)) if kind == "styles" else COARSE,
    )
    return plan, problems[0] if problems else None


def read_faces(text: str, model: Model) -> list[Face]:
    """Read the faces of an address of the Compare page.

    Args:
        text: face strings with "!" between them.
        model: the model of the pinned attributes.

    Returns:
        The faces.

    Raises:
        InputError: there are none, or more than six.
        FaceError: one is invalid.
    """
    parts = text.split("!") if text else []
    if not 1 <= len(parts) <= MAX_FACES:
        raise InputError(f"Expected 1 to {MAX_FACES} faces. Received: {len(parts)}. Add or remove some.")
    return [parse(part, DirectionNames(model)) for part in parts]


def read_people(text: str) -> list[Face]:
    """Read typed bases, separated by spaces, commas or semicolons; an empty text has none.

    Raises:
        InputError: there are more than six.
        FaceError: one is invalid.
    """
    parts = [part for part in re.split(r"[\s;]+|,(?![^()]*\))", text) if part]
    if len(parts) > MAX_FACES:
        raise InputError(f"Expected at most {MAX_FACES} people. Received: {len(parts)}. Leave some out.")
    return [Face(parse_base(part)) for part in parts]


def _one_of(what: str, allowed: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise InputError(f"Expected {what} of: {', '.join(allowed)}. Received: {text[:60]}. Choose one of these.")
        return text

    return read


def default_layers(model: Model) -> str:
    """Return the layers of a style mix in an address without any."""
    return COARSE if COARSE in named_ranges(model.config.rows) else ALL


def _kind(model: Model) -> Callable[[str], str]:
    def read(text: str) -> str:
        kind = _one_of("a sheet", get_args(Kind))(text)
        if kind == "styles":
            require_layers(model)
        return kind

    return read


def _layers(model: Model) -> Callable[[str], str]:
    def read(text: str) -> str:
        layers = parse_layers(text)
        layers.rows(model.config.rows)
        return str(layers)

    return read


def _bound(name: str) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not re.fullmatch(r"-?[0-9]{1,2}(\.[0-9]{1,4})?", text) or abs(float(text)) > LIMIT:
            raise InputError(f"Expected {name} between -4 and 4. Received: {text[:20]}. Choose another number.")
        return float(text)

    return read


def _count(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", text) or not 2 <= int(text) <= most:
            raise InputError(f"Expected 2 to {most} steps. Received: {text[:20]}. Choose another number.")
        return int(text)

    return read

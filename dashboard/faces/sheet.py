"""Sheets of faces: sweeps, grids and mixes, as rows of face strings with their captions.

    sweep   one attribute over a range, one person a row
    grid    one attribute across, another down, on one person
    mix     the way from the first face to each other one

With everything free, only what is swept is pinned. With the others locked, every other attribute is pinned where the
person has it, with four decimals, so that nothing comes along. A step that no latent reaches keeps its place and says
why. A mix goes along the great circle between both bases, and straight for pins; locked, it keeps the coordinates of
the first face while the person changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from dashboard.analysis.pins import coordinates
from dashboard.errors import InputError, LikenessError
from dashboard.faces.bases import latent_of
from dashboard.faces.describe import in_words
from dashboard.faces.face import Face, Mix, parse, parse_base
from dashboard.faces.known import KnownNames, columns_of
from dashboard.synthesis.model import Model

Kind = Literal["sweep", "grid", "mix"]
Runs = Literal["both", "free", "locked"]

MAX_FACES = 6
MAX_STEPS = {"sweep": 13, "grid": 9, "mix": 33}
MOST_STEPS = max(MAX_STEPS.values())
LIMIT = 4.0

FREE, LOCKED = "everything free", "others locked"


@dataclass(frozen=True)
class Plan:
    """What a sheet shows.

    Args:
        kind: "sweep", "grid" or "mix".
        on: the attribute that is swept, or goes across; unused in a mix.
        by: the attribute that goes down in a grid.
        low, high: the range, in standard deviations.
        steps: faces in a row.
        runs: with everything free, with the others locked, or both above each other.
        people: bases whose faces a sweep shows in place of the compared ones, as typed; empty for none.
    """

    kind: Kind = "sweep"
    on: str = ""
    by: str = ""
    low: float = -LIMIT
    high: float = LIMIT
    steps: int = 9
    runs: Runs = "both"
    people: str = ""

    @property
    def values(self) -> list[float]:
        """The range in equal steps."""
        return [round(float(value), 4) + 0.0 for value in np.linspace(self.low, self.high, self.steps)]


@dataclass(frozen=True)
class Cell:
    """One place of a sheet.

    Args:
        face: its face; None where it cannot even be written down.
        words: what it shows.
        reason: why there is no picture of it; empty where there is one.
    """

    face: Face | None
    words: str
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """Cells in a row, and whose they are: a title such as "Seed 881", and whether the others are locked."""

    title: str
    locked: bool
    cells: tuple[Cell, ...]

    @property
    def note(self) -> str:
        """The run in words."""
        return LOCKED if self.locked else FREE


@dataclass(frozen=True)
class Sheet:
    """A whole sheet: its title, one heading a column, and the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def faces(self) -> tuple[Face, ...]:
        """Every face that has a picture, row by row."""
        return tuple(cell.face for row in self.rows for cell in row.cells if cell.face is not None and not cell.reason)


def read_plan(words: Mapping[str, Any], model: Model) -> tuple[Plan, LikenessError | None]:
    """Read the plan of an address.

    Args:
        words: the query's words by name: sheet, on, by, from, to, steps, runs, people; missing ones mean the default.
        model: whose attributes are meant.

    Returns:
        The plan and None; where a word is wrong, the default there, and what is wrong.
    """
    names = model.names
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

    kind: Kind = taken("sheet", _one_of("a sheet", get_args(Kind)), "sweep")
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
    )
    return plan, problems[0] if problems else None


def read_faces(text: str, model: Model) -> list[Face]:
    """Read the faces of an address, as the Compare page joins them.

    Args:
        text: face strings with "!" between them.
        model: whose attributes may be pinned.

    Returns:
        The faces.

    Raises:
        InputError: there are none, or more than six.
        FaceError: one is broken.
    """
    parts = text.split("!") if text else []
    if not 1 <= len(parts) <= MAX_FACES:
        raise InputError(f"Expected 1 to {MAX_FACES} faces. Received: {len(parts)}. Add or remove some.")
    return [parse(part, KnownNames(model)) for part in parts]


def sheet_of(plan: Plan, faces: Sequence[Face], model: Model) -> Sheet:
    """Lay a sheet out.

    Args:
        plan: what it shows.
        faces: the compared faces, the reference first.
        model: the model.

    Returns:
        The sheet; its faces have not been made.

    Raises:
        LikenessError: there is nothing to show: the model has no attributes, a mix has one face only, or a person
            that was typed is none.
    """
    if plan.kind == "mix":
        return _mix(plan, faces, model)
    if not model.names:
        raise InputError(f"Expected a model with attributes. Received: {model.name}, which has none. Choose Mix.")
    return _grid(plan, faces[0], model) if plan.kind == "grid" else _sweep(plan, faces, model)


def locked(face: Face, model: Model, but: Iterable[str] = ()) -> Face:
    """Pin every attribute where a face has it.

    Args:
        face: the face.
        model: the model.
        but: attributes that stay as they are in the face.

    Returns:
        The face with a pin on every other attribute: the same latent, to four decimals.
    """
    at = coordinates(latent_of(face, model), model.directions)
    own = dict(face.pins)
    free = {name: float(value) for name, value in zip(model.names, at, strict=True) if name not in {*but, *own}}
    # A coordinate beyond the sliders' end is held at that end.
    return _with(face, {name: float(np.clip(value, -LIMIT, LIMIT)) for name, value in free.items()})


def _sweep(plan: Plan, faces: Sequence[Face], model: Model) -> Sheet:
    people = _people(plan.people) or faces
    # Two faces that differ in nothing but what is swept have the same row.
    distinct = list(dict.fromkeys(_without(face, (plan.on,)) for face in people))
    rows = []
    for face in distinct:
        for hold in _runs(plan):
            rows.append(_row(name_of(face), hold, face, [{plan.on: value} for value in plan.values], model))
    return Sheet(f"{_shown(plan.on)} from {_plain(plan.low)} to {_plain(plan.high)}", _headings(plan), tuple(rows))


def _grid(plan: Plan, face: Face, model: Model) -> Sheet:
    if plan.on == plan.by:
        raise InputError(f"Expected two attributes. Received: {_shown(plan.on)} twice. Choose another one.")
    plain = _without(face, (plan.on, plan.by))
    rows = []
    for down in plan.values:
        title = f"{_shown(plan.by)} {_plain(down)}"
        for hold in _runs(plan):
            rows.append(_row(title, hold, plain, [{plan.by: down, plan.on: value} for value in plan.values], model))
    return Sheet(f"{name_of(face)}: {_shown(plan.on)} by {_shown(plan.by)}", _headings(plan), tuple(rows))


def _mix(plan: Plan, faces: Sequence[Face], model: Model) -> Sheet:
    if len(faces) < 2:
        raise InputError("Expected two faces for a mix. Received: one. Add another face above.")
    first, *others = faces
    shares = [round(float(share), 4) for share in np.linspace(0, 1, plan.steps)]
    rows = []
    for other in others:
        title = f"{name_of(first)} to {name_of(other)}"
        for hold in _runs(plan):
            cells = [_cell(lambda t=t, o=other, h=hold: between(first, o, t, model, h), model) for t in shares]
            rows.append(Row(title, hold, tuple(cells)))
    return Sheet(f"Mixes from {name_of(first)}", tuple(f"{share:.0%}" for share in shares), tuple(rows))


def between(first: Face, second: Face, share: float, model: Model, hold: bool = False) -> Face:
    """The face at a share of the way from one to another.

    Args:
        first: the face at 0.
        second: the face at 1.
        share: 0 to 1.
        model: the model.
        hold: whether all attributes stay where the first face has them.

    Returns:
        The slerp of both bases. Attributes that either face pins go straight from where the first face has them to
        where the second has them, so that the ends are the faces themselves.
    """
    base = Mix(first.base, second.base, share)
    if hold:
        return Face(base, locked(first, model).pins)
    if share in (0.0, 1.0):
        return second if share else first
    names = sorted({*first.names, *second.names})
    columns = columns_of(model, names)
    starts, ends = (coordinates(latent_of(face, model), columns) for face in (first, second))
    return _with(Face(base), dict(zip(names, ((1 - share) * starts + share * ends).tolist(), strict=True)))


def name_of(face: Face) -> str:
    """A person in a few words: "Seed 881", or "Seed 881 with Young −2.40"."""
    words = in_words(face).removeprefix("Face of ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _row(title: str, hold: bool, face: Face, pins: Sequence[Mapping[str, float]], model: Model) -> Row:
    base = locked(face, model, pins[0]) if hold else face
    return Row(title, hold, tuple(_cell(lambda each=each: _with(base, each), model) for each in pins))


def _cell(make: Callable[[], Face], model: Model) -> Cell:
    """A face with its caption; where it cannot be, the reason in its place."""
    try:
        face = make()
    except LikenessError as error:
        return Cell(None, "No face", str(error))
    try:
        latent_of(face, model)
    except LikenessError as error:
        return Cell(face, in_words(face), str(error))
    return Cell(face, in_words(face))


def _with(face: Face, pins: Mapping[str, float]) -> Face:
    return Face(face.base, tuple({**dict(face.pins), **pins}.items()))


def _without(face: Face, names: Iterable[str]) -> Face:
    return replace(face, pins=tuple((name, value) for name, value in face.pins if name not in names))


def _runs(plan: Plan) -> tuple[bool, ...]:
    return {"both": (False, True), "free": (False,), "locked": (True,)}[plan.runs]


def _people(text: str) -> list[Face]:
    parts = [part for part in re.split(r"[\s;]+|,(?![^()]*\))", text) if part]
    if len(parts) > MAX_FACES:
        raise InputError(f"Expected at most {MAX_FACES} people. Received: {len(parts)}. Leave some out.")
    return [Face(parse_base(part)) for part in parts]


def _headings(plan: Plan) -> tuple[str, ...]:
    return tuple(_plain(value) for value in plan.values)


def _shown(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: float) -> str:
    """A step as a heading has it: sign always, true minus, no zeros that are not needed."""
    text = f"{value:+.2f}".rstrip("0").rstrip(".")
    return "0" if float(text) == 0 else text.replace("-", "−")


def _one_of(what: str, known: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise InputError(f"Expected {what} of: {', '.join(known)}. Received: {text[:60]}. Choose one of these.")
        return text

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

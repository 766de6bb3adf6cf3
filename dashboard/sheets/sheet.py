"""Sheets of faces: sweeps, grids, mixes and style mixes, as rows of face strings with their captions.

    sweep   one attribute over a range, a row for each person
    grid    one attribute across and another down, on one person
    mix     interpolations from the first face to each other one
    styles  style mixes of every pair: a column's face with the styles of a row's face in some layers

With nothing locked, only the swept attributes are pinned. With the others locked, every other attribute is pinned at
the person's value, to four decimals, so that it does not change. An infeasible step keeps its cell and
gives the reason. A mix interpolates bases along a great circle and pins linearly; locked, it keeps the coordinates of
the first face while the person changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dashboard.errors import InputError, LikenessError
from dashboard.faces.bases import latent_of
from dashboard.faces.describe import face_words
from dashboard.faces.direction_names import title_of
from dashboard.faces.face import Face
from dashboard.faces.initial_face import slider_names
from dashboard.faces.layer_ranges import LayerRange, parse_layers, range_words
from dashboard.faces.locking import locked, with_pins, without
from dashboard.faces.mixing import between
from dashboard.faces.style_mix import Drawable, mixed
from dashboard.sheets.plan import Plan, read_people
from dashboard.synthesis.model import Model
from dashboard.synthesis.style_rows import require_layers

FREE, LOCKED = "everything free", "others locked"

LETTERS = "ABCDEF"
"""Letters of the compared faces, in the order of the faces."""


@dataclass(frozen=True)
class Cell:
    """One cell of a sheet.

    Args:
        face: its face or style mix; None if no face string exists for it.
        words: the caption.
        reason: why it has no picture; empty if it has one.
    """

    face: Drawable | None
    words: str
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a sheet.

    Args:
        title: of the person, such as "Seed 881".
        locked: whether the other attributes are locked; None if nothing is swept.
        cells: the cells.
    """

    title: str
    locked: bool | None
    cells: tuple[Cell, ...]

    @property
    def note(self) -> str:
        """The row's lock, in words."""
        return "" if self.locked is None else LOCKED if self.locked else FREE


@dataclass(frozen=True)
class Sheet:
    """A sheet: its title, a heading for each column, and the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def faces(self) -> tuple[Drawable, ...]:
        """Every face or style mix that has a picture, row by row."""
        return tuple(cell.face for row in self.rows for cell in row.cells if cell.face is not None and not cell.reason)


def sheet_of(plan: Plan, faces: Sequence[Face], model: Model, columns: int = 0) -> Sheet:
    """Lay a sheet out.

    Args:
        plan: what it shows.
        faces: the compared faces, the reference first.
        model: the model.
        columns: number of columns if it differs from the plan's, as in an animation.

    Returns:
        The sheet; its faces are not generated yet.

    Raises:
        LikenessError: there is nothing to show: the model has no attributes or no layers, a mix has one face only, or a
            typed person is invalid.
    """
    across = replace(plan, steps=columns or plan.steps)
    if plan.kind == "mix":
        return _mix(across, faces, model)
    if plan.kind == "styles":
        return _styles(plan, faces, model)
    if not slider_names(model):
        raise InputError(f"Expected a model with attributes. Received: {model.name}, which has none. Choose Mix.")
    return _grid(across, plan.values, faces[0], model) if plan.kind == "grid" else _sweep(across, faces, model)


def _sweep(plan: Plan, faces: Sequence[Face], model: Model) -> Sheet:
    people = read_people(plan.people) or faces
    # Two faces that differ only in the swept attributes have the same row.
    distinct = list(dict.fromkeys(without(face, (plan.on,)) for face in people))
    rows = []
    for face in distinct:
        for hold in _runs(plan):
            rows.append(_row(name_of(face, model), hold, face, [{plan.on: value} for value in plan.values], model))
    return Sheet(
        f"{title_of(model, plan.on)} from {_plain(plan.low)} to {_plain(plan.high)}", _headings(plan), tuple(rows)
    )


def _grid(plan: Plan, downwards: Sequence[float], face: Face, model: Model) -> Sheet:
    if plan.on == plan.by:
        raise InputError(f"Expected two attributes. Received: {title_of(model, plan.on)} twice. Choose another one.")
    plain = without(face, (plan.on, plan.by))
    rows = []
    for down in downwards:
        title = f"{title_of(model, plan.by)} {_plain(down)}"
        for hold in _runs(plan):
            rows.append(_row(title, hold, plain, [{plan.by: down, plan.on: value} for value in plan.values], model))
    return Sheet(
        f"{name_of(face, model)}: {title_of(model, plan.on)} by {title_of(model, plan.by)}",
        _headings(plan),
        tuple(rows),
    )


def _mix(plan: Plan, faces: Sequence[Face], model: Model) -> Sheet:
    if len(faces) < 2:
        raise InputError("Expected two faces for a mix. Received: one. Add another face above.")
    first, *others = faces
    shares = [round(float(share), 4) for share in np.linspace(0, 1, plan.steps)]
    rows = []
    for other in others:
        title = f"{name_of(first, model)} to {name_of(other, model)}"
        for hold in _runs(plan):
            cells = [_cell(lambda t=t, o=other, h=hold: between(first, o, t, model, h), model) for t in shares]
            rows.append(Row(title, hold, tuple(cells)))
    return Sheet(f"Mixes from {name_of(first, model)}", tuple(_percent(share) for share in shares), tuple(rows))


def _styles(plan: Plan, faces: Sequence[Face], model: Model) -> Sheet:
    require_layers(model)
    distinct = list(dict.fromkeys(faces))
    if len(distinct) < 2:
        raise InputError("Expected two different faces for a style mix. Received: one. Add another face above.")
    first, last = parse_layers(plan.layers).rows(model.config.rows)
    layers = LayerRange("", first, last)
    cells = {face: _cell(lambda each=face: each, model) for face in distinct}  # each face is tried once
    rows = []
    for styles in distinct:
        line = [_style_cell(cells[face], cells[styles], mixed(face, styles, layers), model) for face in distinct]
        rows.append(Row(name_of(styles, model), None, tuple(line)))
    whole = first == 0 and last == model.config.rows - 1
    title = (
        "all layers from the rows" if whole else f"{range_words(first, last)} from the rows, the rest from the columns"
    )
    return Sheet(f"Style mix: {title}", tuple(name_of(face, model) for face in distinct), tuple(rows))


def _style_cell(own: Cell, other: Cell, made: Drawable, model: Model) -> Cell:
    """Return a style mix with its caption, or the reason why one of its two faces has no picture."""
    return Cell(made, face_words(made, model), own.reason or other.reason)


def cards_of(faces: Sequence[Face], model: Model) -> Sheet:
    """Return the compared faces themselves, in a row."""
    cells = tuple(_cell(lambda each=face: each, model) for face in faces)
    return Sheet("Compared faces", tuple(LETTERS[: len(faces)]), (Row("", None, cells),))


def tour_of(faces: Sequence[Face], steps: int, model: Model) -> Sheet:
    """Return the interpolation from each face to the next one, in a row.

    Args:
        faces: at least two.
        steps: number of faces, both ends included.
        model: the model.

    Returns:
        The sheet; all segments have the same length.
    """
    columns, cells = [], []
    for position in np.linspace(0, len(faces) - 1, steps):
        at = min(int(position), len(faces) - 2)
        share = round(float(position) - at, 4)
        columns.append(f"{LETTERS[at]} to {LETTERS[at + 1]}: {_percent(share)}")
        cells.append(_cell(lambda a=at, t=share: between(faces[a], faces[a + 1], t, model), model))
    return Sheet("Compared faces", tuple(columns), (Row("", None, tuple(cells)),))


def name_of(face: Face, model: Model) -> str:
    """Describe a person in a few words: "Seed 881", or "Seed 881 with Young −2.40"."""
    words = face_words(face, model).removeprefix("Face of ")
    return words[:1].upper() + words[1:]


def _row(title: str, hold: bool, face: Face, pins: Sequence[Mapping[str, float]], model: Model) -> Row:
    base = locked(face, model, pins[0]) if hold else face
    return Row(title, hold, tuple(_cell(lambda each=each: with_pins(base, each), model) for each in pins))


def _cell(make: Callable[[], Face], model: Model) -> Cell:
    """Return a face with its caption, or the reason if it is infeasible."""
    try:
        face = make()
    except LikenessError as error:
        return Cell(None, "No face", str(error))
    try:
        latent_of(face, model)
    except LikenessError as error:
        return Cell(face, face_words(face, model), str(error))
    return Cell(face, face_words(face, model))


def _runs(plan: Plan) -> tuple[bool, ...]:
    return {"both": (False, True), "free": (False,), "locked": (True,)}[plan.runs]


def _headings(plan: Plan) -> tuple[str, ...]:
    return tuple(_plain(value) for value in plan.values)


def shown(name: str) -> str:
    """Return an attribute's display name."""
    return name.replace("_", " ")


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _plain(value: float) -> str:
    """Format a step for a heading: always signed, with a true minus, without trailing zeros."""
    text = f"{value:+.2f}".rstrip("0").rstrip(".")
    return "0" if float(text) == 0 else text.replace("-", "−")

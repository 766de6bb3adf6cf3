"""Contents of a collection's item: the models and the faces that its address names."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dashboard.errors import InputError, LikenessError
from dashboard.faces.bases import latent_of
from dashboard.faces.describe import face_words
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.face import Face, parse
from dashboard.faces.style_mix import Drawable
from dashboard.library.items import SHEETS, Draft
from dashboard.serving.open_model import OpenModel
from dashboard.serving.runtime import Runtime
from dashboard.sheets.plan import MAX_FACES, read_plan
from dashboard.sheets.sheet import LETTERS, Sheet, sheet_of


@dataclass(frozen=True)
class ShownFace:
    """A face of an item.

    Args:
        open_model: the model that makes its picture.
        face: the face, or a style mix.
    """

    open_model: OpenModel
    face: Drawable

    @property
    def words(self) -> str:
        """The face in words, every pin by its title."""
        return face_words(self.face, self.open_model.model)


@dataclass(frozen=True)
class Shown:
    """The contents of an item.

    Args:
        faces: its faces; a sheet has all of its own, row by row, and a view the one that was shown
            beside it.
        sheet: what the faces are laid out as, where it is a sweep, a grid, a mix or a style mix.
        problem: why there are none; empty where there are.
        instead: where there are none, the same base and pins on the default model, as far as it has them.
    """

    faces: tuple[ShownFace, ...] = ()
    sheet: Sheet | None = None
    problem: str = ""
    instead: tuple[ShownFace, ...] = ()


def shown(draft: Draft, runtime: Runtime) -> Shown:
    """Read the faces of an item's address.

    Args:
        draft: the item.
        runtime: its models.

    Returns:
        The faces, or, where the model is not here or a face is none of it, the sentence that says so.
    """
    try:
        open_model = runtime.open_model(draft.words.get("model"))
        faces = _faces(draft, open_model)
        if draft.kind not in SHEETS:
            return Shown(tuple(ShownFace(open_model, face) for face in faces))
        sheet = _sheet(draft, faces, open_model)
    except LikenessError as error:
        return Shown(problem=str(error), instead=same_pins(draft, runtime.default))
    return Shown(tuple(ShownFace(open_model, face) for face in sheet.faces), sheet)


def same_pins(draft: Draft, open_model: OpenModel) -> tuple[ShownFace, ...]:
    """Return the faces of an item on another model: the same bases, and those of their pins that the model has.

    Args:
        draft: an item whose own model is not here, or not as it was.
        open_model: the other model.

    Returns:
        Its faces; none where the address names no face, or the model cannot make one of them.
    """
    words, names = draft.words, DirectionNames(open_model.model)
    if draft.kind == "view":
        return ()
    listed = words["faces"].split("!") if "faces" in words else ["*"]
    found = []
    for text in [words.get("face", "") if text == "*" else text for text in listed][:MAX_FACES]:
        try:
            face = parse(text)
            kept = replace(face, pins=tuple((name, value) for name, value in face.pins if name in names))
            latent_of(kept, open_model.model)
        except LikenessError:
            return ()
        found.append(ShownFace(open_model, kept))
    return tuple(found)


def _faces(draft: Draft, open_model: OpenModel) -> list[Face]:
    """Return the faces that an address names: one in hand, or, of a comparison, all with "!" between them and "*" for
    it.
    """
    words = draft.words
    inhand = words.get("face")
    listed = words["faces"].split("!") if "faces" in words else ["*"]
    texts = [inhand if text == "*" else text for text in listed]
    if draft.kind == "view" and inhand is None:
        return []  # the face of a first visit was not chosen
    names = DirectionNames(open_model.model)
    return [open_model.default_face if text is None else parse(text, names) for text in texts if text != ""]


def _sheet(draft: Draft, faces: list[Face], open_model: OpenModel) -> Sheet:
    """Return the sheet of a comparison's address; its reference stands first, as on the page."""
    words = draft.words
    plan, problem = read_plan({**words, "sheet": draft.kind}, open_model.model)
    if problem is not None:
        raise problem
    if not 1 <= len(faces) <= MAX_FACES:
        raise InputError(f"Expected 1 to {MAX_FACES} faces. Received: {len(faces)}. Save the sheet again.")
    first = min(max(0, LETTERS.find(words.get("ref") or "A")), len(faces) - 1)
    return sheet_of(plan, [faces[first], *faces[:first], *faces[first + 1 :]], open_model.model)

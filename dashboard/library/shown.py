"""What an item of a collection shows, as far as this dashboard can: the models and the faces that its address names."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.errors import LikenessError
from dashboard.faces.face import Face, parse
from dashboard.faces.known import KnownNames
from dashboard.library.items import Draft
from dashboard.opened import OpenedModel
from dashboard.runtime import Runtime


@dataclass(frozen=True)
class ShownFace:
    """A face of an item.

    Args:
        opened: the model that makes its picture.
        face: the face.
    """

    opened: OpenedModel
    face: Face


@dataclass(frozen=True)
class Shown:
    """What can be shown of an item.

    Args:
        faces: its faces, in their order; a view has the one that stood beside it.
        problem: why there are none; empty where there are.
    """

    faces: tuple[ShownFace, ...] = ()
    problem: str = ""


def shown(draft: Draft, runtime: Runtime) -> Shown:
    """Read the faces of an item's address.

    Args:
        draft: the item.
        runtime: its models.

    Returns:
        The faces, or, where the model is not here or a face is none of it, the sentence that says so.
    """
    words = draft.words
    try:
        opened = runtime.opened(words.get("model"))
        inhand = words.get("face")
        # A comparison has "!" between its faces, and "*" for the one in hand.
        texts = (
            [inhand if text == "*" else text for text in words["faces"].split("!")] if "faces" in words else [inhand]
        )
        known = KnownNames(opened.model)
        faces = [opened.default_face if text is None else parse(text, known) for text in texts if text != ""]
    except LikenessError as error:
        return Shown(problem=str(error))
    return Shown(tuple(ShownFace(opened, face) for face in faces))

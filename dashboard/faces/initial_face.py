"""The face that a page shows first: the one in the address or, if that is invalid, another face and the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard.errors import InputError, LikenessError, PinError
from dashboard.faces.describe import describe_face
from dashboard.faces.direction_names import DirectionNames, extras_of
from dashboard.faces.face import Face, parse
from dashboard.synthesis.model_folder import Model

COMPONENTS = tuple(f"pc~w.{k}" for k in range(1, 9))
"""Extra directions that have sliders from the start on a model without attributes, where it has them."""

NAMED = 6
"""Pins that a message about a link to a missing model names."""

MOST_OWN = 16
"""User directions that have sliders from the start on a model without attributes and components: the last ones."""


def slider_names(model: Model) -> tuple[str, ...]:
    """Return the directions with sliders from the start: the attributes, or of a model without any its components of w,
    or of a model in z its user directions.
    """
    if model.names:
        return model.names
    components = tuple(name for name in COMPONENTS if name in DirectionNames(model))
    if components or model.extra_directions is None:
        return components
    return tuple(model.extra_directions.own(model)[:MOST_OWN])


def opening(text: object, default: Face, model: Model, open_error: LikenessError | None = None) -> dict[str, Any]:
    """Describe the initial face of a page.

    Args:
        text: the face string of the address; None without one. Other types are refused.
        default: the default face.
        model: the model of the page.
        open_error: why it is not the model of the address; None if it is.

    Returns:
        start: a face that can be shown, as returned by `describe_face`. asked: the requested face string, if valid.
        extras: its pins of extra directions. problem: None, or the message for the page and the pins concerned. Pins
        that contradict one another start from their base alone; other errors start from the default.
    """
    if open_error is not None:
        return _what_is_left(text, default, model, open_error)
    try:
        face = default if text is None else _read(text, model)
    except LikenessError as error:
        return _initial_state(default, model, error)
    try:
        return _initial_state(face, model)
    except PinError as error:
        return _initial_state(replace(face, pins=()), model, error, asked=face)
    except LikenessError as error:
        return _initial_state(default, model, error)


def _what_is_left(text: object, default: Face, model: Model, error: LikenessError) -> dict[str, Any]:
    """Describe the face of a link to a missing model: its base, and those of its pins that this model has, if they can
    hold together here.
    """
    try:
        face = parse(text) if isinstance(text, str) else default
    except LikenessError:
        return _initial_state(default, model, error)
    names = DirectionNames(model)
    kept = tuple(pin for pin in face.pins if pin[0] in names)
    gone = [name.replace("_", " ") for name, _ in face.pins if name not in names]
    more = f" and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
    without = f", without {', '.join(gone[:NAMED])}{more}" if gone else ""
    for pins, words in ((kept, f"base and pins on {model.name}{without}"), ((), f"base on {model.name}")):
        try:
            return _initial_state(Face(face.base, pins), model, InputError(f"{error} Shown: the same {words}."))
        except LikenessError:
            continue  # another model's pins may contradict one another here, or its base have another size
    return _initial_state(default, model, error)


def _read(text: object, model: Model) -> Face:
    if not isinstance(text, str):
        raise InputError("Expected one face in the address. Received: several. Copy the whole link again.")
    return parse(text, DirectionNames(model))


def _initial_state(
    face: Face, model: Model, error: LikenessError | None = None, asked: Face | None = None
) -> dict[str, Any]:
    pins = error.pins if isinstance(error, PinError) else ()
    extras = extras_of(asked or face, model)
    if not model.names:
        extras = tuple(dict.fromkeys((*extras, *slider_names(model))))
    return {
        "start": describe_face(face, model, extras),
        "extras": list(extras),
        "asked": str(asked or face),
        "problem": None if error is None else {"sentence": str(error), "pins": list(pins)},
    }

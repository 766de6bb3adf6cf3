"""The initial state of a page with a face: the model, the face of the address, and the data for the script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import dcc

from dashboard.components.slider_panel import default_shown, own_attributes
from dashboard.faces.describe import describe_model
from dashboard.faces.initial_face import opening
from dashboard.serving.open_model import OpenModel
from dashboard.serving.runtime import current_runtime


@dataclass(frozen=True)
class FaceOpening:
    """The model and the first face of a page.

    Args:
        open_model: the model of the address, or the default one.
        description: from `describe_model`.
        base: the base of the face, as text.
        store: `dcc.Store` "opening", the initial state for `assets/js/face_page.js`.
        start: from `describe_face`, for the face to show.
    """

    open_model: OpenModel
    description: dict[str, Any]
    base: str
    store: dcc.Store
    start: dict[str, Any]


def open_face(face: Any, model: Any) -> FaceOpening:
    """Open the face of an address.

    Args:
        face: the query parameter `face`, unchecked; None for the face of a first visit.
        model: the query parameter `model`, unchecked; None for the default one.

    Returns:
        The initial state. Errors of the address are in the store, for the page to show.
    """
    runtime = current_runtime()
    open_model, open_error = runtime.open_model_or_default(model)
    start = opening(face, open_model.default_face, open_model.model, open_error)
    description = describe_model(open_model.model, start["extras"])
    data = {
        "model": description,
        "default": str(open_model.default_face),
        "default_model": runtime.model.name,
        "few": default_shown(own_attributes(description["attributes"])),
        **start,
    }
    return FaceOpening(
        open_model, description, start["start"]["base"], dcc.Store(id="opening", data=data), start["start"]
    )

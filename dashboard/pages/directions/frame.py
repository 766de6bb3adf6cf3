"""The frame of every tab of the Directions page: the header, the docked face, the tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html

from dashboard.components.dock import docked
from dashboard.components.face_actions import face_actions
from dashboard.components.initial_state import FaceOpening, open_face
from dashboard.components.method_notes import method_note
from dashboard.components.shell import model_chip, page
from dashboard.pages.directions.tabs import directions_tabs
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.model import Model


def directions_tab(name: str, face: Any, model: Any, body: Callable[[Model], list[Any]]) -> html.Div:
    """Lay out a tab that depends on no other query parameter than the face.

    Args:
        name: of the tab, as in `tabs.TABS`.
        face, model: query parameters.
        body: returns the content below the tabs for the model.

    Returns:
        The page.
    """
    begin = open_face(face, model)
    return directions_page(name, begin, body(begin.open_model.model))


def directions_page(name: str, begin: FaceOpening, children: list[Any]) -> html.Div:
    """Lay out a tab; its module also calls `register_dock(name)`.

    Args:
        name: of the tab, as in `tabs.TABS`.
        begin: from `open_face`.
        children: the content below the tabs.

    Returns:
        The page. The dock and its stores are those of `components/dock.py`.
    """
    model = begin.open_model.model
    other = None if model.name == current_runtime().model.name else model.name
    face = begin.store.data["start"]["face"]  # type: ignore[attr-defined]
    return page(
        "Directions",
        docked(name, begin, [directions_tabs(name, face, other), *children]),
        chip=model_chip(model.name, model.config.resolution, len(model.attributes)),
        actions=face_actions(),
        note=method_note(name, model),
    )

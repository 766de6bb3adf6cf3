"""Slides: what a presentation shows of each item of a collection, as plain values for the browser script."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from dashboard.faces.describe import describe_model
from dashboard.faces.initial_face import opening
from dashboard.faces.routes import face_address
from dashboard.faces.site_path import site_path
from dashboard.library.item_contents import Shown, ShownFace, shown
from dashboard.library.items import Draft
from dashboard.library.sheet_slides import tile_slides
from dashboard.serving.runtime import Runtime

MAX_ROWS = 4
"""Sliders on a slide."""

MAX_FACES = 6
"""Pictures side by side on a slide."""


def slides(
    drafts: list[Draft], runtime: Runtime, stills: Mapping[int, dict[str, Any]] = MappingProxyType({})
) -> list[dict[str, Any]]:
    """Return the slides of a collection.

    Args:
        drafts: its items, in display order.
        runtime: the models that show it.
        stills: address and words of the pictures that stand for some of them, and whether each is a figure, by index.

    Returns:
        One a draft, and more where a sheet is too large for one. Of each: kind, title, note,
        speaker (what its presenter alone sees), address, leads (words of
        the link to a page of analysis, else empty), problem, still (one of `stills`, or None), pictures (address and
        words of all that it shows), tiles (a part of a sheet as `tile_slides` has it, or None), and, where there is one
        face, opening (as `assets/js/state.js` takes it) and rows (the attributes that its sliders stand for).
    """
    return [slide for index, draft in enumerate(drafts) for slide in _slides(draft, runtime, stills.get(index))]


def stage_attributes(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the attributes that any slide has a slider for, each once: the panel is laid out for all of them."""
    found: dict[str, dict[str, Any]] = {}
    for slide in made:
        for attribute in slide["opening"]["model"]["attributes"] if slide["opening"] else ():
            if attribute["name"] in slide["rows"]:
                found.setdefault(attribute["name"], attribute)
    return list(found.values())


def for_the_audience(note: str) -> tuple[str, str]:
    """Split a note at its first line of three hyphens: what the slide shows, and what its presenter alone sees."""
    shown, _, hidden = f"\n{note}\n".partition("\n---\n")
    return shown.strip("\n"), hidden.strip("\n")


def _slides(draft: Draft, runtime: Runtime, still: dict[str, Any] | None) -> list[dict[str, Any]]:
    if still is not None and draft.kind == "view":
        return [{**_slide(draft, Shown(), runtime), "still": still, "pictures": [still]}]
    seen = shown(draft, runtime)
    if seen.problem and still is not None:  # its model is gone: what it looked like when it was saved
        return [{**_slide(draft, Shown(), runtime), "still": still, "pictures": [still]}]
    if seen.problem and seen.instead:
        problem = f"{seen.problem} Shown: the same pins on {seen.instead[0].open_model.model.name}."
        return [_slide(draft, Shown(seen.instead, problem=problem), runtime)]
    if seen.sheet is None or not seen.faces:
        return [_slide(draft, seen, runtime)]
    parts = tile_slides(draft.kind, seen.sheet, seen.faces[0].open_model)
    return [{**_slide(draft, Shown(), runtime), "tiles": tiles, "pictures": _pictures(tiles)} for tiles in parts]


def _slide(draft: Draft, seen: Shown, runtime: Runtime) -> dict[str, Any]:
    single = draft.kind in ("face", "view") and len(seen.faces) == 1
    begin = _opening(seen.faces[0], runtime) if single else None
    return {
        "kind": draft.kind,
        "title": draft.title,
        "note": for_the_audience(draft.note)[0],
        "speaker": for_the_audience(draft.note)[1],
        "address": site_path(draft.address),
        "leads": f"Open {draft.page}" if draft.kind == "view" else "",
        "problem": seen.problem,
        "pictures": [
            {"address": face_address(one.open_model.model, one.face), "words": one.words}
            for one in seen.faces[:MAX_FACES]
        ],
        "still": None,
        "tiles": None,
        "opening": begin,
        "rows": _rows(begin) if begin else [],
    }


def _pictures(tiles: dict[str, Any]) -> list[dict[str, str]]:
    """Return the pictures of a part of a sheet, to be fetched ahead."""
    cells = [cell for row in tiles["rows"] for cell in row["cells"] if cell["address"]]
    return [{"address": cell["address"], "words": cell["words"]} for cell in cells]


def _opening(one: ShownFace, runtime: Runtime) -> dict[str, Any]:
    model = one.open_model.model
    start = opening(str(one.face), one.open_model.default_face, model)
    return {"model": describe_model(model, start["extras"]), "default_model": runtime.model.name, **start}


def _rows(begin: dict[str, Any]) -> list[str]:
    """Choose the rows that describe the face: its pins, then the largest drifts, in the order of the model."""
    names = [attribute["name"] for attribute in begin["model"]["attributes"]]
    start = begin["start"]
    drift = [abs(now - base) for now, base in zip(start["coordinates"], start["base_coordinates"], strict=True)]
    pinned = {pin.partition("=")[0] for pin in begin["asked"].split(";")[1:]}
    ranked = sorted(range(len(drift)), key=lambda index: (names[index] not in pinned, -drift[index]))
    return [names[index] for index in sorted(ranked[:MAX_ROWS])]

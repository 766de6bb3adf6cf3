"""Addresses of the Generator page that find other faces: in chosen ranges, or neighbours of the one on the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from flask import Blueprint, request

from dashboard.errors import InputError
from dashboard.faces.answers import REVALIDATED, answers
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.drawing import drawing_of
from dashboard.faces.face import MAX_LENGTH, Face, parse
from dashboard.serving.open_model import OpenModel
from dashboard.spaces.attribute_ranges import SEEDS, count, drawn, read_ranges
from dashboard.spaces.neighbours import Neighbour, around, nearest
from dashboard.web.answers import NeighbourAnswer, NeighboursAnswer, RangesAnswer, Widen


def finding_blueprint(open_model: Callable[[str | None], OpenModel]) -> Blueprint:
    """Return the routes.

    Args:
        open_model: opens a model by its name, None for the default one; raises NotFound if there is none.

    Returns:
        A blueprint; the application answers errors of `dashboard.errors`.
    """
    blueprint = Blueprint("finding", __name__, url_prefix="/find")

    @blueprint.get("/within.json")
    @answers(RangesAnswer, REVALIDATED)
    def matching() -> RangesAnswer:
        """Answer with the number of faces in `?within=Smiling:1:4,...`; with `draw=NUMBER` also the base of one."""
        model = open_model(request.args.get("model")).model
        ranges = read_ranges(request.args.get("within", ""), model)
        found = count(model, ranges)
        answer = RangesAnswer(
            matches=found.matches,
            of=found.of,
            by="scores" if model.has_bank else "coordinates",
            widen=Widen(name=found.widen[0], matches=found.widen[1]) if found.widen else None,
        )
        if "draw" in request.args:
            base = drawn(model, ranges, _number(request.args["draw"]), request.args.get("now", ""))
            answer.base = str(base) if base else None
        return answer

    @blueprint.get("/near.json")
    @answers(NeighboursAnswer, REVALIDATED)
    def neighbours() -> NeighboursAnswer:
        """Answer with faces similar to `?face=`: by the scorer's features, or at `angle=` degrees without
        a scorer.
        """
        found = open_model(request.args.get("model"))
        face = parse(request.args.get("face", "")[: MAX_LENGTH + 1], DirectionNames(found.model))
        by, neighbours = _neighbours(found, face, _number(request.args.get("angle", "20")))
        faces = [NeighbourAnswer(face=str(each.face), distance=round(each.distance, 4)) for each in neighbours]
        return NeighboursAnswer(face=str(face), by=by, faces=faces)

    return blueprint


def _neighbours(found: OpenModel, face: Face, degrees: int) -> tuple[Literal["features", "latent"], list[Neighbour]]:
    """Return the measure of the distances, and the neighbours."""
    model = found.model
    if not (model.has_scorer and model.has_bank):
        return "latent", around(model, face, degrees)
    drawing = drawing_of(face, model)
    read = found.cores.features(drawing.latent, drawing.options)
    return "features", nearest(model, read, face)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < SEEDS):
        raise InputError(f"Expected a whole number below {SEEDS}. Received: {text[:20]}. Draw again.")
    return int(text)

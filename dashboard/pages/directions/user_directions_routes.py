"""Addresses of own directions: make, import, export, remove, restore; changes are held to LIKENESS_WRITE."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from dashboard.errors import InputError, NotFound
from dashboard.library.direction_files import FORMS, MAX_BYTES, read_directions, read_labels, write_directions
from dashboard.library.direction_from_examples import EVEN, from_faces, from_labels, from_selection, keep
from dashboard.library.extra_directions import Library
from dashboard.synthesis.model import Model
from dashboard.web.request_bodies import json_object, text
from dashboard.web.security import writes

MAX_MARKS = 4000


def own_blueprint(model_of: Callable[[str | None], Model], library: Library) -> Blueprint:
    """The routes.

    Args:
        model_of: gives a model by its name, None for the default one; raises NotFound where there is none.
        library: where directions are kept.

    Returns:
        A blueprint; errors of the tree in `dashboard.errors` are for the application to answer.
    """
    blueprint = Blueprint("own", __name__, url_prefix="/directions/own")

    @blueprint.post("")
    @writes
    def make() -> Response:
        """{model, name, plus, minus} or {model, name, selection, rest}: keep the direction between two kinds."""
        told = json_object('{"name": "Mine", "plus": ["31.5"], "minus": ["31.7"]}')
        model = model_of(text(told, "model") or None)
        if selection := text(told, "selection"):
            found, kind = from_selection(model, selection, text(told, "rest") == EVEN), "selection"
        else:
            found, kind = from_faces(model, _faces(told, "plus"), _faces(told, "minus")), "marks"
        return _json(keep(library, model, text(told, "name"), found, kind))

    @blueprint.post("/labels")
    @writes
    def labels() -> Response:
        """A CSV, NPY or NPZ of labels: keep the direction between them."""
        model = model_of(request.args.get("model"))
        title = request.args.get("name", "")
        bases, latents, flags = read_labels(_body(), model.config.latent_size)
        return _json(keep(library, model, title, from_labels(model, bases, latents, flags), "labels"))

    @blueprint.post("/import")
    @writes
    def take() -> Response:
        """Directions of a file: keep them all, or none where one does not fit."""
        model = model_of(request.args.get("model"))
        size = model.config.latent_size
        found = read_directions(_body())
        for title, vector in found.items():
            if vector.shape != (size,):
                raise InputError(
                    f"Expected directions of {size} numbers. Received: {title[:40]}, of shape {vector.shape}. "
                    "Take those of this model."
                )
        names = [library.own.keep(title[:48], vector, model, {"kind": "imported"}) for title, vector in found.items()]
        return _json({"names": [f"own~{name}" for name in names]})

    @blueprint.get("/export.<form>")
    def give(form: str) -> Response:
        """All directions of a model, or the one that is named, as a file."""
        if form not in FORMS:
            raise NotFound(f"Expected .{', .'.join(FORMS)}. Received: .{form[:16]}. Change the address's end.")
        model = model_of(request.args.get("model"))
        wanted = request.args.get("name")
        kept = [one for one in library.own.listed(model) if wanted in (None, one.name)]
        if not kept:
            raise NotFound(f"Expected own directions of {model.name}. Received: none of that name. Make one first.")
        titles = [one.title for one in kept]
        named = {
            title if titles.count(title) == 1 else f"{title} {one.hash[:6]}": one.vector
            for title, one in zip(titles, kept, strict=True)
        }
        answer = Response(write_directions(form, named), content_type="application/octet-stream")
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", titles[0]) if wanted else "directions"
        answer.headers["Content-Disposition"] = f'attachment; filename="{model.name}-{stem}.{form}"'
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @blueprint.post("/<name>/remove")
    @writes
    def remove(name: str) -> Response:
        library.own.remove(name.removeprefix("own~"), model_of(request.args.get("model")))
        return _json({"name": name[:40]})

    @blueprint.post("/<name>/restore")
    @writes
    def restore(name: str) -> Response:
        library.own.restore(name.removeprefix("own~"), model_of(request.args.get("model")))
        return _json({"name": name[:40]})

    return blueprint


def _faces(told: dict[str, Any], key: str) -> list[str]:
    value = told.get(key) or []
    if not isinstance(value, list) or len(value) > MAX_MARKS or not all(isinstance(one, str) for one in value):
        raise InputError(f"Expected {key} to be a list of at most {MAX_MARKS} faces. Received: another value.")
    return value


def _body() -> bytes:
    request.max_content_length = MAX_BYTES  # in place of what holds for every other request
    too_large = (request.content_length or 0) > MAX_BYTES
    content = b"" if too_large else request.stream.read(MAX_BYTES + 1)
    if not 0 < len(content) <= MAX_BYTES:
        raise InputError(f"Expected a file of at most {MAX_BYTES >> 20} MB. Received: another. The page is as it was.")
    return content


def _json(value: dict[str, Any]) -> Response:
    answer = jsonify(value)
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""Addresses of uploaded sets of latents: inspect a file, keep it, remove, restore; limited by LIKENESS_WRITE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from flask import Blueprint, Response, request

from dashboard.analysis.pins import on_sphere
from dashboard.errors import InputError, LikenessError, NotFound
from dashboard.faces.answers import answers
from dashboard.faces.encoding import encode, resize
from dashboard.library.columns import Column
from dashboard.library.extra_directions import Library
from dashboard.library.incoming_files import IncomingFile, check_length, reading
from dashboard.library.latent_files import LatentFile, Reading, read_latent_file
from dashboard.library.latent_sets import require_sets
from dashboard.serving.open_model import OpenModel
from dashboard.synthesis.latent_set import LatentSet
from dashboard.synthesis.model import Model
from dashboard.web.fair_shares import take_share
from dashboard.web.library_answers import (
    FileToken,
    KeptLatentFileAnswer,
    LatentSetAnswer,
    LatentSetName,
    WaitingLatentFileAnswer,
)
from dashboard.web.makers import check_maker
from dashboard.web.request_bodies import json_object, text
from dashboard.web.security import writes

PREVIEWS = 8
SIDE = 128


def sets_blueprint(open_of: Callable[[str | None], OpenModel], library: Library, most_mb: int) -> Blueprint:
    """Return the routes.

    Args:
        open_of: returns an open model by its name, None for the default one; raises NotFound if there is none.
        library: the store of sets.
        most_mb: size limit of a file in MB.

    Returns:
        A blueprint; the application answers errors of `dashboard.errors`.
    """
    blueprint = Blueprint("sets", __name__, url_prefix="/latent-space/sets")

    def receive() -> IncomingFile:
        take_share("uploads")
        limit = most_mb * 1_000_000
        request.max_content_length = limit + 1  # overrides the limit of other requests
        check_length(limit, request.content_length)  # before reading the stream
        name = request.args.get("file") or request.args.get("name", "")
        return library.incoming.receive(request.stream, limit, request.content_length, name)

    @blueprint.post("")
    @writes
    @answers(KeptLatentFileAnswer)
    def upload() -> KeptLatentFileAnswer:
        """Store a file of latents as a space of the Latent space page."""
        model = open_of(request.args.get("model")).model
        require_sets(model)
        file = receive()
        try:
            with reading():
                found = read_latent_file(file.path, model.config.latent_size, Reading.of(request.args))
                kept = _keep(library, model, found, request.args.get("name", ""), found.columns)
        finally:
            library.incoming.drop(file)
        return KeptLatentFileAnswer(**{**_set_json(kept), **found.as_json()})

    @blueprint.post("/read")
    @writes
    @answers(WaitingLatentFileAnswer)
    def look() -> WaitingLatentFileAnswer:
        """Describe a file of latents, and hold it for `keep`; with `token`, describe a file that was
        uploaded before.
        """
        model = open_of(request.args.get("model")).model
        require_sets(model)
        token = request.args.get("token")
        file = library.incoming.find(token) if token else receive()
        try:
            with reading():
                found = read_latent_file(file.path, model.config.latent_size, Reading.of(request.args))
                library.incoming.note(file, asdict(Reading.of(request.args)), _previews(found, model))
        except LikenessError as error:
            if not token:
                library.incoming.drop(file)
            raise error
        return WaitingLatentFileAnswer(token=file.token, name=file.name, model=model.name, **found.as_json())

    @blueprint.get("/read/<token>/<int:row>.webp")
    @writes
    def preview(token: str, row: int) -> Response:
        """Answer with one of the first rows of an uploaded file, as a face."""
        file = library.incoming.find(token)
        _, latents = library.incoming.noted(file)
        if row >= len(latents):
            raise NotFound(f"Expected a row from 0 to {len(latents) - 1}. Received: {row}. Send the file again.")
        open_model = open_of(request.args.get("model"))
        if latents.shape[1] != open_model.model.config.latent_size:
            raise NotFound("Expected the model of the upload. Received: another. Send the file again.")
        picture = open_model.cores.image(latents[row].astype(np.float32), "webp")
        answer = Response(encode(resize(picture, SIDE), "webp"), mimetype="image/webp")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @blueprint.post("/keep")
    @writes
    @answers(LatentSetAnswer)
    def keep() -> LatentSetAnswer:
        """Store an inspected file: {model, token, name, columns: [{name, kind}]}; without columns all are stored."""
        request_body = json_object('{"token": "...", "name": "Mine", "columns": [{"name": "age", "kind": "numbers"}]}')
        model = open_of(text(request_body, "model") or None).model
        file = library.incoming.find(text(request_body, "token"))
        with reading():
            how, _ = library.incoming.noted(file)
            found = read_latent_file(file.path, model.config.latent_size, Reading(**how))
            kept = _keep(
                library, model, found, text(request_body, "name"), _chosen(found.columns, request_body.get("columns"))
            )
        library.incoming.drop(file)
        return LatentSetAnswer(**_set_json(kept))

    @blueprint.post("/read/<token>/drop")
    @writes
    @answers(FileToken)
    def drop(token: str) -> FileToken:
        """Delete an uploaded file."""
        library.incoming.drop(library.incoming.find(token))
        return FileToken(token=token)

    @blueprint.post("/<name>/remove")
    @writes
    @answers(LatentSetName)
    def remove(name: str) -> LatentSetName:
        found = library.latent_sets.find(name)
        check_maker(found.made_by if found else "")
        library.latent_sets.remove(name)
        return LatentSetName(name=name)

    @blueprint.post("/<name>/restore")
    @writes
    @answers(LatentSetName)
    def restore(name: str) -> LatentSetName:
        library.latent_sets.restore(name)
        return LatentSetName(name=name)

    return blueprint


def _keep(library: Library, model: Model, found: LatentFile, name: str, columns: list[Column]) -> LatentSet:
    return library.latent_sets.keep(name, found.blocks(), model, columns, found.distinct)


def _chosen(columns: list[Column], wanted: Any) -> list[Column]:
    """Return the chosen columns, each with its chosen kind."""
    if wanted is None:
        return columns
    by_name = {column.name: column for column in columns}
    if not isinstance(wanted, list) or not all(
        isinstance(each, Mapping) and each.get("name") in by_name for each in wanted
    ):
        raise InputError(
            f"Expected columns of the file ({', '.join(by_name)[:120]}). Received: others. Choose from these."
        )
    return [by_name[each["name"]].taken_for(each.get("kind")) for each in wanted]


def _previews(found: LatentFile, model: Model) -> np.ndarray:
    block = next(found.blocks())[:PREVIEWS]
    return on_sphere(block) if model.normalised else block


def _set_json(kept: LatentSet) -> dict[str, Any]:
    columns = [column.name for column in kept.columns]
    return {"space": f"set-{kept.hash}", "title": kept.title, "rows": kept.n, "kept_columns": columns}

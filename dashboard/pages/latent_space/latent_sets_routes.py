"""Addresses of uploaded sets of latents: upload, remove, restore; held to LIKENESS_WRITE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from dashboard.errors import InputError
from dashboard.library.extra_directions import Library
from dashboard.library.latent_files import read_latents
from dashboard.synthesis.model import Model
from dashboard.web.security import writes

CHUNK = 1 << 20


def sets_blueprint(model_of: Callable[[str | None], Model], library: Library, most_mb: int) -> Blueprint:
    """The routes.

    Args:
        model_of: gives a model by its name, None for the default one; raises NotFound where there is none.
        library: where sets are kept.
        most_mb: size of the largest file that is taken.

    Returns:
        A blueprint; errors of the tree in `dashboard.errors` are for the application to answer.
    """
    blueprint = Blueprint("sets", __name__, url_prefix="/latent-space/sets")

    @blueprint.post("")
    @writes
    def upload() -> Response:
        """NPY or CSV of N x L: keep it as a space of the Latent space page."""
        limit = most_mb * 1_000_000
        request.max_content_length = limit + 1  # in place of what holds for every other request
        model = model_of(request.args.get("model"))
        if (request.content_length or 0) > limit:
            raise InputError(
                f"Expected a file of at most {most_mb:,} MB. Received: {(request.content_length or 0) // 1_000_000:,} "
                "MB. Send fewer rows, or set LIKENESS_LATENTS_MB and start again."
            )
        try:
            blocks = read_latents(request.stream, model.config.latent_size, limit)
            kept = library.latent_sets.keep(request.args.get("name", ""), blocks, model)
        except InputError:
            _drain()
            raise
        return _json(
            {"space": f"set-{kept.hash}", "title": kept.title, "rows": kept.n, "labels": len(kept.labels)},
        )

    @blueprint.post("/<name>/remove")
    @writes
    def remove(name: str) -> Response:
        library.latent_sets.remove(name)
        return _json({"name": name})

    @blueprint.post("/<name>/restore")
    @writes
    def restore(name: str) -> Response:
        library.latent_sets.restore(name)
        return _json({"name": name})

    return blueprint


def _drain() -> None:
    """Take what is still on its way: a browser that is answered before it has sent everything shows no answer."""
    while request.stream.read(CHUNK):
        pass


def _json(value: dict[str, Any]) -> Response:
    answer = jsonify(value)
    answer.headers["Cache-Control"] = "no-store"
    return answer

"""Addresses of the Latent space page: positions of faces, the data behind its figures, thumbnails of the bank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from flask import Blueprint, Response, request, send_file

from dashboard.analysis.selection import parse_selection
from dashboard.errors import InputError, NotFound
from dashboard.faces.answers import REVALIDATED, answers, json_answer
from dashboard.faces.bases import latent_of_base, mean_latent
from dashboard.faces.direction_names import columns_of
from dashboard.faces.face import MAX_LENGTH, Face, Stored, parse_base
from dashboard.faces.routes import FOREVER
from dashboard.library.extra_directions import current_library
from dashboard.pages.latent_space.lasting_answers import is_lasting, lasting_digest
from dashboard.pages.latent_space.scatter_data import drawing_of
from dashboard.spaces.computed_results import layout_of
from dashboard.spaces.densities import is_dense, read_window, window_counts
from dashboard.spaces.layouts import METHODS, written
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import MOST_POINTS, space_of
from dashboard.spaces.selection import average_thumbnail, faces_and_columns, quantities, selected_rows
from dashboard.spaces.view import View, read_view
from dashboard.synthesis.model import Model
from dashboard.web.answers import AverageAnswer, DensityAnswer, ProjectionAnswer
from dashboard.web.data_response import data_answer
from dashboard.web.request_bodies import json_object, text
from dashboard.web.security import writes


def latent_blueprint(model_of: Callable[[str | None], Model]) -> Blueprint:
    """Return the routes.

    Args:
        model_of: returns a model by its name, None for the default one; raises NotFound if there is none.

    Returns:
        A blueprint; the application answers errors of `dashboard.errors`.
    """
    blueprint = Blueprint("latent", __name__, url_prefix="/latent-space")

    @blueprint.get("/place.json")
    @answers(ProjectionAnswer, REVALIDATED)
    def projection() -> ProjectionAnswer:
        """Answer with the position of a base on the components of a view, before the offset: m . z0; or m . d of a
        direction.
        """
        model = model_of(request.args.get("model"))
        view = _view(model)
        if name := request.args.get("direction"):
            column = columns_of(model, [name[:MAX_LENGTH]])[:, 0]
            slopes = projection_of(model, view.space).latent_map[0][:, view.shown]
            return ProjectionAnswer(direction=name, values=(column @ slopes).tolist())
        text = request.args.get("base", "")
        if len(text) > MAX_LENGTH:
            raise InputError(f"Expected a base of at most {MAX_LENGTH} characters. Received: {len(text)}.")
        base = parse_base(text)
        latent = latent_of_base(base, model)
        slopes = projection_of(model, view.space).latent_map[0][:, view.shown]
        return ProjectionAnswer(base=text, canonical=str(base), values=(latent @ slopes).tolist())

    @blueprint.get("/points.<form>")
    def points(form: str) -> Response:
        """Answer with every face of the sample on the components of the page, or at its position in a layout."""
        model = model_of(request.args.get("model"))
        view = _view(model)
        if view.layout is not None:
            return _layout_answer(model, view, view.layout, form)
        projection = projection_of(model, view.space)
        if form == "csv" and is_dense(projection.space):
            raise InputError(f"Expected at most {MOST_POINTS:,} rows as CSV. Received: more. Take NPZ.")
        names = [f"PC{k + 1}" for k in range(projection.count)]
        rows = np.arange(len(projection.points))
        columns = {**dict(zip(names, projection.points.T, strict=True)), **faces_and_columns(projection, rows)}
        return data_answer(f"{model.name}-{projection.space.name}-points", form, columns)

    @blueprint.get("/density.<form>")
    def density(form: str) -> Response:
        """Answer with the number of rows in each cell of a window: as a picture, or the largest count and the total
        in the window.
        """
        model = model_of(request.args.get("model"))
        view = _view(model)
        projection = projection_of(model, view.space)
        first, second = (min(axis, projection.count) - 1 for axis in view.axes[:2])
        counts = window_counts(projection, (first, second), read_window(request.args.get("window", "")))
        if form == "json":
            return json_answer(DensityAnswer(most=int(counts.max()), inside=int(counts.sum())), REVALIDATED)
        if form != "png":
            raise NotFound(f"Expected .png or .json. Received: .{form[:16]}. Change the file extension.")
        from dashboard.figures.density import density_picture  # imported here: only drawing needs it

        return _picture(density_picture(counts, _scheme()), "image/png")

    @blueprint.get("/first-sight.webp")
    def first_picture() -> Response:
        """Answer with a picture of a two-dimensional view's points, which the page shows until it has drawn them
        itself.
        """
        model = model_of(request.args.get("model"))
        view = _view(model)
        drawing = None if view.deep or is_dense(view.space) else drawing_of(model, view, arrows=False)
        if drawing is None:
            raise NotFound("Expected a view of points in two dimensions, computed. Received: another. Open the page.")
        from dashboard.figures.first_sight import first_sight

        answer = _picture(first_sight(drawing.points, drawing.ink, _scheme()), "image/webp")
        if is_lasting(view.space.name, view.method) and request.args.get("digest") == lasting_digest(model):
            answer.headers["Cache-Control"] = FOREVER
        return answer

    @blueprint.get("/scree.<form>")
    def scree(form: str) -> Response:
        """Answer with the variance of every component, and the limits expected from noise."""
        model = model_of(request.args.get("model"))
        projection = projection_of(model, _view(model).space)
        found = projection.spectrum
        shape = found.variances.shape
        columns = {
            "variance": found.variances,
            "share": found.shares,
            "noise_low": np.broadcast_to(found.noise_low, shape),
            "noise_high": np.broadcast_to(found.noise_high, shape),
        }
        return data_answer(f"{model.name}-{projection.space.name}-scree", form, columns)

    @blueprint.get("/average.webp")
    def average() -> Response:
        """Answer with the mean picture of the selected faces that are in the atlas."""
        model = model_of(request.args.get("model"))
        drawn = parse_selection(request.args.get("sel", ""))
        inside = selected_rows(model, drawn)
        return _picture(average_thumbnail(model, space_of(drawn.space, model), inside), "image/webp")

    @blueprint.post("/average")
    @writes
    @answers(AverageAnswer)
    def keep_average() -> AverageAnswer:
        """Store the average latent of a selection: {model, selection}; answer with its face."""
        request_body = json_object('{"selection": "1~scores.pca.1.2~..."}')
        model = model_of(text(request_body, "model") or None)
        drawn = parse_selection(text(request_body, "selection"))
        inside = selected_rows(model, drawn)
        if not inside.any():
            raise InputError("Expected selected faces. Received: none. Draw around some faces.")
        latents = projection_of(model, space_of(drawn.space, model)).latents
        mean = mean_latent(latents[inside], model.normalised)
        kept = mean if model.w is None else model.w.w_of(mean)
        face = Face(Stored(current_library().latents.keep(kept), space=model.space))
        return AverageAnswer(face=str(face), count=int(inside.sum()))

    @blueprint.get("/selection.<form>")
    def selection(form: str) -> Response:
        """Answer with selected faces, with their scores, and their further columns in an uploaded set."""
        model = model_of(request.args.get("model"))
        drawn = parse_selection(request.args.get("sel", ""))
        rows = np.flatnonzero(selected_rows(model, drawn))
        projection = projection_of(model, space_of(drawn.space, model))
        values, names, _ = quantities(projection)
        columns = {**faces_and_columns(projection, rows), **dict(zip(names, values[rows].T, strict=True))}
        return data_answer(f"{model.name}-selection", form, columns)

    @blueprint.get("/atlas.webp")
    def atlas() -> Response:
        """Answer with the thumbnails of the bank's first faces, 50 in a row."""
        model = model_of(request.args.get("model"))
        if "atlas.webp" not in model.files:
            raise NotFound(f"Expected thumbnails of model {model.name}. Received: a model without them.")
        answer = send_file(model.path / "atlas.webp", mimetype="image/webp", etag=model.files["atlas.webp"][:32])
        # The digest is part of the address, which therefore changes with the thumbnails.
        own = request.args.get("digest") == model.files["atlas.webp"][:8]
        answer.headers["Cache-Control"] = FOREVER if own else "no-cache"
        return answer

    return blueprint


def _layout_answer(model: Model, view: View, params: Mapping[str, Any], form: str) -> Response:
    """Return the positions of a layout by UMAP or t-SNE; the file's name contains its parameters."""
    found = layout_of(model, view.method, dict(params))
    if found is None:
        raise NotFound(f"Expected {METHODS[view.method]} with these parameters. Received: none yet. Compute it first.")
    columns = {f"{view.method.upper()}{k + 1}": column for k, column in enumerate(found.points.T)}
    return data_answer(f"{model.name}-{view.space.name}-{written(view.method, params)}", form, columns)


def _view(model: Model) -> View:
    view, problem = read_view(request.args, model)
    if problem is not None:
        raise problem
    return view


def _scheme() -> Literal["light", "dark"]:
    return "dark" if request.args.get("scheme") == "dark" else "light"


def _picture(payload: bytes, kind: str) -> Response:
    answer = Response(payload, mimetype=kind)
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer

"""Addresses of pictures, `/faces/MODEL@DIGEST/FACE.webp`, `.png`, `.json`, ..., and of directions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from dashboard.errors import InputError, NotFound
from dashboard.faces import encoding
from dashboard.faces.answers import Answer, DirectionAnswer, FaceAnswer, ModelAnswer, json_answer
from dashboard.faces.describe import describe_direction, describe_face, describe_model, model_address
from dashboard.faces.direction_names import MAX_EXTRAS, DirectionNames
from dashboard.faces.face import MAX_LENGTH, VERSION, Face, parse
from dashboard.faces.numbers import latent_file, numbers_json, numbers_table
from dashboard.faces.option_grammar import parse_options
from dashboard.faces.pictures import Picture, Pictures
from dashboard.faces.style_mix import MAX_MIX_LENGTH, SEPARATOR, Drawable, StyleMix, parse_drawable
from dashboard.synthesis.model_folder import Model

Form = encoding.Format | Literal["json", "scores.json", "npy", "csv", "numbers.json"]
NUMBERS: dict[str, Form] = {"npy": "npy", "csv": "csv", "numbers.json": "numbers.json"}
"""Downloads of a face's numbers."""

FORMS: dict[str, Form] = {
    **{form: form for form in encoding.FORMATS}, "json": "json", "scores.json": "scores.json", **NUMBERS
}  # fmt: skip

FOREVER = "public, max-age=31536000, immutable"
"""Cache-Control of an address whose answer never changes."""

ADDRESS_SAFE = "-._~(),;=:!"
"""Characters of face strings that are not escaped in an address."""

_ADDRESS = re.compile(
    r"(?P<model>[^/@]{1,80})@(?P<digest>[^/@]{1,80})/(?P<face>[^/]*?)\.(?P<form>scores\.json|numbers\.json|[^./]{1,16})",
    re.DOTALL,
)


def face_address(model: Model, face: Drawable, form: Form = "webp", size: int | None = None) -> str:
    """Return the address of the picture of a face or a style mix, from the root of the site.

    Args:
        model: the model.
        face: the face or the mix.
        form: one of FORMS.
        size: edge in pixels; None for the model's own.

    Returns:
        Such as `/faces/rendered@1f2e3d4c/1:4217;Smiling=2.2.webp?size=512`.
    """
    return f"{model_address(model)}{quote(str(face), safe=ADDRESS_SAFE)}.{form}" + (f"?size={size}" if size else "")


def faces_blueprint(pictures_of: Callable[[str | None], Pictures]) -> Blueprint:
    """Return the routes of pictures.

    Args:
        pictures_of: returns the pictures of a model by its name, None for the default one; raises NotFound for unknown
            models.

    Returns:
        A blueprint; the application handles the errors of `dashboard.errors`.
    """
    blueprint = Blueprint("faces", __name__)

    @blueprint.get("/model.json")
    def model_json() -> Response:
        return _json(ModelAnswer(**describe_model(pictures_of(request.args.get("model")).model)), "no-cache")

    @blueprint.get("/faces/", defaults={"address": ""})
    @blueprint.get("/faces/<path:address>")
    def face(address: str) -> BaseResponse:
        found = _take_apart(address)
        pictures = pictures_of(found["model"])
        model = pictures.model
        form, text, size = _read(found, model)
        wanted = parse_drawable(text, DirectionNames(model))
        if str(wanted) != text:
            return redirect(face_address(model, wanted, form, size), 301)
        if form == "webp" or form == "png":
            return _picture(wanted, form, size, pictures)
        if isinstance(wanted, StyleMix):
            raise NotFound(f"Expected .webp or .png for a style mix. Received: .{form}. Ask for each of its faces.")
        if form == "json":
            return _json(FaceAnswer(**describe_face(wanted, model, _extras(model))), FOREVER)
        if form == "scores.json":
            return _answer(pictures.scores(wanted), "application/json")
        return _numbers(form, wanted, pictures)

    @blueprint.get("/faces/<named>@<digest>/directions/<name>.json")
    def direction(named: str, digest: str, name: str) -> BaseResponse:
        model = pictures_of(named).model
        _check_digest(digest, model)
        base = parse(f"{VERSION}:{request.args.get('base', '0')[:MAX_LENGTH]}").base
        described = describe_direction(name, model, base, _extras(model), _label(model))
        return _json(DirectionAnswer(**described), "no-cache")

    return blueprint


def _picture(face: Drawable, form: encoding.Format, size: int | None, pictures: Pictures) -> Response:
    """Return the picture of a face or a style mix, or a preview of it."""
    if form == "webp" and "preview" in request.args:
        return _answer(pictures.preview(face, urgent=not _may_wait()), encoding.FORMATS[form], "no-store")
    return _answer(pictures.picture(face, form, size, urgent=not _may_wait()), encoding.FORMATS[form])


def _numbers(form: Form, face: Face, pictures: Pictures) -> Response:
    """Return a face's numbers as a file."""
    model = pictures.model
    if form == "npy":
        response = Response(latent_file(face, model), mimetype="application/octet-stream")
    else:
        measurable = model.has_scorer and model.has_bank
        scores = json.loads(pictures.scores(face).entry.payload)["scores"] if measurable else {}
        written = numbers_table if form == "csv" else numbers_json
        response = Response(written(face, model, scores), mimetype="text/csv" if form == "csv" else "application/json")
    response.headers["Cache-Control"] = FOREVER
    response.add_etag()
    response.make_conditional(request)
    return response


def _may_wait() -> bool:
    """Return whether a request has low priority: from an image element, of which a page has many, or by its header.

    Pictures of a drag are fetched by script, which accepts any type; browsers send "image/..." for elements only. The
    header is RFC 9218's urgency, 0 to 7, with default 3.
    """
    found = re.search(r"(?:^|[,\s])u=([0-7])(?:$|[,;\s])", request.headers.get("Priority", "")[:80])
    if found is not None:
        return int(found[1]) > 3
    return request.headers.get("Accept", "")[:80].startswith("image/")


def _take_apart(address: str) -> re.Match[str]:
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise NotFound(
            "Expected an address such as /faces/MODEL@DIGEST/1:4217.webp. "
            f"Received: {_shown('/faces/' + address)}. Copy the whole link."
        )
    return found


def _read(found: re.Match[str], model: Model) -> tuple[Form, str, int | None]:
    """Return format, face string, and size if it is not the model's own."""
    _check_digest(found["digest"], model)
    if found["form"] not in FORMS:
        raise NotFound(
            f"Expected .webp, .png or .json, .npy or .csv. Received: .{_shown(found['form'])}. Change its end."
        )
    most = MAX_MIX_LENGTH if SEPARATOR in found["face"] else MAX_LENGTH
    if len(found["face"]) > most:
        raise InputError(
            f"Expected a face of at most {most} characters. Received: {len(found['face'])}. Release some pins."
        )
    return FORMS[found["form"]], found["face"], _size(request.args.get("size"), model.config.resolution)


def _check_digest(digest: str, model: Model) -> None:
    if digest != model.digest8:
        raise NotFound(
            f"Expected the digest of model {model.name}, {model.digest8}. Received: {_shown(digest)}. "
            "The model was replaced since: open the dashboard for a link that works."
        )


def _extras(model: Model) -> tuple[str, ...]:
    """Return the extra directions that `?with=A,B` names."""
    asked = request.args.get("with", "")
    names = tuple(asked[: MAX_EXTRAS * 80].split(",")) if asked else ()
    if len(names) > MAX_EXTRAS:
        raise InputError(f"Expected at most {MAX_EXTRAS} directions in with=. Received: {len(names)}. Ask for fewer.")
    return names


def _label(model: Model) -> int | None:
    """Return the label that `?label=3` names."""
    text = request.args.get("label", "")
    options = parse_options([f"label:{text}"] if text else [])
    options.check(model.config)
    return options.label


def _size(text: str | None, own: int) -> int | None:
    if text is None or text == str(own):
        return None
    allowed = {str(size): size for size in encoding.SIZES}
    if text not in allowed:
        raise InputError(
            f"Expected size to be one of {', '.join(map(str, sorted({*encoding.SIZES, own})))}. "
            f"Received: {_shown(text)}. Choose one of these, or leave size out."
        )
    return allowed[text]


def _shown(text: str) -> str:
    """Return received text in a form to quote in a message: printable and short."""
    kept = "".join(character if character.isprintable() else "?" for character in text[:80])
    return kept + ("..." if len(text) > 80 else "")


def _answer(picture: Picture, mimetype: str, cache_control: str = FOREVER) -> Response:
    response = Response(picture.entry.payload, mimetype=mimetype)
    response.headers["Cache-Control"] = cache_control
    response.headers["Server-Timing"] = (
        f"synth;dur={picture.milliseconds:.1f}, cache;desc={'hit' if picture.hit else 'miss'}"
    )
    response.set_etag(picture.entry.digest)
    response.make_conditional(request)
    return response


def _json(answer: Answer, cache_control: str) -> Response:
    response = json_answer(answer, cache_control)
    response.add_etag()
    response.make_conditional(request)
    return response

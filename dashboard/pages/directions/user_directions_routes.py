"""Addresses of user directions: make, import, export, remove, restore; changes are limited by LIKENESS_WRITE."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, request

from dashboard.errors import InputError, NotFound
from dashboard.faces.answers import answers
from dashboard.library.direction_files import FORMS, MAX_BYTES, write_directions
from dashboard.library.direction_files import take as take_of
from dashboard.library.direction_from_examples import (
    EVEN,
    from_faces,
    from_labels,
    from_selection,
    keep,
    labelled_latents,
)
from dashboard.library.direction_spaces import SPACES
from dashboard.library.extra_directions import Library
from dashboard.library.file_directions import directions_in
from dashboard.library.incoming_files import IncomingFile, check_length, reading
from dashboard.library.label_columns import LabelChoice
from dashboard.library.label_files import Labels, read_labels
from dashboard.synthesis.model import Model
from dashboard.web.fair_shares import take_share
from dashboard.web.library_answers import (
    DirectionInFile,
    FileToken,
    ImportedDirectionsAnswer,
    LabelCount,
    UserDirectionAnswer,
    UserDirectionName,
    WaitingDirectionsAnswer,
    WaitingLabelsAnswer,
)
from dashboard.web.makers import check_maker
from dashboard.web.request_bodies import json_object, text
from dashboard.web.security import writes

MAX_MARKS = 4000
MAX_LISTED = 1024
"""Directions of a file that are listed, at most."""


def user_directions_blueprint(model_of: Callable[[str | None], Model], library: Library) -> Blueprint:
    """Return the routes.

    Args:
        model_of: returns a model by its name, None for the default one; raises NotFound if there is none.
        library: the store of directions.

    Returns:
        A blueprint; the application answers errors of `dashboard.errors`.
    """
    blueprint = Blueprint("user_directions", __name__, url_prefix="/directions/own")

    @blueprint.post("")
    @writes
    @answers(UserDirectionAnswer)
    def make() -> UserDirectionAnswer:
        """Make a direction from {model, name, plus, minus, classifier, held} or {model, name, selection, rest}, and
        keep it.
        """
        request_body = json_object('{"name": "Mine", "plus": ["31.5"], "minus": ["31.7"]}')
        model = model_of(text(request_body, "model") or None)
        if selection := text(request_body, "selection"):
            found, kind = from_selection(model, selection, text(request_body, "rest") == EVEN), "selection"
        else:
            classifier = text(request_body, "classifier") or "logistic"
            examples = _faces(request_body, "plus"), _faces(request_body, "minus")
            found, kind = from_faces(model, *examples, classifier, _faces(request_body, "held")), "marks"
        return UserDirectionAnswer(**keep(library, model, text(request_body, "name"), found, kind))

    @blueprint.post("/labels/read")
    @writes
    @answers(WaitingLabelsAnswer)
    def look_at_labels() -> WaitingLabelsAnswer:
        """Describe a file of labels, and hold it for `labels?token=...`; nothing is stored yet."""
        words = request.args
        model = model_of(words.get("model"))
        with _sent(library, words.get("token"), kept=True) as file:
            try:
                found: Labels | LabelChoice = read_labels(file.path, model.config.latent_size, *_chosen(words))
                if isinstance(found, Labels):
                    labelled_latents(model, found)  # an invalid face is reported now
            except LabelChoice as choice:
                found = choice
        return _described(file, words.get("one") or "", found)

    @blueprint.post("/labels")
    @writes
    @answers(UserDirectionAnswer)
    def labels() -> UserDirectionAnswer:
        """Store the direction from a file of labels: between two classes, or of increasing score."""
        words = request.args
        model = model_of(words.get("model"))
        with _sent(library, words.get("token")) as file:
            found = read_labels(file.path, model.config.latent_size, *_chosen(words))
            made = keep(library, model, words.get("name", ""), from_labels(model, found), "labels")
        return UserDirectionAnswer(**made, read=found.words)

    @blueprint.post("/incoming/<token>/drop")
    @writes
    @answers(FileToken)
    def drop(token: str) -> FileToken:
        """Discard an uploaded file."""
        library.incoming.drop(library.incoming.find(token))
        return FileToken(token=token)

    @blueprint.post("/import/read")
    @writes
    @answers(WaitingDirectionsAnswer)
    def look() -> WaitingDirectionsAnswer:
        """Answer with a list of the directions of a file, and hold the file for `import?token=...`, or for another
        reading in another space.
        """
        model = model_of(request.args.get("model"))
        notes: list[str] = []
        with _sent(library, request.args.get("token"), kept=True) as file:
            space, found = directions_in(file.path, model, file.name, request.args.get("space", ""), notes)
        listed = [DirectionInFile(title=each.title, description=each.description) for each in found[:MAX_LISTED]]
        return WaitingDirectionsAnswer(
            token=file.token, name=file.name, count=len(found), directions=listed, notes=notes, space=space,
            spaces=[each for each in SPACES if each in model.config.spaces and (each == "s") == (space == "s")],
        )  # fmt: skip

    @blueprint.post("/import")
    @writes
    @answers(ImportedDirectionsAnswer)
    def take() -> ImportedDirectionsAnswer:
        """Store the directions of a file, or those named by `take`: all of them, or none if one
        is invalid.
        """
        words = request.args
        model = model_of(words.get("model"))
        with _sent(library, words.get("token")) as file:
            space, found = directions_in(file.path, model, file.name, words.get("space", ""))
            chosen = take_of(found, words.get("take", ""))
            names = [
                library.user_directions.keep(
                    each.title, each.vector, model, {"kind": "imported", "description": each.description}, space
                )
                for each in chosen
            ]
        return ImportedDirectionsAnswer(names=[f"own~{name}" for name in names], titles=[each.title for each in chosen])

    @blueprint.get("/export.<form>")
    def give(form: str) -> Response:
        """Answer with all directions of a model, or the one that is named, as a file."""
        if form not in FORMS:
            raise NotFound(f"Expected .{', .'.join(FORMS)}. Received: .{form[:16]}. Change the file extension.")
        model = model_of(request.args.get("model"))
        wanted = request.args.get("name")
        # A file has directions of one space; those of the other go one by one.
        kept = library.user_directions.listed(model, model.space)
        if wanted is not None:
            kept = [
                one
                for one in [each for space in SPACES for each in library.user_directions.listed(model, space)]
                if one.name == wanted
            ]
        if not kept:
            raise NotFound(f"Expected user directions of {model.name}. Received: none of that name. Make one first.")
        titles = [one.title for one in kept]
        named = {
            title if titles.count(title) == 1 else f"{title} {one.hash[:6]}": one.vector
            for title, one in zip(titles, kept, strict=True)
        }
        answer = Response(write_directions(form, named), content_type="application/octet-stream")
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", titles[0]) if wanted else "directions"
        stem += "" if kept[0].space == "z" else f"_{kept[0].space}"  # as `direction_space` reads it
        answer.headers["Content-Disposition"] = f'attachment; filename="{model.name}-{stem}.{form}"'
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @blueprint.post("/<name>/remove")
    @writes
    @answers(UserDirectionName)
    def remove(name: str) -> UserDirectionName:
        model, name = model_of(request.args.get("model")), name.removeprefix("own~")
        found = library.user_directions.read(name, model)
        check_maker(found.made_by if found else "")
        library.user_directions.remove(name, model)
        return UserDirectionName(name=f"own~{name}"[:40])

    @blueprint.post("/<name>/restore")
    @writes
    @answers(UserDirectionName)
    def restore(name: str) -> UserDirectionName:
        library.user_directions.restore(name.removeprefix("own~"), model_of(request.args.get("model")))
        return UserDirectionName(name=name[:40])

    return blueprint


def _faces(body: dict[str, Any], key: str) -> list[str]:
    value = body.get(key) or []
    if not isinstance(value, list) or len(value) > MAX_MARKS or not all(isinstance(one, str) for one in value):
        raise InputError(f"Expected {key} to be a list of at most {MAX_MARKS} faces. Received: another value.")
    return value


def _receive(library: Library) -> IncomingFile:
    """Return the file that the request carries, on the disk."""
    take_share("uploads")
    request.max_content_length = MAX_BYTES + 1  # overrides the limit of other requests
    check_length(MAX_BYTES, request.content_length)  # before reading the stream
    name = request.args.get("file", "")
    return library.incoming.receive(request.stream, MAX_BYTES, request.content_length, name)


@contextmanager
def _sent(library: Library, token: str | None, kept: bool = False) -> Iterator[IncomingFile]:
    """Yield the uploaded file of a token, or else the file of the request, for reading.

    Args:
        library: with the uploaded files.
        token: of the file; None for that of the request.
        kept: whether it goes on waiting where nothing is wrong. One that waited before does so where something is.
    """
    file = library.incoming.find(token) if token else _receive(library)
    try:
        with reading():
            yield file
    except BaseException:
        if not token:
            library.incoming.drop(file)
        raise
    if not kept:
        library.incoming.drop(file)


def _chosen(words: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return the requested column of labels and the requested value for 1."""
    return words.get("labels") or None, words.get("one") or None


def _described(file: IncomingFile, chosen: str, found: Labels | LabelChoice) -> WaitingLabelsAnswer:
    """Describe a file of labels, or the choice that it needs."""
    read = found if isinstance(found, Labels) else None
    return WaitingLabelsAnswer(
        token=file.token,
        name=file.name,
        chosen=chosen,
        problem="" if read else str(found),
        column=found.column,
        columns=list(found.columns),
        counts=[LabelCount(value=value, count=count) for value, count in found.counts],
        one=read.one if read else "",
        scores=read.scores if read else False,
        numbers=read.numbers if read else False,
        words=read.words if read else "",
        labels=len(read.values) if read else 0,
        ones=int(read.values.sum()) if read and read.one else 0,
        blanks=read.blanks if read else 0,
        left_out=read.left_out if read else 0,
        of=_labelled(read) if read else "",
    )


def _labelled(found: Labels) -> str:
    """Return what the labels belong to."""
    if found.latents is not None:
        return "latents of the file"
    return "faces of the file" if found.bases else "faces of the sample, in sample order"

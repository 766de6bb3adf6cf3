"""Addresses that change the models of a server: `POST /models/NAME/ACTION` and `POST /uploads`, limited by
LIKENESS_WRITE.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from flask import Blueprint, Request, Response, request

from dashboard.errors import Forbidden, InputError, ModelError, NotFound
from dashboard.faces.answers import answers
from dashboard.library.incoming_files import reading
from dashboard.serving.model_list import MAX_UPLOAD_BYTES
from dashboard.serving.runtime import DOWNLOADS, UPLOAD, Runtime
from dashboard.synthesis.human_units import megabytes
from dashboard.synthesis.installed_models import model_folders, remove_model, restore_model
from dashboard.synthesis.manifest import check_name
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.model_zip import pack_model, unpack_model
from dashboard.web.answers import ChangedModelAnswer, DownloadAnswer
from dashboard.web.fair_shares import take_share
from dashboard.web.security import administers

CHUNK = 1 << 16


def models_blueprint(runtime: Runtime) -> Blueprint:
    """Return the routes.

    Args:
        runtime: with the models.

    Returns:
        A blueprint; the application answers errors of `dashboard.errors`.
    """
    blueprint = Blueprint("models", __name__)

    @blueprint.post("/models/<name>/fetch")
    @administers
    @answers(ChangedModelAnswer)
    def fetch(name: str) -> ChangedModelAnswer:
        entry = runtime.catalogue.model(name)
        if request.args.get("accept") == entry.licence:
            _accept(runtime, entry.licence)
        licence = runtime.catalogue.licences[entry.licence]
        runtime.acceptances.require(entry.licence, licence, f"To accept, add ?accept={entry.licence}")
        runtime.fetches.start(name, runtime.catalogue)
        return _done(name)

    @blueprint.get("/models/<name>/fetch")
    @answers(DownloadAnswer)
    def fetch_state(name: str) -> DownloadAnswer:
        state = runtime.fetches.state(name)
        if state is None:
            raise NotFound(f'Expected a model with a download since the start. Received: "{name[:80]}", never fetched.')
        return DownloadAnswer(**asdict(state))

    @blueprint.post("/models/<name>/cancel")
    @administers
    @answers(ChangedModelAnswer)
    def cancel(name: str) -> ChangedModelAnswer:
        runtime.fetches.cancel(name)
        return _done(name)

    @blueprint.post("/models/<name>/remove")
    @administers
    @answers(ChangedModelAnswer)
    def remove(name: str) -> ChangedModelAnswer:
        if name == runtime.model.name:
            raise Forbidden(
                f'Expected a model other than the default one. Received: "{name[:80]}". '
                "Set LIKENESS_MODEL to another first."
            )
        runtime.close_model(name)
        remove_model(name, runtime.own_shelf)
        runtime.fetches.forget(name)
        return _done(name)

    @blueprint.post("/models/<name>/restore")
    @administers
    @answers(ChangedModelAnswer)
    def restore(name: str) -> ChangedModelAnswer:
        restore_model(name, runtime.own_shelf)
        return _done(name)

    @blueprint.post("/models/<name>/verify")
    @administers
    @answers(ChangedModelAnswer)
    def verify(name: str) -> ChangedModelAnswer:
        model = open_model(_folder(runtime, name))
        return _done(name, message=f"All {len(model.files)} files of {name} are as they were published.")

    @blueprint.post("/uploads")
    @administers
    @answers(ChangedModelAnswer)
    def upload() -> ChangedModelAnswer:
        take_share("uploads")
        kind, name = request.args.get("as"), request.args.get("name", "")
        if kind == "network":
            return _done(_import_network(runtime, name))
        if kind == "folder":
            return _done(_import_folder(runtime, name))
        if kind == "directions":
            return _done(_add_directions(runtime, name))
        raise InputError(
            f"Expected as=network, as=folder or as=directions. Received: {str(kind)[:40]}. Choose one of them."
        )

    @blueprint.get("/models/<name>.zip")
    @administers
    def folder_of(name: str) -> Response:
        folder = _folder(runtime, name)
        response = Response(pack_model(folder), mimetype="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{folder.name}.zip"'
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint


def _import_network(runtime: Runtime, name: str) -> str:
    from dashboard.synthesis.imports import import_model  # imported here: only imports need the reader

    space = _space(request.args.get("space", ""))
    return _take(runtime, name, lambda file: import_model(file, name, runtime.own_shelf, space=space))


def _space(text: str) -> Literal["z", "w"] | None:
    """Return the space in which directions of a network will live; None for the default: w of a StyleGAN, else z."""
    if text in ("z", "w"):
        return text
    if text:
        raise InputError(f"Expected space=z or space=w. Received: {text[:20]}. Choose one, or leave it out.")
    return None


def _import_folder(runtime: Runtime, name: str) -> str:
    return _take(runtime, name, lambda file: unpack_model(file, name, runtime.own_shelf))


def _take(runtime: Runtime, name: str, make: Callable[[Path], Path]) -> str:
    """Create a model from the request's body; its name is checked before anything is read."""
    try:
        check_name(name)
    except ModelError as error:
        raise InputError(str(error)) from error
    if name in runtime.names():
        raise InputError(f'Expected a name that is not in use. Received: "{name}". Choose another name.')
    with _received(request, runtime) as file:
        try:
            return make(file).name
        except ModelError as error:
            raise InputError(str(error)) from error


def _add_directions(runtime: Runtime, name: str) -> str:
    from dashboard.synthesis.add_directions import add_directions

    folder = _folder(runtime, name)
    if runtime.own_shelf not in folder.parents:
        raise InputError(f'Expected an imported model. Received: "{name}", which keeps its own directions.')
    with _received(request, runtime) as file:
        try:
            return add_directions(folder, file).name
        except ModelError as error:
            raise InputError(str(error)) from error


@contextmanager
def _received(asked: Request, runtime: Runtime) -> Iterator[Path]:
    """Yield the body of a request as a temporary file, streamed to the disk."""
    asked.max_content_length = MAX_UPLOAD_BYTES  # overrides the limit of other requests
    if (asked.content_length or 0) > MAX_UPLOAD_BYTES:
        raise InputError(
            f"Expected a file of at most {megabytes(MAX_UPLOAD_BYTES)}. Received: "
            f"{megabytes(asked.content_length or 0)}. Import it on the machine: python -m dashboard models import"
        )
    if runtime.home is None:
        raise InputError("Expected a writable LIKENESS_HOME for models. Received: an unusable one. See the log.")
    folder = runtime.home / DOWNLOADS
    folder.mkdir(mode=0o700, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=UPLOAD) as file:
        size = 0
        while chunk := asked.stream.read(CHUNK):
            file.write(chunk)
            size += len(chunk)
        file.flush()
        if not size or (asked.content_length is not None and size != asked.content_length):
            raise InputError(
                f"Expected {asked.content_length or 'some'} bytes. Received: {size}. The upload ended early: send it "
                "again."
            )
        with reading():
            yield Path(file.name)


def _folder(runtime: Runtime, name: str) -> Path:
    """Return the folder of an installed model; the name is only compared, never used as a path."""
    folders = {folder.name: folder for folder in model_folders(runtime.shelves)} | {
        runtime.model.name: runtime.model.path
    }
    if name not in folders:
        raise NotFound(f'Expected a model that is here ({", ".join(folders)}). Received: "{name[:80]}".')
    return folders[name]


def _accept(runtime: Runtime, licence: str) -> None:
    try:
        runtime.acceptances.accept(licence)
    except OSError as error:
        raise InputError(
            f"Expected a writable LIKENESS_HOME for models. Received: {error.strerror}. Nothing was downloaded."
        ) from error


def _done(name: str, message: str = "") -> ChangedModelAnswer:
    return ChangedModelAnswer(model=name, message=message) if message else ChangedModelAnswer(model=name)

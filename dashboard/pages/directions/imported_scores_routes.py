"""Addresses of imported scores: a manifest, then scores; list, remove, restore; directions of scores of faces. Limited
by LIKENESS_WRITE.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Blueprint, request

from dashboard.faces.answers import answers
from dashboard.library.extra_directions import Library
from dashboard.library.face_scores import keep_directions, read_face_scores
from dashboard.library.imported_scores import KeptScores
from dashboard.library.incoming_files import IncomingFile, check_length, reading
from dashboard.library.score_files import read_scores
from dashboard.synthesis.model import Model
from dashboard.web.fair_shares import take_share
from dashboard.web.library_answers import (
    ImportedScoresAnswer,
    ImportedScoresListAnswer,
    ImportedScoresName,
    ScoredDirectionsAnswer,
    WaitingManifestAnswer,
)
from dashboard.web.makers import check_maker
from dashboard.web.security import writes

MAX_BYTES = 200_000_000
"""Size limit in bytes: a manifest of 5,000 people and 27 sliders has about 100 MB."""


def imported_scores_blueprint(model_of: Callable[[str | None], Model], library: Library) -> Blueprint:
    """Return the routes.

    Args:
        model_of: returns a model by its name, None for the default one; raises NotFound if there is none.
        library: the store of the scores.
    """
    blueprint = Blueprint("imported-scores", __name__, url_prefix="/directions/scores")

    @blueprint.get("")
    @answers(ImportedScoresListAnswer)
    def listed() -> ImportedScoresListAnswer:
        """Answer with the imported scores of a model."""
        model = model_of(request.args.get("model"))
        return ImportedScoresListAnswer(scores=[_answer(each) for each in library.scores.listed(model)])

    @blueprint.post("/manifest")
    @writes
    @answers(WaitingManifestAnswer)
    def manifest() -> WaitingManifestAnswer:
        """Store an uploaded manifest until its scores come: `?manifest=TOKEN`."""
        file = _receive(library)
        return WaitingManifestAnswer(token=file.token, name=file.name)

    @blueprint.post("")
    @writes
    @answers(ImportedScoresAnswer)
    def take() -> ImportedScoresAnswer:
        """Store a table of scores, matched to the uploaded manifest or to its own columns."""
        words = request.args
        model = model_of(words.get("model"))
        with _tables(library) as (scores, manifests):
            with reading():
                found = read_scores(scores, manifests, model)
            kept = library.scores.keep(words.get("name", ""), found, model)
        return _answer(kept)

    @blueprint.post("/directions")
    @writes
    @answers(ScoredDirectionsAnswer)
    def fit() -> ScoredDirectionsAnswer:
        """Store a direction for each column of a table of scores of faces, found by regression."""
        model = model_of(request.args.get("model"))
        with _tables(library) as (scores, manifests), reading():
            found = read_face_scores(scores, manifests, model)
            made = keep_directions(library, model, found)
        return ScoredDirectionsAnswer(
            names=[each["name"] for each in made], titles=[each["title"] for each in made], words=found.words
        )

    @blueprint.post("/<name>/remove")
    @writes
    @answers(ImportedScoresName)
    def remove(name: str) -> ImportedScoresName:
        """Remove scores."""
        model = model_of(request.args.get("model"))
        kept = library.scores.find(name, model)
        check_maker(kept.made_by if kept else "")
        library.scores.remove(name, model)
        return ImportedScoresName(name=name[:40])

    @blueprint.post("/<name>/restore")
    @writes
    @answers(ImportedScoresName)
    def restore(name: str) -> ImportedScoresName:
        """Restore removed scores."""
        library.scores.restore(name, model_of(request.args.get("model")))
        return ImportedScoresName(name=name[:40])

    return blueprint


@contextmanager
def _tables(library: Library) -> Iterator[tuple[list[Path], list[Path]]]:
    """Yield the table of scores that the request carries, and the manifest that was uploaded before it.

    The scores are dropped afterwards; a manifest waits on if something is wrong.
    """
    token = request.args.get("manifest")
    waiting = library.incoming.find(token) if token else None
    file = _receive(library)
    try:
        yield [file.path], [waiting.path] if waiting else []
    finally:
        library.incoming.drop(file)
    if waiting is not None:
        library.incoming.drop(waiting)


def _receive(library: Library) -> IncomingFile:
    take_share("uploads")
    request.max_content_length = MAX_BYTES + 1  # overrides the limit of other requests
    check_length(MAX_BYTES, request.content_length)
    return library.incoming.receive(request.stream, MAX_BYTES, request.content_length, request.args.get("file", ""))


def _answer(kept: KeptScores) -> ImportedScoresAnswer:
    locked = [list(held) for held in kept.locked]
    return ImportedScoresAnswer(name=kept.name, title=kept.title, words=kept.words, locked=locked, made_by=kept.made_by)

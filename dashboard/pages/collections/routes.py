"""Addresses of collections: `/collections.json`, `/collections/ID.json` and POSTs, limited by LIKENESS_WRITE."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, request

from dashboard.errors import InputError, LikenessError, NotFound
from dashboard.faces.answers import answers, json_answer
from dashboard.library.attachments import unpack
from dashboard.library.collection_files import MAX_BYTES, exported, read_carried
from dashboard.library.collections import Collection, Collections, Item
from dashboard.library.extra_directions import Library
from dashboard.library.item_contents import shown
from dashboard.library.items import Draft
from dashboard.library.shipped_collection import SLUG, read_collection, shipped_collection, shipped_picture
from dashboard.library.snapshots import MAX_BYTES as MAX_STILL
from dashboard.library.snapshots import MAX_WORDS, Picture, drawn
from dashboard.serving.runtime import Runtime
from dashboard.synthesis.model import Model
from dashboard.web.fair_shares import take_share
from dashboard.web.library_answers import (
    CollectionAnswer,
    CollectionName,
    CollectionsAnswer,
    CollectionSummary,
    ItemAnswer,
    ItemNumber,
)
from dashboard.web.security import writes
from dashboard.web.visitors import current_user

log = logging.getLogger(__name__)


def collections_blueprint(runtime: Runtime, kept: Library) -> Blueprint:
    """Return the routes.

    Args:
        runtime: with the home of the collections.
        kept: the stored latents and user directions of their addresses.

    Returns:
        A blueprint; the application answers errors of `dashboard.errors`.
    """
    blueprint = Blueprint("collections", __name__)
    library = Collections(runtime.records, current_user)

    def model_of(name: str | None) -> Model:
        return runtime.open_model(name).model

    def picture_of(slug: str, item: int) -> Picture:
        ours = slug == SLUG and shipped_collection(runtime.model) is not None
        return shipped_picture(runtime.model, item) if ours else library.picture(slug, item)

    @blueprint.get("/collections.json")
    @answers(CollectionsAnswer)
    def listed() -> CollectionsAnswer:
        return CollectionsAnswer([CollectionSummary(**asdict(each)) for each in library.listed()])  # those to save to

    @blueprint.get("/collections/<slug>.json")
    def read(slug: str) -> Response:
        collection = read_collection(slug, library, runtime.model)
        if "download" not in request.args:
            return json_answer(_collection(collection))
        response = _answer(exported(collection, kept, model_of, lambda item: picture_of(slug, item)))
        response.headers["Content-Disposition"] = f'attachment; filename="{collection.slug}.json"'
        return response

    @blueprint.post("/collections")
    @writes
    @answers(CollectionAnswer)
    def make() -> CollectionAnswer:
        return _collection(library.make(_body().get("name")))  # type: ignore[arg-type]  # checked there

    @blueprint.post("/collections/import")
    @writes
    @answers(CollectionAnswer)
    def take() -> CollectionAnswer:
        take_share("uploads")
        request.max_content_length = MAX_BYTES  # overrides the limit of other requests
        carried = read_carried(request.get_data(cache=False))
        notes = unpack(carried.attachments, carried.drafts, kept, model_of)
        answer = _collection(library.make(carried.name, carried.drafts, carried.pictures))
        answer.notes = notes
        return answer

    @blueprint.post(f"/collections/{SLUG}/copy")
    @writes
    @answers(CollectionAnswer)
    def copy() -> CollectionAnswer:
        """Copy the collection shipped with the model into the saved ones, and answer with the copy."""
        shipped = shipped_collection(runtime.model)
        if shipped is None:
            raise NotFound("Expected a model with a collection. Received: one without. Choose another model.")
        drafts = tuple(item.draft for item in shipped.collection.items)
        pictures = {number - 1: picture for number, picture in shipped.pictures.items()}
        return _collection(library.make(shipped.collection.name, drafts, pictures))

    @blueprint.post("/collections/<slug>")
    @writes
    @answers(CollectionAnswer)
    def rename(slug: str) -> CollectionAnswer:
        body = _body()
        return _collection(library.rename(slug, body.get("name"), _whole(body, "version")))  # type: ignore[arg-type]

    @blueprint.post("/collections/<slug>/remove")
    @writes
    @answers(CollectionName)
    def remove(slug: str) -> CollectionName:
        library.remove(slug)
        return CollectionName(slug=slug)

    @blueprint.post("/collections/<slug>/restore")
    @writes
    @answers(CollectionAnswer)
    def restore(slug: str) -> CollectionAnswer:
        return _collection(library.restore(slug))

    @blueprint.post("/collections/<slug>/items")
    @writes
    @answers(ItemAnswer)
    def add(slug: str) -> ItemAnswer:
        body = _body()
        draft = Draft(*(body.get(key, "") for key in ("kind", "address", "title", "note")))
        item = library.add(slug, draft)
        return _item(_with_still(library, slug, item, runtime) or item)

    @blueprint.post("/collections/<slug>/items/<int:item>")
    @writes
    @answers(ItemAnswer)
    def edit(slug: str, item: int) -> ItemAnswer:
        body = _body()
        return _item(library.edit(slug, item, body.get("title"), body.get("note"), _whole(body, "version")))  # type: ignore[arg-type]

    @blueprint.post("/collections/<slug>/items/<int:item>/still")
    @writes
    @answers(ItemAnswer)
    def illustrate(slug: str, item: int) -> ItemAnswer:
        """Store a picture of a view, WebP or PNG; the query's `words` describe it."""
        request.max_content_length = MAX_STILL
        picture = drawn(request.get_data(cache=False), request.args.get("words"))
        return _item(library.illustrate(slug, item, picture))

    @blueprint.get("/collections/<slug>/items/<int:item>/still.webp")
    def still(slug: str, item: int) -> Response:
        """Answer with the picture; its address contains its hash, so that browsers cache it."""
        response = Response(picture_of(slug, item).content, mimetype="image/webp")
        response.headers["Cache-Control"] = (
            "private, max-age=31536000, immutable" if "v" in request.args else "no-cache"
        )
        return response

    @blueprint.post("/collections/<slug>/items/<int:item>/remove")
    @writes
    @answers(ItemNumber)
    def take_out(slug: str, item: int) -> ItemNumber:
        library.take_out(slug, item)
        return ItemNumber(id=item)

    @blueprint.post("/collections/<slug>/items/<int:item>/restore")
    @writes
    @answers(ItemAnswer)
    def put_back(slug: str, item: int) -> ItemAnswer:
        return _item(library.put_back(slug, item))

    @blueprint.post("/collections/<slug>/items/<int:item>/move")
    @writes
    @answers(CollectionAnswer)
    def move(slug: str, item: int) -> CollectionAnswer:
        body = _body()
        before = None if body.get("before") is None else _whole(body, "before")
        return _collection(library.move(slug, item, before))

    return blueprint


def _body() -> dict[str, Any]:
    value = request.get_json(force=True, silent=True)
    if not isinstance(value, dict):
        raise InputError("Expected a JSON object. Received: something else. Nothing was changed.")
    return value


def _whole(body: dict[str, Any], name: str) -> int:
    value = body.get(name)
    if not isinstance(value, int) or not 0 <= value < 2**63:
        raise InputError(f"Expected {name} to be a whole number. Received: something else. Nothing was changed.")
    return value


def _collection(collection: Collection) -> CollectionAnswer:
    return CollectionAnswer(
        slug=collection.slug,
        name=collection.name,
        version=collection.version,
        items=[_item(item) for item in collection.items],
        **_who(collection),
    )


def _item(item: Item) -> ItemAnswer:
    still = item.still and item.still.words
    return ItemAnswer(id=item.id, version=item.version, **asdict(item.draft), still=still, **_who(item))


def _who(kept: Collection | Item) -> dict[str, str]:
    """Return the authors of an item if users are identified."""
    authors = {"made_by": kept.made_by, "changed_by": kept.changed_by}
    return {name: user for name, user in authors.items() if user}


def _with_still(library: Collections, slug: str, item: Item, runtime: Runtime) -> Item | None:
    """Store the picture of an item's first face, to show it when its model is missing.

    Returns:
        The item with its picture; None if there is no picture: the item is stored anyway.
    """
    if item.draft.kind == "view":
        return None  # the page draws its own
    seen = shown(item.draft, runtime)
    if not seen.faces:
        return None
    one = seen.faces[0]
    try:
        picture = one.open_model.pictures.picture(one.face, "webp")
        return library.illustrate(slug, item.id, drawn(picture.entry.payload, one.words[:MAX_WORDS]))
    except LikenessError as error:
        log.info("No picture of the saved face %s was stored: %s", item.id, error)
        return None


def _answer(content: bytes) -> Response:
    response = Response(content, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response

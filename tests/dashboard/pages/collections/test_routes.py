"""The requests that read and change collections."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from support.application import runtime_of, tiny_app

from dashboard.faces.routes import face_address
from dashboard.library.extra_directions import EXTENSION as LIBRARY
from dashboard.library.item_contents import shown
from dashboard.library.items import Draft
from dashboard.library.snapshots import MAX_BYTES

ITEM = {"kind": "face", "address": "/?face=1:4217;Smiling=2.2", "title": "A face", "note": "Smiling"}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    app = tiny_app(tmp_path_factory.mktemp("collections"))
    yield app
    runtime_of(app).close()


@pytest.fixture(scope="module")
def client(app: Any) -> Any:
    return app.server.test_client()


def post(client: Any, address: str, value: Any = None, status: int = 200, **given: Any) -> Any:
    answer = client.post(address, json=value or {}, **given)
    assert answer.status_code == status, answer.text
    return answer.get_json()


def test_a_collection_is_begun_filled_changed_emptied_and_brought_back(client: Any) -> None:
    slug = post(client, "/collections", {"name": "Talk"})["slug"]
    at = f"/collections/{slug}"
    first, second = (post(client, f"{at}/items", {**ITEM, "title": title}) for title in ("one", "two"))
    edited = post(client, f"{at}/items/{first['id']}", {"title": "uno", "note": "", "version": 1})
    assert (edited["title"], edited["version"]) == ("uno", 2)
    answer = post(client, f"{at}/items/{first['id']}", {"title": "eins", "note": "", "version": 1}, 409)
    assert "Nothing was overwritten" in answer["error"]
    moved = post(client, f"{at}/items/{second['id']}/move", {"before": first["id"]})
    assert [item["title"] for item in moved["items"]] == ["two", "uno"]
    post(client, f"{at}/items/{second['id']}/remove")
    assert post(client, f"{at}/items/{second['id']}/restore")["title"] == "two"
    assert post(client, at, {"name": "Speech", "version": 1})["name"] == "Speech"
    post(client, f"{at}/remove")
    assert client.get(f"{at}.json").status_code == 404
    assert [item["title"] for item in post(client, f"{at}/restore")["items"]] == ["two", "uno"]
    assert {"slug": slug, "name": "Speech", "count": 2} in client.get("/collections.json").get_json()


def test_a_view_gets_a_picture_that_travels_and_goes_with_it(client: Any) -> None:
    at = f"/collections/{post(client, '/collections', {'name': 'Views'})['slug']}"
    view = {"kind": "view", "address": "/latent-space?space=z", "title": "Where", "note": ""}
    item = post(client, f"{at}/items", view)["id"]
    still = f"{at}/items/{item}/still"
    assert client.get(f"{still}.webp").status_code == 404
    file = io.BytesIO()
    Image.new("RGB", (8, 6)).save(file, "PNG")
    sent = client.post(f"{still}?words=PCA of z: 20 faces", data=file.getvalue())
    assert (sent.status_code, sent.get_json()["still"]) == (200, "PCA of z: 20 faces")
    assert client.post(f"{still}?words=x", data=b"no picture").status_code == 400
    assert client.post(f"{still}?words=x", data=bytes(MAX_BYTES + 1)).status_code == 413
    foreign = client.post(f"{still}?words=x", data=file.getvalue(), headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    answer = client.get(f"{still}.webp?v=1")
    assert (answer.mimetype, "immutable" in answer.headers["Cache-Control"]) == ("image/webp", True)
    assert Image.open(io.BytesIO(answer.data)).size == (8, 6)
    carried = client.get(f"{at}.json?download").data
    again = client.post("/collections/import", data=carried).get_json()
    (other,) = again["items"]
    assert client.get(f"/collections/{again['slug']}/items/{other['id']}/still.webp").data == answer.data
    post(client, f"{at}/items/{item}/remove")
    assert client.get(f"{still}.webp").status_code == 404
    assert post(client, f"{at}/items/{item}/restore")["still"] == "PCA of z: 20 faces"


def test_an_export_comes_in_again_as_a_collection_of_its_own(client: Any) -> None:
    slug = post(client, "/collections", {"name": "Carried"})["slug"]
    post(client, f"/collections/{slug}/items", ITEM)
    answer = client.get(f"/collections/{slug}.json?download")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="carried.json"'
    twin = client.post("/collections/import", data=answer.data).get_json()
    assert (twin["slug"], twin["name"]) == ("carried-2", "Carried")
    assert client.get("/collections/carried-2.json?download").get_json() == answer.get_json()


def test_an_export_opens_in_an_empty_home_with_the_latents_and_directions_that_it_names(
    app: Any, client: Any, tmp_path: Path
) -> None:
    kept, random = app.server.extensions[LIBRARY], np.random.RandomState(3)
    latent = kept.latents.keep(random.randn(512))
    own = kept.user_directions.keep("Mine", random.randn(512), runtime_of(app).model, {})
    addresses = (f"/?face=1:latent~{latent}", f"/compare?face=1:5&faces=*!1:mix(5,latent~{latent},0.5);own~{own}=1")
    slug = post(client, "/collections", {"name": "Far"})["slug"]
    for address in addresses:
        post(client, f"/collections/{slug}/items", {**ITEM, "address": address})
    file = client.get(f"/collections/{slug}.json?download").data
    other = tiny_app(tmp_path)
    try:
        there = other.server.test_client()
        answer = there.post("/collections/import", data=file).get_json()
        assert answer["notes"] == []
        for item in answer["items"]:
            seen = shown(Draft("face", item["address"], "x"), runtime_of(other))
            assert not seen.problem
            for each in seen.faces:
                assert there.get(face_address(each.open_model.model, each.face)).status_code == 200
    finally:
        runtime_of(other).close()


@pytest.mark.parametrize(
    "spoiled",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        json.dumps({"format": "likeness-collection", "schema": 2, "name": "x", "items": []}).encode(),
        json.dumps({"format": "likeness-collection", "schema": 1, "name": "x", "items": [ITEM] * 501}).encode(),
        json.dumps({"format": "likeness-collection", "schema": 1, "name": "x", "items": [7]}).encode(),
        json.dumps(
            {
                "format": "likeness-collection",
                "schema": 1,
                "name": "x",
                "items": [{**ITEM, "address": "//evil.example"}],
            }
        ).encode(),
    ],
    ids=["nothing", "list", "deep", "newer", "many", "number", "elsewhere"],
)
def test_a_file_that_is_none_is_refused_and_nothing_of_it_kept(client: Any, spoiled: bytes) -> None:
    before = client.get("/collections.json").get_json()
    answer = client.post("/collections/import", data=spoiled)
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith("Expected")
    assert client.get("/collections.json").get_json() == before


def test_only_users_who_may_write_change_anything_and_broken_requests_are_reported(client: Any) -> None:
    elsewhere = {"Origin": "https://evil.example"}
    for address in ("/collections", "/collections/import", "/collections/x/items", "/collections/x/remove"):
        assert client.post(address, json={"name": "x"}, headers=elsewhere).status_code == 403
    assert "JSON object" in post(client, "/collections", [7], 400)["error"]
    assert "name" in post(client, "/collections", {"name": 7}, 400)["error"]
    assert "version" in post(client, "/collections/x", {"name": "x", "version": "1"}, 400)["error"]
    assert client.get("/collections").status_code == 200

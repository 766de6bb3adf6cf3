"""The collection that comes with a model: shown, presented, copied, never changed."""

from __future__ import annotations

import base64
import io
import json

import pytest
from PIL import Image
from support.application import runtime_of, tiny_app

from dashboard.library.shipped_collection import FILE


@pytest.fixture
def client(tmp_path):
    app = tiny_app(tmp_path)
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(stream, "WEBP")
    still = {"words": "A figure", "picture": base64.b64encode(stream.getvalue()).decode()}
    items = [
        {"kind": "face", "address": "/?face=1:7", "title": "A face", "note": ""},
        {"kind": "view", "address": "/directions", "title": "A view", "note": "Seen.", "still": still},
    ]
    content = {"format": "likeness-collection", "schema": 1, "name": "A tour", "items": items, "latents": {}}
    (runtime_of(app).model.path / FILE).write_text(json.dumps(content))
    yield app.server.test_client()
    runtime_of(app).close()


def test_it_is_read_like_any_other(client):
    assert [item["title"] for item in client.get("/collections/tour.json").json["items"]] == ["A face", "A view"]
    assert client.get("/collections/tour/items/2/still.webp").mimetype == "image/webp"
    assert client.get("/collections/tour/items/1/still.webp").status_code == 404
    assert client.get("/collections.json").json == [], "nothing can be saved to it"


@pytest.mark.parametrize("change", ["", "/remove", "/items/1/remove", "/items"])
def test_nobody_changes_it(client, change):
    assert client.post(f"/collections/tour{change}", json={"name": "Mine", "version": 1}).status_code in (400, 404)
    assert len(client.get("/collections/tour.json").json["items"]) == 2


def test_a_copy_is_like_any_other_collection(client):
    copied = client.post("/collections/tour/copy").json
    assert copied["slug"] != "tour"
    kept = client.get(f"/collections/{copied['slug']}.json").json
    assert [item["title"] for item in kept["items"]] == ["A face", "A view"]
    assert kept["items"][1]["still"]

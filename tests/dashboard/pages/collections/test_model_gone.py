"""A face saved on a model that was removed: its stored picture, and the same pins on an installed model."""

import json
import shutil

import pytest
from support.application import runtime_of, tiny_app
from support.models import write_tiny_model

from dashboard.library.collections import Collections
from dashboard.library.item_contents import shown
from dashboard.library.slides import slides
from dashboard.stores.library_database import Store


@pytest.fixture
def app(tmp_path):
    write_tiny_model(tmp_path / "home" / "models" / "old")
    app = tiny_app(tmp_path)
    yield app
    runtime_of(app).close()


def test_what_was_saved_on_a_model_that_is_gone_still_shows_something(app, tmp_path):
    client, runtime = app.server.test_client(), runtime_of(app)
    client.get("/")
    slug = client.post("/collections", json={"name": "Mine"}).json["slug"]
    address = "/?model=old&face=1:31;Smiling=1.5"
    item = client.post(
        f"/collections/{slug}/items", json={"kind": "face", "address": address, "title": "One", "note": ""}
    ).json
    still = f"/collections/{slug}/items/{item['id']}/still.webp"
    assert client.get(still).mimetype == "image/webp"
    runtime.close_model("old")
    shutil.rmtree(tmp_path / "home" / "models" / "old")
    (kept,) = Collections(Store(runtime.home)).read(slug).items
    seen = shown(kept.draft, runtime)
    assert "old" in seen.problem
    assert [str(one.face) for one in seen.instead] == ["1:31;Smiling=1.5"]
    page = json.dumps(page_of(client, app, slug))
    assert still in page
    assert "The same pins on tiny" in page
    assert "face=1%3A31%3BSmiling%3D1.5" in page
    words = {"address": still, "words": "One"}
    (with_still,) = slides([kept.draft], runtime, {0: words})
    assert with_still["still"] == words
    (without,) = slides([kept.draft], runtime)
    assert without["problem"].endswith(
        "Received: old. Choose one of these, or fetch it on the Models page. Shown: the same pins on tiny."
    )
    assert len(without["pictures"]) == 1
    assert client.get(without["pictures"][0]["address"]).status_code == 200


def page_of(client, app, slug):
    name = next(name for name in app.callback_map if name.startswith(".._pages_content"))
    spec = app.callback_map[name]
    values = {"pathname": "/collections", "search": f"?collection={slug}"}
    asked = {
        "output": name,
        "outputs": [{"id": each.component_id, "property": each.component_property} for each in spec["output"]],
        "inputs": [{**each, "value": values[each["property"]]} for each in spec["inputs"]],
        "state": [{**each, "value": None} for each in spec["state"]],
        "changedPropIds": [],
    }
    return client.post("/_dash-update-component", json=asked).get_json()


@pytest.mark.parametrize(
    ("path", "search"),
    [
        ("/", "?model=gone&face=1:23;Smiling=1"),
        ("/latent-space", f"?space=set-{'0' * 32}"),
        ("/latent-space", f"?sel=1~set-{'0' * 32}.pca.1.2~20~20~0_0_1_0_1_1"),
        ("/latent-space", "?method=umap&neighbours=9&faces=48"),
        ("/directions", f"?cell=own~{'1' * 32},Smiling"),
        ("/", f"?face=1:23;own~{'1' * 32}=1"),
        ("/", f"?face=1:latent~{'1' * 32}.3"),
        ("/compare", f"?faces=1:23!1:latent~{'1' * 32}"),
        ("/collections", "?collection=gone"),
    ],
)
def test_a_link_that_names_something_gone_opens_with_a_sentence(app, path, search):
    client = app.server.test_client()
    client.get("/")
    name = next(name for name in app.callback_map if name.startswith(".._pages_content"))
    spec = app.callback_map[name]
    values = {"pathname": path, "search": search}
    asked = {
        "output": name,
        "outputs": [{"id": each.component_id, "property": each.component_property} for each in spec["output"]],
        "inputs": [{**each, "value": values[each["property"]]} for each in spec["inputs"]],
        "state": [{**each, "value": None} for each in spec["state"]],
        "changedPropIds": [],
    }
    answer = client.post("/_dash-update-component", json=asked)
    assert answer.status_code == 200
    # A selection, a layout and the faces of a comparison are reported where they are drawn; all else in the page.
    named = "Expected " in answer.text or "There is no stored latent" in answer.text
    assert named or any(word in search for word in ("sel=", "method=", "faces="))
    if "model=gone" in search:
        assert '"start":{"face":"1:23;Smiling=1"' in answer.text.replace(" ", "")

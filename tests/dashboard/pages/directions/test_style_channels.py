"""Style channels on the pages of a small StyleGAN2: imported, listed, exported, described and drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from support.application import runtime_of, tiny_app
from support.stylegan_models import imported_stylegan

from dashboard.library.extra_directions import EXTENSION
from dashboard.library.file_directions import directions_in
from dashboard.pages.directions.user_directions_panel import IN_S, made_list

LIST = b"name,layer,channel,sign\nSmile,3,2,1\nGaze,b16.conv1,5,-1\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("channels")
    model = imported_stylegan("stylegan2", folder, z=16, w=12)
    app = tiny_app(folder, model=str(model.path))
    yield app
    runtime_of(app).close()


@pytest.fixture(scope="module")
def names(app: Any) -> list[str]:
    client = app.server.test_client()
    seen = client.post("/directions/own/import/read?file=channels.csv", data=LIST).get_json()
    assert [(each["title"], each["description"]) for each in seen["directions"]] == [
        ("Smile", "layer 3 (b8.conv1), channel 2"),
        ("Gaze", "layer 6 (b16.conv1), channel 5, reversed"),
    ]
    done = client.post(f"/directions/own/import?token={seen['token']}&take=1,2").get_json()
    assert done["titles"] == ["Smile", "Gaze"]
    return done["names"]


def test_channels_are_listed_with_a_slider_and_what_they_do(app: Any, names: list[str]) -> None:
    model, own = runtime_of(app).model, app.server.extensions[EXTENSION].user_directions
    with app.server.test_request_context("/directions/own"):
        listed = made_list(model, own.listed(model, "s"), True)
    text = json.dumps(listed, default=lambda one: one.to_plotly_json(), ensure_ascii=False)
    assert (text.count("Add as slider"), text.count(IN_S)) == (2, 1)
    assert "Style of layer 6 (b16.conv1), channel 5, reversed" in text
    assert "Download all as" not in text, "a file has directions of one space"


def test_an_exported_channel_is_read_again(app: Any, names: list[str], tmp_path) -> None:
    model, client = runtime_of(app).model, app.server.test_client()
    answer = client.get(f"/directions/own/export.npz?name={names[1]}")
    name = answer.headers["Content-Disposition"].partition('filename="')[2].rstrip('"')
    assert name.endswith("-Gaze_s.npz")
    (tmp_path / name).write_bytes(answer.data)
    space, (found,) = directions_in(tmp_path / name, model, name)
    assert (space, found.description) == ("s", "layer 6 (b16.conv1), channel 5, reversed")


def test_faces_with_a_channel_are_described_and_drawn(app: Any, names: list[str]) -> None:
    model, client = runtime_of(app).model, app.server.test_client()
    address = f"/faces/{model.name}@{model.digest8}/"
    described = client.get(f"{address}directions/{names[0]}.json?base=5").get_json()
    assert described["attribute"]["channel"]["words"] == "layer 3 (b8.conv1), channel 2"
    faces = [quote(f"1:5{pin}", safe=";=:~") for pin in ("", f";{names[0]}=3", f";{names[0]}=-3")]
    pictures = [client.get(f"{address}{face}.png") for face in faces]
    assert [answer.status_code for answer in pictures] == [200] * 3
    assert len({answer.data for answer in pictures}) == 3
    here = client.get(f"{address}{faces[1]}.json?with={names[0]},{names[1]}").get_json()
    assert here["coordinates"][-2] == 3
    assert here["coordinates"][-1] == here["base_coordinates"][-1]
    for page in (f"/?face={faces[1]}", f"/directions/own?face={faces[1]}", f"/compare?face={faces[1]}"):
        assert client.get(page).status_code == 200
    refused = client.get(f"/latent-space/place.json?direction={names[0]}")
    assert refused.status_code == 400
    assert "a style channel" in refused.get_json()["error"]

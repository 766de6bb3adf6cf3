"""Addresses that look for other faces."""

import pytest
from support.application import runtime_of, tiny_app


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("finding"))
    yield app.server.test_client()
    runtime_of(app).close()


def test_ranges_are_counted_and_a_face_is_drawn_where_asked(client):
    answer = client.get("/find/within.json?within=Smiling:0:4").json
    assert answer == {"matches": answer["matches"], "of": 48, "by": "scores", "widen": None}
    drawn = client.get("/find/within.json?within=Smiling:0:4&draw=5").json
    assert client.get(f"/find/within.json?within=Smiling:0:4&draw=5&now={drawn['base']}").json["base"] != drawn["base"]


@pytest.mark.parametrize("query", ["within=Smiling", "within=Smiling:0:4&draw=-1", f"draw={2**32}", "draw=²"])
def test_what_cannot_be_read_is_answered_with_a_sentence(client, query):
    answer = client.get(f"/find/within.json?{query}")
    assert answer.status_code == 400
    assert answer.json["error"].startswith("Expected")


def test_neighbours_of_a_face_come_with_their_distances(client):
    answer = client.get("/find/near.json?face=1:4;Smiling=1").json
    assert (answer["face"], answer["by"], len(answer["faces"])) == ("1:4;Smiling=1", "features", 8)
    distances = [each["distance"] for each in answer["faces"]]
    assert distances == sorted(distances)
    assert client.get(f"/find/near.json?face={answer['faces'][0]['face']}").json["faces"][0] != answer["faces"][0]


@pytest.mark.parametrize("query", ["", "face=4", "face=1:4;Nobody=1", "face=1:" + "4" * 2000, "face=1:4&angle=x"])
def test_a_face_that_cannot_be_read_has_no_neighbours(client, query):
    answer = client.get(f"/find/near.json?{query}")
    assert answer.status_code == 400
    assert answer.json["error"].startswith("Expected")

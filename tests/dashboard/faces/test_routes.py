import io

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from support.models import write_tiny_model
from support.painter import FakePainter

from dashboard.errors import Busy, EngineError, NotFound
from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.faces.pictures import Pictures
from dashboard.faces.routes import face_address, faces_blueprint
from dashboard.stores.picture_cache import Cache
from dashboard.web.error_responses import answer_errors


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def painter():
    return FakePainter()


@pytest.fixture(scope="module")
def client(model, painter, tmp_path_factory):
    return client_of(model, painter, Cache(tmp_path_factory.mktemp("cache"), 10))


def client_of(model, painter, cache):
    server = Flask("test")
    pictures = Pictures(model, painter, cache)

    def pictures_of(name):
        if name not in (None, model.name):
            raise NotFound("Expected a model that is here (tiny). Received: another. Choose one of these.")
        return pictures

    server.register_blueprint(faces_blueprint(pictures_of))
    answer_errors(server)
    return server.test_client()


@pytest.fixture
def at(model):
    return f"/faces/tiny@{model.digest8}/"


def edge(response):
    with Image.open(io.BytesIO(response.data)) as image:
        return image.format, image.size


def test_a_preview_is_for_nobody_to_keep(client, at):
    answer = client.get(f"{at}1:4217.webp?preview")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "immutable" in client.get(f"{at}1:4217.webp").headers["Cache-Control"]
    assert "immutable" in client.get(f"{at}1:4217.png?preview").headers["Cache-Control"], "PNG is what is kept"


@pytest.mark.parametrize(
    ("headers", "urgent"),
    [
        ({}, True),
        ({"Accept": "*/*"}, True),  # a script that follows a drag
        ({"Accept": "image/avif,image/webp,image/*,*/*;q=0.8"}, False),  # an image element
        ({"Accept": "*/*", "Priority": "u=5, i"}, False),
        ({"Accept": "image/webp", "Priority": "u=1"}, True),
    ],
)
def test_pictures_of_a_page_let_those_of_a_hand_go_first(client, painter, at, headers, urgent):
    seed = 700 + len(painter.urgent)
    assert client.get(f"{at}1:{seed}.webp", headers=headers).status_code == 200
    assert painter.urgent[-1] is urgent


@pytest.mark.parametrize(("form", "name"), [("webp", "WEBP"), ("png", "PNG")])
def test_a_picture(client, at, form, name):
    response = client.get(f"{at}1:4217;Smiling=2.2.{form}")
    assert response.status_code == 200
    assert response.mimetype == f"image/{form}"
    assert edge(response) == (name, (32, 32))
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    etag = response.headers["ETag"]
    assert etag.startswith('"')  # a strong one: W/ would come first
    assert len(etag) > 16


@pytest.mark.parametrize("size", [32, 64, 128, 256, 512, 1024])
def test_every_size_on_the_list(client, at, size):
    assert edge(client.get(f"{at}1:4217.webp?size={size}")) == ("WEBP", (size, size))


def test_timing_tells_what_it_took_and_where_it_came_from(client, at):
    first, second = (client.get(f"{at}1:77;Young=0.3.webp").headers["Server-Timing"] for _ in range(2))
    assert first.startswith("synth;dur=")
    assert first.endswith("cache;desc=miss")
    assert second == "synth;dur=0.0, cache;desc=hit"


def test_what_the_browser_has_is_not_sent_again(client, at):
    first = client.get(f"{at}1:4217.webp")
    again = client.get(f"{at}1:4217.webp", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert client.get(f"{at}1:4217.webp", headers={"If-None-Match": '"another"'}).status_code == 200


def test_head_tells_the_same_without_the_picture(client, at):
    head, get = client.head(f"{at}1:4217.webp"), client.get(f"{at}1:4217.webp")
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Length", "ETag", "Content-Type", "Cache-Control"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("1:4217;Smiling=2.20", "1:4217;Smiling=2.2"),
        ("1:4217;Young=1;Male=2", "1:4217;Male=2;Young=1"),
        ("1:4217.0", "1:4217"),
        ("1:04217", "1:4217"),
    ],
)
@pytest.mark.parametrize("tail", [".webp", ".png?size=128", ".json"])
def test_another_writing_of_a_face_leads_to_its_one_address(client, at, asked, canonical, tail):
    response = client.get(f"{at}{asked}{tail}")
    assert response.status_code == 301
    assert response.headers["Location"] == f"{at}{canonical}{tail}"
    assert client.get(response.headers["Location"]).status_code == 200


def test_the_address_of_a_face_is_never_percent_encoded(model, client):
    face = parse("1:mix(4217,avg(1,2.7),0.25);Smiling=-2.2")
    address = face_address(model, face, size=128)
    assert "%" not in address
    assert client.get(address).status_code == 200


def test_where_a_face_stands(client, at, model):
    response = client.get(f"{at}1:4217;Smiling=2.2.json")
    assert response.mimetype == "application/json"
    assert response.headers["Cache-Control"].endswith("immutable")
    answer = response.get_json()
    assert answer["face"] == "1:4217;Smiling=2.2"
    assert answer["base"] == "4217"
    assert answer["latent_size"] == model.config.latent_size
    assert answer["coordinates"][0] == pytest.approx(2.2)
    assert len(answer["base_coordinates"]) == len(model.attributes)
    assert (
        client.get(f"{at}1:4217;Smiling=2.2.json", headers={"If-None-Match": response.headers["ETag"]}).status_code
        == 304
    )


def test_what_the_scorer_reads_stands_in_bank_deviations(client, at, model, painter):
    response = client.get(f"{at}1:4217;Smiling=2.2.scores.json")
    bank, latent = model.bank(), latent_of(parse("1:4217;Smiling=2.2"), model)
    expected = (latent[:8] - bank.scores.mean(axis=0)) / bank.scores.std(axis=0)
    answer = response.get_json()
    assert answer["face"] == "1:4217;Smiling=2.2"
    assert tuple(answer["scores"]) == model.names
    assert list(answer["scores"].values()) == pytest.approx(list(expected), abs=1e-3)
    assert response.headers["Cache-Control"].endswith("immutable")
    painted = len(painter.painted)
    again = client.get(f"{at}1:4217;Smiling=2.2.scores.json", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, len(painter.painted)) == (304, painted)
    assert client.get(f"{at}1:4217;Smiling=2.20.scores.json").status_code == 301


def test_without_a_scorer_nothing_is_measured_and_the_answer_says_so(tmp_path):
    bare = write_tiny_model(tmp_path / "tiny", scorer=False)
    response = client_of(bare, FakePainter(), Cache(None, 0)).get(f"/faces/tiny@{bare.digest8}/1:1.scores.json")
    assert response.status_code == 404
    assert "Expected a model with a scorer" in response.get_json()["error"]


@pytest.mark.parametrize("address", ["/model.json", "/model.json?model=tiny"])
def test_the_model_for_the_browser(client, model, address):
    response = client.get(address)
    assert response.get_json()["digest8"] == model.digest8
    assert response.headers["Cache-Control"] == "no-cache"


BROKEN = [
    ("/model.json?model=other", 404, "a model that is here"),
    ("/faces/", 404, "Expected an address"),
    ("/faces/x", 404, "Expected an address"),
    ("/faces/tiny/1:4217.webp", 404, "Expected an address"),
    ("/faces/other@{digest}/1:4217.webp", 404, "a model that is here"),
    ("/faces/..%2f@{digest}/1:4217.webp", 404, "Expected an address"),
    ("/faces/tiny@00000000/1:4217.webp", 404, "was replaced since"),
    ("/faces/tiny@{digest}0/1:4217.webp", 404, "was replaced since"),
    ("{at}1:4217.gif", 404, ".webp, .png or .json"),
    ("{at}1:4217.WEBP", 404, ".webp, .png or .json"),
    ("{at}1:4217", 404, "Expected an address"),
    ("{at}1:4217/extra.webp", 404, "Expected an address"),
    ("{at}.webp", 400, "Expected"),
    ("{at}2:4217.webp", 400, "Expected"),
    ("{at}1:4217;Unheard_Of=1.webp", 400, "Unheard_Of"),
    ("{at}1:4217;pc~blocks.1=1.webp", 400, "pc~blocks.1"),
    ("{at}1:4217;Smiling=4.01.webp", 400, "4"),
    ("{at}1:4217;Smiling=nan.webp", 400, "Expected"),
    ("{at}1:4217;Smiling=1;Smiling=2.webp", 400, "Smiling"),
    ("{at}1:4294967296.webp", 400, "4294967295"),
    ("{at}1:1.20000.webp", 400, "19999"),
    ("{at}1:latent~00000000000000000000000000000000.webp", 404, "latent"),
    ("{at}1:%ff%fe.webp", 400, "Expected"),
    ("{at}1:%00.webp", 400, "Expected"),
    ("{at}1:{long}.webp", 400, "1000"),
    ("{at}1:4217.webp?size=63", 400, "Expected size"),
    ("{at}1:4217.webp?size=2048", 400, "Expected size"),
    ("{at}1:4217.webp?size=", 400, "Expected size"),
    ("{at}1:4217.webp?size=-64", 400, "Expected size"),
    ("{at}1:4217.webp?size=064", 400, "Expected size"),
    ("{at}1:4217.webp?size=%D9%A6%D9%A4", 400, "Expected size"),
    ("{at}1:4217.json?size=7", 400, "Expected size"),
]


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(("address", "status", "words"), BROKEN, ids=[address[:40] for address, *_ in BROKEN])
def test_a_broken_address_is_answered_with_a_sentence_and_nothing_is_painted(
    client, painter, model, at, address, status, words, method
):
    painted = len(painter.painted)
    response = getattr(client, method)(address.format(at=at, digest=model.digest8, long="4217;" * 300))
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    if method == "get":
        assert words in response.get_json()["error"]
        assert response.get_json()["error"].endswith(".")
    assert len(painter.painted) == painted


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pictures_are_only_for_looking(client, at, method):
    response = getattr(client, method)(f"{at}1:4217.webp")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_when_too_much_waits_the_answer_says_when_to_come_again(model, at):
    def refuse():
        raise Busy("Too many pictures wait already. Try again in a moment.", 1.5)

    response = client_of(model, FakePainter(before=refuse), Cache(None, 0)).get(f"{at}1:4217.webp")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert response.get_json()["error"].startswith("Too many")


def test_a_failing_engine_is_reported_in_a_sentence(model, at, caplog):
    def fail():
        raise EngineError("The engine gave no picture. Look into the log.")

    response = client_of(model, FakePainter(before=fail), Cache(None, 0)).get(f"{at}1:4217.webp")
    assert response.status_code == 503
    assert response.get_json() == {"error": "The engine gave no picture. Look into the log."}
    assert "The engine gave no picture" in caplog.text


pieces = st.one_of(
    st.sampled_from(
        [
            "1:",
            "4217",
            ".3",
            ";",
            "Smiling",
            "Male",
            "=",
            "2.2",
            "-",
            "mix(",
            "avg(",
            ",",
            ")",
            "latent~",
            "pc~",
            "nan",
            "~",
        ]
    ),
    st.text(max_size=4),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.lists(pieces, max_size=12).map("".join), st.text(max_size=40), st.text("1:;=.,()", max_size=1200)),
    st.sampled_from([".webp", ".png", ".json", "", ".gif", "/", "."]),
    st.one_of(st.none(), st.sampled_from(["64", "32", "1024"]), st.text(max_size=5)),
)
def test_no_address_whatever_breaks_the_server(client, at, face, end, size):
    query = None if size is None else {"size": size}
    response = client.get(at + face.replace("?", "%3F").replace("#", "%23") + end, query_string=query)
    assert response.status_code < 500
    if response.status_code >= 400:
        assert len(response.get_json()["error"]) < 1000
    elif response.status_code == 200:
        assert "immutable" in response.headers["Cache-Control"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_no_bytes_in_an_address_break_the_server(client, path):
    quoted = "".join(f"%{byte:02x}" for byte in path)
    assert client.get(f"/faces/{quoted}").status_code < 500

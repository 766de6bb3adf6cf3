"""User directions through their addresses: made, listed, taken away, imported and exported."""

import io
import json

import numpy as np
import pytest
from support.application import runtime_of, tiny_app

from dashboard.analysis.marks import direction_of
from dashboard.errors import InputError
from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.library.direction_files import FORMS, read_directions, write_directions
from dashboard.library.direction_from_examples import sides
from dashboard.library.extra_directions import EXTENSION
from dashboard.synthesis.official.directions import parse_directions


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("own"))
    yield app
    runtime_of(app).close()


@pytest.fixture
def client(app):
    return app.server.test_client()


@pytest.fixture(scope="module")
def model(app):
    return runtime_of(app).model


def post(client, body):
    return client.post("/directions/own", data=json.dumps(body))


def test_regression_finds_the_direction_between_two_kinds():
    random = np.random.default_rng(1)
    normal = random.normal(size=16)
    normal /= np.linalg.norm(normal)
    latents = random.normal(size=(600, 16))
    found = direction_of(latents, latents @ normal > 0)
    assert found.direction @ normal > 0.97
    assert found.accuracy is not None
    assert found.auc is not None
    assert min(found.accuracy, found.auc) > 0.9
    assert found.warning == ""
    guessed = direction_of(latents, random.random(600) > 0.5)
    assert guessed.auc is not None
    assert guessed.auc < 0.6
    assert "chance" in guessed.warning


def test_marks_are_learnt_as_asked_and_what_is_wrong_is_a_sentence(client):
    faces = {"plus": ["7.1", "7.2", "7.3"], "minus": ["7.4", "7.5", "7.6"]}
    asked = {"name": "Held", **faces, "classifier": "linear", "held": ["Smiling"]}
    made = post(client, asked).get_json()
    assert (made["classifier"], made["held"], made["strength"]) == ("linear", ["Smiling"], None)
    for wrong in ({"classifier": "forest"}, {"held": ["Nobody"]}, {"plus": ["999"], "held": ["Smiling"]}):
        answer = post(client, {**asked, **wrong})
        assert answer.status_code == 400
        assert answer.get_json()["error"].startswith("Expected")
    latent = post(client, {"name": "Elsewhere", "plus": ["991", "992"], "minus": ["993", "994"]}).get_json()
    assert "features" not in latent


def test_few_and_uneven_examples_are_doubted():
    latents = np.random.default_rng(2).normal(size=(12, 8))
    found = direction_of(latents, [True] + [False] * 11)
    assert (found.accuracy, found.auc) == (None, None)
    assert "Few examples (1 and 11)" in found.warning
    assert "more of the rarer one" in found.warning


def test_marked_faces_become_a_direction_that_faces_may_name(client, model):
    answer = post(client, {"model": "tiny", "name": "Mine", "plus": ["7.1", "7.2", "7.3"], "minus": ["7.4", "1:7.5"]})
    assert answer.status_code == 200
    made = answer.get_json()
    assert made["features"] > 0
    assert 0 <= made["low"] <= made["accuracy"] <= made["high"] <= 1
    assert made["p"] > 0.05
    assert "Random marks do as well" in made["warning"]
    assert 0 <= made["accuracy"] <= 1
    face = parse(f"1:7.1;{made['name']}=1")
    assert latent_of(face, model).shape == (model.config.latent_size,)
    assert client.get(f"/faces/tiny@{model.digest8}/{face}.webp").status_code == 200
    page = client.get(f"/directions/own/export.npz?name={made['name']}")
    assert page.headers["Content-Disposition"] == 'attachment; filename="tiny-Mine.npz"'
    assert client.post(f"/directions/own/{made['name']}/remove").status_code == 200
    assert client.get(f"/faces/tiny@{model.digest8}/{face}.webp").status_code == 400
    assert client.post(f"/directions/own/{made['name']}/restore").status_code == 200
    assert client.get(f"/faces/tiny@{model.digest8}/{face}.webp").status_code == 200


def test_a_selection_becomes_a_direction(client):
    outline = "1~scores.pca.1.2~48~24~-100_-100_0_-100_0_100_-100_100"
    made = post(client, {"name": "Left", "selection": outline}).get_json()
    assert made["plus"] + made["minus"] == 48
    assert made["kind"] == "selection"


def test_a_selection_is_held_against_all_others_or_as_many():
    inside = np.arange(6000) % 3 == 0
    selected, others = sides(inside, even=False)
    assert (len(selected), len(others)) == (2000, 2000)
    assert inside[selected].all()
    assert not inside[others].any()
    inside[300:] = False
    selected, others = sides(inside, even=True)
    assert len(selected) == len(others) == 100
    with pytest.raises(InputError, match="all or none"):
        sides(np.ones(3, bool), even=True)


def test_labels_are_read_as_csv_or_as_latents(client, model):
    csv = "face,label\n" + "".join(f"7.{row},{row % 2}\n" for row in range(8))
    assert client.post("/directions/own/labels?name=A", data=csv.encode()).get_json()["plus"] == 4
    stream = io.BytesIO()
    latents = np.random.default_rng(3).normal(size=(8, model.config.latent_size))
    np.savez(stream, latents=latents, labels=np.arange(8) % 2)
    assert client.post("/directions/own/labels?name=B", data=stream.getvalue()).get_json()["minus"] == 4


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def test_labels_alone_are_those_of_the_samples_faces(client):
    labels = np.arange(40) % 2
    csv = ("young\n" + "\n".join(map(str, labels))).encode()
    made = [client.post("/directions/own/labels?name=C", data=data).get_json() for data in (csv, npy(labels))]
    assert made[0]["name"] == made[1]["name"]
    assert made[0]["plus"] == made[0]["minus"] == 20


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=True, **arrays)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("address", "body", "words"),
    [
        ("", b"[", "Expected JSON"),
        ("", b"[]", "JSON object"),
        ("", b'{"name": "x", "plus": ["1"]}', "marked"),
        ("", b'{"name": "", "plus": ["1"], "minus": ["2"]}', "a name of"),
        ("", b'{"name": "x", "plus": ["zzz"], "minus": ["2"]}', "Expected"),
        ("", b'{"name": "x", "plus": 3, "minus": ["2"]}', "list"),
        ("", b'{"name": "x", "selection": "nonsense"}', "selection"),
        ("/labels?name=x", b"\xff\xfe", "empty lines"),
        ("/labels?name=x", b"1,2,3", "one column of labels"),
        ("/labels?name=x", b"1,1\n2,7\n3,x", "numbers, or two values"),
        ("/labels?name=x", b"1,1\n0", "two values"),
        ("/labels?name=x", npy(np.arange(49) % 2), "each of the 48 faces"),
        ("/labels?name=x", npy(np.zeros((4, 4))), "in one row"),
        ("/labels?name=x", npy(np.array([{}])), "Python objects"),
        ("/labels?name=x", npy(np.arange(4))[:-3], "cut off"),
        ("/labels?name=x", npz(latents=np.zeros((2, 3)), labels=[0, 1]), "latents of 512 numbers"),
        ("/labels?name=x", npz(latents=np.full((2, 512), np.nan), labels=[0, 1]), "finite latents"),
        ("/labels?name=x", npz(latents=np.array([{}]), labels=[0]), "Python objects"),
        ("/import", b"<html>", "a web page"),
        ("/import", b"name,layer,channel\nSmile,6,501", "whose layers have no styles"),
        ("/import", b'{"Smile": [6, 501]}', "or JSON"),
        ("/import", b"\x80\x04cos\nsystem\n", "Expected"),
        ("/import", npz(a=np.zeros((2, 2))), "512 numbers"),
        ("/import", b"PK\x03\x04broken", "NPZ"),
        ("/import", b"", "an empty file"),
    ],
)
def test_what_is_broken_is_refused_and_nothing_is_kept(app, client, model, address, body, words):
    own = app.server.extensions[EXTENSION].user_directions
    before = len(own.listed(model))
    answer = client.post(f"/directions/own{address}", data=body)
    assert answer.status_code == 400
    assert words in answer.get_json()["error"]
    assert len(own.listed(model)) == before


def test_only_who_may_write_makes_directions(app, client):
    answer = client.post("/directions/own", data=b"{}", headers={"Origin": "http://elsewhere.example"})
    assert answer.status_code == 403
    assert app.server.test_client(entered=False).post("/directions/own/import", data=b"x").status_code == 403


@pytest.mark.parametrize("form", FORMS)
def test_directions_go_out_and_come_back(client, form, tmp_path):
    vectors = {"One": np.arange(512) - 3.0, "Two": np.cos(np.arange(512))}
    content = write_directions(form, vectors)
    (tmp_path / "file").write_bytes(content)
    back = {each.title: each.vector for each in read_directions(tmp_path / "file", 512)}
    assert sorted(back) == sorted(vectors)
    np.testing.assert_allclose(back["Two"], vectors["Two"], atol=1e-6)
    answer = client.post("/directions/own/import", data=content)
    assert len(answer.get_json()["names"]) == 2
    if form == "pkl":
        assert parse_directions(content)[0] == ("One", "Two")
    assert client.get(f"/directions/own/export.{form}").status_code == 200


def test_a_missing_file_is_reported(client):
    assert client.get("/directions/own/export.exe").status_code == 404
    assert client.get("/directions/own/export.npz?name=own~nothing").status_code == 404
    assert client.post("/directions/own/own~nothing/remove").status_code == 404


def sent(client, path, content, **words):
    answer = client.post(f"/directions/own/{path}", query_string=words, data=content)
    return answer.status_code, answer.get_json()


def test_labels_are_described_before_a_direction_is_kept(client, model):
    kept = len(model.extra_directions.user_directions.listed(model))
    lines = "face,mood,age\n" + "".join(f"1.{k},{'abc'[k % 3]},{k % 7}\n" for k in range(30)) + "1.30,,\n"
    code, answer = sent(client, "labels/read", lines.encode(), file="moods.csv")
    assert (code, answer["columns"], answer["column"]) == (200, ["mood", "age"], "")
    assert "Name it" in answer["problem"]
    words = {"token": answer["token"], "labels": "mood"}
    code, open_ = sent(client, "labels/read", b"", **words)
    assert (code, open_["counts"]) == (200, [{"value": value, "count": 10} for value in "abc"])
    assert "all others" in open_["problem"]
    code, answer = sent(client, "labels/read", b"", **words, one="b")
    assert answer["words"] == "1 is b (10), 0 is all others (2 values) (20). 1 blank left out."
    assert (answer["labels"], answer["ones"], answer["blanks"], answer["of"]) == (30, 10, 1, "faces of the file")
    assert sent(client, "labels", b"", **words, name="Nothing")[0] == 400
    assert len(model.extra_directions.user_directions.listed(model)) == kept
    code, answer = sent(client, "labels/read", b"", token=answer["token"], labels="age")
    assert answer["scores"]
    assert "by regression" in answer["words"]
    assert sent(client, "labels", b"", **words, one="b", name="Mood b")[0] == 200
    assert len(model.extra_directions.user_directions.listed(model)) == kept + 1
    assert sent(client, "labels", b"", **words, one="b", name="Mood b")[0] == 404


def test_an_invalid_face_is_reported_before_anything_is_kept(client):
    code, answer = sent(client, "labels/read", b"face,label\n1.5,yes\n1.x,no\n", file="x.csv")
    assert code == 400
    assert answer["error"].startswith("Line 3")


def test_a_file_waits_where_the_choice_is_wrong_and_is_forgotten_when_asked(client, model):
    stream = io.BytesIO()
    np.save(stream, np.eye(3, model.config.latent_size, dtype=np.float32))
    code, answer = sent(client, "import/read", stream.getvalue(), file="three.npy")
    assert (code, answer["count"], answer["notes"]) == (200, 3, [])
    assert sent(client, "import", b"", token=answer["token"], take="9")[0] == 400
    assert sent(client, f"incoming/{answer['token']}/drop", b"")[0] == 200
    assert sent(client, "import", b"", token=answer["token"], take="1")[0] == 404


def test_directions_in_w_are_refused_by_a_model_without_w(client, model):
    stream = io.BytesIO()
    np.save(stream, np.ones((1, model.config.latent_size), np.float32))
    for words in ({"file": "smile_w_boundary.npy"}, {"file": "smile.npy", "space": "w"}):
        for address in ("import/read", "import"):
            code, answer = sent(client, address, stream.getvalue(), **words)
            assert code == 400
            assert "Received: directions in w" in answer["error"]
    code, answer = sent(client, "import/read", stream.getvalue(), file="smile_w_boundary.npy", space="z")
    assert (code, answer["count"]) == (200, 1)

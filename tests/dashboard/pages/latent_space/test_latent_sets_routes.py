"""Uploaded sets of latents through their addresses."""

import io
import stat

import numpy as np
import pytest
from support.application import runtime_of, tiny_app

from dashboard.analysis.pins import on_sphere
from dashboard.faces.bases import latent_hash, latent_of
from dashboard.faces.face import parse
from dashboard.library.extra_directions import EXTENSION, Library

ROWS = np.random.RandomState(5).randn(40, 512)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("sets"), latents_mb=1)
    yield app
    runtime_of(app).close()


@pytest.fixture
def client(app):
    return app.server.test_client()


@pytest.fixture(scope="module")
def model(app):
    return runtime_of(app).model


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def labelled(rows, labels):
    return "".join(",".join(f"{v:.6f}" for v in row) + f",{label}\n" for row, label in zip(rows, labels, strict=True))


def upload(client, content, name="Mine"):
    return client.post(f"/latent-space/sets?name={name}", data=content)


def test_rows_become_faces_of_the_set(app, client, model):
    answer = upload(client, npy(ROWS)).json
    assert (answer["title"], answer["rows"], answer["kept_columns"]) == ("Mine", 40, [])
    name = answer["space"].removeprefix("set-")
    assert name == latent_hash(on_sphere(ROWS.astype(np.float32)))
    latent = latent_of(parse(f"1:latent~{name}.7"), model)
    np.testing.assert_allclose(latent, on_sphere(ROWS[7]), rtol=1e-5)
    assert client.get(f"/faces/tiny@{model.digest8}/1:latent~{name}.7;Smiling=1.webp").status_code == 200
    for row in ("40", "999999"):
        assert client.get(f"/faces/tiny@{model.digest8}/1:latent~{name}.{row}.webp").status_code == 404
    for row in ("", "x", "-1", "1000000"):
        assert client.get(f"/faces/tiny@{model.digest8}/1:latent~{name}.{row}.webp").status_code == 400
    folder = app.server.extensions[EXTENSION].latent_sets.find(name).folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_labels_stand_beside_the_rows_the_most_frequent_first(app, client):
    labels = ["b"] * 3 + ["a"] * 5 + ["<i>c"] * 2
    answer = upload(client, labelled(ROWS[:10], labels).encode(), "With%20labels.csv").json
    kept = app.server.extensions[EXTENSION].latent_sets.find(answer["space"].removeprefix("set-"))
    (column,) = kept.columns
    assert column.labels == ("a", "b", "<i>c")
    assert column.texts().tolist() == labels


def test_the_same_rows_are_kept_once_with_the_last_title(app, client, model):
    first = upload(client, npy(ROWS[:20]), "One").json
    second = upload(client, npy(ROWS[:20]), "Two").json
    assert first["space"] == second["space"]
    titles = [one.title for one in app.server.extensions[EXTENSION].sets(model)]
    assert titles[0] == "Two"
    assert "One" not in titles


def test_a_set_is_removed_and_comes_back(client, model):
    name = upload(client, npy(ROWS[:5])).json["space"].removeprefix("set-")
    picture = f"/faces/tiny@{model.digest8}/1:latent~{name}.1;Male=1.webp"
    assert client.post(f"/latent-space/sets/{name}/remove").status_code == 200
    assert client.get(picture).status_code == 404
    assert client.post(f"/latent-space/sets/{name}/remove").status_code == 404
    assert client.post(f"/latent-space/sets/{name}/restore").status_code == 200
    assert client.get(picture).status_code == 200
    for wrong in ("..", "x", "f" * 32):
        assert client.post(f"/latent-space/sets/{wrong}/restore").status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (npy(ROWS[:, :100]), "vectors of 512 numbers"),
        (npy(np.zeros((3, 512))), "is all zero"),
        (npy(np.full((3, 512), np.nan)), "is not finite"),
        (b"x" * 1_000_001, "at most 1 MB"),
        (npy(np.zeros((300, 512))), "at most 1 MB"),
        (npy(ROWS)[:-1], "cut off"),
    ],
)
def test_what_is_broken_is_refused_and_nothing_is_kept(app, client, model, content, words):
    sets = app.server.extensions[EXTENSION].latent_sets
    before = sets.listed(model)
    answer = upload(client, content)
    assert answer.status_code == 400
    assert words in answer.json["error"]
    assert sets.listed(model) == before
    assert not list(sets._folder.glob(".new-*"))


def test_only_who_may_write_uploads_and_removes(app, client):
    for address in ("", f"/{'f' * 32}/remove", f"/{'f' * 32}/restore"):
        answer = client.post(f"/latent-space/sets{address}", headers={"Origin": "http://elsewhere.example"})
        assert answer.status_code == 403
        assert app.server.test_client(entered=False).post(f"/latent-space/sets{address}").status_code == 403


def test_what_is_not_whole_is_not_there(tmp_path, app, client):
    name = upload(client, npy(ROWS[:6])).json["space"].removeprefix("set-")
    kept = app.server.extensions[EXTENSION].latent_sets.find(name)
    library = Library(tmp_path)
    folder = tmp_path / "library" / "latent-sets" / name
    folder.mkdir(parents=True)
    for path in kept.folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    assert library.latent_sets.find(name) is not None
    (folder / "latents.f32").write_bytes(b"short")
    assert Library(tmp_path).latent_sets.find(name) is None
    (folder / "set.json").write_text('{"n": "many"}')
    assert Library(tmp_path).latent_sets.find(name) is None


def test_a_file_is_looked_through_before_it_is_kept(app, client, model):
    sets = app.server.extensions[EXTENSION].latent_sets
    before = len(sets.listed(model))
    content = labelled(ROWS[:12], ["a", "b"] * 6).encode()
    answer = client.post("/latent-space/sets/read?file=mine.csv", data=content).json
    assert answer["summary"].startswith("12 rows of 512 numbers; comma, decimal point, UTF-8; beside them: column 513")
    assert len(sets.listed(model)) == before
    picture = client.get(f"/latent-space/sets/read/{answer['token']}/7.webp")
    assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    assert client.get(f"/latent-space/sets/read/{answer['token']}/8.webp").status_code == 404
    wrong = {"token": answer["token"], "name": "Mine", "columns": [{"name": "gone"}]}
    assert client.post("/latent-space/sets/keep", json=wrong).status_code == 400
    kept = client.post("/latent-space/sets/keep", json={"token": answer["token"], "name": "Mine", "columns": []}).json
    assert (kept["title"], kept["rows"], kept["kept_columns"]) == ("Mine", 12, [])
    assert client.post("/latent-space/sets/keep", json={"token": answer["token"]}).status_code == 404


def test_a_file_can_be_read_differently_and_dropped(client):
    token = client.post("/latent-space/sets/read", data=npz_of(a=ROWS, b=ROWS[:9])).json["token"]
    assert client.post(f"/latent-space/sets/read?token={token}&array=b").json["rows"] == 9
    assert client.post(f"/latent-space/sets/read?token={token}&array=c").status_code == 400
    assert client.post(f"/latent-space/sets/read?token={token}").json["rows"] == 40
    assert client.post(f"/latent-space/sets/read/{token}/drop").status_code == 200
    assert client.post(f"/latent-space/sets/read?token={token}").status_code == 404


def test_columns_stand_in_the_exports_and_a_selection_is_read_back_as_labels(client, model):
    answer = upload(client, labelled(ROWS[:20], [f"{k}.5" for k in range(20)]).encode(), "Ages").json
    query = f"model=tiny&space={answer['space']}"
    lines = client.get(f"/latent-space/points.csv?{query}").text.splitlines()
    assert lines[0].endswith("face,column 513")
    assert lines[4].endswith(f"latent~{answer['space'][4:]}.3,3.5")
    outline = f"1~{answer['space']}.pca.1.2~20~20~-99_-99_99_-99_99_99_-99_99"
    for form in ("csv", "npz"):
        picked = client.get(f"/latent-space/selection.{form}?model=tiny&sel={outline}").data
        made = client.post(f"/directions/own/labels?model=tiny&name=Back-{form}&labels=column+513", data=picked)
        assert made.status_code == 200, made.json
        assert "20 numbers from 0.5 to 19.5: a direction by regression." in made.json["read"]


def npz_of(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()

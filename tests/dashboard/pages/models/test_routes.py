import io
import threading

import numpy as np
import pytest
from support.application import runtime_of, tiny_app
from support.file_server import file_server
from support.models import INCLUDED, write_tiny_model
from support.official_files import directions_file
from support.official_models import LICENCE, directions_bytes, network_bytes, small_catalogue
from support.stylegan_files import nvidia_file
from support.stylegan_reference import random_stylegan2

from dashboard.pages.models import routes as model_routes
from dashboard.synthesis.imports import has_tlgan_directions

NETWORK = network_bytes()


@pytest.fixture
def app(tmp_path):
    app = tiny_app(tmp_path)
    yield app
    runtime_of(app).close()


@pytest.fixture
def runtime(app):
    return runtime_of(app)


@pytest.fixture
def client(app):
    return app.server.test_client()


def upload(client, kind="network", name="mine", content=NETWORK, **options):
    return client.post(f"/uploads?as={kind}&name={name}", data=content, **options)


def error_of(response, status):
    assert response.status_code == status
    assert response.headers["Cache-Control"] == "no-store"
    return response.get_json()["error"]


def leftovers(runtime):
    """List what is in LIKENESS_HOME besides models."""
    return [path.name for path in (runtime.home / "downloads").iterdir() if "upload-" in path.name]


def test_an_uploaded_network_becomes_a_model_that_makes_faces(client, runtime):
    response = upload(client)
    assert (response.status_code, response.get_json()) == (200, {"model": "mine"})
    digest = runtime.open_model("mine").model.digest8
    assert client.get(f"/faces/mine@{digest}/1:7.webp").status_code == 200
    assert client.get("/?model=mine").status_code == 200
    assert leftovers(runtime) == []


def test_directions_can_be_added_later(client, runtime):
    upload(client)
    before = runtime.open_model("mine").model
    assert before.names == ()
    assert upload(client, "directions", content=directions_bytes()).status_code == 200
    after = runtime.open_model("mine").model
    assert after.names[:2] == ("Young", "Smiling")
    assert after.digest != before.digest
    assert has_tlgan_directions(after)
    answer = error_of(upload(client, "directions", content=directions_bytes()), 400)
    assert "imported without directions" in answer


def test_only_an_imported_model_takes_directions(client):
    assert "Expected an imported model" in error_of(upload(client, "directions", "tiny", directions_bytes()), 400)
    assert "a model that is here" in error_of(upload(client, "directions", "none", directions_bytes()), 404)
    upload(client)
    assert "directions" in error_of(upload(client, "directions", content=NETWORK), 400)


STYLEGAN = nvidia_file(random_stylegan2(resolution=16))


@pytest.mark.parametrize(("asked", "space"), [("", "w"), ("&space=w", "w"), ("&space=z", "z")])
def test_directions_of_a_stylegan_live_where_it_is_asked_for(client, runtime, asked, space):
    response = client.post(f"/uploads?as=network&name=style{asked}", data=STYLEGAN)
    assert response.status_code == 200, response.text
    assert runtime.open_model("style").model.space == space


def test_a_space_that_cannot_be_is_refused_and_nothing_stays(client, runtime):
    answer = error_of(client.post("/uploads?as=network&name=mine&space=s", data=STYLEGAN), 400)
    assert answer.startswith("Expected space=z or space=w. Received: s.")
    answer = error_of(client.post("/uploads?as=network&name=mine&space=w", data=NETWORK), 400)
    assert "a PG-GAN has no w" in answer
    assert "mine" not in runtime.names()


def test_tlgans_directions_are_for_a_stylegan_in_z(client, runtime):
    size = 5  # of z of the network
    directions = directions_file(np.random.RandomState(0).randn(size, 2), ["Young", "Smiling"])
    for space in ("z", "w"):
        assert client.post(f"/uploads?as=network&name=in-{space}&space={space}", data=STYLEGAN).status_code == 200
    assert upload(client, "directions", "in-z", directions).status_code == 200
    model = runtime.open_model("in-z").model
    assert (model.names, model.space) == (("Young", "Smiling"), "z")
    answer = error_of(upload(client, "directions", "in-w", directions), 400)
    assert 'in z, as TL-GAN\'s do. Received: "in-w", in w. Import the network again with directions in z.' in answer


def test_a_model_folder_goes_out_and_comes_in_as_a_zip(app, client, runtime):
    response = client.get("/models/tiny.zip")
    assert response.mimetype == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="tiny.zip"'
    assert upload(client, "folder", "copy", response.data).status_code == 200
    assert runtime.open_model("copy").model.digest == runtime.model.digest
    assert "a name that is not in use" in error_of(upload(client, "folder", "copy", response.data), 400)
    assert "a zip of a model folder" in error_of(upload(client, "folder", "other", NETWORK), 400)
    assert error_of(client.get("/models/none.zip"), 404)
    assert error_of(app.server.test_client(entered=False).get("/models/tiny.zip"), 403)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!doctype html><title>Sign in</title>", "HTML"),
        (NETWORK[:-100], "Expected"),
        (b"x" * 5000, "Expected"),
        (b"", "ended early"),
        (directions_bytes(), "Expected"),
    ],
)
def test_what_is_no_network_is_refused_and_nothing_stays(client, runtime, content, words):
    assert words in error_of(upload(client, content=content), 400)
    assert "mine" not in runtime.names()
    assert leftovers(runtime) == []


@pytest.mark.parametrize("name", ["", "../mine", ".hidden", "a b", "x" * 65, "tiny", "%00"])
def test_a_name_that_cannot_be_is_refused_before_anything_is_read(client, runtime, name):
    assert "Expected" in error_of(upload(client, name=name), 400)
    assert not (runtime.home / "downloads").exists()


@pytest.mark.parametrize("kind", ["", "latents", "x" * 500])
def test_an_upload_says_what_it_is(client, kind):
    assert "as=network" in error_of(upload(client, kind), 400)


def test_an_upload_is_bounded_whether_it_tells_its_length_or_not(client, runtime, monkeypatch):
    monkeypatch.setattr(model_routes, "MAX_UPLOAD_BYTES", 2_000_000)
    big = b"x" * 2_000_001
    assert "at most 2.0 MB" in error_of(upload(client, content=big), 400)
    streamed = client.post(
        "/uploads?as=network&name=mine",
        input_stream=io.BytesIO(big),
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert streamed.status_code == 413
    assert upload(client, content=b"x" * 1_500_000).status_code == 400  # more than other requests may have; no network
    assert leftovers(runtime) == []


def test_an_upload_that_ends_early_is_not_taken(client):
    response = client.post(
        "/uploads?as=network&name=mine", input_stream=io.BytesIO(NETWORK[:1000]), content_length=len(NETWORK)
    )
    assert response.status_code == 400


CHANGES = [f"/models/one/{action}" for action in ("fetch", "cancel", "remove", "restore", "verify")]


@pytest.mark.parametrize("who", ["no secret", "another page", "off"])
def test_only_who_may_write_changes_anything(tmp_path, who):
    app = tiny_app(tmp_path, **({"write": "off"} if who == "off" else {}))
    write_tiny_model(runtime_of(app).own_shelf / "one", scorer=False, bank=0)
    client = app.server.test_client(entered=who == "another page")
    options = {
        "no secret": {},
        "another page": {"headers": {"Origin": "https://elsewhere.example"}},
        "off": {},
    }[who]
    for address in [*CHANGES, "/uploads?as=network&name=mine"]:
        assert "permission to make changes" in error_of(client.post(address, data=NETWORK, **options), 403), address
        assert client.get(address).status_code in (404, 405), address
    assert "one" in runtime_of(app).names()
    assert not (runtime_of(app).own_shelf.parent / "downloads").exists()
    runtime_of(app).close()


def test_a_removed_model_is_gone_and_comes_back(client, runtime):
    folder = write_tiny_model(runtime.own_shelf / "one", scorer=False, bank=0).path
    address = f"/faces/one@{runtime.open_model('one').model.digest8}/1:7.webp"
    assert client.get(address).status_code == 200
    assert client.post("/models/one/remove").status_code == 200
    assert not folder.exists()
    assert "a model that is here" in error_of(client.get(address), 404)
    assert client.post("/models/one/restore").status_code == 200
    assert client.get(address).status_code == 200


def test_what_came_with_the_dashboard_stays(client):
    assert "default" in error_of(client.post("/models/tiny/remove"), 403)
    assert "came with Likeness" in error_of(client.post(f"/models/{INCLUDED.name}/remove"), 404)
    assert error_of(client.post("/models/none/remove"), 404)
    assert error_of(client.post("/models/none/restore"), 404)


def test_verifying_reads_every_file(client, runtime):
    folder = write_tiny_model(runtime.own_shelf / "one", scorer=False, bank=0).path
    assert client.post("/models/one/verify").get_json()["message"] == "All 2 files of one are as they were published."
    data = bytearray((folder / "directions.safetensors").read_bytes())
    data[-1] ^= 1
    (folder / "directions.safetensors").write_bytes(data)
    assert "directions.safetensors" in error_of(client.post("/models/one/verify"), 503)
    assert client.post("/models/..%2fone/verify").status_code == 405


def until(condition):
    """Wait until something holds that another thread brings about."""
    clock = threading.Event()
    for _ in range(6000):
        if condition():
            return
        clock.wait(0.01)
    raise AssertionError("it never came")


def test_a_fetch_asks_for_the_licence_once_and_ends_as_a_model(client, runtime):
    with file_server(NETWORK) as server:
        runtime.catalogue = small_catalogue(server)
        assert "A licence, https://licence.example/" in error_of(client.post("/models/famous-32/fetch"), 403)
        assert error_of(client.post("/models/famous-32/fetch?accept=another"), 403)
        assert server.asked == []
        assert client.post(f"/models/famous-32/fetch?accept={LICENCE}").status_code == 200
        until(lambda: not runtime.fetches.state("famous-32").running)
        answer = client.get("/models/famous-32/fetch").get_json()
        assert (answer["phase"], answer["done"], answer["total"]) == ("done", len(NETWORK), len(NETWORK))
        assert runtime.open_model("famous-32").model.licence == LICENCE
        assert list((runtime.home / "downloads").iterdir()) == []
        client.post("/models/famous-32/remove")
        assert client.post("/models/famous-32/fetch").status_code == 200  # accepted by now
        until(lambda: not runtime.fetches.state("famous-32").running)
        assert len(server.asked) == 2
    assert error_of(client.post("/models/none/fetch"), 404)


def test_a_fetch_can_be_cancelled(client, runtime):
    with file_server(NETWORK) as server:
        runtime.catalogue = small_catalogue(server)
        server.moods = ["stalls"]
        client.post(f"/models/famous-32/fetch?accept={LICENCE}")
        until(lambda: runtime.fetches.state("famous-32").done > 0)
        assert client.post("/models/famous-32/cancel").status_code == 200
        assert runtime.fetches.state("famous-32").phase == "cancelled"
    assert "famous-32" not in runtime.names()

import re
import subprocess
import sys
import textwrap

import pytest
from support.application import runtime_of, tiny_app, tiny_settings
from support.models import write_tiny_model

from dashboard.app import create_app
from dashboard.errors import InputError, ModelError
from dashboard.serving.open_model import FIRST_SEED
from dashboard.settings import ROOT

PAGE = "/"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("app"))
    yield app
    runtime_of(app).close()


@pytest.fixture(scope="module")
def client(app):
    return app.server.test_client()


@pytest.fixture(scope="module")
def at(app):
    return f"/faces/tiny@{runtime_of(app).model.digest8}/"


def tags(response):
    """Return the page's meta tags, by name or property."""
    found = re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)"', response.text)
    assert len(found) == len(dict(found))
    return dict(found)


def test_pictures_come_from_the_real_engine(client, at):
    first, second = (client.get(f"{at}1:4217;Smiling=2.2.webp") for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.data == second.data
    assert "cache;desc=hit" in second.headers["Server-Timing"]
    assert client.get(f"{at}1:4217;Smiling=-2.2.webp").data != first.data
    assert client.get(f"{at}1:4217.png").mimetype == "image/png"


def test_a_page_says_its_language_and_what_it_is(client):
    response = client.get(PAGE)
    assert response.status_code == 200
    assert '<html lang="en" ' in response.text
    assert "<title>Likeness</title>" in response.text
    assert tags(response)["og:title"] == "Likeness"


def test_a_link_to_a_face_unfurls_with_that_face(client, at):
    response = client.get(PAGE, query_string={"face": "1:1000.83;Smiling=2.20"})
    found = tags(response)
    assert found["og:image"] == f"http://localhost{at}1:1000.83;Smiling=2.2.webp?size=512"
    assert found["og:title"] == "Face of seed 1000.83 with Smiling +2.20 · Likeness"
    assert found["og:image:alt"] == "Face of seed 1000.83 with Smiling +2.20"
    assert "<title>Face of seed 1000.83 with Smiling +2.20 · Likeness</title>" in response.text
    picture = client.get(found["og:image"])
    assert (picture.status_code, picture.mimetype) == (200, "image/webp")


def test_the_preview_stands_at_the_public_address(tmp_path, at):
    app = tiny_app(tmp_path, public_url="https://faces.example.org/")
    client = app.server.test_client()
    for host in ("faces.example.org", "localhost"):
        found = tags(client.get(PAGE, headers={"Host": host}))
        assert found["og:image"].startswith("https://faces.example.org/faces/tiny@")


@pytest.mark.parametrize("face", ['1:4217"><script>alert(1)</script>', "1:4217;Unheard_Of=1", "", "x" * 3000])
def test_a_page_for_a_broken_face_still_comes_and_repeats_nothing_of_it(client, at, face):
    response = client.get(PAGE, query_string={"face": face, "model": face, "unheard": "of"})
    assert response.status_code == 200
    assert tags(response)["og:image"] == f"http://localhost{at}1:{FIRST_SEED}.webp?size=512"
    assert "<script>alert" not in response.text
    assert "Unheard_Of" not in response.text


def test_the_policy_names_every_script_in_the_page(client, app):
    response = client.get(PAGE)
    policy = response.headers["Content-Security-Policy"]
    for hashed in app.csp_hashes():
        assert hashed in policy
    inline = re.findall(r"<script>|<script id=\"_dash-renderer\"", response.text)
    assert len(set(app.csp_hashes())) >= 1
    assert len(re.findall("'sha256-", policy)) >= len(set(inline))
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in script
    assert "http" not in script


@pytest.mark.parametrize("path", [PAGE, "/healthz", "/model.json", "/faces/none", "/_dash-layout"])
def test_headers_stand_on_every_answer(client, path):
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_stranger_name_is_refused_everywhere_but_for_health(client, at):
    for path in (PAGE, "/model.json", f"{at}1:4217.webp", "/_dash-layout"):
        response = client.get(path, headers={"Host": "rebound.example.org"})
        assert response.status_code == 400
        assert "LIKENESS_ALLOWED_HOSTS" in response.get_json()["error"]
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8050"}).status_code == 200


def test_an_address_without_a_page_is_not_found_and_says_so_as_a_page(client):
    response = client.get("/no-such-page")
    assert response.status_code == 404
    assert response.mimetype == "text/html"
    assert client.get("/no-such-page", headers={"Host": "rebound.example.org"}).status_code == 400


def test_too_large_a_request_is_refused(client):
    response = client.post("/_dash-update-component", data=b"x" * (2 << 20), content_type="application/json")
    assert response.status_code == 413
    assert response.get_json()["error"]


def test_the_key_that_signs_is_kept(tmp_path):
    settings = tiny_settings(tmp_path)
    assert create_app(settings).server.secret_key == create_app(settings).server.secret_key
    assert (settings.home / "secret-key").stat().st_mode & 0o777 == 0o600
    assert settings.home.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("spoil", ["missing", "altered"])
def test_a_spoiled_model_is_refused_at_start_and_named(tmp_path, spoil):
    settings = tiny_settings(tmp_path)
    path = tmp_path / "tiny" / "generator.safetensors"
    if spoil == "missing":
        path.unlink()
    else:
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
    with pytest.raises(ModelError, match=r"generator\.safetensors"):
        create_app(settings)


def test_a_first_face_that_is_none_is_refused_at_start(tmp_path):
    with pytest.raises(InputError, match="LIKENESS_FACE"):
        tiny_app(tmp_path, face="1:4217;Unheard_Of=1")


def test_nothing_slow_is_imported_before_the_first_face(tmp_path):
    write_tiny_model(tmp_path / "tiny")
    program = """
        import sys
        from pathlib import Path
        from dashboard.app import create_app
        from dashboard.settings import Settings
        folder = Path(sys.argv[1])
        app = create_app(Settings(home=folder / "home", model=str(folder / "tiny"), engine="openvino"))
        runtime = app.server.extensions["likeness"]
        runtime.warm_up()
        client = app.server.test_client()
        assert client.get("/readyz").status_code == 200, client.get("/readyz").text
        assert client.get("/").status_code == 200
        assert client.get(f"/faces/tiny@{runtime.model.digest8}/1:7;Smiling=1.png").status_code == 200
        slow = {"tensorflow", "keras", "torch", "sklearn", "scipy", "pandas", "matplotlib", "training"}
        slow |= {"umap", "numba", "av"}  # plotly is imported by Dash itself
        print(sorted(slow & set(sys.modules)))
        runtime.close()
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_a_second_application_of_the_process_has_the_same_callbacks(tmp_path):
    """Dash loads the modules of pages again for each application, and no others."""
    outputs = []
    for name in ("first", "second"):
        client = tiny_app(tmp_path / name).server.test_client()
        outputs.append({each["output"] for each in client.get("/_dash-dependencies").get_json()})
    assert outputs[0] == outputs[1]

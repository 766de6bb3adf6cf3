"""Scripts and styles: prepared, addressed by content, compressed, kept by the browser."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from support.application import tiny_app

from dashboard.faces.routes import FOREVER
from dashboard.web import bundles
from dashboard.web.bundles import ASSETS, Bundle, asset_files, joined_style, own_bundle, prepared


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return tiny_app(tmp_path_factory.mktemp("static"))


@pytest.fixture
def client(app):
    return app.server.test_client()


def addresses(client):
    page = client.get("/").text
    return re.findall(r'(?:src|href)="(/[^"]+)"', page)


def test_all_that_a_page_loads_is_kept_for_good(client):
    found = addresses(client)
    assert len(found) >= 6
    for address in found:
        answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOREVER), address
        assert answer.headers["Content-Encoding"] == "br", address
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_each_form_holds_the_same(client):
    address = next(each for each in addresses(client) if each.endswith("likeness.js"))
    plain = client.get(address).data
    assert brotli.decompress(client.get(address, headers={"Accept-Encoding": "br"}).data) == plain
    assert gzip.decompress(client.get(address, headers={"Accept-Encoding": "gzip"}).data) == plain
    assert client.get(address, headers={"Accept-Encoding": "br;q=0, zstd"}).data == plain


@pytest.mark.parametrize("name", ["likeness-000000000000/js/likeness.js", "../pyproject.toml", "dash/", "%2e%2e/x"])
def test_an_address_of_another_content_is_not_found_and_not_kept(client, name):
    answer = client.get(f"/static/{name}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_a_part_that_a_script_loads_later_lies_beside_it(client):
    core = next(each for each in addresses(client) if each.endswith("dash_core_components.js"))
    assert client.get(core.replace("dash_core_components.js", "async-graph.js")).status_code == 200


def test_the_component_packages_own_addresses_answer_from_files(client):
    assert client.get("/_dash-component-suites/plotly/package_data/plotly.min.js").status_code == 200
    for name in ("dash/x", "nothing/x.js", "dash/../app.py", "dash/dcc/async-graph.py"):
        assert client.get(f"/_dash-component-suites/{name}").status_code == 404


def test_pages_and_data_are_compressed_as_they_are_made_and_pictures_are_not(client, app):
    page = client.get("/", headers={"Accept-Encoding": "br"})
    assert page.headers["Content-Encoding"] == "br"
    assert b"<!DOCTYPE html>" in brotli.decompress(page.data)
    layout = client.get("/_dash-layout", headers={"Accept-Encoding": "gzip"})
    assert layout.headers["Content-Encoding"] == "gzip"
    pictures = client.get("/model.json").json["address"]
    picture = client.get(f"{pictures}1:4.webp", headers={"Accept-Encoding": "br"})
    assert picture.status_code == 200
    assert "Content-Encoding" not in picture.headers
    assert "Vary" not in picture.headers


def test_the_policy_lets_the_page_run_its_own_scripts_only(client):
    policy = client.get("/").headers["Content-Security-Policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self'( 'sha256-[\w+/=]+')+", scripts)


def test_sources_are_served_one_by_one_to_whoever_changes_them(tmp_path):
    client = tiny_app(tmp_path, sources=True).server.test_client()
    found = [each for each in addresses(client) if each.startswith("/assets/")]
    files = [f"/assets/{path.relative_to(ASSETS).as_posix()}" for path in (*asset_files(".css"), *asset_files(".js"))]
    assert [each.split("?")[0] for each in found] == files, "in the order in which they are joined"
    assert client.get(found[0]).status_code == 200


def test_the_joined_script_holds_every_script_in_order():
    text = own_bundle().texts["js/likeness.js"]
    positions = [text.index(path.read_text(encoding="utf-8")) for path in asset_files(".js")]
    assert positions == sorted(positions)
    assert not any("vendor" in path.parts for path in asset_files(".js"))


def test_icons_are_written_into_the_style():
    style = joined_style(asset_files(".css"))
    assert ".svg" not in style
    assert style.count("data:image/svg+xml,") > 20


def test_another_content_has_another_address(tmp_path):
    first, second = (bundles._name("x", {"a.js": text}, {}) for text in ("1", "2"))
    assert first != second


def test_a_bundle_is_there_as_a_whole_or_not_at_all(tmp_path, monkeypatch):
    bundle = Bundle("x-1", {}, {"a.js": "let a = 1;", "b/c.css": "a { color: red }"})
    monkeypatch.setattr(bundles, "_write", lambda path, content: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        prepared(bundle, tmp_path)
    assert not list(tmp_path.iterdir())
    monkeypatch.undo()
    assert prepared(bundle, tmp_path) == tmp_path / "x-1"
    assert sorted(path.name for path in Path(tmp_path / "x-1").rglob("*.*")) == [
        "a.js",
        "a.js.br",
        "a.js.gz",
        "c.css",
        "c.css.br",
        "c.css.gz",
    ]


def test_files_of_a_process_of_another_version_are_served_too(tmp_path):
    client = tiny_app(tmp_path).server.test_client()
    name = "likeness-0123456789ab"
    assert client.get(f"/static/{name}/js/likeness.js").status_code == 404
    made = tmp_path / "home" / "cache" / "static" / name / "js"
    made.mkdir(parents=True)
    (made / "likeness.js").write_text("1")
    (made.parents[1] / "secret").mkdir()
    (made.parents[1] / "secret" / "a.js").write_text("2")
    answer = client.get(f"/static/{name}/js/likeness.js")
    assert (answer.text, answer.headers["Cache-Control"]) == ("1", FOREVER)
    for other in ("secret/a.js", f"{name}/../secret/a.js", f"{name}/js/other.js"):
        assert client.get(f"/static/{other}").status_code == 404

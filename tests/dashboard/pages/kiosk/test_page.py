"""A kiosk in its own process: Dash's registers of pages and callbacks are the process's."""

import json
import os
import subprocess
import sys

import pytest
from support.application import tiny_app
from support.models import write_tiny_model

from dashboard.errors import InputError
from dashboard.pages.kiosk.page import end_words
from dashboard.settings import ROOT

LIST = """
import json, dash
from dashboard.app import create_app
from dashboard.settings import load_settings
app = create_app(load_settings())
client = app.server.test_client()
asked = ["/", "/healthz", "/model.json", "/jobs/x", "/collections", "/latent-space", "/directions", "/models"]
print(json.dumps({
    "rules": sorted(str(rule) for rule in app.server.url_map.iter_rules() if not str(rule).startswith("/_")),
    "status": {path: client.get(path).status_code for path in asked},
    "posts": [client.post(path).status_code for path in ("/jobs", "/uploads", "/collections")],
    "callbacks": list(app.callback_map),
    "pages": list(dash.page_registry),
}))
"""


def test_a_kiosk_has_one_page_pictures_and_nothing_else(tmp_path):
    write_tiny_model(tmp_path / "tiny")
    given = {"HOME": tmp_path / "home", "MODEL": tmp_path / "tiny", "KIOSK": "1", "KIOSK_SLIDERS": "Smiling"}
    environment = {**os.environ, **{f"LIKENESS_{name}": str(value) for name, value in given.items()}}
    done = subprocess.run([sys.executable, "-c", LIST], cwd=ROOT, env=environment, capture_output=True, check=True)
    answer = json.loads(done.stdout)
    assert answer["rules"] == [
        "/",
        "/<path:path>",
        "/assets/<path:filename>",
        "/faces/",
        "/faces/<named>@<digest>/directions/<name>.json",
        "/faces/<path:address>",
        "/healthz",
        "/model.json",
        "/readyz",
        "/static/<path:name>",
    ]
    here = ("/", "/healthz", "/model.json")
    assert answer["status"] == {path: 200 if path in here else 404 for path in answer["status"]}
    assert all(status in (404, 405) for status in answer["posts"])
    assert answer["callbacks"] == ["kiosk.data-open"]
    assert answer["pages"] == []


def test_a_slider_that_the_model_lacks_ends_the_start(tmp_path):
    with pytest.raises(InputError, match=r"LIKENESS_KIOSK_SLIDERS: Expected .*Smiling.* Received: Smilling\."):
        tiny_app(tmp_path, kiosk=True, kiosk_sliders="Smiling,Smilling")


def test_the_ends_of_every_slider_have_words():
    assert end_words({"name": "Male", "kind": "binary"}) == ("reads as female", "reads as male")
    assert end_words({"name": "Eyeglasses", "kind": "binary"}) == ("without", "with")
    assert end_words({"name": "Chubby", "kind": "continuous"}) == ("less", "more")

import pytest
from support.models import write_tiny_model

from dashboard.faces.face import parse
from dashboard.web.page_head import INDEX, asked_face, preview_tags, title_of

DEFAULT = parse("1:4217")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def test_which_face_a_page_shows(model):
    assert asked_face(None, DEFAULT, model) is DEFAULT
    assert asked_face("1:7;Smiling=1.0", DEFAULT, model) == parse("1:7;Smiling=1")
    assert asked_face("1:7;Unheard_Of=1", DEFAULT, model) is None
    assert asked_face("", DEFAULT, model) is None


def test_the_first_visit_is_titled_with_the_name_only(model):
    assert title_of(DEFAULT, DEFAULT, model) == "Likeness"
    assert title_of(parse("1:8"), DEFAULT, model) == "Face of seed 8 · Likeness"


def test_addresses_in_tags_are_absolute_and_escaped(model):
    found = preview_tags(parse("1:8;Male=1"), DEFAULT, model, "https://faces.example.org")
    assert f'content="https://faces.example.org/faces/tiny@{model.digest8}/1:8;Male=1.webp?size=512"' in found
    assert 'content="a&amp;b' in preview_tags(DEFAULT, DEFAULT, model, "a&b")


def test_the_page_has_all_that_dash_asks_for():
    for part in ("metas", "title", "css", "app_entry", "config", "scripts", "renderer"):
        assert INDEX.count("{%" + part + "%}") == 1

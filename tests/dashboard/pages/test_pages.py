from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import dash
import pytest
from support.application import runtime_of, tiny_app
from support.models import write_tiny_model

from dashboard.components.shell import NAVIGATION


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    app = tiny_app(tmp_path_factory.mktemp("pages"))
    yield app
    runtime_of(app).close()


@pytest.fixture(scope="module")
def pages(app: dash.Dash) -> dict[str, Any]:
    """Return Dash's registry of pages, by address."""
    return {page["path"]: page for page in dash.page_registry.values()}


def words(layout: Any) -> str:
    """Return the layout as Dash sends it."""
    return json.dumps(layout, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def test_the_bar_names_only_pages_that_are_there(pages: dict[str, Any]) -> None:
    assert {address for _, address, _ in NAVIGATION} | {"/about"} <= set(pages)


@pytest.mark.parametrize("address", ["/", "/models", "/demo", "/about", "/compare", "/404"])
def test_words_that_nobody_knows_do_no_harm(app: dash.Dash, pages: dict[str, Any], address: str) -> None:
    with app.server.test_request_context(address):
        layout = pages[address]["layout"](colour="blue", seed=["1", "2"])
    assert pages[address]["title"].endswith(" · Likeness")
    assert [part for part in layout._traverse() if isinstance(part, dash.html.H1)]


def test_about_tells_what_the_model_is_and_how_sure_it_is_of_each_attribute(
    app: dash.Dash, pages: dict[str, Any]
) -> None:
    model = runtime_of(app).model
    with app.server.test_request_context("/about"):
        text = words(pages["/about"]["layout"]())
    for fact in (model.name, model.digest, model.licence, "32 × 32 pixels", "R²", "AUC", "−3.50 to +3.50", "0.61"):
        assert fact in text
    assert all(name.replace("_", " ") in text for name in model.names)


def test_pages_show_the_model_that_their_address_names(app: dash.Dash, pages: dict[str, Any]) -> None:
    runtime = runtime_of(app)
    write_tiny_model(runtime.own_shelf / "other", seed=9, scorer=False, bank=0)
    digest = runtime.open_model("other").model.digest
    for address in ("/", "/about", "/models", "/demo"):
        with app.server.test_request_context(address):
            text = words(pages[address]["layout"](model="other"))
            assert f"other@{digest[:8]}" in text
            assert digest in text or address in ("/", "/demo")
            assert "tiny" in words(pages[address]["layout"](model="../other"))


def test_the_generator_hands_the_script_all_that_it_needs(app: dash.Dash, pages: dict[str, Any]) -> None:
    with app.server.test_request_context("/"):
        layout = pages["/"]["layout"](face="1:7;Male=0.50")
    (store,) = [part for part in layout._traverse() if getattr(part, "id", None) == "opening"]
    assert store.data["asked"] == "1:7;Male=0.5"
    assert store.data["default"] == str(runtime_of(app).default_face)
    assert store.data["model"]["address"].startswith("/faces/tiny@")
    assert len(store.data["model"]["gram"]) == len(store.data["model"]["attributes"])
    assert set(store.data["few"]) <= set(runtime_of(app).model.names)

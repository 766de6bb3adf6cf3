"""Every control of every page has a help text: in the help box, or as the text next to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import dash
import pytest
from support.application import runtime_of, tiny_app

from dashboard.components.job_card import job_card
from dashboard.components.shell import shell
from dashboard.faces.grammar import parse_base
from dashboard.library.collections import Collection, Item
from dashboard.library.item_contents import shown
from dashboard.library.items import Draft
from dashboard.library.user_directions import UserDirection
from dashboard.pages.collections.cards import card, collection_head
from dashboard.pages.directions.cell_panel import cell_body
from dashboard.pages.directions.unsupervised_panel import Row, traversal_list
from dashboard.pages.directions.user_directions_panel import made_list
from dashboard.pages.kiosk.page import kiosk
from dashboard.pages.latent_space.selection_panel import clear_selection, go_on
from dashboard.pages.models.row import HELP

CONTROLS = {
    *("ActionIcon", "Button", "ColorSchemeToggle", "MenuTarget", "MultiSelect", "NumberInput", "PasswordInput"),
    *("PopoverTarget", "SegmentedControl", "Select", "Slider", "Switch", "Textarea", "TextInput", "UnstyledButton"),
}
"""Types of components; menu entries, tabs and links are explained by their own text."""

EXPLAINED = {
    "lk-rail": "the legend below the sliders, and the hints of a first visit",
    "lk-demo-row": "the sentence above the sliders",
    "lk-user-direction-faces": "the sentence above the faces",
    "lk-row": "the buttons of a row, which `assets/js/sliders.js` names after what they would do now",
}
"""Classes of groups of controls with one common explanation."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    app = tiny_app(tmp_path_factory.mktemp("help"))
    yield app
    runtime_of(app).close()


def unexplained(part: Any, explained: bool = False) -> Iterator[str]:
    """Yield the controls of a layout (as JSON) that have no help."""
    if isinstance(part, list):
        for each in part:
            yield from unexplained(each, explained)
    if not isinstance(part, dict):
        return
    props = part.get("props", {})
    explained |= any("data-help" in (props, props.get("boxWrapperProps") or {})[index] for index in (0, 1))
    explained |= bool(props.get("description") or props.get("title"))
    explained |= any(name in EXPLAINED for name in str(props.get("className", "")).split())
    if part.get("type") in CONTROLS and not explained:
        yield f"{part['type']} {props.get('id') or props.get('aria-label') or props.get('children')}"
    for value in (props or part).values():
        yield from unexplained(value, explained)


def plain(layout: Any) -> Any:
    return json.loads(json.dumps(layout, default=lambda part: part.to_plotly_json()))


PAGES = ("/", "/latent-space", "/directions", "/directions/reliability", "/directions/bias-audit", "/directions/own")
PAGES += (
    "/directions/matrix",
    "/directions/models",
    "/directions/unsupervised",
    "/compare",
    "/collections",
    "/models",
    "/demo",
    "/about",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_control_of_a_page_has_help(app: Any, path: str) -> None:
    page = next(page for page in dash.page_registry.values() if page["path"] == path)
    with app.server.test_request_context(path):
        assert list(unexplained(plain(page["layout"]()))) == []


def test_every_page_is_looked_at(app: Any) -> None:
    bare = {"/404", "/present"}  # only rows of sliders
    assert {page["path"] for page in dash.page_registry.values()} - bare == set(PAGES)


def test_what_stands_around_the_pages_and_what_comes_later_has_help(app: Any) -> None:
    runtime = runtime_of(app)
    model = runtime.model
    draft = Draft("face", "/?face=1:5", "A face", "")
    item = Item(1, 1, draft)
    own = UserDirection("own~0", "Mine", model.directions[:, 0], {"kind": "imported"}, 0.0)
    with app.server.test_request_context("/"):
        later = [
            shell(),
            kiosk(),
            job_card("job", "export", "Title", "", "tiny"),
            collection_head(Collection("c", "C", 1, (item,)), True),
            card("c", item, shown(draft, runtime), True),
            cell_body("A", "B", [], [], []),
            made_list(model, [own], True),
            traversal_list(model, parse_base("5"), [Row("sefa~1", "SeFa 1", "", model.directions[0])], model.names),
            clear_selection(),
            go_on("1:5", "tiny", "x", ["1:5", "1:6"]),
        ]
    assert list(unexplained(plain(later))) == []
    assert all(HELP.values())

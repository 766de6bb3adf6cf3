from __future__ import annotations

import json
from pathlib import Path

import dash
import pytest
from support.application import runtime_of, tiny_app
from support.models import write_tiny_model

from dashboard.components.method_notes import METHODS, method_note
from dashboard.pages.directions.tabs import TABS
from dashboard.settings import ROOT


@pytest.mark.parametrize("name", METHODS)
def test_a_note_says_method_size_level_judge_and_code_that_there_is(name: str, tmp_path: Path) -> None:
    for options in ({"judge": True}, {"scorer": False, "bank": 0}):
        model = write_tiny_model(tmp_path / name, **options)  # type: ignore[arg-type]
        text = json.dumps(method_note(name, model), default=lambda part: part.to_plotly_json(), ensure_ascii=False)
        for words in ("Method", "Level", "Judge", "Code"):
            assert f'"children": "{words}"' in text
    for path in METHODS[name].code:
        assert (ROOT / path).is_file(), path


def test_every_tab_of_directions_has_a_note() -> None:
    assert {tab.name for tab in TABS} <= set(METHODS)


WITHOUT = {
    "/404": "no figures",
    "/enter": "no figures",
    "/present": "slides, whose pages have their own",
}
"""Pages without a method note, and why."""


def test_every_page_has_the_note_of_its_own(tmp_path: Path) -> None:
    app = tiny_app(tmp_path)
    try:
        notes = {}
        for page in dash.page_registry.values():
            with app.server.test_request_context(page["path"]):
                layout = page["layout"]() if callable(page["layout"]) else page["layout"]
            text = json.dumps(layout, default=lambda part: part.to_plotly_json(), ensure_ascii=False)
            notes[page["path"]] = [name for name, method in METHODS.items() if json_text(method.method) in text]
    finally:
        runtime_of(app).close()
    assert {path: names for path, names in notes.items() if len(names) != 1 and path not in WITHOUT} == {}
    assert sorted(name for names in notes.values() for name in names) == sorted(METHODS)


def json_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

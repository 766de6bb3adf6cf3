from __future__ import annotations

import json
from pathlib import Path

import pytest
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

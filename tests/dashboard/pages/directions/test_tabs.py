from __future__ import annotations

from typing import Any

import dash
import pytest

from dashboard.pages.directions.tabs import TABS, directions_tabs


def test_tabs_link_to_existing_pages_and_keep_the_face(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {
        "matrix": {"path": "/directions/matrix"},
        "own": {"path": "/directions/own"},
        "models": {"path": "/models"},
    }
    monkeypatch.setattr(dash, "page_registry", there)
    tabs: Any = directions_tabs("user-directions", "1:31;Male=0.35", "other").children
    assert [tab.children for tab in tabs] == ["Matrix", "Make your own"]
    assert tabs[0].href == "/directions/matrix?face=1:31;Male=0.35&model=other"
    assert [getattr(tab, "aria-current", None) for tab in tabs] == [None, "page"]


def test_every_tab_has_its_own_name_and_address() -> None:
    assert len({tab.name for tab in TABS}) == len({tab.address for tab in TABS}) == len(TABS)

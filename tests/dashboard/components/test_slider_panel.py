from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dashboard.components.icon import icon
from dashboard.components.slider_panel import default_shown, slider_list, slider_panel
from dashboard.components.static_html import to_html

ROOT = Path(__file__).resolve().parents[3]


def attribute(name: str, group: str) -> dict[str, Any]:
    return {"name": name, "group": group, "kind": "continuous", "range": [-3.0, 2.5], "reliability": {}}


MIXED = [
    attribute(name, group) for name, group in (("A", "one"), ("B", "two"), ("C_d", "one"), ("D", "one"), ("E", "one"))
]


def named(panel: Any, className: str) -> list[Any]:
    return [part for part in panel._traverse() if getattr(part, "className", None) == className]


def test_rows_of_a_group_are_adjacent_and_know_their_index_in_the_model() -> None:
    rows = named(slider_list(MIXED), "lk-row")
    assert [getattr(row, "data-name") for row in rows] == ["A", "C_d", "D", "E", "B"]
    assert [getattr(row, "data-index") for row in rows] == ["0", "2", "3", "4", "1"]
    assert [heading.children for heading in named(slider_list(MIXED), "lk-caps")] == ["one", "two"]


def test_a_row_names_its_controls_and_holds_its_calibrated_range() -> None:
    row = named(slider_list(MIXED), "lk-row")[1]
    assert row.style == {"--clo": -3.0, "--chi": 2.5}
    names = [getattr(part, "aria-label", None) for part in row._traverse()]
    assert {"C d, in sigma", "Hold C d", "Release C d"} <= set(names)


def test_the_page_has_the_rows_as_html() -> None:
    (holder,) = named(slider_panel(MIXED), "lk-list")
    assert holder.children is None
    assert getattr(holder, "data-html") == to_html(slider_list(MIXED).children)
    assert getattr(holder, "data-html").count('class="lk-thumb"') == len(MIXED)
    (again,) = named(slider_panel([*map(dict, MIXED)]), "lk-list")
    assert again is holder  # written once for a model's attributes
    (other,) = named(slider_panel(MIXED[1:]), "lk-list")
    assert getattr(other, "data-html").count('class="lk-thumb"') == len(MIXED) - 1


@pytest.mark.parametrize(
    ("a_group", "names"), [(1, ["A", "B"]), (2, ["A", "B", "C_d"]), (9, ["A", "B", "C_d", "D", "E"])]
)
def test_a_first_visit_shows_the_first_of_each_group(a_group: int, names: list[str]) -> None:
    assert default_shown(MIXED, a_group) == names


def test_every_icon_has_a_file_and_a_rule_and_every_file_is_used() -> None:
    rules = set(
        re.findall(
            r'\.lk-icon-([a-z-]+) \{ mask-image: url\("\.\./icons/\1\.svg"\)',
            (ROOT / "assets/css/icons.css").read_text(),
        )
    )
    files = {path.stem for path in (ROOT / "assets/icons").glob("*.svg")} - {"logo"}
    sources = "".join(path.read_text() for path in [*ROOT.glob("dashboard/**/*.py"), *ROOT.glob("assets/js/**/*.js")])
    assert rules == files
    assert all(f'"{name}"' in sources or f"lk-icon-{name}" in sources for name in files - {"error", "unplugged"})
    assert icon("lock", 16).to_plotly_json()["props"]["style"] == {"width": "16px", "height": "16px"}

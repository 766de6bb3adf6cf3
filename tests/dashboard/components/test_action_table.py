"""The table of actions with keys, and everything that reads it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from dashboard.components.action_table import ACTIONS, GUIDE, SCOPES, Action, guide_table, rows, script
from dashboard.components.shortcuts import shortcuts
from dashboard.settings import ROOT

SCRIPTS = ROOT / "assets" / "js"


def test_the_script_and_the_guide_are_made_from_the_table() -> None:
    command = "run python -m dashboard.components.action_table"
    assert (SCRIPTS / "action_table.js").read_text(encoding="utf-8") == script(), command
    assert guide_table() in GUIDE.read_text(encoding="utf-8"), command


def test_the_list_on_the_screen_has_every_action() -> None:
    shown = unescape(str(shortcuts()))
    assert [action.title for action in ACTIONS if action.title not in shown] == []


def test_an_action_has_one_name_and_one_scope() -> None:
    names = [action.id for action in ACTIONS]
    assert len(set(names)) == len(names)
    assert {action.where for action in ACTIONS} == set(SCOPES)
    assert all(list(rows(where)) for where in SCOPES)


def test_no_key_does_two_things_in_one_scope() -> None:
    """Keys of elements that never have the focus together are distinguished by the element."""
    for where in set(SCOPES) - {"focus"}:
        keys = [keys for action in ACTIONS for keys in action.keys if action.where == where]
        assert len(set(keys)) == len(keys), where
    everywhere = {keys for action in ACTIONS for keys in action.keys if action.where == "everywhere"}
    assert not everywhere & {keys for action in ACTIONS for keys in action.keys if action.where == "face"}


@pytest.mark.parametrize(
    "action", [each for each in ACTIONS if each.script not in ("", "keys.js")], ids=lambda each: each.id
)
def test_the_named_script_asks_the_table_for_the_action(action: Action) -> None:
    assert f'"{action.id}"' in (SCRIPTS / action.script).read_text(encoding="utf-8")


OF_A_FIELD = {"Enter", "Escape", " ", "="}
"""Keys of any field, button or dialog: they end typing, press the focused control, or close what is open."""


def test_no_script_has_keys_past_the_table() -> None:
    """The function of a key is looked up by the name of the action."""
    pressed = re.compile(
        r"""(?:event\.)?\bkey(?:\.toLowerCase\(\))? [!=]== "([^"]+)"|"((?:Arrow|Page)\w+|Home|End)\""""
    )
    found = {
        f"{path.relative_to(SCRIPTS)}: {key}"
        for path in SCRIPTS.rglob("*.js")
        if path.name not in ("action_table.js", "keys.js")
        for pair in pressed.findall(path.read_text(encoding="utf-8"))
        for key in pair
        if key and key not in OF_A_FIELD
    }
    assert found == set()


def test_help_takes_its_keys_from_the_table() -> None:
    """Tooltips add the key by the action of their button (help.js): none is written into words."""
    script = (SCRIPTS / "help.js").read_text(encoding="utf-8")
    assert "keys?.hint(control.dataset.action)" in script
    laid_out = [*(ROOT / "dashboard" / "components").rglob("*.py"), *(ROOT / "dashboard" / "pages").rglob("*.py")]
    sources = [*SCRIPTS.rglob("*.js"), *laid_out]
    written = re.compile(r"""\((?:Ctrl[ +][^)]*|[A-Z])\)[."'`]""")
    assert {
        path.name for path in sources if path.name != "pins.js" and written.search(path.read_text("utf-8"))
    } == set()


def test_a_key_of_the_page_has_an_action_behind_it() -> None:
    """Actions that `keys.js` forwards are defined by a script or pressed directly."""
    text = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS.rglob("*.js") if path.name != "action_table.js")
    for action in ACTIONS:
        if action.script == "keys.js" and action.id not in ("page", "scheme"):
            assert re.search(rf'(\b{action.id}|"{action.id}")\s*[:,(]', text), action.id

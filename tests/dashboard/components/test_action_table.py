"""One table of actions that have keys, and all that reads it."""

from __future__ import annotations

import re

import pytest

from dashboard.components.action_table import ACTIONS, GUIDE, SCOPES, Action, guide_table, rows, script
from dashboard.components.shortcuts import shortcuts
from dashboard.settings import ROOT

SCRIPTS = ROOT / "assets" / "js"
EVENT_KEYS = {
    "←": "ArrowLeft",
    "→": "ArrowRight",
    "↑": "ArrowUp",
    "↓": "ArrowDown",
    "Esc": "Escape",
    "Space": " ",
    "−": "-",
}


def test_the_script_and_the_guide_are_made_from_the_table() -> None:
    command = "run python -m dashboard.components.action_table"
    assert (SCRIPTS / "action_table.js").read_text(encoding="utf-8") == script(), command
    assert guide_table() in GUIDE.read_text(encoding="utf-8"), command


def test_the_list_on_the_screen_has_every_action() -> None:
    shown = str(shortcuts())
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
def test_the_named_script_answers_the_keys(action: Action) -> None:
    text = (SCRIPTS / action.script).read_text(encoding="utf-8")
    if re.search(rf'"{action.id}"', text):
        return  # it asks the table
    for keys in action.keys:
        key = EVENT_KEYS.get(keys[-1], keys[-1])
        assert re.search(rf'"{re.escape(key)}"|\b{re.escape(key)}:|"{re.escape(key.lower())}"', text), (
            f"{action.script}: {key}"
        )


def test_a_key_of_the_page_has_an_action_behind_it() -> None:
    """What `keys.js` passes on is defined by a script, or pressed by itself."""
    text = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS.rglob("*.js") if path.name != "action_table.js")
    for action in ACTIONS:
        if action.script == "keys.js" and action.id not in ("page", "scheme"):
            assert re.search(rf'(\b{action.id}|"{action.id}")\s*[:,(]', text), action.id

"""The table of actions and their keys.

The key handlers, the list of shortcuts, the help of buttons and the guide read this table.

    python -m dashboard.components.action_table

writes `assets/js/action_table.js` and the table of `docs/guide/keyboard.md` again; a test compares both with the table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dashboard.settings import ROOT

SCRIPT = ROOT / "assets" / "js" / "action_table.js"
GUIDE = ROOT / "docs" / "guide" / "keyboard.md"

Keys = tuple[tuple[str, ...], ...]
"""Alternative keys, each with its modifiers first: `(("Ctrl", "Z"),)`."""


@dataclass(frozen=True)
class Action:
    """One action.

    Args:
        id: the name under which scripts know it; that of `data-action` where a button does the same.
        title: description for the list of shortcuts.
        keys: its keys.
        where: a key of `SCOPES`.
        script: of `assets/js/`, whose handler does it.
        needs: a CSS selector; without such an element on the page the keys do nothing, and the list says so.
    """

    id: str
    title: str
    keys: Keys
    where: str
    script: str = "keys.js"
    needs: str = ""


def _any(*keys: str) -> Keys:
    return tuple((key,) for key in keys)


SCOPES = {
    "slider": "Focused slider",
    "face": "Pages with a face",
    "focus": "Other focused elements",
    "everywhere": "Everywhere",
    "presentation": "Presentation",
}
"""Scopes of keys, with their headings in the list."""

_SLIDER, _STAGE, _MARKS = "slider_gestures.js", "present/present.js", "directions/user_directions.js"

ACTIONS = (
    Action("step", "step 0.05", _any("←", "→", "↓", "↑"), "slider", _SLIDER),
    Action("leap", "step 0.50", _any("PageUp", "PageDown"), "slider", _SLIDER),
    Action("ends", "−4 and +4", _any("Home", "End"), "slider", _SLIDER),
    Action("pin-average", "pin at 0, the average face", _any("0"), "slider", _SLIDER),
    Action("lock", "lock at the current value, or release", _any("L"), "slider", _SLIDER),
    Action("put-back", "pin at the value of the seed", (("Shift", "L"),), "slider", _SLIDER),
    Action("release", "release", _any("Delete", "Backspace"), "slider", _SLIDER),
    Action("random", "random face, pins kept", _any("R"), "face", needs="#stage"),
    Action("hold", "hold: face without pins", _any("B"), "face", "unpinned.js", needs="#hold"),
    Action("favourite", "add to favourites, or remove", _any("F"), "face", needs="#recent-list"),
    Action("find", "find an attribute", _any("/"), "face", needs="#find"),
    Action("undo", "undo", (("Ctrl", "Z"),), "face", needs="#stage"),
    Action("redo", "redo", (("Ctrl", "Shift", "Z"), ("Ctrl", "Y")), "face", needs="#stage"),
    Action("matrix-move", "matrix: go to another cell", _any("←", "→", "↑", "↓"), "focus", "directions/matrix.js"),
    Action("matrix-ends", "matrix: first or last of the row", _any("Home", "End"), "focus", "directions/matrix.js"),
    Action("matrix-open", "matrix: open the cell", _any("Enter", "Space"), "focus", "directions/matrix.js"),
    Action("findings-move", "findings: go to another one", _any("↑", "↓"), "focus", "directions/findings.js"),
    Action("traverse", "traversal: one step", _any("←", "→"), "focus", "latent_space/traversal.js"),
    Action("compare-move", "compare: move a card", _any("←", "→", "↑", "↓"), "focus", "compare/face_cards.js"),
    Action("collection-move", "collections: move a card", _any("↑", "↓"), "focus", "collections/collections.js"),
    Action("mark", "make your own: mark a face", _any("+", "−"), "focus", _MARKS),
    Action("unmark", "make your own: remove the mark", _any("Delete", "Backspace"), "focus", _MARKS),
    Action("page", "go to a page of the navigation", _any(*"1234567"), "everywhere"),
    Action("save", "save", _any("S"), "everywhere", needs='[data-action="save"]'),
    Action("copy-link", "copy link", _any("K"), "everywhere", needs="#stage"),
    Action("download", "download", _any("D"), "everywhere", needs="#stage"),
    Action("scheme", "light or dark", _any("T"), "everywhere", needs="#scheme"),
    Action("shortcuts", "this list", _any("?"), "everywhere"),
    Action("close", "close", _any("Esc"), "everywhere", ""),
    Action("next-slide", "next slide", _any("→", "↓", "PageDown", "Space"), "presentation", _STAGE),
    Action("previous-slide", "previous slide", _any("←", "↑", "PageUp"), "presentation", _STAGE),
    Action("end-slides", "first and last slide", _any("Home", "End"), "presentation", _STAGE),
    Action("open-slide", "open the page on the slide", _any("Enter"), "presentation", _STAGE),
    Action("presenter", "presenter's window", _any("P"), "presentation", _STAGE),
    Action("black", "black screen", _any("."), "presentation", _STAGE),
    Action("as-saved", "reset the slide", _any("0"), "presentation", _STAGE),
    Action("leave", "leave", _any("Esc"), "presentation", _STAGE),
)
"""All actions. One without a script is the browser's or Mantine's own."""


def rows(where: str) -> Iterator[tuple[Action, tuple[str, ...]]]:
    """Give the rows of the list: an action, and the keys beside it; a row for each alternative that has modifiers."""
    for action in ACTIONS:
        if action.where != where:
            continue
        if len(action.keys) > 4:
            yield action, (action.keys[0][0], "to", action.keys[-1][0])
        elif all(len(keys) == 1 for keys in action.keys):
            yield action, tuple(keys[0] for keys in action.keys)
        else:
            yield from ((action, keys) for keys in action.keys)


def script() -> str:
    """Return the text of `assets/js/action_table.js`."""
    fields = ("id", "title", "keys", "where", "needs")
    lines = [
        json.dumps({name: getattr(action, name) for name in fields}, ensure_ascii=False)
        for action in ACTIONS
        if action.script
    ]
    listed = ",\n    ".join(lines)
    return (
        "/* Actions that have keys: `python -m dashboard.components.action_table` writes this from its table. */\n"
        "(function () {\n"
        '  "use strict";\n'
        "  const likeness = (window.likeness = window.likeness || {});\n"
        f"  likeness.actionTable = [\n    {listed},\n  ];\n"
        "})();\n"
    )


def guide_table() -> str:
    """Return the tables of `docs/guide/keyboard.md`, in Markdown."""
    parts = []
    for where, title in SCOPES.items():
        lines = [
            f"| {action.title} | {' '.join(key if key == 'to' else f'`{key}`' for key in keys)} |"
            for action, keys in rows(where)
        ]
        parts.append("\n".join([f"### {title}", "", "| what | keys |", "|---|---|", *lines]))
    return "\n\n".join(parts)


def write() -> None:
    """Write the script and the guide's tables again."""
    SCRIPT.write_text(script(), encoding="utf-8")
    text = GUIDE.read_text(encoding="utf-8")
    marked = re.compile(r"(<!-- keys -->\n).*?(\n<!-- /keys -->)", re.DOTALL)
    Path(GUIDE).write_text(marked.sub(lambda found: f"{found[1]}\n{guide_table()}\n{found[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    write()

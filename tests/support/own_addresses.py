"""Absolute addresses of ours in scripts and modules that do not go through the one function that knows the prefix."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FIRST = (
    "latent-space|directions|compare|collections|models|demo|about|faces|jobs|find|present|enter|uploads|assets|kiosk"
    "|model\\.json|collections\\.json|healthz|readyz|metrics|_dash|_answers"
)
OWN = re.compile(rf"/(?:(?:{FIRST})(?![\w-])|\?|$)")
"""Beginnings of our absolute addresses; "/" alone is the generator page."""


def literals(script: str) -> Iterator[tuple[int, int]]:
    """Yield where the string literals of a script begin and end: comments and what is inside literals are left out."""
    at = 0
    while at < len(script):
        if script.startswith("//", at) and (at == 0 or script[at - 1] not in ":\\"):
            at = script.find("\n", at) % (len(script) + 1)
        elif script.startswith("/*", at):
            at = script.find("*/", at) + 2
        elif script[at] in "\"'`":
            end = _end(script, at)
            yield at, end
            at = end
        else:
            at += 1


def _end(script: str, at: int) -> int:
    """Return the position behind a string literal, whatever is nested in a template."""
    quote, at = script[at], at + 1
    while at < len(script) and script[at] != quote:
        if script[at] == "\\":
            at += 2
        elif quote == "`" and script.startswith("${", at):
            at = _end_of_expression(script, at + 2)
        elif quote != "`" and script[at] == "\n":
            return at  # no literal: an apostrophe in a regular expression
        else:
            at += 1
    return at + 1


def _end_of_expression(script: str, at: int) -> int:
    depth = 1
    while depth and at < len(script):
        if script[at] in "\"'`":
            at = _end(script, at)
            continue
        depth += {"{": 1, "}": -1}.get(script[at], 0)
        at += 1
    return at


def stray_in_script(script: str) -> list[str]:
    """List the addresses in a script that do not go through `likeness.to`; comparisons with `likeness.here()` do not
    count.
    """
    found = []
    for start, end in literals(script):
        text = script[start + 1 : end - 1]
        before, behind = script[:start].rstrip(), script[end:].lstrip()
        compared = before.endswith(("===", "!==", "case")) or behind.startswith(("===", "!=="))
        key = (behind.startswith(":") and before.endswith(("{", ","))) or (text == "/" and before.endswith("["))
        key = key or re.search(r"const [A-Z_]+ = \[[^\]\n]*$", script[:start]) is not None  # paths to compare with
        if OWN.match(text) and not (before.endswith("likeness.to(") or compared or key):
            found.append(text)
    return found


THROUGH = {"site_path", "page_address", "_nav_link"}
"""Functions that put the prefix before a path."""
TAKE_PATHS = {"register_page", "Blueprint", "get", "post", "route", "startswith", "removeprefix", "_shown"}
"""Functions that take a path without the prefix."""


def stray_in_module(path: Path) -> list[str]:
    """List the addresses in a module that do not go through `site_path` or `page_address`.

    Values of constants (NAMES IN CAPITALS) and what is compared are the paths by which the application knows its pages.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        text = _text(node)
        if text is None or not OWN.match(text) or isinstance(parents.get(node), ast.JoinedStr):
            continue
        if not _is_fine(node, parents):
            found.append(f"{path.name}:{getattr(node, 'lineno', 0)}: {text}")
    return found


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return _text(node.values[0]) if node.values else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _is_fine(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    if _text(node) == "/" and not isinstance(node, ast.JoinedStr):
        return not isinstance(holder := parents.get(node), ast.keyword) or holder.arg not in ("href", "src")
    while (parent := parents.get(node)) is not None:
        if isinstance(parent, ast.Call):
            called = getattr(parent.func, "id", getattr(parent.func, "attr", ""))
            if called in THROUGH | TAKE_PATHS:
                return True
        if isinstance(parent, ast.Compare) or (isinstance(parent, ast.Expr) and isinstance(node, ast.Constant)):
            return True  # compared, or a docstring
        if isinstance(parent, ast.Dict) and "data-face" in map(_text, filter(None, parent.keys)):
            return True  # history.js puts the prefix before it
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            names = [name for each in targets for name in ast.walk(each) if isinstance(name, ast.Name | ast.Attribute)]
            return all(isinstance(name, ast.Name) and name.id.strip("_").isupper() for name in names)
        if isinstance(parent, ast.stmt) and not isinstance(parent, ast.Return | ast.AugAssign):
            return False
        node = parent
    return False

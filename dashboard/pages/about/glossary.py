"""The glossary of docs/glossary.md as a list on the About page."""

from __future__ import annotations

import functools

from dash import html

from dashboard.settings import ROOT

FILE = ROOT / "docs" / "glossary.md"


@functools.cache
def entries() -> tuple[tuple[str, str], ...]:
    """Return the terms and their definitions, in the order of the file; empty if the documents are not installed."""
    if not FILE.exists():
        return ()
    rows = (line.strip("| \n").split(" | ") for line in FILE.read_text(encoding="utf-8").splitlines())
    cells = [row for row in rows if len(row) == 2]
    return tuple((word, meaning.replace("`", "")) for word, meaning in cells[1:] if not set(word) <= set("-|"))


def glossary() -> html.Section | None:
    """Lay out the glossary, or return None if there is none."""
    if not entries():
        return None
    words = [html.Div([html.Dt(word.capitalize()), html.Dd(meaning)]) for word, meaning in entries()]
    return html.Section([html.H2("Glossary"), html.Dl(words, className="lk-facts")], id="glossary", className="lk-card")

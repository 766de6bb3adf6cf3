"""A sheet as one HTML page: pictures inside, nothing loaded from elsewhere, every face a link."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import numpy as np

from dashboard.exports.export_request import Export
from dashboard.faces.encoding import encode
from dashboard.faces.routes import ADDRESS_SAFE
from dashboard.faces.style_mix import Drawable, StyleMix
from dashboard.sheets.sheet import Cell, Row, Sheet
from dashboard.synthesis.model import Model

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""Content security policy of the page: the pictures in it, and its own styles."""

STYLE = """
body { margin: 24px; background: #FFFFFF; color: #17202B; font: 14px system-ui, sans-serif; }
h1 { margin: 0 0 4px; font-size: 18px; font-weight: 500; }
p { margin: 0 0 16px; color: #616C7B; font-size: 12px; }
a { color: #1263AD; }
div { overflow-x: auto; }
table { border-spacing: 4px; }
th { padding: 0 4px; color: #616C7B; font-size: 12px; font-weight: 400; }
tbody th { padding-right: 12px; color: #17202B; text-align: left; white-space: nowrap; }
tbody th span { display: block; color: #616C7B; }
tbody th span.locked { color: #1263AD; }
td { vertical-align: top; padding: 0; color: #616C7B; font-size: 12px; }
td img { display: block; border-radius: 4px; }
td.none { background: #EEF0F3; text-align: center; vertical-align: middle; border-radius: 4px; }
""".strip()


def html_page(export: Export, sheet: Sheet, model: Model, pictures: Mapping[tuple[int, int], np.ndarray]) -> str:
    """Write the page.

    Args:
        export: the request, with the size and the site of the links.
        sheet: the sheet.
        model: the model.
        pictures: (size, size, 3) uint8 by row and column.

    Returns:
        The HTML.
    """
    heads = "".join(f'<th scope="col">{escape(words)}</th>' for words in sheet.columns)
    rows = "\n".join(
        f"<tr>{_heading(row)}"
        + "".join(_cell(cell, pictures.get((at, column)), export, model) for column, cell in enumerate(row.cells))
        + "</tr>"
        for at, row in enumerate(sheet.rows)
    )
    title, made = escape(sheet.title), escape(f"{model.name}@{model.digest8}")
    back = f' · <a href="{escape(comparison_address(export, model))}">Open in Likeness</a>' if export.site else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{title}</title>
<style>
{STYLE}
</style>
</head>
<body>
<h1>{title}</h1>
<p>Model {made}{back}</p>
<div>
<table>
<thead><tr><td></td>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
</body>
</html>
"""


def comparison_address(export: Export, model: Model) -> str:
    """Return the address of the comparison on the site of the export."""
    first, *others = map(_quoted, export.faces)
    words = export.params.get("words", {})
    sheet = "".join(f"&{name}={quote(str(value))}" for name, value in words.items() if value != "")
    faces = f"&faces=*!{'!'.join(others)}" if others else ""
    return f"{export.site}/compare?face={first}{faces}{sheet}&model={quote(model.name)}"


def _heading(row: Row) -> str:
    kind = ' class="locked"' if row.locked else ""
    note = f"<span{kind}>{escape(row.note)}</span>" if row.note else ""
    return f'<th scope="row">{escape(row.title)}{note}</th>'


def _cell(cell: Cell, picture: np.ndarray | None, export: Export, model: Model) -> str:
    words = escape(cell.words)
    if picture is None or cell.face is None:
        return f'<td class="none" title="{escape(cell.reason)}">no face</td>'
    data = base64.b64encode(encode(np.ascontiguousarray(picture), "webp")).decode()
    size = f'width="{export.size}" height="{export.size}"'
    image = f'<img src="data:image/webp;base64,{data}" alt="{words}" title="{words}" {size}>'
    below = words if export.what == "faces" else ""
    if export.site:
        image = f'<a href="{_link(cell.face, model, export.site)}">{image}</a>'
    return f"<td>{image}{below}</td>"


def _link(face: Drawable, model: Model, site: str) -> str:
    """Return where a face opens at a dashboard: in the generator; a style mix, which no slider moves, as a picture."""
    if isinstance(face, StyleMix):
        return f"{site}/faces/{quote(model.name)}@{model.digest8}/{_quoted(face)}.png"
    return f"{site}/?face={_quoted(face)}&amp;model={quote(model.name)}"


def _quoted(face: Drawable) -> str:
    return quote(str(face), safe=ADDRESS_SAFE)

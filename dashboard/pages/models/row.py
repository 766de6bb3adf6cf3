"""A row of the list of models: its description, its state, and its actions."""

from __future__ import annotations

import re
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.icon import icon
from dashboard.faces.site_path import site_path
from dashboard.serving.model_list import Item, State
from dashboard.synthesis.human_units import megabytes

CHIPS: dict[State, tuple[str, str, str]] = {
    "in use": ("good", "good", "Default"),
    "here": ("quiet", "", "Ready"),
    "no directions": ("doubt", "doubt", "No directions"),
    "damaged": ("error", "error", "Damaged"),
    "removed": ("quiet", "trash", "Removed"),
    "not fetched": ("quiet", "cloud", "Not fetched"),
    "waiting": ("quiet", "", "Waits for its turn"),
    "fetching": ("accent", "", "Fetching"),
    "importing": ("accent", "", "Importing"),
    "failed": ("error", "error", "Not fetched"),
}
"""Colour, icon and label of each state."""


HELP = {
    "add-directions": "Adds sliders from a file of TL-GAN's directions for this network",
    "cancel-fetch": "Stops the download; the received part is kept, so that it can resume",
    "fetch-model": "Downloads the model, once its licence is accepted",
    "restore-model": "Restores the model",
    "remove-model": "Removes the model; Undo restores it",
}
"""Help text of each action."""


def model_row(item: Item, chosen: bool, writable: bool, accepted: bool) -> html.Li:
    """Lay out one row.

    Args:
        item: the model.
        chosen: whether it is selected.
        writable: whether this visitor may make changes.
        accepted: whether its licence is accepted.

    Returns:
        The row; buttons with `data-action` are for `assets/js/models/models.js`.
    """
    return html.Li(
        [
            _thumb(item),
            html.Div([_head(item), *_lines(item)], className="lk-model-text"),
            html.Div(_buttons(item, writable, accepted), className="lk-model-buttons"),
        ],
        className="lk-model",
        **{"data-name": item.name, "data-chosen": "true" if chosen else "false"},
    )


def chip(colour: str, picture: str, words: str) -> html.Span:
    """Lay out the label of a state, with a colour and an optional icon."""
    return html.Span([icon(picture, 16) if picture else None, words], className=f"lk-state lk-state-{colour}")


def licence_id(licence: str) -> str:
    """Name the dialog of a licence; without spaces, because its label refers to this id."""
    return "licence-" + re.sub(r"[^A-Za-z0-9]+", "-", licence)


def shown_digest(digest: str) -> str:
    """Return the start of a digest in groups for comparison: "7c1e 90ab 4d2f"."""
    return " ".join(digest[start : start + 4] for start in (0, 4, 8))


def _thumb(item: Item) -> html.Div:
    if not item.usable:
        picture = {"damaged": "error", "failed": "error", "removed": "trash"}.get(item.state, "cloud")
        return html.Div(icon(picture, 18), className="lk-model-thumb", **{"aria-hidden": "true"})
    seeds = (html.Img(src=f"{item.pictures}1:{seed}.webp?size=64", alt="", width=42, height=42) for seed in range(4))
    return html.Div(list(seeds), className="lk-model-thumb", **{"aria-hidden": "true"})


def _head(item: Item) -> html.Div:
    name: Any = item.name
    if item.usable or item.state == "damaged":
        name = dcc.Link(item.name, href=site_path(f"/models?model={item.name}"), className="lk-model-name")
    return html.Div([html.H2(name), chip(*CHIPS[item.state])], className="lk-model-head")


def _lines(item: Item) -> list[Any]:
    if item.state in ("waiting", "fetching", "importing"):
        return _progress(item)
    lines: list[Any] = []
    if item.problem:
        lines.append(html.P(item.problem, className="lk-model-problem"))
    facts = []
    if item.resolution:
        facts.append(f"{item.resolution} × {item.resolution}")
        facts.append(f"{item.attributes} attributes" if item.attributes else "no sliders yet")
    if item.scorer:
        facts.append("scorer")
    if item.bank:
        facts.append(f"bank of {item.bank:,} faces")
    if item.about:
        lines.append(html.P(item.about))
    if facts:
        lines.append(html.P(" · ".join(facts)))
    small: list[Any] = [
        " · ".join(part for part in (item.licence, megabytes(item.bytes) if item.bytes else "") if part)
    ]
    if item.digest:
        small += [" · ", html.Code(shown_digest(item.digest), className="lk-digest", title=item.digest)]
    lines.append(html.P(small, className="lk-model-small"))
    return lines


def _progress(item: Item) -> list[Any]:
    fetch = item.fetch
    done = fetch.done if fetch else 0
    total = fetch.total if fetch and fetch.total else item.bytes
    percent = 100 * done // total if total else 0
    words = [f"{megabytes(done)} of {megabytes(total)}" if total else megabytes(done)]
    if fetch and fetch.pace:
        words.append(fetch.pace)
    if fetch and fetch.note:
        words.append(fetch.note)
    if item.state == "waiting":
        words = ["Another model is downloaded first. You can leave this page."]
    if item.state == "importing":
        words = ["Download complete. Checking the files and creating the model."]
    return [
        dmc.Progress(value=percent, size=6, **{"aria-label": f"Fetching {item.name}"}),
        html.P(" · ".join(words), className="lk-model-small"),
    ]


def _buttons(item: Item, writable: bool, accepted: bool) -> list[Any]:
    buttons: list[Any] = []
    if writable and item.state == "no directions" and item.own:
        buttons.append(_button("Add directions", "add-directions", item, "upload"))
    if item.usable:
        buttons.append(dcc.Link("Use", href=site_path(f"/?model={item.name}"), className="lk-button"))
    if not writable:
        return buttons
    if item.state in ("waiting", "fetching"):
        buttons.append(_button("Cancel", "cancel-fetch", item))
    if item.state in ("not fetched", "failed"):
        words = "Try again" if item.state == "failed" else "Fetch"
        fetch = _button(words, "fetch-model", item, "refresh" if item.state == "failed" else "cloud")
        fetch.__setattr__("data-accepted", "true" if accepted else "false")
        fetch.__setattr__("data-dialog", licence_id(item.licence))
        buttons.append(fetch)
    if item.state == "removed":
        buttons.append(_button("Undo", "restore-model", item, "undo"))
    elif item.own and (item.usable or item.state == "damaged"):
        buttons.append(_button("Remove", "remove-model", item, "trash"))
    return buttons


def _button(words: str, action: str, item: Item, picture: str = "") -> html.Button:
    return html.Button(
        [icon(picture, 16) if picture else None, words],
        type="button",
        className="lk-button",
        **{
            "data-action": action,
            "data-name": item.name,
            "aria-label": f"{words}: {item.name}",
            "data-help": HELP[action],
        },
    )

"""The card of the chosen model: faces, facts, actions, and its text."""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components.icon import icon
from dashboard.faces.site_path import site_path
from dashboard.serving.model_list import Item
from dashboard.synthesis.human_units import megabytes

SHEET = 15
"""Number of faces in the sheet: seeds 0 to 14, not selected."""

HAND_PICKED_SEED = 1000
"""Seed of NVIDIA's hand-picked faces."""


def model_details(
    item: Item, card: str, hand_picked: tuple[int, ...], writable: bool, as_zip: bool = False
) -> html.Div:
    """Lay out the card.

    Args:
        item: the model.
        card: Markdown of its MODEL_CARD.md, prepared by `dashboard.serving.model_list.card_text`.
        hand_picked: rows of seed 1000 to show as a gallery; empty for none.
        writable: whether this visitor may make changes.
        as_zip: whether this visitor may download the model's folder.

    Returns:
        The card.
    """
    return html.Div(
        [
            html.Div([html.H2(item.name), _card_opener(card)], className="lk-details-head"),
            *(_faces(item, hand_picked) if item.usable else [html.P(item.problem, className="lk-model-problem")]),
            _facts(item),
            *(_no_directions(item) if item.state == "no directions" else []),
            html.Div(_buttons(item, writable, as_zip), className="lk-details-buttons"),
            _card_modal(item.name, card),
        ]
    )


def _faces(item: Item, hand_picked: tuple[int, ...]) -> list[Any]:
    faces = [(f"1:{seed}", f"Face of seed {seed}") for seed in range(SHEET)]
    parts: list[Any] = [_sheet(item, faces)]
    if hand_picked:
        picked = [(f"1:{HAND_PICKED_SEED}.{row}", f"NVIDIA's hand-picked face {row}") for row in hand_picked]
        parts += [html.H3("Hand-picked by NVIDIA", className="lk-section-title"), _sheet(item, picked)]
    return parts


def _sheet(item: Item, faces: list[tuple[str, str]]) -> html.Ul:
    return html.Ul(
        [
            html.Li(
                dcc.Link(
                    html.Img(src=f"{item.pictures}{face}.webp?size=128", alt=alt, width=72, height=72),
                    href=site_path(f"/?face={face}&model={item.name}"),
                )
            )
            for face, alt in faces
        ],
        className="lk-details-sheet",
    )


def _facts(item: Item) -> html.Dl:
    facts = [
        ("Picture", f"{item.resolution} × {item.resolution}" if item.resolution else "–"),
        ("Attributes", str(item.attributes or "none")),
        ("Scorer", "yes" if item.scorer else "none"),
        ("Bank", f"{item.bank:,} faces" if item.bank else "none"),
        ("Licence", item.licence or "–"),
        ("Size", megabytes(item.bytes) if item.bytes else "not published"),
        ("Digest", html.Code(item.digest, className="lk-digest")),
    ]
    rows = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts]
    return html.Dl(rows, className="lk-facts lk-details-facts")


def _no_directions(item: Item) -> list[Any]:
    return [
        html.P(
            [
                f"{item.name} has no directions, so it has no sliders: seeds, mixes and averages work. ",
                "Add TL-GAN's file if there is one for this network, or find directions of your own with a scorer: ",
                html.Code(f"python -m training fit --model {item.name} --scorer ..."),
                ", or from scores of its faces: ",
                html.Code(f"python -m dashboard scores {item.name} FILE --manifest MANIFEST"),
            ],
            className="lk-details-note",
        )
    ]


def _buttons(item: Item, writable: bool, as_zip: bool) -> list[Any]:
    buttons: list[Any] = []
    if item.usable:
        buttons.append(dcc.Link("Open in the generator", href=site_path(f"/?model={item.name}"), className="lk-button"))
        about = site_path(f"/about?model={item.name}")
        buttons.append(dcc.Link("Attributes and origin", href=about, className="lk-button"))
    if writable:
        buttons.append(
            html.Button(
                [icon("good", 16), "Verify"],
                type="button",
                className="lk-button",
                **{
                    "data-action": "verify-model",
                    "data-help": "Reads every file and compares it with its digest",
                    "data-name": item.name,
                },
            )
        )
    if as_zip and item.digest:
        buttons.append(
            html.A(
                [icon("download", 16), "Folder (.zip)"],
                href=site_path(f"/models/{item.name}.zip"),
                download=f"{item.name}.zip",
                className="lk-button",
            )
        )
    return buttons


def _card_opener(card: str) -> Any:
    if not card:
        return html.Span("No model card", className="lk-model-small")
    return html.Button(
        "Model card",
        type="button",
        className="lk-text-button",
        **{"data-action": "open-card", "data-help": "How the model was made, what it is for, and its limits"},
    )


def _card_modal(name: str, card: str) -> dmc.Modal:
    return dmc.Modal(
        # Raw HTML stays text, and the page's policy blocks pictures of other origins.
        dcc.Markdown(card, className="lk-markdown", link_target="_blank", dangerously_allow_html=False),
        id="card-modal",
        title=f"Model card of {name}",
        size=760,
        closeButtonProps={"aria-label": "Close"},
    )

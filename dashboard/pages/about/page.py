"""The About page: the model, its figures, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash
from dash import dcc, html

from dashboard.components.method_notes import method_note
from dashboard.components.shell import model_chip, page
from dashboard.components.slider_row import display_name
from dashboard.faces.describe import describe_model
from dashboard.faces.site_path import site_path
from dashboard.pages.about.glossary import glossary
from dashboard.serving.runtime import current_runtime
from dashboard.synthesis.model_folder import Model

SHEET = 24
"""Number of faces in the sheet: seeds 0 to 23, not selected."""

MEASURES = {
    "r2": "R², scorer",
    "auc": "AUC, scorer",
    "judge_r2": "R², judge",
    "judge_auc": "AUC, judge",
    "linear_r2": "R², direction",
    "linear_auc": "AUC, direction",
    "agreement": "Scorer with judge, r",
    "response": "Response from −2 to +2, σ",
    "spread": "Spread of scores, samples ÷ renders",
    "halves": "Halves, |cosine|",
    "angle_high": "Angle at most, °",
    "truth": "Method's own error on known directions, cosine",
}
"""Labels of a model's figures, in page order. The model card explains them."""

dash.register_page(
    __name__,
    path="/about",
    name="About",
    title="About · Likeness",
    description="The model that makes the faces.",
)


def layout(model: Any = None, **_: Any) -> html.Div:
    """Lay out the page.

    Args:
        model: name of the model; the default one if it does not exist.

    Returns:
        The page.
    """
    open_model, _reason = current_runtime().open_model_or_default(model)
    return _page(open_model.model)


def _page(model: Model) -> html.Div:
    description = describe_model(model)
    return page(
        "About",
        html.Div(
            [
                html.Section([html.H2("Model"), _facts(model, description)], className="lk-card"),
                html.Section([html.H2("Attributes"), _attributes(description["attributes"])], className="lk-card"),
                html.Section([html.H2("How it was made"), _provenance(model.provenance)], className="lk-card"),
                html.Section(
                    [
                        html.H2(f"Seeds 0 to {SHEET - 1}"),
                        html.P("Not selected: click one to open it in the Generator."),
                        _sheet(description["address"], description["name"]),
                    ],
                    className="lk-card",
                ),
                glossary(),
            ],
            className="lk-about",
        ),
        actions=html.Button(
            "Show the introduction",
            type="button",
            className="lk-button",
            **{"data-action": "show-introduction", "data-help": "The introduction of the Generator page"},
        ),
        chip=model_chip(description["name"], description["resolution"], len(description["attributes"])),
        note=method_note("about", model),
    )


def _facts(model: Any, description: Mapping[str, Any]) -> html.Dl:
    side = description["resolution"]
    facts = (
        ("Name", description["name"]),
        ("Pictures", f"{side} × {side} pixels"),
        ("Latent", f"{description['latent_size']} numbers"),
        ("Licence", model.licence),
        ("Digest", html.Code(model.digest, className="lk-digest")),
    )
    return _list(facts)


def _attributes(attributes: Sequence[Mapping[str, Any]]) -> html.Div:
    found = {measure for attribute in attributes for measure in attribute["reliability"]}
    measures = [*(name for name in MEASURES if name in found), *sorted(found - set(MEASURES))]
    head = ["Attribute", "Group", "Kind", "Calibrated range", *(_measure_name(measure) for measure in measures)]
    rows = [
        [
            display_name(attribute["name"]),
            attribute["group"],
            attribute["kind"],
            "{} to {}".format(*(_number(end, sign=True) for end in attribute["range"])),
            *(_number(attribute["reliability"].get(measure)) for measure in measures),
        ]
        for attribute in attributes
    ]
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(text, scope="col") for text in head])),
            html.Tbody([html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])]) for row in rows]),
        ],
        className="lk-table",
    )
    return html.Div(table, className="lk-scroll", tabIndex=0, role="region", **{"aria-label": "Table of attributes"})


def _provenance(provenance: Mapping[str, Any]) -> html.Dl:
    return _list(tuple((str(name).capitalize().replace("_", " "), _plain(value)) for name, value in provenance.items()))


def _sheet(address: str, model: str) -> html.Ul:
    return html.Ul(
        [
            html.Li(
                dcc.Link(
                    html.Img(src=f"{address}1:{seed}.webp", alt=f"Face of seed {seed}", width=96, height=96),
                    href=site_path(f"/?face=1:{seed}&model={model}"),
                )
            )
            for seed in range(SHEET)
        ],
        className="lk-sheet",
    )


def _list(facts: Sequence[tuple[str, Any]]) -> html.Dl:
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="lk-facts")


def _measure_name(measure: str) -> str:
    return MEASURES.get(measure, measure.replace("_", " ").capitalize())


def _number(value: float | None, sign: bool = False) -> str:
    if value is None:
        return "–"
    return f"{value:+.2f}".replace("-", "−") if sign else f"{value:.2f}".replace("-", "−")


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{str(name).replace('_', ' ')}: {_plain(part)}" for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(part) for part in value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)

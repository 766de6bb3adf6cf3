"""Tables of the Models tab: measures of disentanglement, differences of two models, similarity of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from dash import html

from dashboard.analysis.cka import Alignment
from dashboard.components.slider_row import display_name
from dashboard.entanglement.disentanglement_results import MEASURES, ModelDisentanglement
from dashboard.entanglement.two_models import Comparison
from dashboard.pages.directions.cell_text import interval, signed
from dashboard.synthesis.model import Model

SHOWN = 20
"""Effects that are listed, the largest differences first."""


def code_table(rows: Sequence[tuple[str, ModelDisentanglement]]) -> Any:
    """Lay out a row for each model, set of codes and set of factors."""
    if not rows:
        return html.P("No model has been measured yet.", className="lk-figure-caption")
    head = ["model", "codes", "against", *MEASURES, "faces"]
    cells = [
        [
            name,
            f"{row.codes} ({row.count:,}{f' of {row.of:,}' if row.of > row.count else ''})",
            row.factors,
            *(f"{number:.2f}" for number in row.numbers),
            f"{row.faces:,}",
        ]
        for name, found in rows
        for row in found.rows
    ]
    return _table(head, cells, "Measures of codes")


def face_table(rows: Sequence[tuple[str, ModelDisentanglement]]) -> Any:
    """Lay out linear separability and path length, a row for each model."""
    if not rows:
        return None
    head = ["model", "linear separability", "perceptual path length", "at half the step", "pairs"]
    cells = [
        [
            name,
            f"{found.separability:.2f} over {found.binary} binary scores" if found.binary else "no binary score",
            f"{found.length:.1f} ± {found.error:.1f} (standard error)",
            f"{found.halved:.1f}",
            f"{found.pairs:,}",
        ]
        for name, found in rows
    ]
    return _table(head, cells, "Measures of faces")


def pair_table(found: Comparison, names: tuple[str, str]) -> html.Section:
    """Lay out the effects that differ most."""
    size = np.abs(np.nan_to_num(found.difference))
    order = np.argsort(-size, axis=None, kind="stable")[:SHOWN]
    cells = []
    for i, j in zip(*np.unravel_index(order, size.shape), strict=True):
        ends = interval(float(found.low[i, j]), float(found.high[i, j])) if np.isfinite(found.low[i, j]) else "rough"
        words = "" if found.sure[i, j] else " (could be 0)"
        cells.append(
            [
                f"{display_name(found.names[i])} → {display_name(found.names[j])}",
                signed(float(found.first[i, j])),
                signed(float(found.second[i, j])),
                f"{signed(float(found.difference[i, j]))}{words}",
                ends,
            ]
        )
    head = ["One σ more of … changes …", names[0], names[1], "difference, σ", "interval"]
    return html.Section(
        [
            html.H2("Where they differ most", className="lk-figure-title"),
            _table(head, cells, "Effects of both models"),
        ],
        className="lk-figure-card lk-two-section",
    )


def alignment_card(first: Model, second: Model, found: Mapping[tuple[str, str], Alignment] | None) -> Any:
    """Lay out the CKA of two models' features and scores, with its limits."""
    if found is None:
        return html.P(
            f"CKA of features needs the same latents: the banks of {first.name} and {second.name} have different seeds "
            "or latent sizes, or there is none.",
            className="lk-figure-caption",
        )
    sets = ("features", "scores")
    cells = [
        [
            f"{first.name}: {mine}",
            *(f"{found[mine, theirs].value:.2f} (chance: {found[mine, theirs].chance:.2f})" for theirs in sets),
        ]
        for mine in sets
    ]
    faces = found["features", "features"].faces
    return html.Div(
        [
            _table(["CKA", *(f"{second.name}: {theirs}" for theirs in sets)], cells, "CKA"),
            html.P(
                f"Linear CKA (Kornblith et al. 2019) of {faces:,} faces of the same latents; chance: 95 % quantile "
                "with the faces permuted. Separately trained models generate unrelated faces from the same latent: "
                "CKA is then at chance level. It does not show which model is better. Code: dashboard/analysis/cka.py.",
                className="lk-figure-caption",
            ),
        ]
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], label: str) -> html.Div:
    return html.Div(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(words, scope="col") for words in head])),
                html.Tbody(
                    [html.Tr([html.Th(row[0], scope="row"), *(html.Td(cell) for cell in row[1:])]) for row in rows]
                ),
            ],
            className="lk-asked-for lk-two-table",
        ),
        className="lk-two-scroll",
        role="region",
        tabIndex=0,
        **{"aria-label": label},
    )

"""The Directions page, tab Unsupervised: SeFa and principal components compared with the attributes."""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State, callback, dcc, html

from dashboard.components.dock import register_dock
from dashboard.errors import LikenessError
from dashboard.faces.direction_names import columns_of, title_of
from dashboard.faces.face import parse_base
from dashboard.faces.layer_ranges import ALL, named_ranges, range_words
from dashboard.library.extra_directions import sefa_names, sefa_of
from dashboard.pages.directions.frame import directions_tab
from dashboard.pages.directions.unsupervised_panel import Row, cosine_table, traversal_list
from dashboard.serving.runtime import current_runtime
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import W, available, space_of
from dashboard.synthesis.model import Model

NAME = "directions-unsupervised"
SEFA = "sefa"
SHOWN = 8

dash.register_page(
    __name__,
    path="/directions/unsupervised",
    name="Unsupervised directions",
    title="Unsupervised · Directions · Likeness",
    description="Directions found without labels, compared with the attributes.",
)
register_dock(NAME)


def layout(face: Any = None, model: Any = None, **_: Any) -> html.Div:
    """Lay out the tab.

    Args:
        face, model: the face and the model of the address, or None.
    """
    return directions_tab(NAME, face, model, _body)


def _body(shown: Model) -> list[Any]:
    sefa = [(SEFA, "SeFa")] if sefa_names(shown) else []
    sefa += [(f"{SEFA}:{name}", f"SeFa, {name} layers") for name in _ranges(shown)]
    kinds = [*sefa, *((space.name, f"PCA, {space.title}") for space in available(shown))]
    return [
        dcc.Store(id="unsupervised-model", data=shown.name),
        html.Div(
            dmc.SegmentedControl(
                id="unsupervised-kind",
                data=[{"value": value, "label": label} for value, label in kinds],
                value=kinds[0][0],
                size="xs",
                **{
                    "aria-label": "Method",
                    "data-help": "SeFa uses the weights of the first layer; PCA uses its outputs for many latents",
                },
            ),
            className="lk-directions-controls",
        ),
        html.P(id="unsupervised-words", className="lk-figure-caption"),
        html.Section(
            [
                html.H2("Cosines with the attributes", className="lk-figure-title lk-user-direction-card-title"),
                html.Div(id="unsupervised-cosines"),
            ],
            className="lk-figure-card",
        ),
        html.Section(
            [
                html.H2("Faces of each direction", className="lk-figure-title lk-user-direction-card-title"),
                html.Div(id="unsupervised-traversals"),
            ],
            className="lk-figure-card",
        ),
    ]


@callback(
    Output("unsupervised-words", "children"),
    Output("unsupervised-cosines", "children"),
    Output("unsupervised-traversals", "children"),
    Input("unsupervised-kind", "value"),
    State("unsupervised-model", "data"),
    State("opening", "data"),
)
def show(kind: str, name: str, opening: Any) -> Any:
    """Show the directions of a method."""
    model = current_runtime().open_model(name).model
    words, shares = _shares(model, kind)
    rows = []
    for direction, share in shares:
        try:
            column = columns_of(model, [direction])[:, 0]
        except LikenessError:
            continue  # a component unrelated to the latent
        rows.append(Row(direction, title_of(model, direction), share, column @ model.directions))
    base = parse_base(opening["start"]["base"])
    return words, cosine_table(rows, model.names), traversal_list(model, base, rows, model.names)


def _ranges(model: Model) -> dict[str, tuple[int, int]]:
    """Return the coarse, middle and fine rows of w by name; none where directions do not live in w."""
    named = named_ranges(0 if model.w is None else model.config.rows)
    return {name: rows for name, rows in named.items() if name != ALL}


def _shares(model: Model, kind: str) -> tuple[str, list[tuple[str, str]]]:
    """Describe the method, and list its first directions with their shares."""
    if kind == SEFA or kind.startswith(f"{SEFA}:"):
        rows = _ranges(model).get(kind.removeprefix(f"{SEFA}:"))
        shares = sefa_of(model, rows).shares
        layers = f"the styles of {range_words(*rows)}" if rows else "the styles"
        what = "the generator's first layer" if model.w is None else layers
        words = (
            f"SeFa (Shen and Zhou 2021): the directions of {model.space} that change {what} most, from the weights "
            "alone. No face was generated and no score used."
        )
        return words, [
            (name, f"{100 * shares[k]:.1f} % of {what}") for k, name in enumerate(sefa_names(model, rows)[:SHOWN])
        ]
    projection = projection_of(model, space_of(kind, model))
    found, fit = projection.spectrum, projection.latent_map[2]
    words = (
        f"Principal components of {projection.numbers}, n = {found.n:,}, mapped to the latent by least squares; "
        "R² is the share of a component that the latent direction explains."
    )
    if projection.space is W:
        words = (
            f"GANSpace (Härkönen et al. 2020): the exact principal components of w of {found.n:,} random faces, before "
            "truncation."
        )
    count = min(SHOWN, projection.count)
    return words, [
        (f"pc~{projection.space.name}.{k + 1}", f"{100 * found.shares[k]:.1f} % of the variance, R² {fit[k]:.2f}")
        for k in range(count)
    ]

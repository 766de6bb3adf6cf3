"""The panel of UMAP and t-SNE: their parameters, and how to read a layout."""

from __future__ import annotations

from dataclasses import dataclass

import dash_mantine_components as dmc
from dash import html

from dashboard.analysis.stability import LayoutStability
from dashboard.components.help_text import with_help
from dashboard.spaces.layouts import FEWEST, METHODS, MOST, PARAMETERS, layout_params
from dashboard.spaces.sample import default_space
from dashboard.spaces.view import View
from dashboard.synthesis.model import Model


@dataclass(frozen=True)
class Field:
    """The field of a parameter.

    Args:
        label: its name.
        step: of the arrow keys.
        limits: smallest and largest value.
        width: of the label, in pixels.
        words: help text.
    """

    label: str
    step: float
    limits: tuple[float, float]
    width: int
    words: str


FIELDS = {
    "neighbours": Field(
        "Neighbours",
        1,
        (2, 200),
        80,
        "Number of nearest faces kept close to each face; few show detail.",
    ),
    "distance": Field("Min. distance", 0.05, (0, 0.99), 92, "Minimum distance of points: 0 gives tight clusters."),
    "perplexity": Field("Perplexity", 5, (2, 100), 76, "Approximate number of nearest faces kept close to each face."),
    "faces": Field("Faces", 1000, (FEWEST, max(MOST.values())), 48, "Number of faces, from the first of the sample."),
    "seed": Field(
        "Seed",
        1,
        (0, 2**32 - 1),
        42,
        "Seed of the initialisation. Structure that other seeds also show is more reliable.",
    ),
}

NOT_TO_BE_READ = "Distances between clusters, their sizes and the axes have no meaning."


def method_choice(view: View) -> dmc.SegmentedControl:
    """Lay out the switch between principal components, UMAP and t-SNE; its id is `method`."""
    return dmc.SegmentedControl(
        id="method",
        data=[{"value": name, "label": title} for name, title in METHODS.items()],
        value=view.method,
        size="xs",
        **{
            "aria-label": "Method",
            "data-help": "PCA keeps distances, UMAP and t-SNE keep neighbours; those two are computed first",
        },
    )


def field_id(name: str) -> str:
    """Return the id of a parameter's field."""
    return f"layout-{name}"


def layout_fields(view: View, model: Model) -> html.Div:
    """Lay out a field for each parameter; css/latent_space/latent_space.css shows those of the method.

    Args:
        view: the initial view.
        model: the model of the sample.

    Returns:
        The fields, their ids by `field_id`.
    """
    space = {"space": default_space(model).name}
    values = {name: value for method in PARAMETERS for name, value in layout_params(method, space, model).items()}
    values |= view.layout or {}
    return html.Div([_field(name, field, values[name]) for name, field in FIELDS.items()], className="lk-layout-fields")


def _field(name: str, field: Field, value: float) -> html.Div:
    low, high = field.limits
    control = dmc.NumberInput(
        id=field_id(name),
        value=value,
        min=low,
        max=high,
        step=field.step,
        allowDecimal=name == "distance",
        decimalScale=2,
        size="xs",
        hideControls=True,
        debounce=True,
        leftSection=html.Span(field.label, className="lk-select-label"),
        leftSectionWidth=field.width,
        leftSectionPointerEvents="none",
        style={"width": field.width + 64},
        **{"aria-label": "Minimum distance" if name == "distance" else field.label},
    )
    return html.Div(with_help(control, field.words), className="lk-layout-field", **{"data-parameter": name})


def reading_panel(method: str, space: str, stability: LayoutStability | None = None) -> html.Section:
    """Explain how to read a layout, in place of the scree plot.

    Args:
        method: "umap" or "tsne".
        space: title of the space.
        stability: its reliability; None until it is computed.

    Returns:
        The card.
    """
    return html.Section(
        [
            html.Div(html.H2("How to read it", className="lk-figure-title"), className="lk-figure-head"),
            html.P(
                [
                    html.Strong(f"Faces close together are alike in {space}: neighbours stay neighbours. "),
                    NOT_TO_BE_READ,
                    f" {METHODS[method]} has no position for a face outside the sample.",
                ],
                className="lk-finding",
            ),
            None if stability is None else html.P(stability_words(stability), className="lk-finding"),
        ],
        className="lk-figure-card",
        **{"aria-label": "How to read it"},
    )


def stability_words(found: LayoutStability) -> list:
    """Describe the reliability of a layout."""
    return [
        html.Strong(f"{100 * found.overlap:.0f} % of a face's nearest neighbours stay the same with another seed. "),
        f"Over {found.seeds} seeds of the first {found.faces:,} faces (random initialisations), Procrustes disparity "
        f"{found.procrustes:.2f}: 0 means the same arrangement, 1 an unrelated one. Trustworthiness {found.trust:.2f}: "
        "1 if all neighbours here are neighbours in the space.",
    ]

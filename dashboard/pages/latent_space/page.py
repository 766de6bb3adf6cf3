"""The Latent space page: a sample of faces in a space, its components, a selection, and the position of this face.

Scripts handle direct interaction (`assets/js/latent_space/view.js`, `scatter.js`, `projected_point.js`);
callbacks answer choices.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import dash
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, no_update

from dashboard.components.dock import docked, register_dock
from dashboard.components.face_actions import face_actions
from dashboard.components.figure_card import NOT_YET
from dashboard.components.initial_state import open_face
from dashboard.components.method_notes import method_note
from dashboard.components.missing_parts import no_bank
from dashboard.components.shell import model_chip, page
from dashboard.components.write_access import write_access
from dashboard.errors import LikenessError
from dashboard.faces.site_path import site_path
from dashboard.pages.latent_space.compute_panel import computing_card, refused_layout
from dashboard.pages.latent_space.controls import controls, space_choices
from dashboard.pages.latent_space.descriptions import (
    component_words,
    sample_words,
    scale_words,
    uncomputed_words,
)
from dashboard.pages.latent_space.lasting_answers import is_lasting, is_lasting_selection, lasting_digest
from dashboard.pages.latent_space.latent_sets_dialog import sets_dialog, sets_list
from dashboard.pages.latent_space.layout_panel import FIELDS, field_id, reading_panel
from dashboard.pages.latent_space.projected_point import projected_point
from dashboard.pages.latent_space.scatter_data import dense_of, drawing_of
from dashboard.pages.latent_space.scatter_panel import category_choices, component_choices, scatter_panel
from dashboard.pages.latent_space.scree_panel import scree_panel, scree_sentence
from dashboard.pages.latent_space.selection_panel import nothing_selected, selection_panel
from dashboard.pages.latent_space.selection_summary import describe_selection
from dashboard.pages.latent_space.traversal_panel import traverse_panel
from dashboard.serving.runtime import current_runtime
from dashboard.spaces.colours import choices, fitting_categories, fitting_colour, write_categories
from dashboard.spaces.computed_results import layout_of
from dashboard.spaces.densities import is_dense
from dashboard.spaces.layouts import METHODS, PCA
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import SetSpace, default_space, is_available, offered, space_of, uploaded
from dashboard.spaces.selection import atlas_of
from dashboard.spaces.uploaded_projection import all_equal
from dashboard.spaces.view import View, read_view, view_words
from dashboard.synthesis.model import Model
from dashboard.web.cached_callbacks import cached_callback

NAME = "latent-space"

dash.register_page(
    __name__,
    path="/latent-space",
    name="Latent space",
    title="Latent space · Likeness",
    description="See the positions of faces, and how the faces of a region differ.",
)
register_dock(NAME)


def plain_words(model: Model) -> dict[str, str]:
    """Return the values of the controls for an address without any, by parameter."""
    view, _ = read_view({}, model)
    return {**view_words(view), "z": str(view.axes[2]), "view": "2d", "pc": "1"}


def layout(face: Any = None, model: Any = None, **words: Any) -> html.Div:
    """Lay out the page for the face and the view in the address.

    Args:
        face: a face string, or None.
        model: the name of a model, or None.
        words: space, method, x, y, z, view, colour, categories, sel, pc, and the parameters of UMAP and t-SNE (see
            docs/guide/latent-space.md): the view.

    Returns:
        The page. Invalid parameters get their default, and the page shows a message.
    """
    begin = open_face(face, model)
    shown = begin.open_model.model
    view, problem = read_view(words, shown)
    settings = current_runtime().settings
    writable, access = write_access(settings)
    selection = words.get("sel")
    pc = str(words.get("pc") or "1")
    component = int(pc) if pc.isdecimal() and 1 <= int(pc) <= 16 else 1
    return page(
        "Latent space",
        docked(
            NAME,
            begin,
            [
                dcc.Store(id="latent-model", data=shown.name),
                dcc.Store(id="latent-digest", data=lasting_digest(shown)),
                dcc.Store(id="latent-start", data=begin.start),
                dcc.Store(id="latent-plain", data=plain_words(shown)),
                dcc.Store(id="latent-problem", data=None if problem is None else str(problem)),
                dcc.Store(id="sample"),
                dcc.Store(id="projected-point"),
                dcc.Store(id="traversal"),
                dcc.Store(id="selected", data=selection if isinstance(selection, str) else None),
                dcc.Store(id="selected-rows"),
                dcc.Store(id="arrows", data=True),
                dcc.Store(id="computed"),
                dcc.Store(id="sets-changed"),
                controls(view, shown, writable),
                None if shown.has_bank else no_bank(shown.name),
                html.Div(
                    [
                        scatter_panel(view, shown),
                        html.Div(
                            [html.Div(id="reading"), scree_panel(), selection_panel()], className="lk-latent-right"
                        ),
                        traverse_panel(component),
                    ],
                    id="latent-panels",
                    className="lk-latent-panels",
                    **{"data-method": view.method},
                ),
                sets_dialog(
                    uploaded(shown),
                    shown.config.latent_size,
                    settings.latents_mb * 1_000_000,
                    writable,
                    access,
                    shown.name,
                ),
            ],
        ),
        chip=model_chip(shown.name, shown.config.resolution, len(shown.attributes)),
        actions=face_actions(),
        note=method_note(NAME, shown),
    )


CONTROLS = {
    "space": "space",
    "method": "method",
    "x": "axis-x",
    "y": "axis-y",
    "z": "axis-z",
    "view": "dimensions",
    **{name: field_id(name) for name in FIELDS},
}
"""Parameters of the view, and their controls, as in assets/js/latent_space/view.js."""

VIEW = {word: Input(control, "value") for word, control in CONTROLS.items()}
NAMED = State("latent-model", "data")
COMPUTED = Input("computed", "data")
"""Changes when a job of the page is complete."""
START = State("latent-start", "data")
"""The first face of the page."""


def _kept_under(given: Mapping[str, Any]) -> str | None:
    """Return the digest for an answer that depends on the model's files only."""
    model = current_runtime().open_model(given["name"]).model
    words = given.get("words") or given
    if "text" in given:
        lasting = is_lasting_selection(given["text"])
    else:
        lasting = is_lasting(words.get("space"), words.get("method", PCA))
    return lasting_digest(model) if lasting else None


def answered(name: str, outputs: Any, values: dict[str, Any], needs: tuple[str, ...] = ()) -> Any:
    """Register a cached callback of this page."""
    return cached_callback(
        f"latent-{name}",
        outputs,
        {**values, "name": NAMED},
        State("latent-digest", "data"),
        _kept_under,
        triggers=() if "text" in values else (COMPUTED,),
        needs=needs,
    )


@answered(
    "scatter",
    [
        Output("scatter", "figure"),
        Output("scatter-title", "children"),
        Output("scatter-caption", "children"),
        Output("sample", "data"),
        Output("axis-z", "style"),
        Output("computing", "children"),
        *(Output(f"scatter-{form}", "href") for form in ("csv", "npz")),
    ],
    {
        "words": VIEW,
        "colour": Input("colour", "value"),
        "categories": Input("categories", "value"),
        "arrows": Input("arrows", "data"),
        "scheme": Input("scheme-now", "data"),
    },
    needs=("scheme",),
)
def draw_scatter(words: dict, colour: str, categories: Any, arrows: bool, scheme: Any, name: str) -> Any:
    """Draw the sample, or offer to compute what is missing."""
    from dashboard.figures.scatter import axis_limits, scatter

    model, seen, problem = _seen(name, {**words, "colour": colour, "categories": categories})
    deep = {} if seen.deep else {"display": "none"}
    address = site_path(f"/latent-space/points.{{}}?{_query(name, words)}")
    addresses = [address.format(form) for form in ("csv", "npz")]
    if equal := all_equal(seen.space):
        return no_update, METHODS[seen.method], "", None, deep, refused_layout(equal), no_update, no_update
    if not problem and seen.method == PCA and is_dense(seen.space):
        projection = projection_of(model, seen.space)
        axes = [min(axis, projection.count - 1) for axis in seen.shown[:2]]
        return *dense_of(name, projection, axes, scheme), deep, None, *addresses
    shown = None if problem else drawing_of(model, seen, arrows)
    if shown is None:
        card = refused_layout(str(problem)) if problem else computing_card(model, seen)
        return no_update, METHODS[seen.method], "", None, deep, card, no_update, no_update
    sample = {
        **shown.data,
        "space": seen.space.name,
        "ink": {"title": shown.ink.title, "groups": list(shown.ink.groups)},
        "limits": axis_limits(shown.points),
        "atlas": atlas_of(model, seen.space),
    }
    figure = scatter(shown.points, shown.titles, shown.ink, scheme, shown.arrows)
    return figure, shown.title, shown.caption, sample, deep, None, *addresses


@callback(
    Output("space", "data"),
    Output("space", "value"),
    Output("sets-list", "children"),
    Input("sets-changed", "data"),
    State("space", "value"),
    NAMED,
    prevent_initial_call=True,
)
def offer_sets(changed: Any, now: str, name: str) -> Any:
    """Update the list of sets; keep the page's space unless another one is requested or it was removed."""
    runtime = current_runtime()
    model = runtime.open_model(name).model
    spaces = {space.name: space for space in offered(model)}
    shown = spaces.get((changed or {}).get("show") or now, default_space(model))
    choices_now = space_choices(model, shown)
    listed = sets_list(uploaded(model), write_access(runtime.settings)[0])
    return choices_now, no_update if shown.name == now else shown.name, listed


@callback(
    Output("colour", "data"),
    Output("colour", "value"),
    Input("space", "value"),
    State("colour", "value"),
    NAMED,
    prevent_initial_call=True,
)
def offer_colours(space: str, colour: str, name: str) -> Any:
    """Update the options for the colour of a space; keep the current colour if the space has it."""
    model = current_runtime().open_model(name).model
    of = space_of(space, model)
    fitting = fitting_colour(model, of, colour)
    return choices(model, of), no_update if fitting == colour else fitting


@callback(
    Output("categories", "data"),
    Output("categories", "value"),
    Output("categories-row", "style"),
    Input("colour", "value"),
    State("space", "value"),
    State("categories", "value"),
    NAMED,
    prevent_initial_call=True,
)
def offer_categories(colour: str, space: str, chosen: Any, name: str) -> Any:
    """Update the categories of a column; keep the chosen ones that the column has."""
    of = space_of(space, current_runtime().open_model(name).model)
    fitting = list(fitting_categories(_escaped(chosen), of, colour))
    data, style = category_choices(of, colour)
    return data, no_update if fitting == (chosen or []) else fitting, style


@answered("projected-point", Output("projected-point", "data"), {"words": VIEW, "start": START})
def follow_face(words: dict, start: Any, name: str) -> Any:
    """Return the browser's data for following the face in the scatter."""
    model, seen, problem = _seen(name, words)
    if problem or seen.method != PCA or not is_available(seen.space, model) or all_equal(seen.space):
        return None  # a layout has positions for its own faces only
    last = projection_of(model, seen.space).count - 1
    axes = [min(axis, last) for axis in (seen.shown[:2] if is_dense(seen.space) else seen.shown)]
    return {
        **projected_point(model, seen, axes, start["base"]),
        "key": [seen.space.name, *(axis + 1 for axis in axes)],
    }


@answered("reading", Output("reading", "children"), {"words": VIEW})
def tell_reading(words: dict, name: str) -> Any:
    """Explain how to read a layout, with its reliability; for components, return nothing."""
    model, seen, _ = _seen(name, words)
    if seen.method == PCA:
        return None
    found = layout_of(model, seen.method, seen.layout) if seen.layout and is_available(seen.space, model) else None
    return reading_panel(seen.method, seen.space.title, found.stability if found else None)


@answered(
    "scree",
    [
        Output("scree", "figure"),
        Output("scree-caption", "children"),
        Output("scree-sentence", "children"),
        Output("sample-words", "children"),
        *(Output(f"scree-{form}", "href") for form in ("csv", "npz")),
    ],
    {"space": Input("space", "value"), "scheme": Input("scheme-now", "data")},
    needs=("scheme",),
)
def draw_scree(space: str, scheme: Any, name: str) -> Any:
    """Draw the spectrum of a space."""
    from dashboard.figures.scree import scree

    model = current_runtime().open_model(name).model
    seen = space_of(space, model)
    if not is_available(seen, model):
        return NOT_YET, "", "", uncomputed_words(model, seen), no_update, no_update
    if equal := all_equal(seen):
        return NOT_YET, "", equal, "", no_update, no_update
    projection = projection_of(model, seen)
    found = projection.spectrum
    band = (None, None) if isinstance(projection.space, SetSpace) else (found.noise_low, found.noise_high)
    address = site_path(f"/latent-space/scree.{{}}?model={quote(name)}&space={projection.space.name}")
    return (
        scree(found.variances, *band, scheme, projection.space.title),
        f"{found.n:,} faces, {scale_words(projection)}" + (f"; grey: {found.noise}" if band[1] is not None else ""),
        scree_sentence(projection),
        sample_words(projection),
        *(address.format(form) for form in ("csv", "npz")),
    )


@answered("axes", [Output(f"axis-{axis}", "data") for axis in "xyz"], {"space": Input("space", "value")})
def name_components(space: str, name: str) -> Any:
    """Mark the stable components in the menus of the axes."""
    model = current_runtime().open_model(name).model
    seen = space_of(space, model)
    if not is_available(seen, model) or all_equal(seen):
        return (no_update,) * 3
    return (component_choices(projection_of(model, seen)),) * 3


@answered(
    "selection",
    [
        Output("selection-body", "children"),
        Output("selection-count", "children"),
        Output("selection-tools", "children"),
        Output("selected-rows", "data"),
    ],
    {"text": Input("selected", "data"), "face": State("face", "data"), "start": START},
)
def tell_selection(text: Any, face: Any, start: Any, name: str) -> Any:
    """Summarise the faces inside the outline, and their differences from the others."""
    if not text:
        return nothing_selected(), "", None, None
    model = current_runtime().open_model(name).model
    return describe_selection(model, str(text), face or start["face"])


@answered(
    "component",
    [Output("traversal", "data"), Output("traverse-words", "children")],
    {"value": Input("traverse", "value"), "space": Input("space", "value")},
)
def tell_component(value: str, space: str, name: str) -> Any:
    """Describe a component, and name it for the traversal."""
    model = current_runtime().open_model(name).model
    seen = space_of(space, model)
    if not is_available(seen, model) or all_equal(seen):
        return None, ""
    projection = projection_of(model, seen)
    component = min(int(value), projection.count) - 1
    words = component_words(projection, component)
    return {"name": f"pc~{projection.space.name}.{component + 1}", "component": component + 1}, words


# The browser controls the contents of the page from here on.
for function, inputs in (
    ("sample", (Input("sample", "data"),)),
    ("projected-point", (Input("projected-point", "data"),)),
    ("traversal", (Input("traversal", "data"),)),
    ("selected", (Input("selected-rows", "data"), State("selected", "data"))),
    ("computing", (Input("computing", "children"),)),
    ("problem", (Input("latent-problem", "data"),)),
    (
        "view",
        (
            *VIEW.values(),
            Input("colour", "value"),
            Input("categories", "value"),
            Input("traverse", "value"),
            State("latent-plain", "data"),
        ),
    ),
):
    clientside_callback(ClientsideFunction("latent", function), Output(NAME, f"data-{function}"), *inputs)


clientside_callback(
    ClientsideFunction("latent", "method"),
    Output("latent-controls", "data-method"),
    Output("latent-panels", "data-method"),
    Input("method", "value"),
)


def _seen(name: str, words: dict) -> tuple[Model, View, LikenessError | None]:
    """Return the model and the view of the controls, and the errors of typed values."""
    model = current_runtime().open_model(name).model
    if words.get("colour") is not None:
        # A colour of the previous space: the control is updated, with a message.
        space = space_of(words["space"], model)
        words = {**words, "colour": fitting_colour(model, space, words["colour"])}
        chosen = fitting_categories(_escaped(words.get("categories")), space, words["colour"])
        words["categories"] = write_categories(chosen)
    return model, *read_view(words, model)


def _escaped(chosen: object) -> list[str]:
    """Return the categories of a control in the form of an address; empty for invalid values."""
    return [quote(label, safe="") for label in chosen if isinstance(label, str)] if isinstance(chosen, list) else []


def _query(name: str, words: dict) -> str:
    """Return the query parameters of the view."""
    return urlencode({"model": name, **{word: value for word, value in words.items() if value not in (None, "")}})

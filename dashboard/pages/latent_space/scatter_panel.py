"""The scatter: its axes, its colour, its tools."""

from __future__ import annotations

from urllib.parse import urlencode

import dash_mantine_components as dmc
from dash import html

from dashboard.components.figure_card import figure_card
from dashboard.components.help_text import with_help
from dashboard.components.icon import icon
from dashboard.faces.site_path import site_path
from dashboard.pages.latent_space.compute_panel import computing_panel
from dashboard.pages.latent_space.lasting_answers import lasting_digest
from dashboard.spaces.colours import OWN, categories_of, choices
from dashboard.spaces.densities import is_dense
from dashboard.spaces.projection import SHOWN_COMPONENTS, Projection
from dashboard.spaces.sample import Space
from dashboard.spaces.view import View, is_drawn, view_words
from dashboard.synthesis.model import Model

AXIS_HELP = (
    "The component on this axis; stable: it has the same direction in both halves of the faces (cosine 0.9 or more)"
)

CATEGORIES_HELP = f"Up to {OWN} categories; all others share one colour"
MAX_OFFERED = 1000
"""Categories that are listed, the most frequent ones; an address can name any."""

TOOLS = (("pan", "hand", "Move the view"), ("lasso", "lasso", "Draw around faces"), ("select", "box-select", "Box"))


def scatter_panel(view: View, model: Model) -> html.Section:
    """Lay out the card of the scatter.

    Args:
        view: the initial view.
        model: the model of the scores and coordinates for the colour.

    Returns:
        The card; ids `axis-x`, `axis-y`, `axis-z`, `colour` and `dimensions` are its controls.
    """
    card = figure_card(
        "scatter",
        "Scatter",
        controls=_controls(view, model),
        before=[_categories(view), computing_panel()],
        menu=_menu(),
        behind=_first_sight(view, model),
        className="lk-scatter-card",
    )
    return html.Div([card, _tools()], className="lk-scatter-holder")  # type: ignore[return-value]


def _first_sight(view: View, model: Model) -> html.Div | None:
    """Return the server's picture of the points, shown until `assets/js/latent_space/scatter.js` has a graph that is
    drawn.
    """
    if view.deep or is_dense(view.space) or not is_drawn(model, view):
        return None
    words = {"model": model.name, **view_words(view), "digest": lasting_digest(model)}
    address = site_path(f"/latent-space/first-sight.webp?{urlencode(words)}&scheme=")
    pictures = {f"--in-{scheme}": f'url("{address}{scheme}")' for scheme in ("light", "dark")}
    return html.Div(className="lk-first-sight", style=pictures, **{"aria-hidden": "true"})


def _controls(view: View, model: Model) -> list:
    data = [{"value": str(k), "label": f"PC {k}"} for k in range(1, SHOWN_COMPONENTS + 1)]
    axes = [
        dmc.Select(
            id=f"axis-{name}",
            data=data,
            value=str(view.axes[index]),
            size="xs",
            leftSection=html.Span(name.upper(), className="lk-select-label"),
            allowDeselect=False,
            className="lk-axis-select",
            comboboxProps={"withinPortal": False, "width": 190, "position": "bottom-start"},
            style={"display": "none"} if name == "z" and not view.deep else {},
            **{"aria-label": f"Component on {name.upper()}", "data-help": AXIS_HELP},
        )
        for index, name in enumerate("xyz")
    ]
    return [
        *axes,
        dmc.Select(
            id="colour",
            data=choices(model, view.space),
            value=view.colour,
            searchable=True,
            size="xs",
            leftSection=html.Span("Colour", className="lk-select-label"),
            leftSectionWidth=54,
            allowDeselect=False,
            nothingFoundMessage="Nothing has this name.",
            className="lk-colour-select",
            comboboxProps={"withinPortal": False, "width": 240, "position": "bottom-end"},
            **{"aria-label": "Colour", "data-help": "Colour of the points: a score, a coordinate, a label"},
        ),
        dmc.SegmentedControl(
            id="dimensions",
            data=[{"value": "2d", "label": "2-D"}, {"value": "3d", "label": "3-D"}],
            value="3d" if view.deep else "2d",
            size="xs",
            **{"aria-label": "Dimensions", "data-help": "Drag to rotate in 3-D; select faces in 2-D"},
        ),
    ]


def category_choices(space: Space, colour: object) -> tuple[list[str], dict[str, str]]:
    """List the categories that can be chosen to have a colour of their own, and whether their field is shown."""
    categories = categories_of(space, colour)[:MAX_OFFERED]
    return list(categories), {} if len(categories) > 2 else {"display": "none"}


def _categories(view: View) -> html.Div:
    """Lay out the field of the categories that have a colour of their own."""
    data, style = category_choices(view.space, view.colour)
    data += [label for label in view.categories if label not in data]
    field = dmc.MultiSelect(
        id="categories",
        data=data,
        value=list(view.categories),
        maxValues=OWN,
        limit=100,
        searchable=True,
        clearable=True,
        size="xs",
        placeholder=f"up to {OWN}, or the most frequent",
        nothingFoundMessage="No category has this name.",
        className="lk-category-select",
        comboboxProps={"withinPortal": False, "position": "bottom-start"},
        **{"aria-label": "Categories with a colour of their own", "data-help": CATEGORIES_HELP},
    )
    words = html.Span("Colours of their own", className="lk-select-label", **{"aria-hidden": "true"})
    return html.Div([words, field], id="categories-row", className="lk-category-row", style=style)


def component_choices(projection: Projection) -> list[dict]:
    """Return the components for a menu, grouped by their agreement between halves of the sample."""
    stable = projection.stability
    groups: dict[str, list[dict[str, str]]] = {}
    for component in range(projection.count):
        group = stable.words(component).capitalize()
        groups.setdefault(group, []).append({"value": str(component + 1), "label": f"PC {component + 1}"})
    return [{"group": group, "items": items} for group, items in groups.items()]


def _menu() -> list:
    return [
        dmc.MenuItem(
            "Arrows of directions", id="arrows-entry", leftSection=icon("scatter", 16), **{"data-action": "arrows"}
        ),
        dmc.MenuDivider(),
    ]


def _tools() -> html.Div:
    buttons = [
        with_help(
            dmc.ActionIcon(
                icon(picture, 18),
                variant="subtle",
                size=30,
                **{
                    "aria-label": name,
                    "aria-pressed": "true" if mode == "pan" else "false",
                    "data-action": "tool",
                    "data-tool": mode,
                },
            ),
            name,
        )
        for mode, picture, name in TOOLS
    ]
    fit = with_help(
        dmc.ActionIcon(
            icon("zoom-reset", 18), variant="subtle", size=30, **{"aria-label": "Show all", "data-action": "fit"}
        ),
        "Show all faces",
    )
    return html.Div([*buttons, fit], className="lk-tools", role="toolbar", **{"aria-label": "Scatter tools"})

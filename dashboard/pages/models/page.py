"""The Models page: the list of models, and how to get more.

Changes go to the routes of `dashboard/pages/models/routes.py` from `assets/js/models/models.js`; the
callbacks here only update the layout.
"""

from __future__ import annotations

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State, callback, dcc, html

from dashboard.components.drop_zone import drop_zone
from dashboard.components.icon import icon
from dashboard.components.method_notes import method_note
from dashboard.components.shell import page
from dashboard.components.write_access import write_access
from dashboard.pages.models.details import model_details
from dashboard.pages.models.row import licence_id, model_row
from dashboard.serving.model_list import MAX_UPLOAD_BYTES, Item, card_text, hand_picked, inventory
from dashboard.serving.runtime import Runtime, current_runtime
from dashboard.synthesis.human_units import megabytes

IMPORT = "A network (.pkl, .pt) or a model folder (.zip) from this computer"

TICK = 500
"""Milliseconds between two updates of downloads."""

dash.register_page(
    __name__, path="/models", name="Models", title="Models · Likeness", description="Installed and available models."
)


def layout(model: Any = None, **_: Any) -> html.Div:
    """Lay out the page.

    Args:
        model: name of the selected model; None for the default one.

    Returns:
        The page.
    """
    runtime = current_runtime()
    items = inventory(runtime)
    chosen = _chosen(items, model)
    writable, access = write_access(runtime.settings, "admin")
    return page(
        "Models",
        html.Div(
            [
                dcc.Store(id="models-chosen", data=chosen.name),
                dcc.Store(id="models-changed"),
                dcc.Interval(id="models-tick", interval=TICK, disabled=not _running(items)),
                html.Div(_summary(items), id="models-message", className="lk-unseen", **{"aria-live": "polite"}),
                html.Div(
                    [
                        access,
                        html.Ul(_rows(runtime, items, chosen), id="models-list", className="lk-models"),
                        _drop(writable),
                    ],
                    className="lk-models-left",
                ),
                html.Aside(
                    _details(chosen, runtime), id="models-card", className="lk-card", **{"aria-label": "Chosen model"}
                ),
                *_licences(runtime),
                _import_modal(),
            ],
            id="models",
            className="lk-models-page",
        ),
        actions=_import_button() if writable else None,
        note=method_note("models", runtime.open_model_or_default(chosen.name)[0].model),
    )


@callback(
    Output("models-list", "children"),
    Output("models-tick", "disabled"),
    Output("models-message", "children"),
    Input("models-tick", "n_intervals"),
    Input("models-changed", "data"),
    State("models-chosen", "data"),
    prevent_initial_call=True,
)
def _list(_ticks: int | None, _changed: int | None, name: str) -> tuple[list[html.Li], bool, str]:
    runtime = current_runtime()
    items = inventory(runtime)
    return _rows(runtime, items, _chosen(items, name)), not _running(items), _summary(items)


@callback(
    Output("models-card", "children"),
    Input("models-changed", "data"),
    State("models-chosen", "data"),
    prevent_initial_call=True,
)
def _card(_changed: int, name: str) -> html.Div:
    runtime = current_runtime()
    return _details(_chosen(inventory(runtime), name), runtime)


def _chosen(items: list[Item], name: Any) -> Item:
    return next((item for item in items if item.name == name and item.digest), items[0])


def _running(items: list[Item]) -> bool:
    return any(item.fetch and item.fetch.running for item in items)


def _summary(items: list[Item]) -> str:
    """Summarise downloads for assistive technology, in steps of 10 %."""
    return " ".join(
        f"{item.name}: {10 * (10 * item.fetch.done // max(1, item.fetch.total or item.bytes))} % fetched."
        for item in items
        if item.fetch and item.fetch.running
    )


def _rows(runtime: Runtime, items: list[Item], chosen: Item) -> list[html.Li]:
    writable, _ = write_access(runtime.settings, "admin")
    return [
        model_row(item, item.name == chosen.name, writable, runtime.acceptances.has(item.licence)) for item in items
    ]


def _details(item: Item, runtime: Runtime) -> html.Div:
    writable, _ = write_access(runtime.settings, "admin")
    # A link cannot carry the token.
    as_zip = writable and runtime.settings.write != "token"
    return model_details(item, card_text(item.folder), hand_picked(item, runtime), writable, as_zip)


def _import_button() -> dmc.Button:
    return dmc.Button(
        "Import a file",
        leftSection=icon("upload", 16),
        variant="default",
        size="xs",
        **{"data-action": "choose-file", "data-help": IMPORT},
    )


def _drop(writable: bool) -> html.Section | None:
    if not writable:
        return None
    return drop_zone(
        "drop",
        "upload",
        "Import",
        "Drop a network (.pkl, .pt) or a model folder (.zip) here",
        f"A network with its directions, if you have them. Up to {megabytes(MAX_UPLOAD_BYTES)}. "
        "No code in it is run. Invalid files are refused with a reason.",
        ("choose-file", "cancel-upload"),
        IMPORT,
        MAX_UPLOAD_BYTES,
    )


def _import_modal() -> dmc.Modal:
    return dmc.Modal(
        html.Div(
            [
                html.P("", id="import-files"),
                dmc.TextInput(
                    id="import-name",
                    label="Name",
                    description="Letters, digits, - and _. It names the model in every link.",
                    autoComplete="off",
                    inputProps={"maxLength": 64, "spellCheck": False},
                ),
                html.Label(
                    [
                        "Directions live in",
                        html.Select(
                            [
                                html.Option("w for a StyleGAN, z for a PG-GAN", value=""),
                                html.Option("w, where attributes can act on layers (StyleGAN)", value="w"),
                                html.Option("z, the latent of a seed", value="z"),
                            ],
                            id="import-space",
                            **{"data-help": "The space in which sliders move faces; it cannot be changed later"},
                        ),
                    ],
                    id="import-space-row",
                    className="lk-import-space",
                ),
                html.P("", id="import-space-note", className="lk-import-space-note", role="status"),
                html.Div(
                    dmc.Button(
                        "Import",
                        id="import-start",
                        className="lk-filled",
                        **{
                            "data-action": "import-start",
                            "data-help": "Uploads the file, checks it and creates a model from it",
                        },
                    ),
                    className="lk-modal-buttons",
                ),
            ],
            className="lk-modal-body",
        ),
        id="import",
        title="Import a model",
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
    )


def _licences(runtime: Runtime) -> list[dmc.Modal]:
    return [
        dmc.Modal(
            html.Div(
                [
                    html.P(licence.title, className="lk-drop-title"),
                    html.P(licence.terms.strip()),
                    html.P(
                        html.A("The licence's text", href=licence.address, target="_blank", rel="noopener noreferrer")
                    ),
                    html.Div(
                        dmc.Button(
                            "Accept and fetch",
                            className="lk-filled",
                            **{
                                "data-action": "accept-licence",
                                "data-help": "Stores your acceptance, and downloads the model",
                                "data-licence": name,
                                "data-dialog": licence_id(name),
                            },
                        ),
                        className="lk-modal-buttons",
                    ),
                ],
                className="lk-modal-body",
            ),
            id=licence_id(name),
            title=f"Licence {name}",
            closeButtonProps={"aria-label": "Close"},
        )
        for name, licence in runtime.catalogue.licences.items()
    ]

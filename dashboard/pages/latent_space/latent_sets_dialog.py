"""The dialog of uploaded sets: a drop zone, and the list of sets (`assets/js/latent_space/latent_sets.js`)."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html

from dashboard.components.drop_zone import drop_zone
from dashboard.spaces.sample import SetSpace
from dashboard.synthesis.human_units import megabytes
from dashboard.web.makers import may_delete


def sets_dialog(
    sets: Sequence[SetSpace], size: int, most_bytes: int, writable: bool, access: html.Div, model: str
) -> dmc.Modal:
    """Lay out the dialog.

    Args:
        sets: the sets for the model, newest first.
        size: L, the latent size.
        most_bytes: size limit of a file.
        writable: whether the visitor may upload.
        access: the reason why not, or the field for the token.
        model: the name of the model.

    Returns:
        The dialog; a callback updates `sets-list` when a set is added or removed.
    """
    return dmc.Modal(
        html.Div(
            [
                access,
                _zone(size, most_bytes, model) if writable else None,
                html.Div(id="sets-message", className="lk-sets-message", role="status"),
                html.Div(sets_list(sets, writable), id="sets-list"),
            ],
            className="lk-modal-body",
        ),
        id="sets",
        title="Your own latents",
        size="lg",
        keepMounted=True,
        closeButtonProps={"aria-label": "Close"},
    )


def sets_list(sets: Sequence[SetSpace], writable: bool) -> html.Ul | html.P:
    """List the sets, each with buttons to show and to remove it."""
    if not sets:
        return html.P("Nothing has been uploaded for latents of this size.", className="lk-model-small")
    return html.Ul([_set(space, writable) for space in sets], className="lk-sets")


def _set(space: SetSpace, writable: bool) -> html.Li:
    held = space.held
    names = ", ".join(column.name for column in held.columns[:4]) + (", …" if len(held.columns) > 4 else "")
    rows = f"{held.n:,} row{'s' if held.n != 1 else ''}" + (f"; {names}" if names else "")
    rows += f"; uploaded by {held.made_by}" if held.made_by else ""
    rows += f"; changed by {held.changed_by}" if held.changed_by else ""
    attributes = {"data-set": held.hash, "data-title": held.title}
    remove = html.Button(
        "Remove",
        type="button",
        className="lk-link",
        **{"data-action": "remove-set", **attributes, "data-help": "Removes the set; Undo restores it"},
    )
    return html.Li(
        [
            html.Div([html.Span(held.title, className="lk-set-title"), html.Span(rows, className="lk-model-small")]),
            html.Button(
                "Show",
                type="button",
                className="lk-button",
                **{
                    "data-action": "show-set",
                    "data-help": "Shows this set on the page",
                    "aria-label": f"Show {held.title}",
                    **attributes,
                },
            ),
            remove if writable and may_delete(held.made_by) else None,
        ]
    )


def _zone(size: int, most_bytes: int, model: str) -> html.Section:
    return drop_zone(
        "latents-drop",
        "latents",
        "Upload latents",
        "Drop a file of latents here, or anywhere on this page",
        f"Rows of {size} numbers: NPY, NPZ, safetensors, or a table as text (CSV, TSV) with any columns beside them. "
        f"Arrays up to {megabytes(most_bytes)}, text up to 100 MB, a million rows at most. "
        "You see its content before anything is stored; no code in it runs.",
        ("choose-latents", "cancel-latents"),
        "A file of latents from this computer",
        most_bytes,
        model=model,
    )

"""The group Network: label, truncation, noise, translation and rotation of the picture, where the model offers them.

The script `assets/js/generator/network_options.js` writes them into the face and shows those of the face.
"""

from __future__ import annotations

from typing import Any

import dash_mantine_components as dmc
from dash import ClientsideFunction, Input, Output, clientside_callback, html

from dashboard.components.help_text import with_help
from dashboard.faces.option_grammar import MAX_NOISE_SEED
from dashboard.synthesis.model import Model

PSI = (-1.0, 1.5)
"""Range of psi on the slider; addresses and commands take -4 to 4."""

SHIFT = 0.5
"""Largest translation on the slider, in widths of the picture; addresses and commands take 1."""

CONTROLS = ("psi", "cutoff", "noise", "noise-seed", "label", "x", "y", "rotate")
"""Names of the controls: `option-NAME` is the id of each."""


def network_options(model: Model) -> html.Section | None:
    """Lay out the controls that a model offers; None where it offers none."""
    config = model.config
    rows: list[Any] = []
    if config.truncation:
        last = config.rows
        psi = _slider("psi", "Truncation ψ", *PSI, 0.05, 1.0)
        rows.append(_row("Truncation ψ", with_help(psi, "1: faces as they are, 0: the mean face, below 0: opposites")))
        cutoff = _number("cutoff", "Truncated layers", "all", 0, last)
        rows.append(_row("up to layer", with_help(cutoff, f"Rows of w that ψ concerns, from the first; {last} in all")))
    if config.label_size:
        label = _number("label", "Label", "none", 0, config.label_size - 1)
        rows.append(_row("Label", with_help(label, f"The class of the face, 0 to {config.label_size - 1}")))
    if config.noisy:
        rows.append(_row("Noise", _noise(), _number("noise-seed", "Seed of the noise", "seed", 0, MAX_NOISE_SEED)))
    if config.movable:
        for name, words in (("x", "Translation x"), ("y", "Translation y")):
            rows.append(_row(words, _slider(name, words, -SHIFT, SHIFT, 0.01, 0.0)))
        rows.append(_row("Rotation", _slider("rotate", "Rotation, in degrees", -180, 180, 1, 0)))
    if not rows:
        return None
    reset = html.Button(
        "Reset",
        type="button",
        className="lk-link",
        **{"data-action": "reset-options", "data-help": "Draws the face as the network does by itself"},
    )
    return html.Section(
        [html.Div([html.H3("Network", className="lk-caps"), reset], className="lk-network-head"), *rows],
        id="network-options",
        className="lk-network",
        **{"aria-label": "Network"},
    )


def register_network_options() -> None:
    """Register the callbacks: each control's value is passed to the script. Call it once."""
    for name in CONTROLS:
        clientside_callback(
            ClientsideFunction("likeness", "takeOption"),
            Output(f"option-{name}", "data-taken"),
            Input(f"option-{name}", "value"),
            Input(f"option-{name}", "id"),
            prevent_initial_call=True,
        )


def _row(words: str, *controls: Any) -> html.Div:
    return html.Div([html.Span(words, className="lk-network-name", **{"aria-hidden": "true"}), *controls],
                    className="lk-network-row")  # fmt: skip


def _slider(name: str, words: str, low: float, high: float, step: float, value: float) -> html.Div:
    slider = dmc.Slider(
        id=f"option-{name}",
        min=low,
        max=high,
        step=step,
        value=value,
        label=None,
        size=4,
        thumbSize=14,
        updatemode="drag",
        thumbLabel=words,
        className="lk-network-slider",
        marks=[{"value": value}],
    )
    shown = html.Span(id=f"option-{name}-text", className="lk-network-value", **{"aria-hidden": "true"})
    return html.Div([slider, shown], className="lk-network-control")


def _number(name: str, words: str, placeholder: str, low: int, high: int) -> dmc.NumberInput:
    return dmc.NumberInput(
        id=f"option-{name}",
        min=low,
        max=high,
        step=1,
        allowDecimal=False,
        allowNegative=False,
        clampBehavior="strict",
        value="",
        placeholder=placeholder,
        size="xs",
        className="lk-network-number",
        **{"aria-label": words},
    )


def _noise() -> dmc.SegmentedControl:
    control = dmc.SegmentedControl(
        id="option-noise",
        data=[
            {"value": "const", "label": "Network's"},
            {"value": "none", "label": "None"},
            {"value": "seed", "label": "Seed"},
        ],
        value="const",
        size="xs",
        **{"aria-label": "Noise"},
    )
    return with_help(control, "The network's stored noise, none, or noise of a seed: fine detail such as hair")

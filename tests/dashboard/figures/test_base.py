from __future__ import annotations

from typing import Any

import pytest
from plotly import graph_objects as go

from dashboard.figures.base import (
    GRAPH_CONFIG,
    axis,
    colour,
    layout,
    ordered_scale,
    scale_bar,
    series,
    signed_scale,
)

SCHEMES = ("light", "dark")


def luminance(hexadecimal: str) -> float:
    parts = [int(hexadecimal[position : position + 2], 16) / 255 for position in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    brighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_no_figure_has_a_button_that_sends_it_away() -> None:
    assert GRAPH_CONFIG["displayModeBar"] is False
    assert GRAPH_CONFIG["showSendToCloud"] is False
    assert GRAPH_CONFIG["plotlyServerURL"] == ""
    assert GRAPH_CONFIG["displaylogo"] is False


@pytest.mark.parametrize("scheme", SCHEMES)
def test_plotly_takes_the_shared_layout(scheme) -> None:
    figure = go.Figure(go.Scatter(x=[0, 1], y=[0, 1]), layout=layout(scheme, xaxis=axis(scheme, "PC 1", range=[0, 2])))
    taken: Any = figure.layout
    assert taken.paper_bgcolor == "rgba(0,0,0,0)"
    assert taken.xaxis.title.text == "PC 1"
    assert taken.xaxis.range == (0, 2)
    assert taken.uirevision
    go.Scattergl(marker={"color": [1], "colorscale": ordered_scale(scheme), "colorbar": scale_bar(scheme, "σ")})


def test_translucent_colours_are_written_as_plotly_reads_them() -> None:
    assert colour("grid", "light") == "rgba(23,32,43,0.07)"
    assert colour("ink", "dark") == "#E8ECF1"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_scales_run_from_0_to_1_and_the_ordered_one_gets_brighter_throughout(scheme) -> None:
    for scale in (ordered_scale(scheme), signed_scale(scheme)):
        positions = [position for position, _ in scale]
        assert positions[0] == 0.0
        assert positions[-1] == 1.0
        assert positions == sorted(positions)
    brightness = [luminance(stop) for _, stop in ordered_scale(scheme)]
    assert brightness == sorted(brightness)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_point_contrasts_with_its_background(scheme) -> None:
    surface = colour("surface", scheme)
    assert min(contrast(stop, surface) for _, stop in ordered_scale(scheme)) > 1.5
    assert min(contrast(stop, surface) for stop in series(scheme)) >= 4.5


def test_the_signed_scale_is_pale_in_the_middle_in_the_light_scheme_and_dark_in_the_dark_one() -> None:
    light, dark = (luminance(dict(signed_scale(scheme))[0.5]) for scheme in SCHEMES)
    assert light > 0.9
    assert dark < 0.05


def test_filled_maps_show_the_whole_of_viridis() -> None:
    assert ordered_scale("dark", filled=True)[0][1] == "#440154"
    assert ordered_scale("light", filled=True)[-1][1] == "#FDE725"

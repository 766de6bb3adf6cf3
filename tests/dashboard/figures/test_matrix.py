from __future__ import annotations

import numpy as np

from dashboard.analysis.matrices import cluster
from dashboard.figures.curves import Curve, curves
from dashboard.figures.matrix import matrix
from dashboard.figures.pair import pair

NAMES = ["Smiling", "Male", "Young", "Yaw"]
VALUES = np.array([[1, 0.2, 0.9, 0], [0.1, 1, 0, 0.8], [0.9, 0, 1, 0], [0, 0.8, np.nan, 1.23]])
WORDS = [[f"{row} on {column}" for column in NAMES] for row in NAMES]


def test_cells_and_names_stand_in_the_order_and_doubtful_ones_are_flattened() -> None:
    tree = cluster(VALUES)
    doubtful = np.zeros((4, 4), bool)
    doubtful[0, 1] = True
    figure = matrix(VALUES, doubtful, WORDS, NAMES, tree, "light")
    heat = figure.data[0]
    position = {k: at for at, k in enumerate(tree.order)}
    assert heat.z[position[0]][position[1]] == 0
    assert heat.z[position[1]][position[0]] == 0.1
    assert np.isnan(heat.z[position[3]][position[2]])
    assert heat.text[position[0]][position[1]] == "Smiling on Male"
    assert list(figure.layout.xaxis.ticktext) == list(figure.layout.yaxis.ticktext) == [NAMES[k] for k in tree.order]
    assert figure.layout.meta["order"] == tree.order
    assert (heat.zmin, heat.zmax) == (-1.3, 1.3)
    assert figure.layout.yaxis.scaleanchor == "x"


def test_longer_names_take_room_from_no_cell() -> None:
    tree, doubtful = cluster(VALUES), np.zeros((4, 4), bool)
    short, long = (
        matrix(VALUES, doubtful, WORDS, [name * times for name in NAMES], tree, "light").layout for times in (1, 4)
    )
    for layout in (short, long):
        width, height = layout.meta["least"]
        first, last = layout.xaxis.domain
        assert (width - layout.margin.l - layout.margin.r) * (last - first) / 4 >= 16
        assert (height - layout.margin.t - layout.margin.b) / 4 >= 16
    assert long.meta["least"][0] > short.meta["least"][0]
    assert long.meta["least"][1] > short.meta["least"][1]


def test_the_tree_is_drawn_only_where_there_is_one() -> None:
    tree = cluster(VALUES)
    flat = type(tree)([0, 1, 2, 3], np.zeros((0, 4, 2)))
    doubtful = np.zeros((4, 4), bool)
    assert len(matrix(VALUES, doubtful, WORDS, NAMES, flat, "dark").data) == 1
    drawn = matrix(VALUES, doubtful, WORDS, NAMES, tree, "dark")
    assert len(drawn.data) == 2
    assert drawn.data[1].xaxis == "x2"
    # Narrower without a tree: the cells begin further left.
    assert drawn.layout.xaxis.domain[0] > matrix(VALUES, doubtful, WORDS, NAMES, flat, "dark").layout.xaxis.domain[0]


def test_curves_have_bands_and_names_at_their_ends() -> None:
    steps = np.arange(-2.0, 3)
    drawn = [Curve(name, steps * k, steps * k - 1, steps * k + 1) for k, name in ((1, "Smiling"), (-1, "Male"))]
    figure = curves(steps, drawn, "Smiling, σ", "light")
    assert [note.text for note in figure.layout.annotations] == ["Male", "Smiling"]
    assert [trace.mode for trace in figure.data] == ["lines"] * 4
    assert list(figure.data[3].y) == list(steps)
    assert {note.text: note.yanchor for note in figure.layout.annotations} == {"Smiling": "bottom", "Male": "top"}


def test_a_pair_shows_all_its_faces() -> None:
    figure = pair(np.array([0.0, 5.2]), np.array([1.0, -2.0]), ("a, σ", "b, σ"), "dark")
    assert tuple(figure.layout.xaxis.range) == tuple(figure.layout.yaxis.range) == (-6, 6)
    assert figure.layout.yaxis.title.text == "b, σ"

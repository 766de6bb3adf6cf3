"""Selections: reading, writing, their members, and their differences from all faces."""

import numpy as np
import pytest

from dashboard.analysis.selection import effects, inside_polygon, middle_members, parse_selection
from dashboard.errors import InputError

SQUARE = "1~scores.pca.1.2~48~9~0_0_1_0_1_1_0_1"


def test_a_selection_is_read_and_written_alike():
    found = parse_selection(SQUARE)
    assert (found.space, found.method, found.axes, found.n, found.count) == ("scores", "pca", (1, 2), 48, 9)
    assert str(found) == SQUARE


@pytest.mark.parametrize(
    "text",
    [
        "",
        SQUARE.replace("1~s", "2~s"),
        SQUARE.replace("0_0_1", "0_1"),
        SQUARE.replace("0_0_1_0", "0_0_1e999_0"),
        "1~scores.pca.1.2~48~9~0_0_1_1",
        "1~scores.pca.1.2~48~9~" + "_".join(["0"] * 130),
        "1~<b>.pca.1.2~48~9~0_0_1_0_1_1",
    ],
)
def test_what_is_no_selection_is_refused_with_a_sentence(text):
    with pytest.raises(InputError, match=r"Expected a selection .* Received: .*draw it again"):
        parse_selection(text)


def test_the_even_odd_rule_leaves_holes_out():
    twice = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0], [1, 1], [3, 1], [3, 3], [1, 3], [1, 1]]
    assert inside_polygon(twice, [[0.5, 0.5], [2, 2], [5, 5]]).tolist() == [True, False, False]


def test_effects_are_in_standard_deviations_of_all():
    values = np.array([[0.0, 7.0], [2.0, 7.0], [4.0, 7.0], [6.0, 7.0]])
    found = effects(values, [False, False, True, True])
    np.testing.assert_allclose(found.difference, [2 / np.sqrt(5), 0])
    assert found.low[0] < found.difference[0] < found.high[0]
    with pytest.raises(ValueError, match="at least one"):
        effects(values, [False] * 4)


def test_members_are_of_the_selection_and_spread():
    points = np.arange(40.0).reshape(-1, 1)
    inside = np.arange(40) >= 20
    rows = middle_members(points, inside, 3)
    assert inside[rows].all()
    assert len(set(rows.tolist())) == 3
    assert np.ptp(points[rows]) >= 8

"""Ranges of layers: names by the paper's limits, numbers, and what is refused."""

from __future__ import annotations

import pytest

from dashboard.errors import FaceError
from dashboard.faces.layer_ranges import NAMES, LayerRange, named_ranges, parse_layers, range_words


def test_the_named_ranges_are_the_papers() -> None:
    assert named_ranges(18) == {"all": (0, 17), "coarse": (0, 3), "middle": (4, 7), "fine": (8, 17)}


@pytest.mark.parametrize("layers", range(3, 100))
def test_named_ranges_divide_every_network(layers: int) -> None:
    found = named_ranges(layers)
    assert list(found) == list(NAMES)
    rows = [row for name in NAMES[1:] for row in range(found[name][0], found[name][1] + 1)]
    assert rows == list(range(layers))
    assert all(first <= last for first, last in found.values())


@pytest.mark.parametrize(
    ("layers", "coarse", "middle"),
    [(16, (0, 3), (4, 6)), (10, (0, 1), (2, 3)), (6, (0, 0), (1, 2)), (3, (0, 0), (1, 1))],
)
def test_other_numbers_of_layers_are_divided_in_proportion(
    layers: int, coarse: tuple[int, int], middle: tuple[int, int]
) -> None:
    assert (named_ranges(layers)["coarse"], named_ranges(layers)["middle"]) == (coarse, middle)


def test_few_layers_are_not_divided() -> None:
    assert named_ranges(0) == {}
    assert named_ranges(2) == {"all": (0, 1)}
    with pytest.raises(FaceError, match="too few layers"):
        LayerRange("coarse").rows(2)


@pytest.mark.parametrize(
    ("text", "canonical", "rows"),
    [
        ("all", "all", (0, 9)),
        ("fine", "fine", (4, 9)),
        ("0-3", "0-3", (0, 3)),
        ("3", "3", (3, 3)),
        ("03-3", "3", (3, 3)),
    ],
)
def test_ranges_are_read(text: str, canonical: str, rows: tuple[int, int]) -> None:
    found = parse_layers(text)
    assert (str(found), found.rows(10)) == (canonical, rows)
    assert parse_layers(str(found)) == found


@pytest.mark.parametrize(
    "text", ["", "All", "3-2", "-1", "0-", "0-100", "1-2-3", "0–3", "٣", " 3", "3\n", "coarse,fine"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(FaceError, match="Expected layers: all, coarse, middle, fine, or numbers such as 0-3"):
        parse_layers(text)


def test_layers_that_a_network_does_not_have_are_refused() -> None:
    with pytest.raises(FaceError, match=r"Expected layers from 0 to 5\. Received: 4-6"):
        parse_layers("4-6").rows(6)


def test_a_range_is_a_name_or_numbers() -> None:
    for wrong in (("", None, 3), ("", 3, None), ("coarse", 0, 3), ("some", None, None), ("", -1, 2)):
        with pytest.raises(FaceError):
            LayerRange(*wrong)


def test_words() -> None:
    assert (range_words(6, 6), range_words(0, 3)) == ("layer 6", "layers 0 to 3")

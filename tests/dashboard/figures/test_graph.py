"""The graph of correlations: every name is upright, apart from the others, and led to its point."""

from __future__ import annotations

import itertools

import pytest

from dashboard.figures.graph import HALF, graph

LINE = 14
"""Pixels of a line of text."""


@pytest.mark.parametrize("count", [0, 1, 2, 3, 8, 27, 32])
def test_names_are_upright_and_apart(count: int) -> None:
    names = [f"Attribute {k}" for k in range(count)]
    figure = graph(names, [(0, 1, 0.5, "")] if count > 1 else [], "light")
    labels = figure.layout.annotations or ()
    radius = HALF / figure.layout.xaxis.range[1]  # in the narrowest card
    assert all(abs(label.x) * radius + 6.7 * len(label.text) <= HALF + 1 for label in labels)
    assert sorted(label.text for label in labels) == sorted(names)
    assert not any(label.textangle for label in labels)
    for one, other in itertools.combinations(labels, 2):
        assert one.x != other.x or abs(one.y - other.y) * radius > LINE
    ends = {
        (trace.x[k + 1], trace.y[k + 1])
        for trace in figure.data
        if trace.hoverinfo == "skip"
        for k in range(0, len(trace.x), 3)
    }
    assert len(ends) == count
    for label in labels:
        assert any(end_y == label.y and end_x * label.x > 0 for end_x, end_y in ends)

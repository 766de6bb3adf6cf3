"""The graph of partial correlations of a model's scores over its bank."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.analysis.matrices import ordered
from dashboard.analysis.partial_correlations import Partial, partial_correlations
from dashboard.entanglement.matrix import RELEVANT, scores_or_coordinates
from dashboard.synthesis.model import Model

MOST = 80
"""Number of drawn lines, the strongest first."""


@dataclass(frozen=True, eq=False)
class ScoreGraph:
    """The graph.

    Args:
        names: of the attributes with a score, similar ones next to each other.
        found: their partial correlations, in this order.
        edges: index pairs (i, j) that are significant and relevant, the weakest first.
        tested: number of pairs.
    """

    names: tuple[str, ...]
    found: Partial
    edges: tuple[tuple[int, int], ...]
    tested: int

    @property
    def caption(self) -> str:
        """Description of the graph, with its sample size."""
        shown = f"{len(self.edges)} of {self.tested} pairs differ from 0 by {RELEVANT:g} or more"
        return f"normal scores of the bank's {self.found.faces:,} faces, each pair given all others · {shown}"


def score_graph(model: Model, false_share: float = 0.05) -> ScoreGraph:
    """Compute the graph of a model with a bank.

    Args:
        model: the model.
        false_share: expected share of false finds among the pairs that differ significantly from 0.
    """
    scores, measurable = scores_or_coordinates(model)
    names = [name for name, there in zip(model.names, measurable, strict=True) if there]
    groups = [each.group for each, there in zip(model.attributes, measurable, strict=True) if there]
    first = partial_correlations(scores[:, measurable], false_share)
    order = ordered("clusters", names, groups, first.values).order
    found = partial_correlations(scores[:, measurable][:, order], false_share)
    count = len(names)
    edges = [
        (i, j)
        for i in range(count)
        for j in range(i + 1, count)
        if found.choice is not None and found.choice.chosen[i, j] and abs(found.values[i, j]) >= RELEVANT
    ]
    edges.sort(key=lambda edge: abs(found.values[edge]))
    return ScoreGraph(tuple(names[k] for k in order), found, tuple(edges[-MOST:]), count * (count - 1) // 2)

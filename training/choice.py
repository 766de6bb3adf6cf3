"""The rule that keeps or drops attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import click
import numpy as np

from dashboard.analysis.directions import without_parallel
from dashboard.synthesis.manifest import Attribute


@dataclass(frozen=True)
class Rule:
    """Thresholds for keeping an attribute.

    Args:
        r2, auc: lowest figure of the scorer on held-out renders; below it, the scorer cannot read the attribute.
        agreement: lowest correlation of the two scorers on the generator's faces; below it, one of them reads something
            else.
        linear: least share of the score that its direction explains on held-out faces of the generator; less, and it is
            no direction of the latent space.
        alike: largest |cosine| of two directions; above it they count as one, and the one that explains more is kept.
    """

    r2: float = 0.8
    auc: float = 0.97
    agreement: float = 0.8
    linear: float = 0.15
    alike: float = 0.9


HELP = {
    "r2": "Least R2 of the scorer, continuous attributes.",
    "auc": "Least AUC of the scorer, binary attributes.",
    "agreement": "Least correlation of the two scorers.",
    "linear": "Least held-out R2 of a score on latents.",
    "alike": "Greatest |cosine| of two directions.",
}


def rule_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return the rule as options of a command: ``--least-r2`` and so on, ``--most-alike``."""
    for field in reversed(fields(Rule)):
        name = f"--{'most' if field.name == 'alike' else 'least'}-{field.name}"
        command = click.option(name, field.name, default=field.default, show_default=True, help=HELP[field.name])(
            command
        )
    return command


def choose(
    candidates: Sequence[Attribute], directions: np.ndarray, linear: np.ndarray, agreement: np.ndarray, rule: Rule
) -> tuple[list[int], dict[str, str]]:
    """Return which attributes the model expresses.

    Args:
        candidates: (F) attributes with the scorer's "r2" or "auc" on held-out renders.
        directions: (L, F) unit columns.
        linear: (F,) held-out R2 of the scores' regression on latents.
        agreement: (F,) correlations of the two scorers on the generator's faces.
        rule: thresholds.

    Returns:
        Indices of the kept attributes, ascending, and for each other attribute the reason as a sentence, by name.
    """
    dropped: dict[str, str] = {}
    distinct: list[int] = []
    for k, attribute in enumerate(candidates):
        figure = "auc" if attribute.kind == "binary" else "r2"
        value, least = attribute.reliability[figure], getattr(rule, figure)
        if not value >= least:
            dropped[attribute.name] = f"the scorer's {figure.upper()} on held-out renders is {value:.3f}"
        elif not agreement[k] >= rule.agreement:
            dropped[attribute.name] = (
                f"the two scorers disagree on the generator's faces (correlation {agreement[k]:.2f})"
            )
        elif not linear[k] >= rule.linear:
            dropped[attribute.name] = f"a direction explains only {linear[k]:.2f} of its score (held-out R2)"
        else:
            distinct.append(k)
    kept, alike = without_parallel(directions[:, distinct], linear[distinct], rule.alike)
    for k, other in alike.items():
        name, cosine = candidates[distinct[other]].name, directions[:, distinct[other]] @ directions[:, distinct[k]]
        dropped[candidates[distinct[k]].name] = f"it points the same way as {name} (cosine {cosine:.2f})"
    return [distinct[k] for k in kept], dropped

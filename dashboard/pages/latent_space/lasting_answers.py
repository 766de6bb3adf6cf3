"""Answers of the page that depend on the model's files only, which browsers cache permanently."""

from __future__ import annotations

from dashboard.analysis.selection import parse_selection
from dashboard.errors import LikenessError
from dashboard.spaces.layouts import PCA
from dashboard.spaces.sample import FEATURES, LATENT, SCORES, W
from dashboard.synthesis.model import Model
from dashboard.web.cached_callbacks import answers_digest

LASTING = frozenset({LATENT.name, W.name, SCORES.name, FEATURES.name})
"""Spaces of the bank. Uploaded sets, and results of jobs, can be removed."""


def lasting_digest(model: Model) -> str:
    """Return the digest in the address of answers that depend on a model's files only."""
    return answers_digest(model.digest, *sorted(model.files.items()))


def is_lasting(space: object, method: object) -> bool:
    """Return whether the view of a space depends on the model's files only.

    Args:
        space: the name of a space.
        method: of the layout.
    """
    return method == PCA and space in LASTING


def is_lasting_selection(text: object) -> bool:
    """Return whether the summary of a selection depends on the model's files only; also without a selection.

    Args:
        text: the selection of an address, or None.
    """
    if not text:
        return True
    try:
        drawn = parse_selection(str(text))
    except LikenessError:
        return False
    return is_lasting(drawn.space, drawn.method)

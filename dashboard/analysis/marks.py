"""A direction from examples: logistic regression of two kinds of faces on their latents, tested on held-out faces.

As InterFaceGAN finds its boundaries (Shen et al., CVPR 2020), with a logistic loss instead of the hinge. With fewer
examples than latent numbers every labelling can be separated, so that only the held-out figures are meaningful.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.errors import InputError

FEW = 20
"""Number of examples of either kind below which a warning is given."""

UNEVEN = 4.0
"""Ratio of the two kinds' numbers above which a warning is given."""

FOLDS = 5

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LearntDirection:
    """A direction with the figures of its test.

    Args:
        direction: (L,) of length 1, from the examples of 0 to those of 1.
        accuracy: mean of the shares of 1s and of 0s that are classified correctly when held out (0.5 is chance); None
            where there are too few to hold any out.
        auc: area under the ROC curve of those held out; None likewise.
        plus, minus: how many of each; of scores all of them, and none.
        warning: a sentence, or nothing.
        correlation: of scores, Pearson's with what a regression says of those held out; None of classes, or where there
            are too few.
        learnt: for marks learnt in the scorer's features, plain values that describe the method; else empty.
    """

    direction: Array
    accuracy: float | None
    auc: float | None
    plus: int
    minus: int
    warning: str
    correlation: float | None = None
    learnt: Mapping[str, Any] = field(default_factory=dict)


def direction_of(latents: ArrayLike, labels: ArrayLike) -> LearntDirection:
    """Find the direction that separates two kinds of faces.

    Args:
        latents: (n, L), as the generator sees them.
        labels: (n,) flags.

    Returns:
        The direction, with figures of stratified cross-validation in at most five folds.

    Raises:
        InputError: not one example of each kind, or the shapes do not fit.
    """
    x, y = np.asarray(latents, np.float64), np.asarray(labels, bool)
    if x.ndim != 2 or y.shape != (len(x),):
        raise InputError(f"Expected a label for each of the latents (n, L). Received: {x.shape} and {y.shape}.")
    plus, minus = int(y.sum()), int((~y).sum())
    if not plus or not minus:
        raise InputError(f"Expected faces marked + and marked −. Received: {plus} and {minus}. Mark some of both.")
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import balanced_accuracy_score, roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    # Both kinds count alike however many there are of each; latents are of length sqrt(L), coordinates of size 1.
    regression = LogisticRegression(C=1 / x.shape[1], class_weight="balanced", max_iter=1000)
    accuracy = auc = None
    folds = min(FOLDS, plus, minus)
    if folds >= 2:
        split = StratifiedKFold(folds, shuffle=True, random_state=0)
        predicted = np.asarray(cross_val_predict(regression, x, y, cv=split, method="decision_function"))
        accuracy, auc = float(balanced_accuracy_score(y, predicted > 0)), float(roc_auc_score(y, predicted))
    slope = np.asarray(regression.fit(x, y).coef_[0], np.float64)
    length = float(np.linalg.norm(slope))
    if not length > 0:
        raise InputError("Expected faces that differ. Received: the same ones marked + and −. Mark others.")
    return LearntDirection(slope / length, accuracy, auc, plus, minus, warning_of(plus, minus, accuracy))


def direction_of_scores(latents: ArrayLike, scores: ArrayLike) -> LearntDirection:
    """Find the direction in which a score (n,) grows; as `directions_of_scores`."""
    y = np.asarray(scores, np.float64)
    return directions_of_scores(latents, y[:, None] if y.ndim == 1 else y)[0]


def directions_of_scores(latents: ArrayLike, scores: ArrayLike) -> list[LearntDirection]:
    """Find the directions in which scores grow: ridge regression of scores on latents.

    Args:
        latents: (n, L), as the generator sees them.
        scores: (n, S) finite numbers.

    Returns:
        S directions, each with the correlation of cross-validation in at most five folds.

    Raises:
        InputError: fewer than three examples, all scores of a column equal, or the shapes do not fit.
    """
    x, y = np.asarray(latents, np.float64), np.asarray(scores, np.float64)
    if x.ndim != 2 or y.ndim != 2 or len(y) != len(x) or not y.shape[1] or not np.isfinite(y).all():
        raise InputError(f"Expected a finite score for each of the latents (n, L). Received: {x.shape} and {y.shape}.")
    spread = y.std(axis=0)
    if len(y) < 3 or not (spread > 0).all():
        fewest = min(len(np.unique(column)) for column in y.T)
        raise InputError(f"Expected three scores or more that differ. Received: {fewest} different. Send others.")
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import KFold, cross_val_predict

    y = (y - y.mean(axis=0)) / spread
    regression = Ridge(alpha=x.shape[1])
    split = KFold(min(FOLDS, len(y)), shuffle=True, random_state=0)
    predicted = np.asarray(cross_val_predict(regression, x, y, cv=split)).reshape(y.shape)
    slopes = np.asarray(regression.fit(x, y).coef_, np.float64).reshape(y.shape[1], -1)
    return [_of_slope(*each) for each in zip(slopes, predicted.T, y.T, strict=True)]


def _of_slope(slope: Array, predicted: Array, scores: Array) -> LearntDirection:
    """Return the direction of a slope (L,), with what cross-validation predicted of the scores (n,)."""
    length = float(np.linalg.norm(slope))
    if not length > 0:
        raise InputError("Expected faces that differ. Received: the same ones with different scores. Send others.")
    correlation = float(np.corrcoef(predicted, scores)[0, 1]) if predicted.std() > 0 else None
    said = []
    if len(scores) < 2 * FEW:
        said.append(f"Few examples ({len(scores)}): the direction follows these very faces. Score {2 * FEW} or more.")
    if correlation is not None and correlation < 0.2:
        said.append(
            "Scores of held-out faces are hardly predicted (correlation under 0.2): the latent may not hold this."
        )
    return LearntDirection(slope / length, None, None, len(scores), 0, " ".join(said), correlation)


def warning_of(plus: int, minus: int, accuracy: float | None) -> str:
    """List the doubts about a direction as sentences; empty where there are none."""
    said = []
    if min(plus, minus) < FEW:
        said.append(
            f"Few examples ({plus} and {minus}): the direction follows these very faces. Mark {FEW} of each or more."
        )
    if max(plus, minus) > UNEVEN * min(plus, minus):
        said.append(f"Many more of one kind than of the other ({plus} and {minus}): mark more of the rarer one.")
    if accuracy is not None and accuracy < 0.6:
        said.append("Held-out faces are classified hardly better than by chance: the latent may not hold this.")
    return " ".join(said)

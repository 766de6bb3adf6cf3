"""A direction from a few marked faces: learnt in the scorer's features, mapped to the latent with the bank.

A latent has hundreds of numbers, too many for twenty marks of each kind. The scorer's last layer has about thirty
relevant features: a classifier is trained on those, scores every face of the bank, and these scores are regressed on
latents, as TL-GAN finds its directions (Guan 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dashboard.errors import InputError

Array = NDArray[np.float64]
Classifier = Literal["logistic", "linear", "svm"]

CLASSIFIERS: dict[str, str] = {
    "logistic": "Logistic regression",
    "linear": "Linear discriminant",
    "svm": "Support vector machine",
}
"""Classifiers by name, with their titles."""

STRENGTHS = tuple(float(10.0**k) for k in (-4, -3, -2, -1, 0, 1))
"""Values of C for cross-validation."""

FOLDS = 5
PERMUTATIONS = 199
SIGNIFICANT = 0.05
EXAMPLES = (10, 20, 50, 100)
"""Numbers of marks of either kind for which the expected angle is measured."""


class FeatureSpace:
    """The live features of a bank, and their map to the latent.

    Args:
        features: (n, D) of the bank's faces; columns that never differ are left out.
        latents: (n, L) of the same faces.
        gram: (L + 1, L + 1) products of the latents with a column of ones.
        held: (n, C) scores that the direction should not change ("given Male"); their part of the features is removed
            first, by regression over the bank.
    """

    def __init__(self, features: ArrayLike, latents: ArrayLike, gram: Array, held: ArrayLike | None = None) -> None:
        every = np.asarray(features, np.float64)
        self.live = every.std(axis=0) > 0
        if not self.live.any():
            raise InputError("Expected features that differ between faces. Received: none. Mark in the latent instead.")
        plain = every[:, self.live]
        standard = (plain - plain.mean(axis=0)) / plain.std(axis=0)
        if held is not None:
            given = np.column_stack([np.ones(len(standard)), np.asarray(held, np.float64)])
            standard = standard - given @ np.linalg.lstsq(given, standard, rcond=None)[0]
        self.rows = standard
        # Map every feature to the latent once: a direction is then a weighted sum.
        x = np.asarray(latents)
        products = np.vstack([x.T @ standard.astype(x.dtype), standard.sum(axis=0)])
        ridge = np.eye(len(gram)) * 1e-9 * float(np.trace(gram)) / len(gram)
        self.slopes = np.asarray(np.linalg.solve(gram + ridge, products.astype(np.float64)), np.float64)[:-1]

    def direction(self, weights: Array) -> tuple[Array, float]:
        """Return the latent direction (L,) in which a weighting (D,) of live features grows, and the slope's length."""
        slope = self.slopes @ weights
        length = float(np.linalg.norm(slope))
        if not length > 0:
            raise InputError("Expected marks that the latent can tell. Received: others. Mark other faces.")
        return slope / length, length


@dataclass(frozen=True)
class Learnt:
    """A direction learnt from marks, with its figures.

    Args:
        direction: (L,) of length 1.
        accuracy: balanced, of faces held out; C is chosen in each fold.
        low, high: its 95 % interval (Wilson).
        auc: area under the ROC curve of those held out.
        p: share of permuted labellings with the same accuracy or more, including the given one (Phipson and Smyth
            2010).
        strength: C, by cross-validation on all marks; None of the linear discriminant.
        plus, minus: marked faces.
        features: number of live features.
        warning: a sentence, or nothing.
    """

    direction: Array
    accuracy: float
    low: float
    high: float
    auc: float
    p: float
    strength: float | None
    plus: int
    minus: int
    features: int
    warning: str


def learn(
    space: FeatureSpace,
    rows: Sequence[int] | np.ndarray,
    labels: Sequence[bool] | np.ndarray,
    classifier: Classifier = "logistic",
    seed: int = 0,
    permutations: int = PERMUTATIONS,
) -> Learnt:
    """Learn a direction from marked faces of the bank.

    Args:
        space: of the bank.
        rows: the marked faces.
        labels: whether each is marked +.
        classifier: one of `CLASSIFIERS`.
        seed: of folds and permutations.
        permutations: number of permuted labellings.

    Raises:
        InputError: there are fewer than two of either kind, or the marks do not differ.
    """
    from sklearn.metrics import balanced_accuracy_score, roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from threadpoolctl import threadpool_limits

    x, y = space.rows[np.asarray(rows, int)], np.asarray(labels, bool)
    plus, minus = int(y.sum()), int((~y).sum())
    if min(plus, minus) < 2:
        raise InputError(f"Expected two marked faces of each kind or more. Received: {plus} and {minus}. Mark others.")
    folds = StratifiedKFold(min(FOLDS, plus, minus), shuffle=True, random_state=seed)
    # A thousand tiny fits: threads would cost more than they gain.
    with threadpool_limits(1):
        predicted = np.asarray(cross_val_predict(_model(classifier, y), x, y, cv=folds, method="decision_function"))
        accuracy = float(balanced_accuracy_score(y, predicted > 0))
        fitted = _model(classifier, y).fit(x, y)
        strength = _strength(fitted)
        plain = _model(classifier, y, strength)
        reached = _held_out(plain, x, y, folds)
        random = np.random.default_rng(seed)
        as_good = sum(_held_out(plain, x, random.permutation(y), folds) >= reached for _ in range(permutations))
    p = (1 + as_good) / (1 + permutations)
    low, high = _wilson(accuracy, len(y))
    weights = np.asarray(_last(fitted).coef_, np.float64).ravel()
    return Learnt(
        space.direction(weights)[0], accuracy, low, high, float(roc_auc_score(y, predicted)), p, strength, plus, minus,
        x.shape[1], _warning(plus, minus, p),
    )  # fmt: skip


def expected_angles(
    space: FeatureSpace,
    scores: ArrayLike,
    directions: ArrayLike,
    examples: Sequence[int] = EXAMPLES,
    draws: int = 4,
    seed: int = 0,
) -> dict[int, tuple[float, float, float]]:
    """Measure the angle of directions from few marks to those of the whole bank.

    The scorer replaces the person who marks: for each attribute, faces are drawn from the upper and lower quarter of
        its scores,
    and the learnt direction is compared with the direction of all scores.

    Args:
        space: of the bank.
        scores: (n, F) of the bank's faces.
        directions: (L, F) unit columns found from all of them.
        examples: marks of either kind.
        draws: for each attribute.
        seed: of the draws.

    Returns:
        By number of marks: the median angle in degrees, and the quartiles.
    """
    random = np.random.default_rng(seed)
    values, units = np.asarray(scores, np.float64), np.asarray(directions, np.float64)
    found: dict[int, list[float]] = {count: [] for count in examples}
    for k in range(values.shape[1]):
        lower, upper = np.quantile(values[:, k], (0.25, 0.75))
        below, above = np.flatnonzero(values[:, k] <= lower), np.flatnonzero(values[:, k] >= upper)
        for count in examples:
            if min(len(below), len(above)) < count:
                continue
            for _ in range(draws):
                rows = np.concatenate([random.choice(above, count, False), random.choice(below, count, False)])
                y = np.repeat([True, False], count)
                fitted = _model("logistic", y, 0.1).fit(space.rows[rows], y)
                weights = np.asarray(_last(fitted).coef_, np.float64).ravel()
                cosine = float(space.direction(weights)[0] @ units[:, k])
                found[count].append(float(np.degrees(np.arccos(np.clip(cosine, -1, 1)))))
    quarters = {count: np.quantile(angles, (0.5, 0.25, 0.75)) for count, angles in found.items() if angles}
    return {count: (float(q[0]), float(q[1]), float(q[2])) for count, q in quarters.items()}


def angle_at(expected: dict[int, tuple[float, float, float]], count: int) -> float | None:
    """Return the expected median angle for a number of marks of each kind, interpolated; None if not measured."""
    if not expected:
        return None
    numbers = sorted(expected)
    return float(np.interp(np.log(max(count, 1)), np.log(numbers), [expected[n][0] for n in numbers]))


def _model(classifier: str, y: NDArray[np.bool_], strength: float | None = None) -> Any:
    """Return a classifier; without a strength, one that chooses it by stratified cross-validation on the training
    data.
    """
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, StratifiedKFold
    from sklearn.svm import LinearSVC

    if classifier == "linear":
        return LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    plain = (
        LinearSVC(class_weight="balanced", dual=True, max_iter=20_000, random_state=0)  # pyright: ignore[reportArgumentType]  # a bool, too
        if classifier == "svm"
        else LogisticRegression(class_weight="balanced", max_iter=2000)
    )
    fewest = int(min(y.sum(), (~y).sum()))
    if strength is not None or fewest < 4:
        return plain.set_params(C=0.1 if strength is None else strength)
    # One fold less than the outer folds leave of the rarer kind, at least two.
    inner = StratifiedKFold(min(3, fewest - fewest // 2), shuffle=True, random_state=0)
    return GridSearchCV(plain, {"C": STRENGTHS}, cv=inner, scoring="balanced_accuracy")


def _last(fitted: Any) -> Any:
    return getattr(fitted, "best_estimator_", fitted)


def _strength(fitted: Any) -> float | None:
    chosen = getattr(_last(fitted), "C", None)
    return None if chosen is None else float(chosen)


def _held_out(model: Any, x: Array, y: NDArray[np.bool_], folds: Any) -> float:
    from sklearn.metrics import balanced_accuracy_score
    from sklearn.model_selection import cross_val_predict

    return float(balanced_accuracy_score(y, cross_val_predict(model, x, y, cv=folds)))


def _wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    z = 1.959964
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return float(middle - half), float(middle + half)


def _warning(plus: int, minus: int, p: float) -> str:
    said = []
    if p > SIGNIFICANT:
        said.append(f"Random marks do as well in {p:.0%} of draws: nothing is learnt from these. Mark more, or others.")
    if max(plus, minus) > 4 * min(plus, minus):
        said.append(f"Many more of one kind than of the other ({plus} and {minus}): mark more of the rarer one.")
    return " ".join(said)

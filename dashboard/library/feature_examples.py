"""Marked faces of a model's bank, as examples in the scorer's features; see `dashboard.analysis.feature_marks`."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from dashboard.analysis.feature_marks import CLASSIFIERS, EXAMPLES, FeatureSpace, angle_at, expected_angles, learn
from dashboard.analysis.marks import LearntDirection
from dashboard.errors import InputError, LikenessError
from dashboard.faces.face import VERSION, Seed, parse
from dashboard.spaces.sample import faces_of, sample_seed, scored_only
from dashboard.synthesis.model import Model

MOST_HELD = 8
"""Scores that a direction may be held against, at most."""

KEPT = 4
"""Models, each with what is held, whose expected angles are cached."""


def bank_rows(model: Model, texts: Sequence[str]) -> list[int] | None:
    """Return the rows of the bank that faces are; None where one is another face, or the model has no features."""
    if not (model.has_bank and model.has_scorer):
        return None
    rows, size, seed = [], len(scored_only(model)[0]), sample_seed(model)
    for text in texts:
        try:
            face = parse(text if ":" in text else f"{VERSION}:{text}")
        except LikenessError:
            return None
        base = face.base
        if face.pins or not isinstance(base, Seed) or base.seed != seed or base.row >= size:
            return None
        rows.append(base.row)
    return rows


def from_features(
    model: Model, rows: Sequence[int], labels: Sequence[bool], classifier: str = "logistic", held: Sequence[str] = ()
) -> LearntDirection:
    """Return the direction that marked faces of the bank mean, learnt in features.

    Args:
        model: with a bank and a scorer.
        rows: the faces.
        labels: whether each is marked +.
        classifier: one of `dashboard.analysis.feature_marks.CLASSIFIERS`.
        held: names of scores that the direction is to leave alone.

    Raises:
        InputError: an unknown classifier or score, or marks that nothing can be learnt from.
    """
    names = scored_only(model)[1]
    if classifier not in CLASSIFIERS:
        raise InputError(
            f"Expected a classifier ({', '.join(CLASSIFIERS)}). Received: {str(classifier)[:20]}. Choose one."
        )
    unknown = next((name for name in held if name not in names), None)
    if unknown is not None or len(held) > MOST_HELD:
        raise InputError(
            f"Expected at most {MOST_HELD} scores of {model.name} to be held. "
            f"Received: {str(unknown)[:60] if unknown is not None else len(held)}. Choose them from the list."
        )
    space = feature_space(model, tuple(sorted(held)))
    found = learn(space, rows, labels, classifier)  # pyright: ignore[reportArgumentType]
    angle = angle_at(angles_to_expect(model), min(found.plus, found.minus))
    learnt = {
        "features": found.features,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "classifier": classifier,
        "strength": found.strength,
        "held": sorted(held),
        "angle": angle,
    }
    return LearntDirection(
        found.direction, found.accuracy, found.auc, found.plus, found.minus, found.warning, learnt=learnt
    )  # fmt: skip


def feature_space(model: Model, held: tuple[str, ...] = ()) -> FeatureSpace:
    """Return the features of a model's bank, what some scores tell of them taken away."""
    faces = faces_of(model)
    columns = [faces.score_names.index(name) for name in held]
    return FeatureSpace(faces.features, faces.latents, faces.gram, faces.scores[:, columns] if columns else None)


def angles_to_expect(model: Model) -> dict[int, tuple[float, float, float]]:
    """Return degrees between directions from so many marks of either kind and the model's own: median and quarters."""
    return _angles(_Key(model))


class _Key:
    def __init__(self, model: Model) -> None:
        self.model = model
        self._parts = (model.digest, model.files.get("bank.safetensors"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)


@functools.lru_cache(maxsize=KEPT)
def _angles(key: _Key) -> dict[int, tuple[float, float, float]]:
    model = key.model
    scores, names = scored_only(model)
    shared = [name for name in model.names if name in names]
    if not shared:
        return {}
    columns = np.stack([scores[:, names.index(name)] for name in shared], axis=1)
    directions = model.directions[:, [model.column(name) for name in shared]]
    return expected_angles(feature_space(model), columns, directions, EXAMPLES)

"""R2 and AUC agree with scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import r2_score, roc_auc_score

from training.label.figures import auc, r2


def test_r2_is_scikit_learns() -> None:
    random = np.random.default_rng(0)
    truth = random.standard_normal(500)
    scores = truth + random.standard_normal(500)
    assert r2(truth, scores) == pytest.approx(r2_score(truth, scores))
    assert np.isnan(r2(np.ones(5), np.ones(5)))


def test_auc_is_scikit_learns_ties_included() -> None:
    random = np.random.default_rng(0)
    truth = (random.random(500) < 0.3).astype(np.float32)
    scores = np.round(truth + random.standard_normal(500), 1)
    assert auc(truth, scores) == pytest.approx(roc_auc_score(truth, scores))
    assert np.isnan(auc(np.zeros(5), np.arange(5.0)))

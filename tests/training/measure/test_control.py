"""Control and leakage of an engine with given responses."""

import numpy as np
import pytest
from support.fake_engine import FakeEngine

from dashboard.analysis.rescoring import STEPS as INNER
from dashboard.analysis.rescoring import Traversal, effects, rescore, traverse
from training.measure.control import STEPS, control, narrowed
from training.measure.leakage import leakage, mean_leakage

BASES = np.random.RandomState(0).randn(40, 64)


def entangled() -> np.ndarray:
    random = np.random.RandomState(1)
    columns = random.randn(64, 3) + 0.6 * random.randn(64, 1)
    return columns / np.linalg.norm(columns, axis=0)


def test_the_response_is_what_the_score_was_made_with() -> None:
    engine = FakeEngine(entangled(), entanglement=np.diag([1.0, 0.5, -0.2]), noise=0.3)
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], BASES, engine.directions, steps=STEPS)
    found = control(run, [1.0, 0.5, 1.0])
    # The noise differs from face to face, with a mean of 0.
    np.testing.assert_allclose(found.response, [4.0, 4.0, -0.8], atol=0.7)
    assert (found.low < found.response).all()
    assert (found.response < found.high).all()
    own = run.scores[:, 1, :, 1] / 0.5
    np.testing.assert_allclose(found.mean[1], (own - own[:, [3]]).mean(axis=0))
    np.testing.assert_allclose(found.spread[1], (own - own[:, [3]]).std(axis=0))
    assert found.feasible.tolist() == [[40] * 7] * 3


def test_infeasible_steps_count_in_nothing_but_their_number() -> None:
    scores = np.zeros((3, 1, 7, 1))
    scores[:, 0, :, 0] = np.array(STEPS) * np.array([1.0, 2.0, 3.0])[:, None]
    feasible = np.ones((3, 1, 7), bool)
    feasible[2, 0, -2:] = False
    scores[2, 0, -2:] = 1e6
    found = control(Traversal(np.array(STEPS), scores, feasible, ()), [1.0])
    assert found.feasible[0].tolist() == [3, 3, 3, 3, 3, 2, 2]
    assert found.mean[0, -1] == pytest.approx(4.5)
    assert found.response[0] == pytest.approx(6.0)


def test_a_range_is_narrowed_to_where_the_measured_response_rises() -> None:
    steps = np.array(STEPS)
    assert narrowed((-4.0, 3.5), steps, steps) == (-4.0, 3.5)
    assert narrowed((-4.0, 4.0), steps, np.minimum(steps, 1.0)) == (-4.0, 2.0)
    assert narrowed((-1.0, 1.0), steps, steps) == (-1.0, 1.0)
    assert narrowed((-4.0, 4.0), steps, -steps) is None


def test_one_traversal_serves_both() -> None:
    engine = FakeEngine(entangled(), curvature=0.1)

    def score(latents: np.ndarray) -> np.ndarray:
        return engine.run(latents, outputs=("scores",))["scores"]

    wide = traverse(score, BASES, engine.directions, steps=STEPS)
    inner = Traversal(wide.steps[1:-1], wide.scores[:, :, 1:-1], wide.feasible[:, :, 1:-1], ())
    again = rescore(score, BASES, engine.directions, np.ones(3), steps=INNER)
    np.testing.assert_allclose(effects(inner, np.ones(3)).matrix, again.matrix, atol=1e-6)


def test_locks_stop_what_leaks_through_the_directions() -> None:
    engine = FakeEngine(entangled())

    def slopes(locked: tuple[int, ...]) -> np.ndarray:
        score = lambda z: engine.run(z, outputs=("scores",))["scores"]  # noqa: E731
        return rescore(score, BASES, engine.directions, np.ones(3), locked=locked).slopes

    found = leakage(slopes(()), slopes((0, 1, 2)))
    cosines = np.abs(engine.directions.T @ engine.directions)
    assert found.free == pytest.approx(cosines[~np.eye(3, dtype=bool)].mean(), abs=1e-4)
    assert found.locked < 1e-4
    assert found.low <= found.ratio <= found.high


def test_mean_leakage_leaves_the_diagonal_out() -> None:
    assert mean_leakage(np.array([[9.0, 0.2], [-0.4, 9.0]])) == pytest.approx(0.3)
    assert mean_leakage(np.array([[9.0, 0.2], [np.nan, 9.0]])) == pytest.approx(0.2)

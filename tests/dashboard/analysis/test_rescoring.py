import numpy as np
import pytest
from support.fake_engine import FakeEngine

from dashboard.analysis.directions import cosine_matrix
from dashboard.analysis.inference import quantiles
from dashboard.analysis.pins import apply_pins, on_sphere
from dashboard.analysis.rescoring import TOGETHER, effects_of_slopes, resampled_means, rescore

ENTANGLED = np.array([[1.0, 0.4, 0.0], [0.0, 1.0, 0.0], [-0.3, 0.0, 1.0]])
BASES = np.random.RandomState(0).randn(12, 128)


def directions_of(size=128, count=3, shared=0.6):
    random = np.random.RandomState(1)
    columns = random.randn(size, count) + shared * random.randn(size, 1)
    return columns / np.linalg.norm(columns, axis=0)


def scorer_of(engine):
    return lambda latents: engine.run(latents, outputs=("scores",))["scores"]


def test_r_is_the_slope_that_the_scores_were_made_with():
    engine = FakeEngine(directions_of(), entanglement=ENTANGLED, binary=[False, True, False])
    deviations = np.array([0.5, 2.0, 1.0])
    found = rescore(scorer_of(engine), BASES, engine.directions, deviations)
    np.testing.assert_allclose(found.matrix, engine.slopes().T / deviations, atol=1e-4)
    assert found.infeasible == ()
    assert found.slopes.shape == (12, 3, 3)
    assert abs(found.matrix[0, 2] - found.matrix[2, 0]) > 0.1, "the matrix is not symmetric"


def test_the_curve_of_a_score_is_averaged_out_by_the_even_steps():
    engine = FakeEngine(directions_of(), curvature=0.2)
    with_curve = rescore(scorer_of(engine), BASES, engine.directions, np.ones(3))
    expected = [
        [np.polyfit([-2, -1, 0, 1, 2], traversal_scores(engine, base, i), 1)[0] for i in range(3)] for base in BASES
    ]
    np.testing.assert_allclose(with_curve.slopes, expected, atol=1e-4)
    np.testing.assert_allclose(with_curve.matrix, np.mean(expected, axis=0), atol=1e-4)


def traversal_scores(engine, base, attribute):
    """Compute one face at a time, in the simplest form."""
    direction = engine.directions[:, [attribute]]
    latents = [apply_pins(on_sphere(base), direction, [value]) for value in (-2, -1, 0, 1, 2)]
    return np.concatenate([engine.run(np.asarray([z], np.float32), outputs=("scores",))["scores"] for z in latents])


def test_locked_attributes_stay_where_each_base_has_them():
    engine = FakeEngine(directions_of(shared=1.0))
    seen = []

    def score(latents):
        seen.append(latents)
        return scorer_of(engine)(latents)

    free = rescore(scorer_of(engine), BASES, engine.directions, np.ones(3))
    held = rescore(score, BASES, engine.directions, np.ones(3), locked=[1])
    assert abs(free.matrix[0, 1]) > 0.3
    np.testing.assert_allclose(held.matrix[[0, 2], 1], 0, atol=1e-5)
    np.testing.assert_allclose(held.matrix[1], free.matrix[1], atol=1e-6)
    faces = np.concatenate(seen).reshape(12, 3, 5, 128)
    own = on_sphere(BASES) @ engine.directions[:, 1]
    np.testing.assert_allclose(
        faces[:, [0, 2]] @ engine.directions[:, 1], np.tile(own[:, None, None], (1, 2, 5)), atol=1e-4
    )


def test_the_interval_is_that_of_the_mean_over_bases():
    """With a given noise level the interval is 1.96 standard errors to either side, and contains the true value."""
    bases, noise, directions = np.random.RandomState(5).randn(80, 128), np.random.default_rng(6), directions_of()
    found = rescore(lambda z: z @ directions + noise.normal(size=(len(z), 3)), bases, directions, np.ones(3))
    error = found.slopes.std(axis=0, ddof=1) / np.sqrt(80)
    np.testing.assert_allclose(found.high - found.low, 2 * 1.96 * error, rtol=0.2)
    # Noise of deviation 1 at five steps gives slopes of deviation 1 / sqrt(10).
    np.testing.assert_allclose(error, 1 / np.sqrt(10 * 80), rtol=0.3)
    truth = cosine_matrix(directions)
    assert ((found.low <= truth) & (truth <= found.high)).sum() >= 7
    assert ((found.low < found.matrix) & (found.matrix < found.high)).all()


def test_the_interval_is_the_same_each_time():
    engine = FakeEngine(directions_of(), noise=1.0)
    first, second = (rescore(scorer_of(engine), BASES, engine.directions, np.ones(3), seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.low, second.low)
    np.testing.assert_array_equal(first.high, second.high)


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_resampled_means_are_those_of_the_bases_drawn_one_by_one(missing):
    """Against a loop over the same draws, with and without unknown slopes."""
    random = np.random.default_rng(4)
    slopes = random.normal(size=(30, 2, 3))
    slopes[random.random(slopes.shape) < missing] = np.nan
    mean, means = resampled_means(slopes, resamples=40, seed=9)
    np.testing.assert_allclose(mean[0], np.nanmean(slopes, axis=0), rtol=1e-12)
    drawn = np.random.default_rng(9).multinomial(30, np.full(30, 1 / 30), 40)
    for counts, found in zip(drawn, means, strict=True):
        np.testing.assert_allclose(found, np.nanmean(np.repeat(slopes, counts, axis=0), axis=0), rtol=1e-12)
    low, high = quantiles(means, (0.025, 0.975))
    np.testing.assert_array_equal([low, high], np.nanquantile(means, (0.025, 0.975), axis=0))
    plain = effects_of_slopes(slopes)
    np.testing.assert_allclose(plain.matrix, mean[0], rtol=1e-12)


def test_another_judge_may_have_other_scores():
    engine = FakeEngine(directions_of())
    found = rescore(lambda z: z.astype(float) @ engine.directions[:, [0, 0]] * [1, 2], BASES, engine.directions, [1, 1])
    assert found.matrix.shape == (3, 2)
    np.testing.assert_allclose(found.matrix[:, 1], 2 * found.matrix[:, 0])


def test_infeasible_steps_are_marked_and_count_in_no_slope():
    directions = directions_of()
    nearly = directions[:, 0] + 0.05 * directions[:, 1]
    directions = np.column_stack([directions[:, 0], nearly / np.linalg.norm(nearly)])
    engine = FakeEngine(directions)
    bases = on_sphere(BASES[:4])
    found = rescore(scorer_of(engine), bases, directions, np.ones(2), names=["Gray_Hair", "Silver"], locked=[0])
    assert found.infeasible
    assert all(step.attribute == 1 and "Gray_Hair and Silver" in step.reason for step in found.infeasible)
    for row, base in enumerate(bases):
        absent = {step.value for step in found.infeasible if step.base == row}
        # Silver for what is left of it beside Gray_Hair, by the formula for two pins
        cosine, own = directions[:, 0] @ directions[:, 1], base @ directions[:, 0]
        room = np.sqrt((1 - cosine**2) * (128 - own**2))
        assert absent == {value for value in (-2.0, -1.0, 0.0, 1.0, 2.0) if abs(value - cosine * own) > room}
        finite = np.isfinite(found.slopes[row, 1])
        assert finite.all() == (5 - len(absent) >= 2)
        if finite.all():
            np.testing.assert_allclose(found.slopes[row, 1], [0, 1], atol=1e-4)
    np.testing.assert_allclose(found.matrix[1], np.nanmean(found.slopes[:, 1], axis=0))


def test_an_attribute_that_never_moves_has_no_effect_to_tell():
    directions = np.column_stack([directions_of()[:, 0]] * 2)
    found = rescore(lambda z: z @ directions, BASES[:3], directions, np.ones(2), locked=[0])
    assert len(found.infeasible) >= 3 * 4
    assert np.isnan(found.matrix[1]).all()
    assert np.isnan(found.low[1]).all()
    assert np.isfinite(found.matrix[0]).all()


def test_progress_is_reported_and_batches_are_bounded():
    engine, reports = FakeEngine(directions_of()), []
    rescore(scorer_of(engine), BASES, engine.directions, np.ones(3), batch=7, progress=lambda *n: reports.append(n))
    assert reports == [(15 * TOGETHER, 180), (180, 180)]
    assert max(engine.runs) == 7
    assert engine.runs == [7] * 17 + [1] + [7] * 8 + [4], "bases are scored together"


def test_what_progress_raises_ends_the_work():
    engine = FakeEngine(directions_of())

    def cancel(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        rescore(scorer_of(engine), BASES, engine.directions, np.ones(3), progress=cancel)
    assert sum(engine.runs) == 15 * TOGETHER


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"bases": np.zeros((0, 128))}, r"Expected bases \(B, L\)"),
        ({"deviations": [1, 0, 1]}, "above 0"),
        ({"steps": (1, 1)}, "two different steps"),
    ],
)
def test_what_cannot_be_measured_is_refused(change, sentence):
    arguments = {"bases": BASES, "directions": directions_of(), "deviations": np.ones(3)} | change
    with pytest.raises(ValueError, match=sentence):
        rescore(lambda z: np.zeros((len(z), 3)), **arguments)

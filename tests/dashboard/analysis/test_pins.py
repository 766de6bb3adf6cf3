import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from dashboard.analysis.pins import apply_pins, coordinates, coordinates_from_gram, on_sphere, spare_vector
from dashboard.errors import PinError


def generator_sees(z):
    """Apply PG-GAN's latent normalisation, as in the published network."""
    return z / np.sqrt(np.mean(z**2) + 1e-8)


def random_directions(random, size, count, shared=0.0):
    """Draw unit columns; with `shared` above 0 they correlate with one common vector, as attributes of faces do."""
    columns = random.randn(size, count) + shared * random.randn(size, 1)
    return columns / np.linalg.norm(columns, axis=0)


def reachable(directions, values, size):
    """Scale values down until they are well inside the sphere."""
    norm2 = values @ np.linalg.solve(directions.T @ directions, values)
    return values * min(1.0, 0.9 * np.sqrt(size / max(norm2, 1e-12)))


@st.composite
def pinned_faces(draw, sizes=(6, 32, 512)):
    """Return (z0, directions of the pins, values): well-conditioned directions, feasible values."""
    size = draw(st.sampled_from(sizes))
    count = draw(st.integers(1, min(8, size - 2)))
    random = np.random.RandomState(draw(st.integers(0, 2**32 - 1)))
    directions = random_directions(random, size, count, draw(st.sampled_from([0.0, 1.0, 3.0])))
    values = np.array(draw(st.lists(st.floats(-4, 4), min_size=count, max_size=count)))
    return on_sphere(random.randn(size)), directions, reachable(directions, values, size)


@given(pinned_faces())
def test_pinned_coordinates_hold_and_the_norm_is_kept(face):
    z0, directions, values = face
    z = apply_pins(z0, directions, values)
    np.testing.assert_allclose(z @ z, len(z0), rtol=1e-9)
    np.testing.assert_allclose(coordinates(generator_sees(z), directions), values, atol=1e-5)


@given(pinned_faces(), st.randoms(use_true_random=False))
def test_the_order_of_edits_does_not_matter(face, random):
    z0, directions, values = face
    order = list(range(len(values)))
    random.shuffle(order)
    np.testing.assert_allclose(
        apply_pins(z0, directions[:, order], values[order]), apply_pins(z0, directions, values), atol=1e-8
    )


@settings(max_examples=15)
@given(pinned_faces(sizes=(6,)))
def test_it_is_the_nearest_latent_a_numerical_optimiser_finds(face):
    z0, directions, values = face
    z = apply_pins(z0, directions, values)
    constraints = [
        {"type": "eq", "fun": lambda x: x @ directions - values, "jac": lambda x: directions.T},
        {"type": "eq", "fun": lambda x: x @ x - len(z0), "jac": lambda x: 2 * x},
    ]
    found = []
    for start in np.random.RandomState(1).randn(6, len(z0)):
        result = minimize(
            lambda x: np.sum((x - z0) ** 2), start, jac=lambda x: 2 * (x - z0), method="SLSQP", constraints=constraints
        )
        if np.abs(result.x @ directions - values).max() < 1e-6 and abs(result.x @ result.x - len(z0)) < 1e-6:
            found.append(result.fun)
    assert found, "the optimiser reached no feasible point, so it judges nothing"
    np.testing.assert_allclose(np.sum((z - z0) ** 2), min(found), atol=1e-4)


@settings(max_examples=40)
@given(pinned_faces())
def test_no_other_latent_with_these_coordinates_is_nearer(face):
    z0, directions, values = face
    z = apply_pins(z0, directions, values)
    others = [apply_pins(other, directions, values) for other in np.random.RandomState(2).randn(8, len(z0))]
    assert all(np.linalg.norm(z - z0) <= np.linalg.norm(other - z0) + 1e-9 for other in others)


@given(pinned_faces(sizes=(32, 512)))
def test_locking_moves_nothing(face):
    z0, directions, _ = face
    shown = coordinates(z0, directions)
    np.testing.assert_allclose(apply_pins(z0, directions, shown), z0, atol=1e-9)
    locked = apply_pins(z0, directions, np.round(shown, 4))
    weakest = np.linalg.svd(directions, compute_uv=False).min()
    # Each value moves by at most half of the fourth decimal; the sphere at most doubles what follows from that.
    assert np.linalg.norm(locked - z0) <= 2 * 5e-5 * np.sqrt(len(shown)) / weakest


def test_locking_what_drifted_changes_no_pinned_face_either():
    random = np.random.RandomState(5)
    z0, directions = on_sphere(random.randn(512)), random_directions(random, 512, 6, 1.0)
    smiling = apply_pins(z0, directions[:, :1], [2.2])
    held = [2.2, *coordinates(smiling, directions)[1:3]]
    np.testing.assert_allclose(apply_pins(z0, directions[:, :3], held), smiling, atol=1e-9)


def test_a_base_off_the_sphere_would_move_when_locked_so_coordinates_are_those_on_it():
    random = np.random.RandomState(6)
    drawn, directions = random.randn(512) * 1.05, random_directions(random, 512, 3)
    seen = generator_sees(drawn)
    from_raw = apply_pins(drawn, directions, coordinates(drawn, directions))
    from_sphere = apply_pins(drawn, directions, coordinates(on_sphere(drawn), directions))
    assert np.abs(from_raw - seen).max() > 1e-3
    np.testing.assert_allclose(from_sphere, seen, atol=1e-6)


def test_without_pins_the_base_is_untouched():
    z0 = np.random.RandomState(1000).randn(512)
    np.testing.assert_array_equal(apply_pins(z0, np.zeros((512, 0)), []), z0)


def test_on_sphere_is_what_the_generator_sees_and_leaves_zero_alone():
    drawn = np.random.RandomState(7).randn(5, 512) * np.array([[0.1], [1], [3], [10], [100]])
    for latent, mapped in zip(drawn, on_sphere(drawn), strict=True):
        np.testing.assert_allclose(mapped, generator_sees(latent), rtol=1e-5)
        np.testing.assert_allclose(generator_sees(mapped), mapped, rtol=1e-7)
    np.testing.assert_array_equal(on_sphere(np.zeros(512)), np.zeros(512))


@pytest.mark.parametrize("inside", ["inside the span", "zero"])
def test_a_base_without_a_remainder_takes_the_fixed_vector(inside):
    random = np.random.RandomState(8)
    directions = random_directions(random, 64, 4, 1.0)
    z0 = on_sphere(directions @ [1.0, -2.0, 0.5, 3.0]) if inside == "inside the span" else np.zeros(64)
    z = apply_pins(z0, directions, [1.0, 0.0, -1.0, 2.0])
    np.testing.assert_allclose(z, apply_pins(spare_vector(64), directions, [1.0, 0.0, -1.0, 2.0]), atol=1e-9)
    np.testing.assert_allclose(z @ directions, [1.0, 0.0, -1.0, 2.0], atol=1e-9)
    np.testing.assert_allclose(z @ z, 64)


def test_the_fixed_vector_is_the_same_everywhere():
    spare = spare_vector(512)
    assert spare @ spare == pytest.approx(512)
    np.testing.assert_allclose(
        spare[:3] / spare[0], np.array([1.76405235, 0.40015721, 0.97873798]) / 1.76405235, atol=1e-8
    )


def test_a_model_that_does_not_normalise_is_not_rescaled():
    random = np.random.RandomState(9)
    z0, directions = random.randn(32) * 2, random_directions(random, 32, 3)
    z = apply_pins(z0, directions, [9.0, -9.0, 0.0], normalised=False)
    np.testing.assert_allclose(z @ directions, [9.0, -9.0, 0.0], atol=1e-9)
    basis = np.linalg.qr(directions)[0]
    np.testing.assert_allclose(z - basis @ (basis.T @ z), z0 - basis @ (basis.T @ z0), atol=1e-9)


@settings(max_examples=50)
@given(pinned_faces(), st.booleans())
def test_coordinates_follow_from_the_gram_matrix_alone(face, normalised):
    z0, directions, values = face
    size, count = directions.shape
    everything = np.hstack([directions, random_directions(np.random.RandomState(3), size, 3)])
    sphere = size if normalised else None
    for base in (z0, np.zeros(size), on_sphere(directions @ np.ones(count))):
        from_gram = coordinates_from_gram(
            everything.T @ everything,
            coordinates(base, everything),
            float(base @ base),
            range(count),
            values,
            sphere,
            coordinates(spare_vector(size), everything),
        )
        expected = coordinates(apply_pins(base, directions, values, normalised), everything)
        np.testing.assert_allclose(from_gram, expected, atol=1e-6)


def test_without_pins_the_gram_gives_the_base_on_the_sphere():
    random = np.random.RandomState(10)
    drawn, directions = random.randn(512), random_directions(random, 512, 4)
    gram, s0, spare = directions.T @ directions, drawn @ directions, np.zeros(4)
    shown = coordinates_from_gram(gram, s0, float(drawn @ drawn), [], [], 512, spare)
    np.testing.assert_allclose(shown, coordinates(on_sphere(drawn), directions))
    np.testing.assert_allclose(coordinates_from_gram(gram, s0, float(drawn @ drawn), [], [], None, spare), s0)
    np.testing.assert_array_equal(coordinates_from_gram(gram, np.zeros(4), 0.0, [], [], 512, spare), np.zeros(4))


def test_dependent_pins_that_agree_hold_by_least_squares():
    random = np.random.RandomState(11)
    z0, directions = on_sphere(random.randn(512)), random_directions(random, 512, 3)
    twice = np.hstack([directions, directions[:, :1]])
    z = apply_pins(z0, twice, [1.0, 0.5, -0.5, 1.04])
    np.testing.assert_allclose(z @ directions, [1.02, 0.5, -0.5], atol=1e-9)
    np.testing.assert_allclose(z @ z, 512)


def test_dependent_pins_that_disagree_are_named():
    random = np.random.RandomState(12)
    z0, directions = on_sphere(random.randn(512)), random_directions(random, 512, 4)
    between = (directions[:, 0] + directions[:, 1]) / np.linalg.norm(directions[:, 0] + directions[:, 1])
    everything = np.hstack([directions, between[:, None]])
    names = ["Bald", "Hat", "Male", "Young", "Smiling"]
    with pytest.raises(PinError, match="cannot hold together: Bald, Hat, Smiling") as caught:
        apply_pins(z0, everything, [1.0, 1.0, 2.0, -2.0, -1.0], names=names)
    assert caught.value.pins == ("Bald", "Hat", "Smiling")
    with pytest.raises(PinError):
        apply_pins(z0, everything, [1.0, 1.0, 2.0, -2.0, -1.0], normalised=False, names=names)


def test_the_tolerance_of_dependent_pins_is_half_a_step():
    random = np.random.RandomState(13)
    z0, direction = on_sphere(random.randn(512)), random_directions(random, 512, 1)
    twice = np.hstack([direction, direction])
    apply_pins(z0, twice, [1.0, 1.0499])
    with pytest.raises(PinError, match="point the same way"):
        apply_pins(z0, twice, [1.0, 1.0501])
    with pytest.raises(PinError, match="point in opposite directions"):
        apply_pins(z0, np.hstack([direction, -direction]), [1.0, 1.0])


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 1, 0, 2], [2, 0, 3, 1]])
def test_pins_out_of_reach_are_named_with_the_largest_feasible_value(order):
    random = np.random.RandomState(14)
    z0, directions = on_sphere(random.randn(512)), random_directions(random, 512, 3)
    silver = directions[:, 0] + 0.02 * random_directions(random, 512, 1)[:, 0]
    directions = np.hstack([directions, (silver / np.linalg.norm(silver))[:, None]])
    values, names = np.array([4.0, 1.0, -1.0, 2.0]), np.array(["Gray_Hair", "Male", "Young", "Silver"])
    with pytest.raises(PinError) as caught:
        apply_pins(z0, directions[:, order], values[order], names=list(names[order]))
    error = caught.value
    assert error.pins == ("Gray_Hair", "Silver")
    assert "Gray_Hair and Silver point the same way (cosine 1.00)" in str(error)
    assert error.limit is not None
    assert f"Gray_Hair at most {error.limit:.4f} while the others hold. Received: 4.0000" in str(error)
    values[0] = error.limit
    z = apply_pins(z0, directions, values)
    np.testing.assert_allclose(z @ directions, values, atol=1e-6)
    values[0] += 2e-4
    with pytest.raises(PinError):
        apply_pins(z0, directions, values)


def test_one_pin_outside_the_sphere():
    direction = np.eye(4)[:, :1]
    with pytest.raises(
        PinError, match=r"Hat is out of reach. Expected Hat at least -2.0000. Received: -2.5000"
    ) as caught:
        apply_pins(np.array([0.0, 2.0, 0.0, 0.0]), direction, [-2.5], names=["Hat"])
    assert caught.value.limit == -2.0
    np.testing.assert_allclose(apply_pins(np.array([0.0, 2.0, 0.0, 0.0]), direction, [-2.0]), [-2, 0, 0, 0], atol=1e-7)


def test_pins_that_fix_the_whole_latent_have_to_lie_on_the_sphere():
    base = np.array([1.0, -1.0, 1.0])
    np.testing.assert_allclose(apply_pins(base, np.eye(3), [1.0, 1.0, -1.0]), [1.0, 1.0, -1.0])
    with pytest.raises(PinError, match="no freedom") as caught:
        apply_pins(base, np.eye(3), [0.5, 0.5, 0.5], names=["a", "b", "c"])
    assert (caught.value.pins, caught.value.limit) == (("a", "b", "c"), None)

import hashlib
import struct
import tracemalloc
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.pins import coordinates, on_sphere
from dashboard.errors import FaceError, NotFound, PinError
from dashboard.faces.bases import base_latent, latent_hash, latent_of, seed_latent, seed_latents, slerp
from dashboard.faces.face import Average, Face, Mix, Seed, Stored, parse

LATENT = np.random.RandomState(1).randn(512)
HASH = latent_hash(LATENT)


def library(latents):
    return {latent_hash(latent): latent for latent in latents}.get


def model(normalised=True, size=512, count=4) -> Any:
    """Return the parts of a model that latents need; its directions are correlated, as for faces."""
    random = np.random.RandomState(0)
    columns = random.randn(size, count) + random.randn(size, 1)
    return SimpleNamespace(
        config=SimpleNamespace(latent_size=size, normalize_latents=normalised),
        attributes=tuple(SimpleNamespace(name=name) for name in ("Smiling", "Male", "Young", "Bald")[:count]),
        names=("Smiling", "Male", "Young", "Bald")[:count],
        directions=columns / np.linalg.norm(columns, axis=0),
        extra_directions=None,
        w=None,
        size=size,
        normalised=normalised,
        points=lambda z, label=None: on_sphere(z) if normalised else z,
    )


def test_seeds_are_numpys_rows_wherever_they_are_drawn():
    """Literal numbers, so that another version of NumPy, or another machine, cannot change a link's face."""
    np.testing.assert_allclose(
        seed_latent(1000, 83, 512)[:4], [0.19493825, 0.92704367, 1.30155851, -0.71154282], atol=5e-9
    )
    np.testing.assert_allclose(seed_latent(1000, 0, 512)[:3], [-0.8044583, 0.32093155, -0.02548288], atol=5e-9)


@pytest.mark.parametrize(("seed", "row", "size"), [(4217, 0, 512), (1000, 83, 512), (5, 1500, 7), (2**32 - 1, 513, 3)])
def test_a_row_is_the_row_of_the_whole_draw(seed, row, size):
    np.testing.assert_array_equal(seed_latent(seed, row, size), np.random.RandomState(seed).randn(row + 1, size)[row])


def test_a_far_row_needs_no_more_memory_than_a_block():
    tracemalloc.start()
    seed_latent(77, 9999, 512)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6e6  # all the rows together are 41 MB


def test_a_drawn_latent_cannot_be_altered_for_the_next_reader():
    with pytest.raises(ValueError):
        seed_latent(1, 0, 512)[0] = 0


def test_bases_lie_on_the_sphere_where_the_model_normalises():
    drawn = np.random.RandomState(9).randn(512)
    np.testing.assert_allclose(base_latent(Seed(9), 512), drawn * np.sqrt(512 / (drawn @ drawn)))
    np.testing.assert_array_equal(base_latent(Seed(9), 512, normalised=False), drawn)
    for text in ("1:mix(1,2,0.3)", "1:avg(1,2,3,4)", "1:mix(avg(1,2),mix(3,4,0.5),0.9)"):
        z = base_latent(parse(text).base, 512)
        assert z @ z == pytest.approx(512)


@given(st.integers(0, 1000), st.integers(1001, 2000), st.floats(0, 1))
def test_a_mix_follows_the_great_circle_at_even_speed(first, second, t):
    a, b = base_latent(Seed(first), 64), base_latent(Seed(second), 64)
    z = slerp(a, b, t)
    whole = np.arccos(a @ b / 64)
    assert z @ z == pytest.approx(64)
    assert np.arccos(np.clip(a @ z / 64, -1, 1)) == pytest.approx(t * whole, abs=1e-6)


@pytest.mark.parametrize("normalised", [True, False])
def test_a_mix_is_the_slerp_of_its_bases(normalised):
    a, b = (base_latent(Seed(seed), 64, normalised=normalised) for seed in (1, 2))
    mixed = base_latent(Mix(Seed(1), Seed(2), 0.3), 64, normalised=normalised)
    np.testing.assert_allclose(mixed, slerp(a, b, 0.3), atol=1e-12)


def test_the_ends_of_a_mix_are_its_bases():
    a, b = base_latent(Seed(1), 512), base_latent(Seed(2), 512)
    np.testing.assert_allclose(slerp(a, b, 0), a)
    np.testing.assert_allclose(slerp(a, b, 1), b, atol=1e-12)
    np.testing.assert_allclose(slerp(a, a, 0.3), a)
    np.testing.assert_allclose(slerp(np.zeros(512), b, 0.5), b / 2)


def test_an_average_is_the_mean_put_back_on_the_sphere():
    members = np.array([base_latent(Seed(seed), 512) for seed in (1, 2, 3)])
    np.testing.assert_allclose(
        base_latent(Average((Seed(1), Seed(2), Seed(3))), 512), on_sphere(members.mean(axis=0)), atol=1e-12
    )
    drawn = np.array([seed_latent(seed, 0, 512) for seed in (1, 2)])
    np.testing.assert_allclose(base_latent(Average((Seed(1), Seed(2))), 512, normalised=False), drawn.mean(axis=0))


def test_stored_latents_come_by_their_hash():
    np.testing.assert_allclose(base_latent(Stored(HASH), 512, library([LATENT])), on_sphere(LATENT))


def test_the_hash_of_a_latent_is_that_of_its_float32_bytes():
    bytes_of_it = struct.pack("<4f", 0, 1, 2, 3)
    assert latent_hash(np.arange(4)) == hashlib.sha256(bytes_of_it).hexdigest()[:32]
    assert latent_hash(LATENT) == latent_hash(LATENT.astype(np.float32)) == latent_hash(LATENT.astype(">f8"))
    assert str(Face(Stored(HASH))) == "1:latent~27a28409b4c3fb901902ba7120066fad"


@pytest.mark.parametrize("stored", [None, library([])])
def test_a_latent_that_is_not_here_is_not_found(stored):
    with pytest.raises(NotFound, match=f"no stored latent {HASH}"):
        base_latent(Mix(Seed(1), Stored(HASH), 0.5), 512, stored)


@pytest.mark.parametrize("broken", [np.zeros(256), np.zeros((1, 512)), np.full(512, np.nan)])
def test_a_stored_latent_of_another_shape_is_refused(broken):
    with pytest.raises(FaceError, match="512 finite numbers"):
        base_latent(Stored(HASH), 512, lambda _: broken)


def test_opposite_faces_have_no_path_between_them_and_no_middle():
    opposite = Stored(latent_hash(-LATENT))
    pair = (Stored(HASH), opposite)
    with pytest.raises(FaceError, match="two opposite ones"):
        base_latent(Mix(*pair, 0.5), 512, library([LATENT, -LATENT]))
    with pytest.raises(FaceError, match="cancel out"):
        base_latent(Average(pair), 512, library([LATENT, -LATENT]))


def test_a_zero_latent_stays_zero():
    """Result of Streamlit's formula with all sliders in the middle."""
    zero = np.zeros(512)
    np.testing.assert_array_equal(base_latent(Stored(latent_hash(zero)), 512, library([zero])), zero)


@pytest.mark.parametrize("normalised", [True, False])
def test_the_latent_of_a_face_has_its_pins(normalised):
    one = model(normalised)
    z = latent_of(parse("1:4217;Young=-1.5;Smiling=2.2"), one)
    np.testing.assert_allclose(coordinates(z, one.directions)[[0, 2]], [2.2, -1.5], atol=1e-9)
    assert bool(z @ z == pytest.approx(512)) is normalised
    np.testing.assert_array_equal(latent_of(parse("1:4217"), one), base_latent(Seed(4217), 512, normalised=normalised))


@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize("text", ["1:4217", "1:1000.83;Smiling=3", "1:mix(1,2,0.3);Male=-2;Young=1"])
def test_locking_a_face_does_not_move_it(normalised, text):
    """The rule of the page: a lock pins the displayed value, with four decimals."""
    one = model(normalised)
    face = parse(text)
    z = latent_of(face, one)
    shown = coordinates(z, one.directions)
    locked = Face(face.base, tuple(zip(("Smiling", "Male", "Young", "Bald"), shown, strict=True)))
    weakest = np.linalg.svd(one.directions, compute_uv=False).min()
    assert np.linalg.norm(latent_of(locked, one) - z) < 2 * 5e-5 * 2 / weakest  # |z| is 22.6


def test_what_the_model_does_not_have_is_refused():
    with pytest.raises(FaceError, match="Received: Hat"):
        latent_of(parse("1:4;Hat=1"), model())
    with pytest.raises(PinError) as caught:
        latent_of(parse("1:4;Male=3;Smiling=-3"), model(size=9))
    assert caught.value.pins == ("Male", "Smiling")


def test_rows_drawn_together_are_those_drawn_alone():
    faces = [parse(f"1:{text}") for text in ("7", "7.3", "7.513", "7.1200", "9.1", "mix(1,2,0.5)")]
    drawn = seed_latents(faces, 16)
    assert sorted(drawn) == [(7, 0), (7, 3), (7, 513), (7, 1200), (9, 1)]
    for (seed, row), latent in drawn.items():
        np.testing.assert_array_equal(latent, seed_latent(seed, row, 16))

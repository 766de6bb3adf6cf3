"""Ticks, bands and signs: one face in twenty has a sign, for any number of pinned rows."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import binom

from dashboard.components.slider_row import ends_words
from dashboard.faces.expected import level_of, ticks
from dashboard.faces.face import parse
from training.measure.curves import GRID, curves
from training.pinning import pin_rows

SIZE, NAMES = 64, ("Linear", "Step", "Wide")
DIRECTIONS = np.eye(SIZE)[:, :3]


def read(latents: np.ndarray) -> np.ndarray:
    """Return a linear score, a step that ends at 1, and one whose spread grows with its coordinate."""
    s, noise = latents[:, :3], latents[:, 3:6]
    found = np.stack([
        0.8 * s[:, 0] + 0.6 * noise[:, 0],
        np.clip(2 * s[:, 1], -2, 2) + 0.3 * noise[:, 1],
        s[:, 2] + np.exp(s[:, 2] / 4) * noise[:, 2],
    ], axis=1)  # fmt: skip
    return found[:, None, :]


@pytest.fixture(scope="module")
def fitted():
    return curves(read, NAMES, DIRECTIONS, (0, 1, 2), np.ones((1, 3)), faces=600, seed=1)


@pytest.fixture
def model(fitted):
    config = SimpleNamespace(latent_size=SIZE, normalize_latents=True)
    return SimpleNamespace(
        names=NAMES,
        directions=DIRECTIONS,
        column=NAMES.index,
        config=config,
        w=None,
        normalised=True,
        size=SIZE,
        extra_directions=None,
    )


@pytest.mark.parametrize("index", range(3))
@pytest.mark.parametrize("middle", [-3.0, -1.0, 0.0, 1.0, 3.0])
def test_of_faces_with_one_pin_one_in_twenty_lies_outside_by_attribute_and_bin(fitted, index, middle):
    n, random = 2000, np.random.RandomState(7 + index)
    at = random.uniform(middle - 0.5, middle + 0.5, n)
    latents, _ = pin_rows(random.randn(n, SIZE), DIRECTIONS[:, [index]], at[:, None])
    score = read(latents)[:, 0, index]
    low, high = fitted.band(NAMES[index], at, level_of(1))
    outside = int(((score < low) | (score > high)).sum())
    # Fifteen bins: inside the 99.9 % limits of the binomial, plus the error of bands from 3,000 faces.
    least, most = binom.ppf([0.0005, 0.9995], n, [0.05 - 0.01, 0.05 + 0.01])
    assert least <= outside <= most


def test_the_level_of_a_row_is_that_of_all_pins_together():
    for k in (1, 3, 14):
        assert 1 - (1 - level_of(k)) ** k == pytest.approx(0.05)


def test_a_sign_is_for_pinned_rows_only_and_the_tick_stands_on_the_scale_of_the_slider(fitted, model):
    expected = {name: float(fitted.expected_at(name, 1.5)) for name in NAMES}
    pinned = parse("1:3;Linear=1.5")
    calm = ticks(pinned, model, fitted, expected)
    assert calm["Linear"]["at"] == pytest.approx(1.5, abs=0.01)
    assert calm["Linear"]["low"] < 1.5 < calm["Linear"]["high"]
    assert not calm["Linear"]["outside"]
    far = ticks(pinned, model, fitted, dict.fromkeys(NAMES, -9.0))
    assert [far[name]["outside"] for name in NAMES] == [True, False, False]
    assert far["Step"]["at"] == pytest.approx(-1.0, abs=0.3)  # saturated from here on
    untouched = ticks(parse("1:3"), model, fitted, dict.fromkeys(NAMES, 9.0))
    assert not any(tick["outside"] for tick in untouched.values())
    assert GRID[0] <= min(tick["low"] for tick in untouched.values())


def test_where_a_score_has_ended_the_row_says_so_calmly():
    assert ends_words({"ends": (-0.5, 4.0), "kind": "binary"}) == ["none below −0.5"]
    assert ends_words({"ends": (-2.25, 1.0), "kind": "continuous"}) == ["no change below −2.25", "no change above +1"]
    assert ends_words({"ends": (-4.0, 4.0), "kind": "binary"}) == []
    assert ends_words({"name": "Smiling"}) == []

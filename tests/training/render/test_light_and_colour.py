"""Light, colours, backgrounds, masks, textures: pure functions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from training.render import colours, lighting, surfaces
from training.render.background import paint
from training.render.geometry import light_view, rotation, smoothstep, sphere_directions, unit
from training.render.kit import Kit
from training.render.looks import choose_brow, choose_lash, choose_skins
from training.render.masks import head_masks
from training.render.person import sample_person

PERSON = sample_person(np.random.default_rng(12))


def test_even_surroundings_light_every_normal_alike() -> None:
    harmonics = lighting.irradiance(np.full((256, 3), 0.7))
    for x, y, z in sphere_directions(20):
        terms = [1, y, z, x, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y]
        np.testing.assert_allclose(np.array(terms) @ harmonics, 0.7, atol=0.03)


def test_the_key_light_stands_where_the_labels_say() -> None:
    lamps = [
        lighting.light(replace(PERSON, light_x=x, light_y=y), np.full(3, 0.5)) for x, y in ((-1, 0), (1, 0), (0, 1))
    ]
    assert lamps[0].key[0] < -0.5 < 0.5 < lamps[1].key[0]
    assert lamps[2].key[1] > lamps[1].key[1] + 0.4


def test_a_bright_background_is_bright_and_smooth() -> None:
    means: list[float] = []
    for value in (0.0, 0.5, 1.0):
        _, picture = paint(replace(PERSON, background=value))
        means.append(float(picture.mean()))
        assert np.abs(np.diff(picture.astype(int), axis=0)).max() < 12
    assert means[0] + 40 < means[1] < means[2] - 40


def test_darker_skin_is_darker() -> None:
    tones = [colours.skin_tone(replace(PERSON, skin_darkness=value)).mean() for value in (0.0, 0.3, 0.6, 1.0)]
    assert tones == sorted(tones, reverse=True)


def test_hair_has_the_colour_it_is_called_by() -> None:
    black, blond, gray = (
        colours.hair_root(replace(PERSON, hair_mix=tuple(np.eye(5)[index]), hair_brightness=0.0)) for index in (0, 2, 4)
    )
    assert black.max() < 0.02
    assert blond[0] > 1.5 * blond[2]
    np.testing.assert_allclose(gray, gray[0])


def test_linear_light_and_palettes() -> None:
    np.testing.assert_allclose(colours.to_linear([0, 0.5, 1]), [0, 0.214, 1], atol=1e-3)
    np.testing.assert_allclose(colours.along(np.eye(3), 0.25), [0.5, 0.5, 0])
    np.testing.assert_allclose(colours.along(np.eye(3), 9), [0, 0, 1])


def test_geometry() -> None:
    turn = rotation(0.3, -0.2, 0.1)
    np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-6)
    np.testing.assert_allclose(rotation(yaw=np.pi / 2) @ [0, 0, 1], [1, 0, 0], atol=1e-6)
    np.testing.assert_allclose(rotation(pitch=np.pi / 2) @ [0, 0, 1], [0, -1, 0], atol=1e-6)
    np.testing.assert_allclose(smoothstep(0, 2, [-1, 1, 3]), [0, 0.5, 1])
    assert smoothstep(1, 0, 0.1) > 0.9
    np.testing.assert_allclose(unit([0, 0, 0]), 0)
    view = light_view((1, 2, 3), (0, 7, 0), 2.0)
    np.testing.assert_allclose(view @ [0, 7, 0, 1], [0, 0, 0, 1], atol=1e-5)
    assert (view @ [1, 9, 3, 1])[2] < 0  # nearer to the light


def test_masks_lie_where_they_are_named_after(real_kit: Kit) -> None:
    points = {
        "lips": (0.0, 6.63, 1.57),
        "beard": (0.2, 6.3, 1.4),
        "moustache": (0.15, 6.74, 1.5),
        "scalp": (0.0, 8.2, 0.2),
        "shadow": (0.32, 7.36, 1.4),
        "blush": (0.5, 6.97, 1.2),
        "under_eye": (0.32, 7.14, 1.4),
        "plain": (0.3, 6.95, 1.3),
    }
    for name, point in points.items():
        assert head_masks(np.array(point))[name] > 0.3, name
    everywhere = head_masks(real_kit.rest)
    assert all(0 <= mask.min() <= mask.max() <= 1.5 for mask in everywhere.values())
    assert everywhere["lips"][real_kit.rest[:, 1] > 7].max() == 0


def test_noise_tiles_and_is_evenly_spread() -> None:
    noise = surfaces.noise_picture(64).astype(int)
    np.testing.assert_allclose(np.histogram(noise[..., 1], 4, (0, 256))[0] / 4096, 0.25, atol=0.02)
    seam = np.abs(noise[:, 0, 2] - noise[:, -1, 2]).mean()
    assert seam < 3 * np.abs(np.diff(noise[..., 2], axis=1)).mean()


def test_hair_without_a_texture_gets_strands(small_kit: Kit) -> None:
    picture = surfaces.strand_picture(small_kit.parts["long01"].mesh, 128)
    assert picture.shape == (128, 128, 4)
    opaque = picture[..., 3] > 128
    assert 0.02 < opaque.mean() < 1
    assert picture[..., 0][opaque].std() > 5


def test_skins_brows_and_lashes_suit_the_person() -> None:
    names = ("old_darkskinned_female", "old_lightskinned_male", "young_lightskinned_female", "young_lightskinned_male")
    layers, shares = choose_skins(names, replace(PERSON, gender=0.0, age=20.0, skin_darkness=0.1))
    assert 2.0 in layers
    assert sum(shares) == pytest.approx(1)
    assert choose_skins(names[:1], PERSON)[0] == (0.0, 0.0)
    bushy = replace(PERSON, gender=1.0, bushy_eyebrows=1.0, arched_eyebrows=0.0)
    assert choose_brow(("eyebrow006", "eyebrow007", "eyebrow009"), bushy) == "eyebrow009"
    assert choose_brow((), PERSON) is None
    assert choose_brow(("other",), PERSON) == "other"
    assert choose_lash((), PERSON) is None
    assert choose_lash(("one",), PERSON) == "one"

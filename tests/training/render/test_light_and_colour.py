"""Light, colours, backgrounds, masks, textures: pure functions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from training.render import colours, lighting, surfaces
from training.render.background import paint
from training.render.geometry import Array, light_view, rotation, smoothstep, unit
from training.render.kit import Kit
from training.render.looks import choose_brow, choose_lash, choose_skins
from training.render.masks import head_masks
from training.render.person import sample_person
from training.render.surroundings import HEIGHT, WIDTH, Surroundings

PERSON = sample_person(np.random.default_rng(12))


EVEN = Surroundings(np.ones((1, HEIGHT, WIDTH, 3), np.float32))


def lit(surroundings: Surroundings, position: float = 0.0, turn: float = 0.0) -> Array:
    """Return irradiance over pi along the axes +x, -x, +y, -y, +z, -z: (6, 3)."""
    axes = np.vstack([sign * axis for axis in np.eye(3) for sign in (1, -1)]).reshape(6, 3)
    return lighting.polynomials(axes).T @ lighting.irradiance(*surroundings.radiance(position, turn))


def test_even_surroundings_light_every_normal_alike() -> None:
    np.testing.assert_allclose(lit(EVEN), 1, atol=0.02)


def test_what_stands_behind_lights_from_behind_and_from_its_side() -> None:
    panorama = np.zeros((1, HEIGHT, WIDTH, 3), np.float32)
    panorama[0, 24:40, 4:12] = 10.0  # behind the person, a little to the picture's right
    room = Surroundings(panorama)
    right, left, up, down, front, back = lit(room)[:, 1]
    assert back > 3 * max(front, 0)
    assert right > left
    assert up == pytest.approx(down, abs=0.02)
    seen = room.behind(0.0, 0.0, 30)[..., 0]
    assert seen[:, 15:].mean() > seen[:, :15].mean() + 10
    turned = room.behind(0.0, 45.0, 30)[..., 0]
    assert turned[:, :15].mean() > turned[:, 15:].mean()
    assert lit(room, turn=45.0)[1, 1] > lit(room, turn=45.0)[0, 1], "light and backdrop turn together"


def test_neighbouring_surroundings_are_blended() -> None:
    both = Surroundings(np.stack([np.full((HEIGHT, WIDTH, 3), value, np.float32) for value in (1.0, 3.0)]))
    means = [lit(both, position).mean() for position in (0.0, 0.5, 1.0)]
    np.testing.assert_allclose(means, [1, 2, 3], atol=0.05)


def test_the_key_light_stands_where_the_labels_say() -> None:
    lamps = [
        lighting.light(replace(PERSON, light_x=x, light_y=y), np.full(3, 0.5), EVEN)
        for x, y in ((-1, 0), (1, 0), (0, 1))
    ]
    assert lamps[0].key[0] < -0.5 < 0.5 < lamps[1].key[0]
    assert lamps[2].key[1] > lamps[1].key[1] + 0.4


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_backdrop_has_its_persons_colour_and_is_smooth(axis: int) -> None:
    rng = np.random.default_rng(2)
    room = Surroundings(rng.gamma(1.0, 1.0, (2, HEIGHT, WIDTH, 3)).astype(np.float32))
    found: list[float] = []
    for amount in (-12.0, 0.0, 12.0):
        colour = np.array([50.0, 2.0, 4.0])
        colour[axis] += amount
        _, picture = paint(replace(PERSON, backdrop=tuple(colour), backdrop_detail=1.0), room)
        lab = colours.linear_to_lab(colours.to_linear(picture / 255.0)).reshape(-1, 3).mean(0)
        np.testing.assert_allclose(lab, colour, atol=3)
        found.append(lab[axis])
        assert np.abs(np.diff(picture.astype(int), axis=0)).max() < 16
    np.testing.assert_allclose(np.diff(found), 12, atol=2)


def test_lab_goes_there_and_back() -> None:
    linear = np.random.default_rng(0).random((40, 3))
    np.testing.assert_allclose(colours.lab_to_linear(colours.linear_to_lab(linear)), linear, atol=1e-6)
    np.testing.assert_allclose(colours.linear_to_lab(np.ones(3)), [100, 0, 0], atol=0.05)
    np.testing.assert_allclose(colours.to_srgb(colours.to_linear(linear)), linear, atol=1e-4)


def test_darker_skin_is_darker() -> None:
    tones = [colours.skin_tone(replace(PERSON, skin_darkness=value)).mean() for value in (0.0, 0.3, 0.6, 1.0)]
    assert tones == sorted(tones, reverse=True)


def test_hair_has_the_colour_of_its_numbers() -> None:
    plain = replace(PERSON, hair_redness=0.0, gray=0.0, age=60.0)
    black, blond, red, gray = (
        colours.hair_root(replace(plain, **{"melanin": 0.0, **change}))  # type: ignore[arg-type]
        for change in ({"melanin": 1.0}, {}, {"hair_redness": 1.0, "melanin": 0.5}, {"gray": 1.0})
    )
    assert black.max() < 0.02
    assert blond[0] > 1.5 * blond[2]
    assert red[0] > 3 * red[1]
    np.testing.assert_allclose(gray, gray[0], rtol=0.06)
    young, old = (colours.brow_colour(replace(plain, gray=value, melanin=0.8), np.zeros(3)) for value in (0.0, 1.0))
    assert old.min() > 3 * young.max(), "brows turn gray, too"


def test_linear_light_and_palettes() -> None:
    np.testing.assert_allclose(colours.to_linear([0, 0.5, 1]), [0, 0.214, 1], atol=1e-3)
    np.testing.assert_allclose(colours.interpolate(np.eye(3), 0.25), [0.5, 0.5, 0])
    np.testing.assert_allclose(colours.interpolate(np.eye(3), 9), [0, 0, 1])


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
        "folds": (0.245, 6.83, 1.35),
        "spots": (0.38, 7.0, 1.3),
        "nostrils": (0.085, 6.875, 1.5),
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

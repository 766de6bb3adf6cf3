"""The shape of heads: morph weights, framing, and the effect of each shape attribute."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from training.render import head as heads
from training.render.camera import DOWN, EYES, MOUTH
from training.render.geometry import Array
from training.render.glasses import build_glasses
from training.render.head import Head, shape_head
from training.render.kit import Kit
from training.render.mesh import neighbour_blur
from training.render.morphs import macro_weights, target_weights
from training.render.person import Person, sample_person
from training.render.shapes import AGEING, ASYMMETRIES, FEMININE, HOUSE_STYLE, INDIVIDUAL, SHAPE_ATTRIBUTES


def person(seed: int = 3, **changes: Any) -> Person:
    straight: dict[str, Any] = {"yaw": 0.0, "pitch": 0.0, "shoulders": (0.0, 0.0)}
    return replace(sample_person(np.random.default_rng(seed)), **straight | changes)


TURNS: tuple[dict[str, Any], ...] = ({}, {"yaw": 25.0}, {"pitch": 10.0})


def shaped(kit: Kit, who: Person) -> Head:
    return shape_head(kit, neighbour_blur(kit.body.morph_quads, len(kit.positions)), who)


def in_picture(kit: Kit, head: Head, rest: tuple[float, float, float]) -> Array:
    """Return the position of a landmark: 0 to 1 from the left and from the top."""
    x, y = head.camera.project(head.camera.posed(heads.landmark(kit, head, rest)))
    return np.array([(x + 1) / 2, (1 - y) / 2])


def test_macro_weights_of_each_kind_add_up_to_one() -> None:
    for seed in range(5):
        weights = macro_weights(person(seed))
        ancestry = sum(value for name, value in weights.items() if "universal" not in name)
        universal = sum(value for name, value in weights.items() if "universal" in name)
        assert ancestry == pytest.approx(1)
        assert universal == pytest.approx(1)


def test_target_weights_are_a_persons_own(small_kit: Kit) -> None:
    assert target_weights(small_kit.targets, person(4)) == target_weights(small_kit.targets, person(4))
    assert target_weights(small_kit.targets, person(4)) != target_weights(small_kit.targets, person(5))


def test_the_tables_name_modifiers_that_exist(real_kit: Kit) -> None:
    for table in (*SHAPE_ATTRIBUTES.values(), AGEING, FEMININE, HOUSE_STYLE, INDIVIDUAL):
        assert set(table) <= set(real_kit.targets.modifiers)
    sides = {f"asym/asym-{name}-{side}" for name in ASYMMETRIES for side in "lr"}
    assert sides <= set(real_kit.targets.names)


def test_every_face_is_aligned_as_in_celeba_hq(real_kit: Kit) -> None:
    found: list[list[float]] = []
    for seed in range(24):
        head = shaped(real_kit, sample_person(np.random.default_rng([11, seed])))
        left, right, lips = head.camera.project(
            head.camera.posed(np.stack([head.left_eye, head.right_eye, head.mouth]))
        )
        across, down = left - right, lips - (left + right) / 2
        np.testing.assert_allclose((left + right) / 2 + DOWN * down, 0, atol=1e-5)  # the picture's centre
        parallel = across - np.array([down[1], -down[0]])
        assert parallel[1] == pytest.approx(0, abs=1e-5)
        assert max(EYES * np.hypot(*across), MOUTH * np.hypot(*down)) == pytest.approx(1, abs=1e-4)
        found.append([*(left + right) / 2, *lips])
    assert np.std(found, 0).max() < 0.035, "eyes and mouth stand at the same position in every picture"


def test_the_procedural_head_is_framed_too(small_kit: Kit) -> None:
    head = shaped(small_kit, person())
    chin, hairline = (in_picture(small_kit, head, rest)[1] for rest in (heads.CHIN, heads.HAIRLINE))
    assert 0.45 < chin - hairline < 0.9


def test_positive_angles_turn_as_the_labels_say(real_kit: Kit) -> None:
    ahead, right, down = (shaped(real_kit, person(**turn)) for turn in TURNS)

    def nose_from_eyes(head: Head) -> Array:
        eyes = head.camera.project(head.camera.posed((head.left_eye + head.right_eye) / 2))
        nose = head.camera.project(head.camera.posed(heads.landmark(real_kit, head, (0.0, 6.909, 1.68))))
        return nose - eyes

    assert nose_from_eyes(right)[0] > nose_from_eyes(ahead)[0] + 0.05
    assert nose_from_eyes(down)[1] < nose_from_eyes(ahead)[1] - 0.02


@pytest.mark.parametrize(
    ("feature", "one", "other", "measure"),
    [
        ("big_nose", (0.14, 6.9, 1.5), (-0.14, 6.9, 1.5), 0),
        ("big_lips", (0.0, 6.72, 1.57), (0.0, 6.4884, 1.5565), 1),
        ("chubby", (0.55, 6.75, 1.0), (-0.55, 6.75, 1.0), 0),
    ],
)
def test_a_feature_moves_what_it_is_named_after(
    real_kit: Kit, feature: str, one: tuple[float, float, float], other: tuple[float, float, float], measure: int
) -> None:
    def width(value: float) -> float:
        head = shaped(real_kit, replace(person(smiling=0.0, mouth_open=0.0, pout=0.0), **{feature: value}))
        return float(heads.landmark(real_kit, head, one)[measure] - heads.landmark(real_kit, head, other)[measure])

    small, middle, big = width(-1.0), width(0.0), width(1.0)
    assert small < middle < big
    assert big > small * 1.15


def test_eyes_look_at_the_camera(real_kit: Kit) -> None:
    part = real_kit.parts["eyes"]
    left_half = part.fit(real_kit.positions)[part.mesh.source][:, 0] > 0
    who = person(yaw=25.0)
    head = shaped(real_kit, who)
    points, normals, centres = heads.fit_eyes(part, head, who, left_half)
    rest = part.fit(head.positions)[part.mesh.source]
    np.testing.assert_allclose(
        np.linalg.norm(points - centres, axis=1), np.linalg.norm(rest - centres, axis=1), atol=1e-3
    )
    iris = (rest - centres)[:, 2] > 0.13  # the front of the eyeballs
    turned = (head.camera.head @ (points - centres)[iris].mean(0))[0]
    still = (head.camera.head @ (rest - centres)[iris].mean(0))[0]
    assert abs(turned) < abs(still)
    assert normals.shape == points.shape


def test_glasses_stand_before_the_eyes_and_reach_the_ears(real_kit: Kit) -> None:
    head = shaped(real_kit, person())
    marks = heads.glasses_marks(real_kit, head)
    glasses = build_glasses(person(), marks)
    points, normals, triangles = glasses.frame
    assert triangles.max() < len(points) == len(normals)
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-5)
    lenses = glasses.lenses[0]
    assert lenses[:, 2].min() > max(eye[2] for eye in marks.eyes)
    for eye in marks.eyes:
        inside = lenses[np.sign(lenses[:, 0]) == np.sign(eye[0])]
        assert inside[:, 0].min() < eye[0] < inside[:, 0].max()
        assert inside[:, 1].min() < eye[1] < inside[:, 1].max()
    assert points[:, 2].min() < marks.ears[0][2] + 0.1

"""The procedural head of the tests has the form that the renderer expects, and its targets match their names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.head_surface import EYE, MOUTH_CORNER, SUBNASAL, VERTICES, base_mesh
from support.head_targets import Displacements, targets

MESH = base_mesh()
POINTS = MESH.vertices
MOVES = dict(targets(POINTS))


def nearest(x: float, y: float, z: float) -> int:
    return int(((POINTS[:13380] - [x, y, z]) ** 2).sum(1).argmin())


def test_the_names_are_makehumans(makehuman_assets: Path) -> None:
    folder = makehuman_assets / "data/targets"
    real = {path.relative_to(folder).as_posix().removesuffix(".target") for path in folder.rglob("*.target")}
    head = MESH.head()
    assert {name for name, d in MOVES.items() if (abs(d[head]) >= 0.001).any()} == real


def test_the_numbering_is_makehumans() -> None:
    assert POINTS.shape == (VERTICES, 3)
    np.testing.assert_allclose(POINTS[SUBNASAL], [0, 6.77, 1.56], atol=0.06)
    np.testing.assert_allclose(POINTS[MOUTH_CORNER], [0.288, 6.61, 1.40], atol=0.06)
    np.testing.assert_allclose(POINTS[14598:14670].mean(0), EYE, atol=1e-3)
    np.testing.assert_allclose(POINTS[14670:14742].mean(0), EYE * [-1, 1, 1], atol=1e-3)


def test_the_surface_faces_outwards() -> None:
    quads = MESH.groups["body"][0]
    corners = POINTS[quads]
    normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    face = (abs(corners[:, :, 1].mean(1) - 7.8) < 0.2) & (corners[:, :, 2].mean(1) > 1)
    assert face.sum() > 50
    assert (normal[face, 2] > 0).all()


@pytest.mark.parametrize(
    ("name", "point", "axis", "sign"),
    [
        ("expression/units/caucasian/mouth-corner-puller", (0.28, 6.61, 1.4), 1, 1),
        ("expression/units/african/mouth-corner-puller", (-0.28, 6.61, 1.4), 0, -1),
        ("expression/units/asian/mouth-open", (0, 6.5, 1.5), 1, -1),
        ("expression/units/asian/eye-left-closure", (0.3, 7.36, 1.43), 1, -1),
        ("expression/units/asian/eyebrows-right-up", (-0.3, 7.5, 1.4), 1, 1),
        ("nose/nose-scale-depth-incr", (0, 6.95, 1.66), 2, 1),
        ("nose/nose-scale-depth-decr", (0, 6.95, 1.66), 2, -1),
        ("mouth/mouth-trans-in", (0, 6.65, 1.5), 0, -1),
        ("ears/l-ear-wing-incr", (0.85, 7.25, 0.42), 0, 1),
        ("chin/chin-width-incr", (0.3, 6.3, 1.3), 0, 1),
        ("head/head-scale-vert-incr", (0, 8.3, 0.9), 1, 1),
        ("macrodetails/universal-male-old-maxmuscle-maxweight", (0.5, 6.9, 1.15), 0, 1),
    ],
)
def test_a_target_does_what_its_name_says(name: str, point: tuple[float, float, float], axis: int, sign: int) -> None:
    assert MOVES[name][nearest(*point), axis] * sign > 0.01


def test_one_side_moves_alone_and_lids_leave_the_eyeball() -> None:
    left = MOVES["expression/units/caucasian/eye-left-closure"]
    assert not left[POINTS[:, 0] < 0].any()
    assert not left[14598:14742].any()
    assert MOVES["eyes/l-eye-trans-up"][14598:14670, 1].min() > 0


def test_the_upper_lip_stays_when_the_mouth_opens() -> None:
    moves = MOVES["expression/units/caucasian/mouth-open"]
    assert not moves[POINTS[:, 1] > 6.611].any()
    assert Displacements(POINTS).weight("jawdrop")[nearest(0, 6.5, 1.5)] > 0.3

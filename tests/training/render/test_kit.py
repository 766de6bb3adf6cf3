"""The asset folder as arrays: what is required, what may be missing, how parts follow the body."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from training.render.errors import KitError
from training.render.geometry import unit
from training.render.kit import HEAD, MOUTH, SOCKET, TORSO, Kit, load_kit, morph


@pytest.fixture
def own_assets(small_assets: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_assets, tmp_path / "kit"))


def test_the_kit_holds_a_head_with_all_its_regions(small_kit: Kit) -> None:
    assert set(np.unique(small_kit.regions)) == {HEAD, MOUTH, SOCKET, TORSO}
    left, right = (small_kit.positions[eye].mean(0) for eye in small_kit.eyes)
    assert left[0] > 0 > right[0]
    np.testing.assert_allclose(left * [-1, 1, 1], right, atol=1e-3)
    assert small_kit.hair == ("long01", "short02")


def test_render_vertices_keep_their_morph_vertices(small_kit: Kit) -> None:
    body = small_kit.body
    np.testing.assert_array_equal(body.source[body.quads], body.morph_quads)
    assert body.triangles.max() < len(body.source)


def test_normals_are_of_length_one_and_point_outwards(small_kit: Kit) -> None:
    normals = small_kit.body.normals(small_kit.positions)[small_kit.body.source]
    head = (small_kit.regions == HEAD) & (np.abs(normals).sum(1) > 0)
    np.testing.assert_allclose(np.linalg.norm(normals[head], axis=1), 1, atol=1e-4)
    outwards = unit(small_kit.rest[head] - np.array([0, 7.2, 0.5]))
    assert ((normals[head] * outwards).sum(1) > 0).mean() > 0.9


def test_parts_move_with_the_body(small_kit: Kit) -> None:
    step = np.array([0.3, -0.2, 0.1], np.float32)
    for part in small_kit.parts.values():
        moved = part.fit(small_kit.positions + step) - part.fit(small_kit.positions)
        np.testing.assert_allclose(moved, np.broadcast_to(step, moved.shape), atol=1e-4)


def test_the_offsets_of_parts_grow_with_the_body(small_kit: Kit) -> None:
    part = small_kit.parts["long01"]
    whole = part.fit(small_kit.positions)
    np.testing.assert_allclose(part.fit(small_kit.positions * 2), whole * 2, atol=0.02)


def test_targets_add_up(small_kit: Kit) -> None:
    names = list(small_kit.targets.detail_column)[:2]
    macro = next(iter(small_kit.targets.macro_row))
    one = [morph(small_kit, {name: 1.0}) - small_kit.positions for name in (*names, macro)]
    both = morph(small_kit, {names[0]: 0.5, names[1]: 2.0, macro: -1.0}) - small_kit.positions
    np.testing.assert_allclose(both, 0.5 * one[0] + 2 * one[1] - one[2], atol=1e-4)
    assert all(np.abs(displacement).max() > 0 for displacement in one)


def test_unknown_targets_move_nothing(small_kit: Kit) -> None:
    np.testing.assert_array_equal(morph(small_kit, {"macrodetails/nothing": 1.0}), small_kit.positions)


def test_two_sided_modifiers_find_both_sides_and_both_directions(small_kit: Kit) -> None:
    modifiers = small_kit.targets.modifiers
    assert modifiers["nose/nose-scale-horiz-incr"].negative == ("nose/nose-scale-horiz-decr",)
    assert modifiers["eyes/eye-scale-incr"].positive == ("eyes/l-eye-scale-incr", "eyes/r-eye-scale-incr")
    assert modifiers["nose/nose-trans-up"].negative == ("nose/nose-trans-down",)
    assert modifiers["head/head-oval"].negative == ()
    assert not any(name.startswith(("asym", "expression", "macro")) for name in modifiers)


@pytest.mark.parametrize("missing", ["data/3dobjs/base.obj", "base/eyes/high-poly/high-poly.obj"])
def test_a_missing_required_file_is_named(own_assets: Path, missing: str) -> None:
    (own_assets / missing).unlink()
    with pytest.raises(KitError, match=missing):
        load_kit(own_assets)


def test_missing_macro_targets_are_named(own_assets: Path) -> None:
    shutil.rmtree(own_assets / "data" / "targets" / "macrodetails")
    with pytest.raises(KitError, match="macrodetails"):
        load_kit(own_assets)


def test_a_part_of_another_base_mesh_is_refused(own_assets: Path) -> None:
    path = own_assets / "base" / "hair" / "short02" / "short02.mhclo"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[-1] = "999999 " + lines[-1].split(maxsplit=1)[1]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(KitError, match=r"short02\.mhclo.*999999"):
        load_kit(own_assets)


def test_a_part_with_too_few_lines_is_refused(own_assets: Path) -> None:
    path = own_assets / "base" / "hair" / "short02" / "short02.mhclo"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:-1]), encoding="utf-8")
    with pytest.raises(KitError, match="vertex lines"):
        load_kit(own_assets)


def test_a_base_mesh_without_groups_is_refused(own_assets: Path) -> None:
    path = own_assets / "data" / "3dobjs" / "base.obj"
    path.write_text(path.read_text(encoding="utf-8").replace("g helper-l-eye\n", "g other\n"), encoding="utf-8")
    with pytest.raises(KitError, match="helper-l-eye"):
        load_kit(own_assets)

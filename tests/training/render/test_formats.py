"""Readers of MakeHuman's formats: valid files, and messages for invalid ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.render import formats
from training.render.errors import KitError

OBJ = "# a square and a triangle\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0.5\nvt 0 0\nvt 1 0\nvt 1 1\n"


def written(folder: Path, text: str, name: str = "file.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_obj_gives_quads_triangles_and_groups(tmp_path: Path) -> None:
    mesh = formats.read_obj(written(tmp_path, OBJ + "g body\nf 1/1 2/2 3/3 4/1\ng helper\nf 1/1/9 2/2/9 3/3/9\n"))
    np.testing.assert_allclose(mesh.positions[3], [0, 1, 0.5])
    assert mesh.faces.tolist() == [[0, 1, 2, 3], [0, 1, 2, 2]]
    assert mesh.face_uvs.tolist() == [[0, 1, 2, 0], [0, 1, 2, 2]]
    assert [mesh.groups[group] for group in mesh.face_groups] == ["body", "helper"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("f 1 2 3", "line 9"),
        ("f 1/1 2/2", "line 9"),
        ("f 1/1 2/2 3/3 4/1 1/1", "line 9"),
        ("f 1/1 2/2 9/3", "vertex numbers from 1 to 4"),
        ("f 1/1 2/2 0/3", "vertex numbers from 1 to 4"),
        ("f 1/1 2/2 3/8", "texture numbers from 1 to 3"),
        ("v 1 2 x\nf 1/1 2/2 3/3", "numbers after v and vt"),
        ("v 1 2\nf 1/1 2/2 3/3", "numbers after v and vt"),
        ("", "faces"),
    ],
)
def test_a_broken_obj_is_refused_by_name(tmp_path: Path, line: str, complaint: str) -> None:
    path = written(tmp_path, OBJ + line + "\n", "broken.obj")
    with pytest.raises(KitError, match=complaint) as caught:
        formats.read_obj(path)
    assert "broken.obj" in str(caught.value)


def test_a_mhclo_gives_both_kinds_of_vertices_and_its_scales(tmp_path: Path) -> None:
    text = "name x\nx_scale 5 6 1.5\nz_scale 7 8 2\nverts 0\nmaterial a.mhmat\n"
    text += "9\n1 2 3 .5 .25 .25 .1 .2 .3\ndelete_verts\n4\n"
    fitting = formats.read_mhclo(written(tmp_path, text))
    assert fitting.references.tolist() == [[9, 9, 9], [1, 2, 3]]
    np.testing.assert_allclose(fitting.weights, [[1, 0, 0], [0.5, 0.25, 0.25]])
    np.testing.assert_allclose(fitting.offsets, [[0, 0, 0], [0.1, 0.2, 0.3]])
    assert fitting.scales == ((5, 6, 1.5), None, (7, 8, 2.0))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x_scale 5 6\nverts 0\n1\n", "line 1"),
        ("x_scale 5 6 0\nverts 0\n1\n", "line 1"),
        ("verts 0\n1 2 3 .5\n", "line 2"),
        ("verts 0\n1 2 3 .5 .5 y\n", "line 2"),
        ("verts 0\n", "vertex lines"),
    ],
)
def test_a_broken_mhclo_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(KitError, match=complaint):
        formats.read_mhclo(written(tmp_path, text))


def test_a_target_gives_vertices_and_displacements(tmp_path: Path) -> None:
    target = formats.read_target(written(tmp_path, "# moves two\n7 .1 0 -.2\n\n12 0 1 0\n"))
    assert target.indices.tolist() == [7, 12]
    np.testing.assert_allclose(target.displacements, [[0.1, 0, -0.2], [0, 1, 0]])


def test_an_empty_target_moves_nothing(tmp_path: Path) -> None:
    assert formats.read_target(written(tmp_path, "# nothing\n")).displacements.shape == (0, 3)


@pytest.mark.parametrize("line", ["7 1 2", "7 1 2 3 4", "x 1 2 3", "7.5 1 2 3", "7 1 2 y", "-1 0 0 0", "7 1 2 3 # why"])
def test_a_broken_target_is_refused_by_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(KitError, match="line 2"):
        formats.read_target(written(tmp_path, f"1 0 0 0\n{line}\n"))


def test_a_missing_file_is_named_with_what_makes_it(tmp_path: Path) -> None:
    for read in (formats.read_obj, formats.read_mhclo, formats.read_target, formats.read_picture):
        with pytest.raises(KitError, match=r"nowhere\.x.*training assets"):
            read(tmp_path / "nowhere.x")


def test_files_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "1 0 0 0\n" * 40)
    monkeypatch.setattr(formats, "MAX_ELEMENTS", 20)
    with pytest.raises(KitError, match="at most 20"):
        formats.read_target(path)
    monkeypatch.setattr(formats, "MAX_BYTES", 100)
    with pytest.raises(KitError, match="at most 100 bytes"):
        formats.read_target(path)


def test_a_picture_is_rgb_and_not_something_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blue = np.zeros((4, 6, 4), np.uint8)
    blue[..., 0], blue[..., 3] = 200, 9
    cv2.imwrite(str(tmp_path / "blue.png"), blue)  # OpenCV writes BGRA
    assert formats.read_picture(tmp_path / "blue.png")[0, 0].tolist() == [0, 0, 200, 9]
    with pytest.raises(KitError, match="colour picture"):
        formats.read_picture(written(tmp_path, "no picture"))
    monkeypatch.setattr(formats, "MAX_SIDE", 5)
    with pytest.raises(KitError, match="at most 5 pixels"):
        formats.read_picture(tmp_path / "blue.png")

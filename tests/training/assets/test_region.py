"""Head, neck and shoulders: the rule of the vertices, and targets reduced to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.head_surface import HELPERS, base_mesh

from training.assets.region import VERTICES, head_vertices, keep_lines
from training.errors import TrainingError


def test_the_rule_finds_what_the_real_targets_move_and_no_more(makehuman_assets: Path) -> None:
    kept = head_vertices(makehuman_assets / "data/3dobjs/base.obj")
    moved = np.zeros(VERTICES, bool)
    for path in (makehuman_assets / "data/targets").rglob("*.target"):
        text = path.read_bytes()
        moved[[int(line.split(None, 1)[0]) for line in text.splitlines() if line[:1].isdigit()]] = True
        if path.parent.name == "neck":
            assert keep_lines(text, kept, path.name) == text
    assert kept.sum() == 7333
    np.testing.assert_array_equal(kept, moved)


def test_the_head_stays_and_the_body_goes(head_kit: Path) -> None:
    kept = head_vertices(head_kit / "data/3dobjs/base.obj")
    vertices = base_mesh().vertices
    body = np.arange(VERTICES) < HELPERS["helper-tongue"][0]
    assert kept[body & (vertices[:, 1] > 5) & (abs(vertices[:, 0]) < 2.2)].all()
    assert not kept[body & (vertices[:, 1] < 4.6)].any()
    for name, (first, last, _) in HELPERS.items():
        whole = name not in ("helper-tights", "helper-skirt", "helper-genital")
        assert kept[first:last].all() == whole
    np.testing.assert_array_equal(kept, base_mesh().head())


def test_lines_are_kept_byte_for_byte() -> None:
    kept = np.zeros(VERTICES, bool)
    kept[[3, 5]] = True
    text = b"# a comment \r\n3 .1 -.020 0\r\n4 1 1 1\r\n\r\n5\t0 0 0\n6 1 1 1"
    assert keep_lines(text, kept, "x") == b"# a comment \r\n3 .1 -.020 0\r\n\r\n5\t0 0 0\n"
    assert keep_lines(b"# a comment\n4 1 1 1\n", kept, "x") is None


@pytest.mark.parametrize("line", [b"3 .1 .2", b"19158 0 0 0", b"-1 0 0 0", b"mouth 0 0 0", b"3 0 0 0 0"])
def test_a_line_that_is_no_line_of_a_target_is_named(line: bytes) -> None:
    with pytest.raises(TrainingError, match=r"nose-up\.target, line 2"):
        keep_lines(b"1 0 0 0\n" + line + b"\n", np.zeros(VERTICES, bool), "nose-up.target")

"""Licence headers, git-lfs pointers and commits are read from the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.assets.checkouts import check_header, is_pointer, read_commit
from training.errors import TrainingError

RELEASED = b"""# This is a target file for MakeHuman
#
# This asset was explicitly released as CC0 in september 2020. The license
# text for CC0 can be found in the root of this repository.
#
# Copyright (C) 2020 Data Collection AB, https://www.datacollection.se
# basemesh hm08
"""
COMMIT, OTHER = "a8bc2d54" * 5, "8cf9645b" * 5


def test_a_cc0_header_passes() -> None:
    check_header(RELEASED + b"12 0 .1 0\n", "x.target")
    check_header(RELEASED.replace(b"released as CC0 in", b"released\n# as CC0 in") + b"v 0 0 0\n", "x.obj")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"# This file is licensed AGPLv3\n#\n# This file is part of MakeHuman\n12 0 .1 0\n", "licensed AGPLv3"),
        (
            RELEASED + b"# ... and for the rest the GNU General Public License holds\nv 0 0 0\n",
            "General Public License",
        ),
        (RELEASED.replace(b"CC0", b"CC-BY 4") + b"v 0 0 0\n", "CC-BY"),
        (b"# All rights reserved\n" + RELEASED, "All rights reserved"),
        (b"v 0 0 0\n" + RELEASED, "nothing of CC0"),
        (b"", "nothing of CC0"),
    ],
)
def test_any_other_header_is_refused_by_name(text: bytes, said: str) -> None:
    with pytest.raises(TrainingError, match=f"releases some.obj as CC0. Received: .*{said}"):
        check_header(text, "some.obj")


def test_real_headers_pass(makehuman_assets: Path) -> None:
    kinds = (".obj", ".mhclo", ".mhmat", ".target")
    texts = [path for path in makehuman_assets.rglob("*") if path.suffix in kinds]
    assert len(texts) > 570
    for path in texts:
        with path.open("rb") as stream:
            check_header(stream.read(4096), str(path))


def test_a_pointer_is_distinguished_from_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "hair.png"
    path.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    assert is_pointer(path)
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert not is_pointer(path)


def test_the_commit_is_read_from_where_git_keeps_it(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    assert read_commit(tmp_path) is None
    (git / "refs/heads").mkdir(parents=True)
    (git / "HEAD").write_text(COMMIT + "\n")
    assert read_commit(tmp_path) == COMMIT
    (git / "HEAD").write_text("ref: refs/heads/master\n")
    assert read_commit(tmp_path) is None
    (git / "packed-refs").write_text(
        f"# pack-refs with: peeled\n{OTHER} refs/heads/other\n{COMMIT} refs/heads/master\n"
    )
    assert read_commit(tmp_path) == COMMIT
    (git / "refs/heads/master").write_text(OTHER + "\n")
    assert read_commit(tmp_path) == OTHER
    (git / "refs/heads/master").write_text("garbage\n")
    assert read_commit(tmp_path) is None
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / ".git").write_text("gitdir: ../.git\n")
    (git / "HEAD").write_text(OTHER + "\n")
    assert read_commit(tree) == OTHER

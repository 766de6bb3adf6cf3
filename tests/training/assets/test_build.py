"""The asset folder is built completely or not at all, from CC0 files only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from support.head_textures import textures

from training.__main__ import main
from training.assets import build as build_module
from training.assets.build import MANIFEST, build
from training.assets.checkouts import Checkouts
from training.assets.selection import TARGET_COUNT, Piece
from training.assets.surroundings import LICENCE_IN_KIT
from training.errors import TrainingError
from training.render.kit import load_kit
from training.render.surroundings import NAME

BROW = "base/eyebrows/eyebrow001/eyebrow001"

ADDED = (NAME, LICENCE_IN_KIT)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def run(checkouts: Checkouts, panoramas: Path, out: Path, *more: str) -> str:
    options = ["--makehuman", checkouts.makehuman, "--makehuman-assets", checkouts.assets, "--out", out, *more]
    options += ["--surroundings", panoramas]
    result = CliRunner().invoke(main, ["assets", *map(str, options)])
    assert result.exit_code in (0, 2), result.exception
    return result.output


def test_it_has_the_files_of_a_kit_and_the_renderer_reads_it(built: Path, head_kit: Path) -> None:
    assert files(built) == files(head_kit) | {"README.md", MANIFEST, *ADDED}
    kit = load_kit(built)
    assert (len(kit.hair), len(kit.brows), len(kit.lashes)) == (10, 12, 4)
    assert {"eyes", "teeth", "tongue"} < set(kit.parts)


def test_text_is_verbatim_but_for_the_lines_of_other_vertices(
    built: Path, head_kit: Path, checkouts: Checkouts
) -> None:
    for name in sorted(files(head_kit)):
        if not name.endswith(".webp"):
            assert (built / name).read_bytes() == (head_kit / name).read_bytes(), name
    male = "data/targets/macrodetails/universal-male-old-maxmuscle-maxweight.target"
    whole = (checkouts.makehuman / "makehuman" / male).read_bytes()
    assert len(whole) > len((built / male).read_bytes())


def test_textures_are_the_head_chart_and_the_reduced_pictures(built: Path) -> None:
    drawn = textures()
    brows = [f"eyebrows/eyebrow{number:03d}/eyebrow{number:03d}" for number in (1, 12)]
    for name in ("skins/textures/middleage_darkskinned_female_diffuse", "hair/bob02/bob02_diffuse", *brows):
        with Image.open(built / f"base/{name}.webp") as picture:
            made = np.asarray(picture, float)
        wanted = drawn[name]().astype(float)
        assert made.shape == wanted.shape
        assert abs(made - wanted)[..., -1].mean() < 8, name  # blue, or alpha if there is one


def test_the_manifest_names_every_source(built: Path, checkouts: Checkouts) -> None:
    manifest = json.loads((built / MANIFEST).read_text())
    assert manifest["licence"] == "CC0-1.0"
    entries = manifest["files"]
    assert sum(entry["path"].endswith(".target") and bool(entry["sha256"]) for entry in entries) == TARGET_COUNT
    left_out = {entry["path"] for entry in entries if not entry["sha256"]}
    assert len(left_out) == 4
    assert all("averagemuscle-averageweight" in path for path in left_out)
    for entry in entries:
        repository, _, path = entry["source"].partition("/")
        root = checkouts.makehuman if repository == "makehuman" else checkouts.assets
        assert hashlib.sha256((root / path).read_bytes()).hexdigest() == entry["source_sha256"]
        if entry["sha256"]:
            assert hashlib.sha256((built / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]


def test_a_stopped_build_goes_on_and_leaves_no_half_folder(
    checkouts: Checkouts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: Path
) -> None:
    out, converted = tmp_path / "kit", []

    def convert(path: Path, side: int) -> bytes:
        converted.append(path.name)
        return (built / BROW).with_suffix(".webp").read_bytes()

    def stop_after_six(todo: list[Piece]) -> Iterator[Piece]:
        yield from todo[:6]
        raise KeyboardInterrupt

    monkeypatch.setattr(build_module, "convert", convert)
    with pytest.raises(KeyboardInterrupt):
        build(checkouts, out, stop_after_six)
    assert not out.exists()
    journal = next(tmp_path.glob(".kit.part/.journal*"))
    journal.write_text(journal.read_text() + '{"path": "base/ha')  # power was lost
    assert converted == ["eyebrow001.png"]
    (tmp_path / ".kit.part/base/stranger.obj").write_text("left by another build")
    build(checkouts, out, more=dict.fromkeys(ADDED, b""))
    assert sorted(converted) == sorted(path.with_suffix(".png").name for path in built.rglob("*.webp"))
    assert files(out) == files(built)
    assert files(tmp_path) == {f"kit/{name}" for name in files(out)}


def test_a_finished_folder_is_brought_up_to_date_with_what_changed(
    altered: Callable[[str, bytes | None], Checkouts],
    built: Path,
    checkouts: Checkouts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def convert(path: Path, side: int) -> bytes:
        pytest.fail(f"{path} was converted again")

    monkeypatch.setattr(build_module, "convert", convert)
    before = {name: (built / name).read_bytes() for name in files(built)}
    added = {name: before[name] for name in ADDED}
    build(checkouts, built, more=added)
    assert {name: (built / name).read_bytes() for name in files(built)} == before
    source = checkouts.assets / f"{BROW}.mhmat"
    changed = altered(f"makehuman-assets/{BROW}.mhmat", source.read_bytes() + b"shininess 0.5\n")
    copy = tmp_path / "kit"
    for name, data in before.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(data)
    build(changed, copy, more=added)
    assert {name for name in files(copy) if (copy / name).read_bytes() != before[name]} == {f"{BROW}.mhmat", MANIFEST}


def test_a_new_base_mesh_reduces_the_targets_anew(
    altered: Callable[[str, bytes | None], Checkouts], built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = "data/3dobjs/base.obj"
    text = (built / base).read_text()
    lower = "\n".join(_lowered(line) if line.startswith("v ") else line for line in text.split("\n"))
    changed = altered(f"makehuman/makehuman/{base}", lower.encode())
    monkeypatch.setattr(build_module, "convert", lambda path, side: b"RIFF")
    target = "data/targets/macrodetails/universal-male-old-maxmuscle-maxweight.target"
    for name in (MANIFEST, base, target):
        (tmp_path / "kit" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "kit" / name).write_bytes((built / name).read_bytes())
    build(changed, tmp_path / "kit")
    assert len((tmp_path / "kit" / target).read_bytes()) < len((built / target).read_bytes())


def _lowered(line: str) -> str:
    _, x, y, z = line.split()
    return f"v {x} {float(y) - 1:.4f} {z}"


def test_a_git_lfs_pointer_is_reported_with_what_to_do(
    altered: Callable[[str, bytes | None], Checkouts],
    built: Path,
    checkouts: Checkouts,
    panoramas: Path,
    tmp_path: Path,
) -> None:
    name = f"{BROW}.png"
    digest = hashlib.sha256((checkouts.assets / name).read_bytes()).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 12345\n"
    changed = altered(f"makehuman-assets/{name}", pointer.encode())
    said = run(changed, panoramas, tmp_path / "kit")
    assert "eyebrow001.png" in said
    assert "git lfs pull" in said
    assert not (tmp_path / "kit").exists()
    for folder in ("elsewhere/base/eyebrows/eyebrow001", "other/eyebrows/eyebrow001"):
        (tmp_path / folder).mkdir(parents=True)
    original = (checkouts.assets / name).read_bytes()
    (tmp_path / "elsewhere" / name).write_bytes(original)
    with_textures = Checkouts(changed.makehuman, changed.assets, tmp_path / "elsewhere")
    piece = next(piece for piece in build_module.pieces(changed.makehuman) if piece.path == f"{BROW}.webp")
    assert with_textures.find(piece) == tmp_path / "elsewhere" / name
    assert with_textures.lfs_oid(piece) == digest
    (tmp_path / "other/eyebrows/eyebrow001/eyebrow001.png").write_bytes(original)
    found = Checkouts(changed.makehuman, changed.assets, tmp_path / "other").find(piece)
    assert found == tmp_path / "other/eyebrows/eyebrow001/eyebrow001.png"


def test_textures_that_git_lfs_does_not_name_are_reported(
    altered: Callable[[str, bytes | None], Checkouts],
    checkouts: Checkouts,
    panoramas: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    changed = altered(f"makehuman-assets/{BROW}.png", pointer.encode())
    monkeypatch.setattr(build_module, "convert", lambda path, side: b"RIFF")
    said = run(changed, panoramas, tmp_path / "kit", "--textures", str(checkouts.assets))
    assert "1 textures are not the files that git-lfs names: makehuman-assets/base/eyebrows/eyebrow001" in said


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (
            f"makehuman-assets/{BROW}.mhclo",
            b"# This file is licensed AGPLv3\nverts 0\n",
            "This file is licensed AGPLv3",
        ),
        (f"makehuman-assets/{BROW}.mhclo", b"verts 0\n0\n", "nothing of CC0"),
        (f"makehuman-assets/{BROW}.mhclo", None, "no file"),
        ("makehuman-assets/LICENSE.txt", b"GNU AFFERO GENERAL PUBLIC LICENSE", "another text"),
        ("makehuman/LICENSE.ASSETS.md", None, "no such file"),
        ("makehuman/makehuman/data/3dobjs/base.obj", b"# released as CC0\nv 0 0 0\n", "base.obj"),
        (f"makehuman-assets/{BROW}.png", b"\x89PNG\r\n\x1a\n but not really", "eyebrow001.png"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_made(
    altered: Callable[[str, bytes | None], Checkouts],
    panoramas: Path,
    tmp_path: Path,
    name: str,
    data: bytes | None,
    expected: str,
) -> None:
    said = run(altered(name, data), panoramas, tmp_path / "kit")
    assert expected in said
    assert Path(name).name in said
    assert not (tmp_path / "kit").exists()


def test_a_folder_of_other_files_is_left_alone(checkouts: Checkouts, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(TrainingError, match="Received: other files"):
        build(checkouts, tmp_path)
    assert files(tmp_path) == {"letter.txt"}

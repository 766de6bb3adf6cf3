"""Data sets: shards, labels, resuming, several processes, stopping."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from training.render import dataset
from training.render.attributes import ATTRIBUTES, labels_of
from training.render.command import command
from training.render.contact import contact_sheet
from training.render.dataset import CACHE, VERSION, Plan, open_dataset, read_pictures, shard_path, write_shard
from training.render.errors import DatasetError
from training.render.workers import render_shards

PLAN = Plan(n=5, size=32, seed=9, render=256, styles=("bald", "buzz", "long01"), shard=2)
ROOT = Path(__file__).resolve().parents[3]


def run(assets: Path, out: Path, *extra: str) -> str:
    words = [
        "--assets",
        str(assets),
        "--out",
        str(out),
        "--faces",
        "5",
        "--seed",
        "9",
        "--size",
        "32",
        "--render",
        "256",
        "--shard",
        "2",
    ]
    result = CliRunner().invoke(command, [*words, *extra])
    assert result.exit_code == 0, result.output
    return result.output


def pictures_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("images-*.npy"))]


def test_labels_of_many_faces_are_those_of_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one", "many"):
        open_dataset(tmp_path / name, PLAN)
        monkeypatch.setattr(dataset, "PART", 2)
    one, many = ((tmp_path / name / "labels.csv").read_bytes() for name in ("one", "many"))
    assert one == many


def test_the_folder_says_what_it_holds_before_anything_is_drawn(tmp_path: Path) -> None:
    assert open_dataset(tmp_path, PLAN) == [0, 1, 2]
    description = json.loads((tmp_path / "dataset.json").read_text(encoding="utf-8"))
    assert (description["n"], description["size"], description["seed"], description["version"]) == (5, 32, 9, VERSION)
    assert [entry["name"] for entry in description["attributes"]] == [attribute.name for attribute in ATTRIBUTES]
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["index", *(attribute.name for attribute in ATTRIBUTES)]
    assert [row[0] for row in rows[1:]] == list("01234")
    np.testing.assert_allclose(np.array(rows[3][1:], float), labels_of(PLAN.person(2)), rtol=1e-4, atol=1e-6)


def test_whole_shards_are_kept_and_others_made_again(tmp_path: Path) -> None:
    open_dataset(tmp_path, PLAN)
    write_shard(tmp_path, 0, np.full((2, 32, 32, 3), 7, np.uint8))
    write_shard(tmp_path, 2, np.zeros((2, 32, 32, 3), np.uint8))  # too long: a plan of 6 faces had it
    shard_path(tmp_path, 1).write_bytes(b"cut off")
    (tmp_path / "images-00001.77.partial").write_bytes(b"left over")
    assert open_dataset(tmp_path, PLAN) == [1, 2]
    assert not list(tmp_path.glob("*.partial"))
    np.testing.assert_array_equal(read_pictures(tmp_path, PLAN, [1, 0]), 7)
    with pytest.raises(DatasetError, match="images-00003"):
        read_pictures(tmp_path, PLAN, [6])


def test_a_data_set_may_grow_and_nothing_else(tmp_path: Path) -> None:
    open_dataset(tmp_path, PLAN)
    from dataclasses import replace

    assert open_dataset(tmp_path, replace(PLAN, n=7)) == [0, 1, 2, 3]
    with pytest.raises(DatasetError, match="at least 7 faces"):
        open_dataset(tmp_path, PLAN)
    for change in ({"seed": 1}, {"size": 64}, {"render": 512}, {"shard": 3}, {"styles": ("buzz",)}):
        with pytest.raises(DatasetError, match=next(iter(change))):
            open_dataset(tmp_path, replace(PLAN, n=7, **change))
    path = tmp_path / "dataset.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "version": 1}), encoding="utf-8")
    with pytest.raises(DatasetError, match=r"Expected a data set of version 4 .* Received: version 1"):
        open_dataset(tmp_path, replace(PLAN, n=7))
    for text in ("[]", "{"):
        (tmp_path / "dataset.json").write_text(text, encoding="utf-8")
        with pytest.raises(DatasetError, match="description"):
            open_dataset(tmp_path, replace(PLAN, n=7))


@pytest.mark.usefixtures("renderer")
def test_faces_do_not_depend_on_the_number_of_processes_or_on_stops(
    small_assets: Path, small_cache: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    shutil.copytree(small_cache, one / CACHE)
    assert "5 faces of 32 x 32 pixels" in run(small_assets, one, "--processes", "1")
    shutil.copytree(small_cache, two / CACHE)
    run(small_assets, two, "--processes", "2")
    assert len(pictures_of(one)) == 3
    assert pictures_of(one) == pictures_of(two)
    assert (one / "labels.csv").read_bytes() == (two / "labels.csv").read_bytes()
    assert (one / "contact.png").read_bytes() == (two / "contact.png").read_bytes()
    shard_path(two, 1).unlink()
    kept = shard_path(two, 0).stat().st_mtime_ns
    run(small_assets, two, "--processes", "1")
    assert pictures_of(one) == pictures_of(two)
    assert shard_path(two, 0).stat().st_mtime_ns == kept
    assert len({face.tobytes() for face in read_pictures(one, PLAN, range(5))}) == 5


@pytest.mark.usefixtures("renderer")
def test_sigterm_stops_cleanly_and_keeps_whole_shards(small_assets: Path, small_cache: Path, tmp_path: Path) -> None:
    shutil.copytree(small_cache, tmp_path / CACHE)
    words = [
        "--assets",
        str(small_assets),
        "--out",
        str(tmp_path),
        "--faces",
        "4000",
        "--size",
        "32",
        "--render",
        "256",
        "--shard",
        "2",
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "training.render.command", *words, "--processes", "1"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 300
        while not shard_path(tmp_path, 1).exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=200)
    finally:
        process.kill()
    assert process.returncode == 2
    assert "the same command continues from here" in said
    assert "Traceback" not in said
    assert not list(tmp_path.glob("images*.partial"))
    whole = sorted(tmp_path.glob("images-*.npy"))
    assert len(whole) >= 2
    assert all(np.load(path, allow_pickle=False).shape == (2, 32, 32, 3) for path in whole)


def test_the_cause_of_a_stop_is_reported_and_signal_handlers_are_restored(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(DatasetError, match=r"base\.obj"):
        render_shards(tmp_path / "nothing", tmp_path, PLAN, [0, 1], 1, lambda _: None)
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_command_refuses_a_folder_without_assets(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        command, ["--assets", str(tmp_path), "--out", str(tmp_path / "o"), "--faces", "2", "--processes", "1"]
    )
    assert result.exit_code == 2
    assert "base.obj" in result.output
    assert not (tmp_path / "o").exists()


def test_a_contact_sheet_holds_faces_row_by_row() -> None:
    faces = [np.full((2, 2, 3), value, np.uint8) for value in (10, 20, 30)]
    sheet = contact_sheet(faces, columns=2)
    assert sheet[..., 0].tolist() == [[10, 10, 20, 20]] * 2 + [[30, 30, 0, 0]] * 2

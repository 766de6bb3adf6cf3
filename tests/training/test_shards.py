"""Rendered faces as batches."""

import json
from pathlib import Path

import numpy as np
import pytest

from training.errors import TrainingError
from training.shards import Faces, coarsen, open_shards, reduce


def write_faces(folder: Path, shards: list[np.ndarray]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps({"size": shards[0].shape[1]}))
    for i, shard in enumerate(shards):
        np.save(folder / f"images-{i:05d}.npy", shard)
    return folder


def numbered(n: int, size: int) -> np.ndarray:
    """Return faces that differ in their value, brighter on the left."""
    images = np.zeros((n, size, size, 3), np.uint8)
    images[:] = np.arange(n, dtype=np.uint8)[:, None, None, None] * 2
    images[:, :, : size // 2] += 1
    return images


def test_an_epoch_shows_every_face_once_half_of_them_mirrored(tmp_path: Path) -> None:
    images = numbered(96, 8)
    faces = Faces(write_faces(tmp_path / "d", [images[:40], images[40:]]), 8, 8, seed=3)
    batches = np.concatenate([faces.next()[0] for _ in range(12)])
    levels = np.rint((batches + 1) * 127.5).astype(int)
    assert sorted((levels.min(axis=(1, 2, 3)) // 2).tolist()) == list(range(96))
    mirrored = (levels[:, 0, 0, 0] < levels[:, 0, -1, 0]).mean()
    assert 0.3 < mirrored < 0.7
    assert batches.dtype == np.float32


def test_shards_that_appear_later_are_shown_from_the_next_epoch_on(tmp_path: Path) -> None:
    images = numbered(48, 8)
    folder = write_faces(tmp_path / "d", [images[:16]])
    (folder / "images-00000.npy").rename(folder / "images-00001.npy")
    faces = Faces(folder, 8, 8, seed=3)
    faces.next()
    np.save(folder / "images-00000.npy", images[16:32])  # the processes that render finish in any order
    np.save(folder / "images-00002.npy", images[32:])
    rest_and_epoch = np.concatenate([faces.next()[0] for _ in range(7)])
    levels = np.rint((rest_and_epoch + 1) * 127.5).astype(int).min(axis=(1, 2, 3)) // 2
    assert levels[:8].max() < 16
    assert sorted(levels[8:].tolist()) == list(range(48))


def test_codes_come_with_their_faces_whatever_shards_are_there(tmp_path: Path) -> None:
    images = numbered(48, 8)
    folder = write_faces(tmp_path / "d", [images[:16], images[16:32], images[32:]])
    (folder / "dataset.json").write_text(json.dumps({"size": 8, "shard": 16}))
    (folder / "images-00001.npy").unlink()
    faces = Faces(folder, 8, 8, seed=3, codes=np.arange(48, dtype=np.float32)[:, None])
    for _ in range(4):
        pictures, codes = faces.next()
        levels = np.rint((pictures + 1) * 127.5).astype(int)
        assert codes is not None
        assert np.array_equal(levels.min(axis=(1, 2, 3)) // 2, codes[:, 0])
        assert (levels[:, 0, 0, 0] > levels[:, 0, -1, 0]).all()  # none is mirrored


def test_with_codes_every_64th_face_is_left_out(tmp_path: Path) -> None:
    images = numbered(128, 8)
    folder = write_faces(tmp_path / "d", [images[:80], images[80:]])
    (folder / "dataset.json").write_text(json.dumps({"size": 8, "shard": 80}))
    faces = Faces(folder, 8, 9, seed=3, codes=np.arange(128, dtype=np.float32)[:, None])
    shown = np.concatenate([codes for _ in range(14) if (codes := faces.next()[1]) is not None])
    assert sorted(shown[:, 0].tolist()) == [n for n in range(128) if n not in (63, 127)]


def test_pictures_of_the_stored_size_stay_on_disk(tmp_path: Path) -> None:
    folder = write_faces(tmp_path / "d", [numbered(16, 8), numbered(16, 8)])
    stored, reduced = Faces(folder, 8, 8, seed=0), Faces(folder, 4, 8, seed=0)
    assert all(isinstance(shard.base, np.memmap) for shard in stored.shards)
    assert [shard.nbytes for shard in reduced.shards] == [16 * 4 * 4 * 3] * 2


def test_reduce_is_the_mean_of_boxes() -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 16, 16, 3), dtype=np.uint8)
    small = reduce(images, 4)
    assert small[1, 2, 3, 0] == np.rint(images[1, 8:12, 12:16, 0].mean() + 1e-9)
    assert np.array_equal(reduce(images, 16), images)


def test_coarsen_mixes_with_half_the_resolution() -> None:
    images = np.random.default_rng(0).random((2, 4, 4, 3), dtype=np.float32)
    coarse = coarsen(images, 1.0)
    assert np.allclose(coarse[0, :2, :2, 0], images[0, :2, :2, 0].mean(), atol=1e-6)
    assert np.allclose(coarsen(images, 0.25), images + (coarse - images) * 0.25, atol=1e-6)


def test_says_what_is_missing_or_wrong(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="Run the render step"):
        open_shards(tmp_path)
    folder = write_faces(tmp_path / "d", [numbered(8, 8), numbered(8, 4)])
    with pytest.raises(TrainingError, match="images-00001"):
        open_shards(folder)
    with pytest.raises(TrainingError, match="at least 64 faces"):
        Faces(write_faces(tmp_path / "e", [numbered(8, 8)]), 8, 64, seed=1)
    with pytest.raises(TrainingError, match="multiple of 16"):
        reduce(numbered(1, 8), 16)

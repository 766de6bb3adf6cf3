"""Renders as the model was trained on them, and the nearest one to a picture."""

import json
from pathlib import Path

import numpy as np
import pytest

from training.measure.nearest_sheet import beside, nearest_in_pixels
from training.measure.renders import Renders


@pytest.fixture
def images(tmp_path: Path) -> np.ndarray:
    """Write three shards of noise, 40 faces."""
    every = np.random.default_rng(0).integers(0, 256, (40, 16, 16, 3), dtype=np.uint8)
    (tmp_path / "dataset.json").write_text(json.dumps({"size": 16}))
    for shard, (first, end) in enumerate(((0, 16), (16, 32), (32, 40))):
        np.save(tmp_path / f"images-{shard:05d}.npy", every[first:end])
    return every


def test_faces_come_by_number_mirrored_where_wanted(images: np.ndarray, tmp_path: Path) -> None:
    renders = Renders(tmp_path, 16)
    rows, mirrored = np.array([39, 0, 16, 15]), np.array([False, True, False, True])
    expected = images[rows]
    expected[mirrored] = expected[mirrored, :, ::-1]
    assert np.array_equal(renders.take(rows, mirrored), expected)
    assert Renders(tmp_path, 8).take(rows, mirrored).shape == (4, 8, 8, 3)


def test_two_parts_have_no_face_in_common(images: np.ndarray, tmp_path: Path) -> None:
    ours, theirs, mirrored = Renders(tmp_path, 16).two_parts(12, seed=1)
    assert len(ours) == len(theirs) == len(mirrored) == 12
    assert len({*ours, *theirs}) == 24
    assert len(Renders(tmp_path, 16).two_parts(1000, seed=1)[0]) == 20


def test_the_face_itself_is_nearest_mirrored_or_not(images: np.ndarray, tmp_path: Path) -> None:
    samples = np.stack([images[33], images[5, :, ::-1], images[20]])
    looked: list[int] = []
    found = nearest_in_pixels(samples, Renders(tmp_path, 16), looked.append)
    assert found.tolist() == [[33, 0], [5, 1], [20, 0]]
    assert sum(looked) == 40
    assert np.array_equal(beside(samples, samples, images[:3])[3:6], np.stack([samples[1], samples[1], images[1]]))

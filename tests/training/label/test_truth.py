"""Labels as training targets of the scorer."""

import json
from pathlib import Path

import numpy as np
import pytest

from training.errors import TrainingError
from training.label.truth import read_truth

ATTRIBUTES = [
    {"name": "Smiling", "group": "Expression", "kind": "continuous"},
    {"name": "Male", "group": "Person", "kind": "binary"},
]


def write(folder: Path, table: str) -> Path:
    (folder / "dataset.json").write_text(json.dumps({"attributes": ATTRIBUTES}))
    (folder / "labels.csv").write_text(table)
    return folder


def test_reads_the_columns_by_name(tmp_path: Path) -> None:
    truth = read_truth(write(tmp_path, "index,Male,Smiling\n0,1,0.5\n1,0,1.5\n2,1,2.5\n"))
    assert truth.names == ("Smiling", "Male")
    assert truth.kinds == ("continuous", "binary")
    assert truth.values.tolist() == [[0.5, 1.0], [1.5, 0.0], [2.5, 1.0]]


def test_targets_are_standard_deviations_of_the_training_part_and_zero_or_one(tmp_path: Path) -> None:
    truth = read_truth(write(tmp_path, "index,Male,Smiling\n0,1,1\n1,0,3\n2,1,100\n"))
    targets = truth.targets(np.array([True, True, False]))
    assert targets[:2, 0].tolist() == [-1.0, 1.0]
    assert targets[2, 0] == 98.0
    assert targets[:, 1].tolist() == [1.0, 0.0, 1.0]


def test_a_mirrored_face_looks_to_the_other_side_and_is_the_same_otherwise(tmp_path: Path) -> None:
    attributes = [*ATTRIBUTES, {"name": "Yaw", "group": "Camera and light", "kind": "continuous"}]
    folder = write(tmp_path, "index,Male,Smiling,Yaw\n0,1,1,-5\n1,0,3,15\n")
    (folder / "dataset.json").write_text(json.dumps({"attributes": attributes}))
    truth = read_truth(folder)
    straight, mirrored = truth.targets(slice(None)), truth.targets(slice(None), mirrored=True)
    assert np.array_equal(straight[:, :2], mirrored[:, :2])
    assert straight[:, 2].tolist() == [-1.0, 1.0]
    assert mirrored[:, 2].tolist() == [0.0, -2.0]


@pytest.mark.parametrize(
    "table", ["", "index,Male\n0,1\n", "index,Male,Smiling\n0,1,nan\n", "index,Male,Smiling\n0,1,x\n"]
)
def test_says_what_is_wrong(tmp_path: Path, table: str) -> None:
    with pytest.raises(TrainingError, match="Expected"):
        read_truth(write(tmp_path, table))

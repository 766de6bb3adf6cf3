"""Cached parts are used until their inputs change; an interrupted step says so."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dashboard.settings import ROOT
from training.errors import TrainingError
from training.kept import Kept, digest, read_result, write_result


def test_an_array_is_made_once_for_what_it_is_made_of(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> np.ndarray:
        made.append(1)
        return np.arange(6.0).reshape(2, 3).T

    weights = {"a": np.ones(3), "b": np.zeros((2, 2))}
    for _ in range(2):
        assert np.array_equal(Kept(tmp_path, weights).array("x", make, 5), make())
    assert len(made) == 3, "made once, and twice by the test itself"
    made.clear()
    Kept(tmp_path, weights).array("x", make, 6)
    Kept(tmp_path, {**weights, "a": np.array([1.0, 1.0, 1.001])}).array("x", make, 6)
    Kept(tmp_path, {"b": weights["b"], "a": np.array([1.0, 1.0, 1.001])}).array("x", make, 6)
    assert len(made) == 2, "the order of names means nothing, a number does"
    assert [file.name for file in tmp_path.iterdir()] == ["x.safetensors"]
    Kept(None, 1).array("x", make)
    assert len(made) == 3


def test_digests_tell_types_and_shapes_apart() -> None:
    parts = [np.zeros(4), np.zeros((2, 2)), np.zeros(4, np.float32), 0, "0", (0,), {"a": 0}]
    assert len({digest(part) for part in parts}) == len(parts)
    assert digest("a", "b") != digest("ab")


def test_a_result_comes_back_or_names_the_step(tmp_path: Path) -> None:
    arrays = {"x": np.arange(6).reshape(2, 3).T}
    write_result(tmp_path, "thing", {"a": 1}, arrays)
    fields, read = read_result(tmp_path, "thing", "make")
    assert fields == {"a": 1}
    assert np.array_equal(read["x"], arrays["x"])
    (tmp_path / "thing.json").write_text("{")
    for name in ("thing", "nothing"):
        with pytest.raises(TrainingError, match="Run the make step first"):
            read_result(tmp_path, name, "make")


STOPPED = """
import signal, sys
from training.errors import TrainingError
from training.stopping import stoppable

number = int(sys.argv[1])
before = signal.getsignal(number)
try:
    with stoppable():
        signal.raise_signal(number)
except TrainingError as error:
    assert signal.getsignal(number) is before
    print(error)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_step_that_is_asked_to_stop_ends_with_a_sentence(number: signal.Signals) -> None:
    # In its own process: one in which an engine has run does not survive a signal.
    arguments = [sys.executable, "-c", STOPPED, str(int(number))]
    stopped = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, timeout=200, check=True)
    assert "continues from here" in stopped.stdout

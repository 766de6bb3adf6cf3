from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.official_files import FORMS, Global, New, Writer, directions_file

from dashboard.errors import OfficialFileError
from dashboard.synthesis.official.directions import read_directions

NAMES = ["Young", "5_o_Clock_Shadow", "Smiling"]
DIRECTIONS = np.random.default_rng(0).normal(size=(16, 3))


def read(tmp_path: Path, content: bytes) -> Any:
    (tmp_path / "directions.pkl").write_bytes(content)
    return read_directions(tmp_path / "directions.pkl")


@pytest.mark.parametrize("form", FORMS)
def test_directions_of_every_time_are_read(form: str, tmp_path: Path) -> None:
    content = directions_file(DIRECTIONS, NAMES, **FORMS[form])
    found = read(tmp_path, content)
    assert found.names == tuple(NAMES)
    np.testing.assert_array_equal(found.directions, DIRECTIONS, strict=True)
    assert found.directions.flags.c_contiguous
    assert found.provenance["bytes"] == len(content)


def with_value(row: int, column: int, value: float) -> np.ndarray:
    changed = DIRECTIONS.copy()
    changed[row, column] = value
    return changed


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"direction": DIRECTIONS}, "direction"),
        ({"direction": DIRECTIONS, "name": NAMES, "more": 1}, "more"),
        ({}, "an empty one"),
        ([DIRECTIONS, NAMES], "a list of 2"),
        ({"direction": DIRECTIONS, "name": NAMES[:2]}, "a list of 2"),
        ({"direction": DIRECTIONS, "name": tuple(NAMES)}, "a tuple of 3"),
        ({"direction": DIRECTIONS[0], "name": NAMES}, "(3,)"),
        ({"direction": NAMES, "name": NAMES}, "a list of 3"),
        ({"direction": np.zeros((16, 0)), "name": []}, "a list of 0"),
        ({"direction": DIRECTIONS, "name": ["Young", "Male", "Young"]}, "Young twice"),
        ({"direction": DIRECTIONS, "name": ["Young", "Male", "../../etc"]}, "etc"),
        ({"direction": DIRECTIONS, "name": ["Young", "Male", "a\x1b[31m"]}, "\\x1b"),
        ({"direction": DIRECTIONS, "name": ["Young", "Male", 3]}, "3"),
        ({"direction": with_value(3, 1, np.nan), "name": NAMES}, "5_o_Clock_Shadow"),
        ({"direction": DIRECTIONS * [1, 1, 0], "name": NAMES}, "Smiling"),
        ({"direction": New(Global("tfutil", "Network")), "name": NAMES}, "a network"),
        ({"direction": New(Global("posix", "system")), "name": NAMES}, "posix.system"),
    ],
)
def test_what_is_no_direction_file_is_refused(value: Any, named: str, tmp_path: Path) -> None:
    with pytest.raises(OfficialFileError, match=r"^Expected .* Received: ") as caught:
        read(tmp_path, Writer().file(value))
    assert named in str(caught.value)

import os
from typing import cast

import numpy as np
import pytest

from dashboard.errors import InputError, NotFound
from dashboard.stores.result import Origin, read_result
from dashboard.stores.result_lookup import results_of
from dashboard.stores.result_writer import Writer
from dashboard.stores.results import Results
from dashboard.synthesis.model import Model


class Named:
    """As much of a model as results are kept under."""

    digest, files = "d", {"bank.safetensors": "b"}


PARTS = ("d", "", "b")


def make(results, number, version=1, size=10):
    origin = Origin("kind", version, PARTS, {"number": number})
    part = results.begin(origin)
    writer = Writer(part, origin)
    writer.keep(values=np.full(size, number))
    writer.done()
    return results.finish(part, origin)


@pytest.fixture
def results(tmp_path):
    results = Results(tmp_path / "jobs")
    yield results
    results.close()


def test_equal_origins_have_one_key():
    keys = {Origin("kind", 1, PARTS, params).key for params in ({"a": 1, "b": [2]}, {"b": [2], "a": 1})}
    others = {Origin("other", 1, PARTS, {"a": 1}).key, Origin("kind", 2, PARTS, {"a": 1}).key}
    assert (len(keys), len(keys | others)) == (1, 3)


def test_what_was_used_longest_ago_goes_first(tmp_path):
    results = Results(tmp_path / "jobs", limit=3 * 9000)
    folders = [make(results, k, size=1000).folder for k in range(3)]
    for age, folder in enumerate(folders):
        os.utime(folder, (1000 + age, 1000 + age))
    assert results.find(Origin("kind", 1, PARTS, {"number": 0}))  # used again
    make(results, 3, size=1000)
    assert [folder.exists() for folder in folders] == [True, False, True]
    results.close()


def test_results_of_a_model_are_listed_newest_first(results):
    for k in range(2):
        os.utime(make(results, k).folder, (1000 + k, 1000 + k))
    make(results, 5, version=2)
    found = results_of(results.folder, "kind", 1, cast(Model, Named()))
    assert [result.params["number"] for result in found] == [1, 0]


def test_pickles_are_neither_written_nor_read(tmp_path, results):
    writer = Writer(tmp_path, Origin("kind", 1, PARTS, {}))
    with pytest.raises(ValueError, match="allow_pickle"):
        writer.keep(anything=np.array([{}], object))


def test_files_are_named_and_never_found_by_a_path(tmp_path, results):
    origin = Origin("kind", 1, PARTS, {})
    part = results.begin(origin)
    writer = Writer(part, origin)
    writer.file("sheet.png").write_bytes(b"png")
    with pytest.raises(ValueError, match="file name"):
        writer.file("../sheet.png")
    writer.done()
    result = results.finish(part, origin)
    assert result.file("sheet.png").read_bytes() == b"png"
    for name in ("../result.json", "result.json", "/etc/passwd", ""):
        with pytest.raises(NotFound):
            result.file(name)


def test_a_result_that_is_too_large_is_refused(tmp_path):
    with pytest.raises(InputError, match="Ask for less"):
        Writer(tmp_path, Origin("kind", 1, PARTS, {}), limit=1000).keep(values=np.zeros(1000))


@pytest.mark.parametrize("index", ["", "{", "[]", '{"format": 1}', '{"format": 0, "files": {}, "stage": 1}'])
def test_an_index_that_is_none_is_no_result(tmp_path, index):
    (tmp_path / "result.json").write_text(index)
    assert read_result(tmp_path) is None


def test_another_server_of_the_same_home_keeps_what_it_is_making(tmp_path, results):
    part = results.begin(Origin("kind", 1, PARTS, {}))
    other = Results(tmp_path / "jobs")
    assert part.exists()
    other.close()
    assert part.exists()

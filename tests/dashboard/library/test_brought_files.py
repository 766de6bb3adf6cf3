"""Every kind of file that users upload: its detected content, and the messages for unusable ones."""

import gc
import re
import weakref

import numpy as np
import pytest
from support.brought import direction_files, label_files, latent_files, rows, wrong_files, wrong_labels

from dashboard.errors import InputError
from dashboard.library.direction_files import read_directions, take
from dashboard.library.label_files import read_labels
from dashboard.library.latent_files import Reading, read_latent_file

L = 24
LATENTS = latent_files(L)
X = rows(L)

BESIDE = {
    "latin-1 label": ["label (2 categories)"],
    "number at the end": ["column 25 (3 categories)"],
    "number in front": ["column 1 (numbers)"],
    "text in front": ["column 1 (60 categories)"],
    "id and label in front": ["id (60 categories)", "label (2 categories)"],
    "column called class": ["class (3 categories)"],
    "age": ["age (numbers)"],
    "three columns": ["age (numbers)", "site (2 categories)", "score (numbers)"],
    "columns on both sides": ["age (numbers)", "site (2 categories)"],
    "quoted": ["label (2 categories)"],
    "missing ages": ["age (numbers, 45 missing)"],
    "latents and labels": ["labels (3 categories)"],
    "text as labels": ["labels (2 categories)"],
    "bytes as labels": ["labels (2 categories)"],
    "z and y": ["y (2 categories)"],
    "a delimiter at the end": ["age (numbers)"],
    "a cell of two lines": ["note (2 categories)"],
    "a stray quote": ["note (1 category)"],
    "two columns of a name": ["age (numbers)", "age (2) (numbers)"],
    "emoji": ["mood (2 categories)"],
    "npz of everything": ["age (numbers)", "pose 1 (numbers)", "pose 2 (numbers)"],
    "safetensors and ages": ["ages (numbers)"],
}
FORMS = {
    "semicolons": "semicolon, decimal point, UTF-8",
    "decimal commas": "semicolon, decimal comma, UTF-8",
    "decimal commas and tabs": "tab, decimal comma, UTF-8",
    "tabs": "tab, decimal point, UTF-8",
    "blanks": "blanks, decimal point, UTF-8",
    "blanks and decimal commas": "blanks, decimal comma, UTF-8",
    "bars": "bar, decimal point, UTF-8",
    "utf-16": "comma, decimal point, UTF-16",
    "utf-16 without a mark": "comma, decimal point, UTF-16",
    "latin-1 label": "comma, decimal point, Latin-1 (Windows-1252)",
    "UTF-32": "comma, decimal point, UTF-32",
    "UTF-16, big endian": "comma, decimal point, UTF-16",
    "Excel's own first line": "semicolon, decimal comma, UTF-8",
    "decimal commas in quotes": "comma, decimal comma, UTF-8",
}
LEFT_OUT = {
    "row of nan": (8, "is not finite"),
    "row of empty cells": (8, "has an empty cell"),
    "short row": (8, "has 3 cells instead of 24"),
    "one word": (8, "is not finite"),
    "row of nan in an array": (8, "is not finite"),
    "a stray quote": (9, "has 1 cell instead of 25, by a quote that is not closed"),
}
FEWER = {"one vector": 1, "series of pandas": 1, "(1, L)": 1, "all rows equal": 40}


def written(tmp_path, content, name="file"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", LATENTS)
def test_latents_are_read_however_they_are_written(tmp_path, kind):
    found = read_latent_file(written(tmp_path, LATENTS[kind]), L)
    got = np.concatenate(list(found.blocks()))
    kept = [k for k in range(60) if kind not in LEFT_OUT or k != 7][: FEWER.get(kind, 60)]
    expected = {"fifty equal rows": [*range(10), *[0] * 50], "all rows equal": [0] * 40}.get(kind, kept)
    scale = 100 if kind == "integers" else 1
    np.testing.assert_allclose(got / scale, X[expected], atol=2e-2 if kind == "integers" or "float16" in kind else 1e-4)
    assert (found.rows, found.of) == (len(got), len(got) + (kind in LEFT_OUT))
    assert [column.words for column in found.columns] == BESIDE.get(kind, [])
    assert all(len(column.values) == found.rows for column in found.columns)
    if kind in FORMS:
        assert found.form == FORMS[kind]
        assert FORMS[kind] in found.summary
    if kind in LEFT_OUT:
        assert [(each.line, each.why) for each in found.left_out] == [LEFT_OUT[kind]]
        assert f"1 row left out: line {LEFT_OUT[kind][0]} {LEFT_OUT[kind][1]}" in found.summary
    assert any("only numbers the rows" in note for note in found.notes) == (
        kind in ("index", "index and names", "counting from 1", "index of some rows")
    )


def test_a_value_that_is_left_out_is_shown_where_it_stands(tmp_path):
    found = read_latent_file(written(tmp_path, LATENTS["one word"]), L)
    (out,) = found.left_out
    assert (out.number, out.value) == (4, "oops")
    assert out.around[1] == "oops"
    assert out.around[0].startswith("… ,")
    assert out.around[2].endswith(", …")


def test_columns_beside_keep_to_the_rows_that_can_be_used(tmp_path):
    lines = [f"{','.join(f'{v:.4f}' for v in row)},{k}" for k, row in enumerate(X)]
    lines[7] = lines[7].replace(",", ",x", 1)
    found = read_latent_file(written(tmp_path, "\n".join(lines).encode()), L)
    assert found.columns[0].values.tolist() == [k for k in range(60) if k != 7]


@pytest.mark.parametrize("kind", wrong_files(L))
def test_a_wrong_file_is_named(tmp_path, kind):
    content, words = wrong_files(L)[kind]
    with pytest.raises(InputError, match=words) as raised:
        read_latent_file(written(tmp_path, content), L)
    assert re.match(r"Expected .+\. Received: .+\. \S.*\.$", str(raised.value), re.S)


def test_a_poor_sample_is_reported_as_such(tmp_path):
    fifty = read_latent_file(written(tmp_path, LATENTS["fifty equal rows"]), L)
    assert fifty.distinct == 10
    assert fifty.doubts[0].startswith("10 distinct rows of 60")
    same = read_latent_file(written(tmp_path, LATENTS["all rows equal"]), L)
    assert (same.distinct, same.constant) == (1, L)


def test_a_choice_of_several_arrays(tmp_path):
    from support.brought import npz

    path = written(tmp_path, npz(first=X, second=X[:30] * 2))
    assert read_latent_file(path, L).arrays == ["first", "second"]
    assert read_latent_file(path, L, Reading(array="second")).rows == 30
    with pytest.raises(InputError, match=r"first, float64 of shape \(60, 24\)"):
        read_latent_file(path, L, Reading(array="third"))


def test_a_table_can_be_read_differently(tmp_path):
    path = written(tmp_path, LATENTS["number at the end"])
    assert read_latent_file(path, L, Reading(first=2)).columns[0].name == "column 1"
    with pytest.raises(InputError, match="column 9"):
        read_latent_file(path, L, Reading(first=9))


@pytest.mark.parametrize("kind", direction_files(L))
def test_directions_of_the_field(tmp_path, kind):
    content, titles = direction_files(L)[kind]
    found = read_directions(written(tmp_path, content), L, "smile_boundary.npy")
    assert sorted(each.title for each in found) == sorted(titles)
    assert all(each.vector.shape == (L,) for each in found)
    if kind == "GANSpace":
        assert found[1].description == "standard deviation 2 in the file"


def test_some_of_many_directions_are_taken(tmp_path):
    from support.brought import npy

    many = read_directions(written(tmp_path, npy(np.eye(L, dtype=np.float32))), L, "eigenvectors.npy")
    assert [each.title for each in take(many, "3,1")] == ["eigenvectors 3", "eigenvectors 1"]
    with pytest.raises(InputError, match="from 1 to 24"):
        take(many, "99")
    with pytest.raises(InputError, match="take=1,2,3"):
        take(many * 3, "")


@pytest.mark.parametrize("kind", ["pickle", "lfs", "gzip", "html", "complex", "another length", "zeros"])
def test_a_file_of_no_directions_is_named(tmp_path, kind):
    content, words = wrong_files(L)[kind]
    with pytest.raises(InputError, match={"another length": "of 24 numbers"}.get(kind, words)):
        read_directions(written(tmp_path, content), L, "x")


@pytest.mark.parametrize("kind", label_files(L))
def test_labels_of_any_two_values_or_numbers(tmp_path, kind):
    content, words = label_files(L)[kind]
    found = read_labels(written(tmp_path, content), L)
    assert words in found.words
    assert found.scores == ("regression" in words or "n.a." in kind)
    assert len(found.values) == (40 if "blanks" in found.words else 60)


@pytest.mark.parametrize("kind", wrong_labels(L))
def test_wrong_labels_are_named(tmp_path, kind):
    content, words = wrong_labels(L)[kind]
    path = written(tmp_path, content)
    if kind == "no face":
        assert read_labels(path, L).lines[4] == 5
        return
    with pytest.raises(InputError, match=words):
        read_labels(path, L)


def test_one_of_several_values_is_held_against_the_others(tmp_path):
    path = written(tmp_path, wrong_labels(L)["three words"][0])
    found = read_labels(path, L, one="b")
    assert "1 is b (20), 0 is all others (2 values) (40)." in found.words
    assert found.values.sum() == 20


@pytest.mark.parametrize("kind", ["npy", "npz", "safetensors", "three columns", "series of pandas"])
def test_a_file_is_let_go_as_soon_as_nobody_reads_it(tmp_path, kind):
    path = written(tmp_path, LATENTS[kind])
    gc.collect()
    gc.disable()  # objects that wait for garbage collection keep a deleted file on disk and in memory
    try:
        found = read_latent_file(path, L)
        assert sum(len(block) for block in found.blocks()) == found.rows
        alive = weakref.ref(found)
        del found
        assert alive() is None
    finally:
        gc.enable()

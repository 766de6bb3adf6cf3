"""Files of latents: what is read, and what is refused with a sentence."""

import io
import pickle

import numpy as np
import pytest

from dashboard.errors import InputError
from dashboard.library import latent_files
from dashboard.library.latent_files import read_latents

SIZE = 4
LIMIT = 1 << 20
ROWS = np.random.RandomState(0).randn(5, SIZE).astype(np.float32)


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def csv(rows=ROWS, header="", labels=None):
    lines = [",".join(map(str, row)) + ("" if labels is None else f",{labels[k]}") for k, row in enumerate(rows)]
    return (header + "\n".join(lines)).encode()


def read(content, limit=LIMIT):
    blocks = list(read_latents(io.BytesIO(content), SIZE, limit))
    labels = [label for block in blocks for label in block.labels or []]
    return np.concatenate([block.rows for block in blocks]), labels


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", "<f2"])
def test_an_npy_of_any_kind_of_number_is_read(dtype):
    rows, labels = read(npy(ROWS.astype(dtype)))
    np.testing.assert_allclose(rows, ROWS, rtol=1e-2 if dtype == "<f2" else 1e-6)
    assert rows.dtype == np.float32
    assert labels == []


def test_many_rows_come_in_blocks(monkeypatch):
    monkeypatch.setattr(latent_files, "BLOCK", 2)
    for content in (npy(ROWS), csv()):
        blocks = list(read_latents(io.BytesIO(content), SIZE, LIMIT))
        assert [len(block.rows) for block in blocks] == [2, 2, 1]
        np.testing.assert_array_equal(np.concatenate([block.rows for block in blocks]), ROWS)


@pytest.mark.parametrize(
    ("header", "labels", "found"),
    [
        ("", None, []),
        ("a,b,c,d\n", None, []),
        ("0,1,2,3\n", None, []),
        ("", list("xyxyy"), list("xyxyy")),
        ("a,b,c,d,kind\n", list("xyxyy"), list("xyxyy")),
        ("0,1,2,3,Label\n", [1, 2, 1, 2, 2], list("12122")),
        ("\ufeffa,b,c,d,label\r\n", ["=cmd", '"a, b"', " c ", "x" * 99, ""], ["=cmd", "a, b", "c", "x" * 60, ""]),
    ],
)
def test_a_csv_may_have_a_header_and_labels(header, labels, found):
    rows, told = read(csv(header=header, labels=labels))
    np.testing.assert_array_equal(rows, ROWS)
    assert told == found


def test_labels_may_stand_in_any_column_of_that_name():
    content = "label,a,b,c,d\n" + "".join(f"{k % 2},1,2,3,{k}\n" for k in range(3))
    rows, labels = read(content.encode())
    np.testing.assert_array_equal(rows[:, 3], [0, 1, 2])
    assert labels == ["0", "1", "0"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (npy(ROWS[:, :3]), r"an array of shape \(5, 3\)"),
        (npy(np.zeros((3, 1000))), r"shape \(3, 1000\)"),
        (npy(ROWS[0]), r"shape \(4,\)"),
        (npy(ROWS[:1]), "2 to 1,000,000 rows. Received: 1"),
        (npy(np.where(ROWS > 1, np.nan, ROWS)), "nan in row 1, column 1"),
        (npy(np.where(ROWS > 1, np.inf, ROWS)), "inf in row"),
        (npy(np.full((2, 4), 1e300)), "finite numbers"),
        (npy(np.array([[{}] * 4] * 2), allow_pickle=True), "Python objects"),
        (npy(np.zeros((2, 4), complex)), "complex128"),
        (npy(np.zeros((2, 4), "U3")), "Received: <U3"),
        (npy(np.zeros(2, [("a", "f4")])), "Expected numbers"),
        (npy(np.asfortranarray(ROWS)), "Fortran order"),
        (npy(ROWS)[:-5], "Received: 4"),
        (npy(ROWS) + b"x", "more bytes"),
        (npy(ROWS)[:40], "broken header"),
        (b"\x93NUMPY\x09\x00" + npy(ROWS)[8:], "broken header"),
        (npy(ROWS).replace(b"(5, 4)", b"(9**9, 4)"), "broken header"),
        (npy(ROWS).replace(b"(5, 4), }      ", b"(9999999, 4), }"), "Received: 9,999,999"),
        (pickle.dumps(ROWS), "a pickle"),
        (b"PK\3\4rest", "an NPZ"),
        (b"\xff\xfe\x00x" * 9, "neither"),
        (csv(ROWS[:, :3]), "3 columns in line 1"),
        (csv(np.zeros((2, 1000), int)), "1,000 columns|more than"),
        (csv(np.zeros((2, 5), int)), "5 columns in line 1"),
        (csv() + b"\n1,2,3", "3 columns in line 6"),
        (csv() + b"\n1,2,x,4", "Received: x, in line 6, column 3"),
        (csv() + b"\n1,,3,4", "an empty cell, in line 6, column 2"),
        (b"1,2,x,4\n1,2,3,4\n", "Received: x, in line 1, column 3"),
        (csv() + b"\n1,nan,3,4", "nan in row 6, column 2"),
        (b"a,b,c,d\n", "Received: 0"),
        (b"1," * 9999, "more than 383 characters"),
        (b"1;2;3;4\n", "Received: 0|columns"),
        (b"<html><body>no</body></html>", "Received: 0"),
    ],
)
def test_what_is_broken_is_refused_with_a_sentence(content, words):
    with pytest.raises(InputError, match=words) as refused:
        read(content)
    assert "Expected" in str(refused.value)
    assert str(refused.value).endswith(".")


def test_no_more_is_read_than_may_be():
    class Endless:
        given = 0

        def read(self, size=-1, /):
            self.given += size
            return b"1,2,3,4\n" * (size // 8)

    source = Endless()
    with pytest.raises(InputError, match="at most 1 MB"):
        list(read_latents(source, SIZE, 1_000_000))
    assert source.given < 1_200_000

"""Files as users upload them, from seeded noise: latents, directions, labels, and unusable files.

Each is of a kind that occurs in public bug reports and questions of this field.
"""

from __future__ import annotations

import gzip
import io
import json
import pickle
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
from safetensors.numpy import save

N = 60


def rows(size: int, count: int = N) -> np.ndarray:
    """Return the latents (count, size) of seeded noise."""
    return np.random.default_rng(5).standard_normal((count, size))


def line(values: np.ndarray, delimiter: str = ",", decimal: str = ".") -> str:
    """Return the numbers as a line of text."""
    return delimiter.join(f"{value:.4f}".replace(".", decimal) for value in values)


def text(lines: list[str], encoding: str = "utf-8", end: str = "\n") -> bytes:
    """Join lines into a file."""
    return (end.join(lines) + end).encode(encoding)


def npy(array: object) -> bytes:
    """Return an array as NPY."""
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)  # type: ignore[arg-type]
    return stream.getvalue()


def npz(**arrays: Any) -> bytes:
    """Return the arrays as NPZ."""
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def npy_of_version(array: np.ndarray, version: tuple[int, int]) -> bytes:
    """Return an array as NPY of a version of the format."""
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version)
    return stream.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    """Return files as a ZIP."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def safetensors(kind: str, content: bytes, shape: tuple[int, ...]) -> bytes:
    """Return a safetensors file with a tensor "z" of a type that NumPy may not have."""
    header = json.dumps({"z": {"dtype": kind, "shape": shape, "data_offsets": [0, len(content)]}}).encode()
    return len(header).to_bytes(8, "little") + header + content


def bfloat16(array: np.ndarray) -> bytes:
    """Return an array of float32 as bfloat16 bytes."""
    return safetensors("BF16", (array.view(np.uint32) >> 16).astype("<u2").tobytes(), array.shape)


def latent_files(size: int) -> dict[str, bytes]:
    """Return files of 60 latents, by what is special about them."""
    x = rows(size)
    small = x.astype(np.float32)
    names = [f"z{k}" for k in range(size)]
    head = ",".join(names)
    lines = [line(row) for row in x]
    bad, equal, same = small.copy(), small.copy(), np.repeat(small[:1], 40, 0)
    bad[7], equal[10:] = np.nan, small[0]
    return {
        "index": text(["," + ",".join(map(str, range(size))), *(f"{i},{each}" for i, each in enumerate(lines))]),
        "index and names": text(["," + head, *(f"{i},{each}" for i, each in enumerate(lines))]),
        "counting from 1": text(["," + head, *(f"{i + 1},{each}" for i, each in enumerate(lines))]),
        "semicolons": text([line(row, ";") for row in x]),
        "decimal commas": text([line(row, ";", ",") for row in x]),
        "decimal commas and tabs": text([line(row, "\t", ",") for row in x], end="\r\n"),
        "tabs": text([line(row, "\t") for row in x]),
        "blanks": text([line(row, " ") for row in x]),
        "blanks and decimal commas": text([line(row, "  ", ",") for row in x]),
        "comma and blank": text([line(row, ", ") for row in x]),
        "bars": text([line(row, "|") for row in x]),
        "savetxt": text([f"# {' '.join(names)}", *(line(row, " ") for row in x)]),
        "comment": text(["# made by a script", "", *lines]),
        "utf-16": text([head, *lines], "utf-16"),
        "utf-16 without a mark": text([head, *lines], "utf-16-le"),
        "utf-8 with a mark": text([head, *lines], "utf-8-sig"),
        "latin-1 label": text(
            [f"{head},label", *(f"{each},{'Müller' if i % 2 else 'Åse'}" for i, each in enumerate(lines))], "latin-1"
        ),
        "number at the end": text([f"{each},{i % 3}" for i, each in enumerate(lines)]),
        "number in front": text([f"{20 + i},{each}" for i, each in enumerate(lines)]),
        "text in front": text([f"file-{i}.png,{each}" for i, each in enumerate(lines)]),
        "id and label in front": text(
            [f"id,label,{head}", *(f"s{i},k{i % 2},{each}" for i, each in enumerate(lines))]
        ),
        "column called class": text([f"{head},class", *(f"{each},{i % 3}" for i, each in enumerate(lines))]),
        "age": text([f"{head},age", *(f"{each},{18 + i * 1.05:.2f}" for i, each in enumerate(lines))]),
        "three columns": text(
            [
                f"{head},age,site,score",
                *(f"{each},{20 + i},{'ab'[i % 2]},{x[i][0]:.3f}" for i, each in enumerate(lines)),
            ]
        ),
        "columns on both sides": text(
            [f"age,{head},site", *(f"{20 + i},{each},{'ab'[i % 2]}" for i, each in enumerate(lines))]
        ),
        "quoted": text(
            [f'"label",{head}', *(f'"a, ""b"" {i % 2}",{each}' for i, each in enumerate(lines))]
        ),
        "missing ages": text([f"{head},age", *(f"{each},{'' if i % 4 else 20 + i}" for i, each in enumerate(lines))]),
        "row of nan": text([each if i != 7 else ",".join(["nan"] * size) for i, each in enumerate(lines)]),
        "row of empty cells": text([each if i != 7 else "," * (size - 1) for i, each in enumerate(lines)]),
        "short row": text([each if i != 7 else "1,2,3" for i, each in enumerate(lines)]),
        "UTF-32": text([head, *lines], "utf-32"),
        "UTF-16, big endian": b"\xfe\xff" + text([head, *lines], "utf-16-be"),
        "Excel's own first line": text(["sep=;", *(line(row, ";", ",") for row in x)]),
        "Excel's own first line and a header": text(["sep=,", head, *lines]),
        "decimal commas in quotes": text([",".join(f'"{v:.4f}"'.replace(".", ",") for v in row) for row in x]),
        "minus signs": text([each.replace("-", "\u2212") for each in lines]),
        "scientific": text([",".join(f"{v:+.6E}" for v in row) for row in x]),
        "a delimiter at the end": text([f"{head},age", *(f"{each},{20 + i}," for i, each in enumerate(lines))]),
        "no end of the last line": text([head, *lines])[:-1],
        "old Mac": text([head, *lines], end="\r"),
        "index of some rows": text([f",{head}", *(f"{3 * i},{each}" for i, each in enumerate(lines))]),
        "two indices": text(
            [f"Unnamed: 0.1,Unnamed: 0,{head}", *(f"{i},{i},{each}" for i, each in enumerate(lines))]
        ),
        "a cell of two lines": text([f"{head},note", *(f'{each},"a\nb{i % 2}"' for i, each in enumerate(lines))]),
        "a stray quote": text(
            [f"note,{head}", *(f'{chr(34) if i == 7 else "a"}b,{each}' for i, each in enumerate(lines))]
        ),
        "two columns of a name": text([f"{head},age,age", *(f"{each},{20 + i},{i}" for i, each in enumerate(lines))]),
        "emoji": text([f"{head},mood", *(f"{each},{'😀😡'[i % 2]}" for i, each in enumerate(lines))]),
        "series of pandas": text([",0", *(f"{k},{value:.4f}" for k, value in enumerate(x[0]))]),
        "one word": text([*lines[:7], lines[7].replace(line(x[7][3:4]), "oops", 1), *lines[8:]]),
        "npy": npy(small),
        "fortran": npy(np.asfortranarray(small)),
        "transposed view": npy(np.ascontiguousarray(small.T).T),
        "float16": npy(x.astype(np.float16)),
        "float64": npy(x),
        "big endian": npy(x.astype(">f4")),
        "integers": npy((x * 100).astype(np.int16)),
        "(n, 1, L)": npy(small[:, None]),
        "(n, L, 1, 1)": npy(small[:, :, None, None]),
        "(1, n, L)": npy(small[None]),
        "equal layers": npy(np.repeat(small[:, None], 18, 1)),
        "row of nan in an array": npy(bad),
        "one vector": npy(small[0]),
        "(1, L)": npy(small[:1]),
        "(n, L, 1)": npy(small[:, :, None]),
        "(1, 1, n, L)": npy(small[None, None]),
        "(n, 1, layers, L)": npy(np.repeat(small[:, None, None], 18, 2)),
        "every other row of a view": npy(x.astype(">f8")[::-1][::-1]),
        "version 2": npy_of_version(small, (2, 0)),
        "version 3": npy_of_version(small, (3, 0)),
        "npz": npz(arr_0=small),
        "npz of a Mac": packed({"z.npy": npy(small), "__MACOSX/._z.npy": b"\0\5\x16\7"}),
        "npz with a text": packed({"data/z.npy": npy(small), "README.txt": b"latents"}),
        "npz of everything": npz(
            z=small, age=np.arange(N) * 1.5, pose=x[:, :2], seed=np.int64(4), when=np.zeros(N, "datetime64[D]")
        ),
        "latents and labels": npz(latents=x, labels=np.arange(N) % 3),
        "text as labels": npz(latents=x, labels=np.array(["a", "b"] * (N // 2))),
        "bytes as labels": npz(latents=x, labels=np.array([b"a", b"b"] * (N // 2))),
        "z and y": npz(z=x, y=(x[:, 0] > 0).astype(int)),
        "safetensors": save({"latents": small}),
        "safetensors, bfloat16": bfloat16(small),
        "safetensors, float16": save({"z": x.astype(np.float16)}),
        "safetensors and ages": save({"z": small, "ages": np.arange(N) * 1.5}),
        "fifty equal rows": npy(equal),
        "all rows equal": npy(same),
    }  # fmt: skip


def wrong_files(size: int) -> dict[str, tuple[bytes, str]]:
    """Return unusable files, each with words of the expected message."""
    x = rows(size).astype(np.float32)
    return {
        "complex": (npy(x.astype(np.complex64)), "complex64"),
        "complex safetensors": (save({"z": x.astype(np.complex64)}), "complex64"),
        "float8": (safetensors("F8_E4M3", bytes(N * size), (N, size)), "F8_E4M3 in z"),
        "records": (npy(np.zeros(N, [("a", "f4"), ("b", "f4")])), "records"),
        "one array twice": (twice({"z.npy": npy(x)}), "two called z"),
        "flat": (npy(x.ravel()), f"shape \\({N * size},\\)"),
        "no rows": (npy(x[:0]), "Received: none"),
        "a scalar": (npy(np.float32(1)), r"shape \(\)"),
        "swapped as text": (text([line(column) for column in x[:7].T]), "swapped: turn it"),
        "Fortran's numbers": (text([",".join(f"{v:.6e}".replace("e", "D") for v in row) for row in x]), "D.*0.25"),
        "a zip of a table": (packed({"a.csv": b"1,2"}), "a ZIP of one file"),
        "a spreadsheet": (packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "Excel"),
        "a checkpoint": (packed({"archive/data.pkl": b"", "archive/data/0": b""}), "PyTorch checkpoint"),
        "lines of lists": (text([f"[{line(row, ', ')}]" for row in x]), "JSON"),
        "dates": (npy(np.zeros((N, size), "datetime64[D]")), "dates"),
        "objects": (npy(np.array([{}] * 3, object)), "Python objects"),
        "text": (npy(np.array([["a"] * size] * 3)), "text"),
        "other layers": (npy(np.random.default_rng(0).standard_normal((4, 18, size))), r"w\+"),
        "swapped": (npy(np.ascontiguousarray(x[:50].T)), "array.T"),
        "another length": (npy(x[:, :-1]), f"of {size} numbers"),
        "another length as text": (text([line(row[:-1]) for row in x]), f"{size - 1} columns of numbers"),
        "nothing but nan": (npy(x * np.nan), "none of 60"),
        "zeros": (npy(x * 0), "all zero"),
        "empty": (b"", "an empty file"),
        "blank lines": (b"\n\n \n", "empty lines"),
        "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "git lfs pull"),
        "html": (b"\n<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        "torch zip cut off": (b"PK\x03\x04" + bytes(200), "PyTorch"),
        "gzip": (gzip.compress(npy(x)), "gzip"),
        "pickle": (pickle.dumps({"smile": x[0]}, 4), "numpy.savez"),
        "npy cut off": (npy(x)[:-99], "cut off"),
        "npz cut off": (npz(a=x)[:-99], "cut off"),
        "safetensors cut off": (save({"a": x})[:40], "cut off"),
        "hdf5": (b"\x89HDF\r\n\x1a\n" + bytes(99), "HDF5"),
        "png": (b"\x89PNG\r\n\x1a\n" + bytes(99), "PNG"),
        "json": (b'{"a": [1, 2]}', "JSON"),
        "binary": (bytes(range(256)) * 9, "none of these"),
    }  # fmt: skip


def twice(files: dict[str, bytes]) -> bytes:
    """Return files as a ZIP that has each of them twice."""
    once = packed(files)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of duplicates
        stream = io.BytesIO(once)
        with zipfile.ZipFile(stream, "a") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
    return stream.getvalue()


def direction_files(size: int) -> dict[str, tuple[bytes, list[str]]]:
    """Return files of directions, each with the titles that they get if the file is called smile_boundary."""
    x = rows(size)
    unit = (x[0] / np.linalg.norm(x[0])).astype(np.float32)
    square = np.linalg.qr(x[:8].T)[0].T.astype(np.float32)
    ganspace = {
        "act_comp": square[:5, None], "act_mean": np.zeros((1, size), np.float32), "act_stdev": np.ones(5, np.float32),
        "lat_comp": square[:5, None], "lat_mean": np.zeros((1, size), np.float32),
        "lat_stdev": np.arange(1, 6, dtype=np.float32), "var_ratio": np.ones(5, np.float32) / 5,
        "random_stdevs": np.ones(5, np.float32),
    }  # fmt: skip
    numbered = [f"smile boundary {k + 1}" for k in range(8)]
    return {
        "InterFaceGAN (1, L)": (npy(unit[None]), ["smile boundary"]),
        "(L,)": (npy(unit), ["smile boundary"]),
        "equal layers (18, L)": (npy(np.repeat(unit[None, None], 18, 1)), ["smile boundary"]),
        "one layer repeated (18, L)": (npy(np.repeat(unit[None], 18, 0)), ["smile boundary"]),
        "(k, L)": (npy(square), numbered),
        "(L, k)": (npy(np.ascontiguousarray(square.T)), numbered),
        "GANSpace": (npz(**ganspace), [f"smile boundary component {k + 1}" for k in range(5)]),
        "named vectors": (npz(smile=unit, old_age=square[1]), ["smile", "old age"]),
        "named (1, L)": (npz(smile=unit[None], age=square[1:2]), ["smile", "age"]),
        "one array in an NPZ": (npz(arr_0=unit), ["smile boundary"]),
        "safetensors": (save({"smile": unit, "age": square[1]}), ["age", "smile"]),
        "beside a bias": (npz(boundary=unit[None], intercept=np.float32(0.3)), ["boundary"]),
        "scikit-learn's PCA": (
            npz(components_=square, mean_=x[3], explained_variance_=np.ones(8)),
            [f"components {k + 1}" for k in range(8)],
        ),
        "names beside": (npz(directions=square[:2], names=np.array(["smile", "age"])), ["smile", "age"]),
        "names as bytes": (npz(w=square[:2], attributes=np.array([b"smile", b"age"])), ["smile", "age"]),
        "a direction and its name": (npz(direction=unit, name=np.array("smile")), ["smile"]),
        "of folders": (packed({"b/smile.npy": npy(unit), "b/age.npy": npy(square[1:2])}), ["smile", "age"]),
        "one all zero": (npz(smile=unit, age=unit * 0), ["smile"]),
        "(k, L, 1)": (npy(square[:, :, None]), numbered),
        "bfloat16": (bfloat16(unit[None]), ["z"]),
        "titles of columns": (text(["smile,age", *(f"{a:.5f},{b:.5f}" for a, b in square[:2].T)]), ["smile", "age"]),
        "titles and an index": (
            text([",smile,age", *(f"{k},{a:.5f},{b:.5f}" for k, (a, b) in enumerate(square[:2].T))]), ["smile", "age"]
        ),
        "a titled column and an index": (text([",smile", *(f"{k},{v:.5f}" for k, v in enumerate(unit))]), ["smile"]),
        "one name twice": (text([f"smile,{line(square[0])}", f"smile,{line(square[1])}"]), ["smile", "smile (2)"]),
        "table": (text([f"smile,{line(square[0])}", f"age,{line(square[1])}"]), ["smile", "age"]),
        "one line": (text([line(unit)]), ["smile boundary"]),
        "a column of numbers": (text([f"{value:.5f}" for value in unit]), ["smile boundary"]),
    }  # fmt: skip


def label_files(size: int) -> dict[str, tuple[bytes, str]]:
    """Return files of labels, each with words of the expected summary."""
    x = rows(size)
    faces = [f"1.{i}" for i in range(N)]
    ones = (x[:, 0] > 0).astype(int)

    def lines(write: Callable[[int], str], head: str = "", **how: str) -> bytes:
        return text([*([head] if head else []), *(write(i) for i in range(N))], **how)

    return {
        "scores": (lines(lambda i: f"{20 + i}.{i},{x[i, 1]:.3f}"), "by regression"),
        "yes and no": (lines(lambda i: f"{faces[i]},{'yes' if i % 2 else 'no'}", "face,label"), "1 is yes"),
        "yes and no without titles": (lines(lambda i: f"{faces[i]},{'yes' if i % 2 else 'no'}"), "1 is yes"),
        "semicolons": (lines(lambda i: f"{faces[i]};{i % 2}", "face;label"), "1 is 1"),
        "yes in capitals": (lines(lambda i: f"{faces[i]},{('yes', 'no', 'Yes', 'NO')[i % 4]}"), "1 is yes (30)"),
        "signs": (lines(lambda i: f"{faces[i]},{'+-'[i % 2]}"), "1 is + (30)"),
        "decimal commas": (lines(lambda i: f"{faces[i]};{i // 7},{i % 7}"), "from 0 to 8.3: a direction by regression"),
        "scores and n.a.": (lines(lambda i: f"{faces[i]},{'n.a.' if i % 3 == 2 else i}"), "20 blanks left out"),
        "five steps": (lines(lambda i: f"{faces[i]},{i % 5}"), "from 0 to 4: a direction by regression"),
        "true and false": (lines(lambda i: f"{faces[i]}, {i % 2 == 0}", "face, smiling"), "1 is True"),
        "seeds as numbers": (npz(seeds=np.arange(N), labels=np.arange(N) % 2), "1 is 1"),
        "an index too": (lines(lambda i: f"{i},{faces[i]},{i % 2}", ",face,label"), "1 is 1"),
        "label first": (lines(lambda i: f"{i % 2},{faces[i]}", "label,face"), "1 is 1"),
        "UTF-16": (lines(lambda i: f"{faces[i]}\t{'für' if i % 2 else 'gegen'}", encoding="utf-16"), "1 is gegen"),
        "equal layers": (npz(w=np.repeat(x[:, None], 18, 1), y=ones), "1 is 1"),
        "tabs": (lines(lambda i: f"{faces[i]}\t{i % 2}", end="\r\n"), "1 is 1"),
        "two words": (lines(lambda i: f"{faces[i]},{'cat' if i % 2 else 'dog'}", "face,animal"), "1 is dog"),
        "minus one": (lines(lambda i: f"{faces[i]},{1 if i % 2 else -1}"), "0 is -1"),
        "blanks": (lines(lambda i: f"{faces[i]},{'' if i % 3 == 2 else i % 2}", "face,label"), "20 blanks left out"),
        "labels alone": (lines(lambda i: f"{i % 2}"), "1 is 1"),
        "1.0 and 0.0": (lines(lambda i: f"{faces[i]},{float(i % 2)}"), "1 is 1.0"),
        "latin-1": (lines(lambda i: f"{faces[i]},{'Müller' if i % 2 else 'Åse'}", encoding="latin-1"), "0 is Müller"),
        "z and y": (npz(z=x, y=ones), "1 is 1"),
        "text in an array": (npz(latents=x, labels=np.array(["a", "b"] * (N // 2))), "1 is b"),
        "bytes in an array": (npz(latents=x, labels=np.array([b"a", b"b"] * (N // 2))), "1 is b"),
        "plus and minus 1": (npy(np.where(x[:, 0] > 0, 1, -1)), "0 is -1"),
        "flags": (npy(x[:, 0] > 0), "1 is 1"),
        "(n, 1)": (npy(ones[:, None]), "1 is 1"),
        "beside latents": (
            lines(lambda i: f"{line(x[i])},{'mf'[i % 2]}", ",".join([*(f"z{k}" for k in range(size)), "sex"])),
            "1 is m",
        ),
    }  # fmt: skip


def wrong_labels(size: int) -> dict[str, tuple[bytes, str]]:
    """Return unusable files of labels, each with words of the expected message."""
    x = rows(size)
    three = [f"1.{i},{'abc'[i % 3]}" for i in range(N)]
    return {
        "a word among numbers": (text(["face,age", *(f"1.{i},{'old' if i == 6 else 20 + i}" for i in range(N))]),
                                 'Received: "old" in line 8, column 2 \\(age\\)'),
        "no face": (text([f"1.{i},{i % 2}" if i != 4 else "1.x,1" for i in range(N)]), "Line 5"),
        "three words": (text(three), r"one=VALUE"),
        "one value": (text([f"1.{i},yes" for i in range(N)]), "yes alone, 60 times"),
        "blanks alone": (text([f"1.{i}," for i in range(N)]), "blanks"),
        "complex": (npy(x[:, 0].astype(complex)), "complex"),
        "faces as numbers": (npz(faces=np.arange(N) + 0.5, labels=np.arange(N) % 2), "faces as text"),
        "not finite": (text([f"1.{i},{'inf' if i == 3 else i}" for i in range(N)]), "line 4, column 2"),
        "pickle": (pickle.dumps([1, 0], 4), "numpy.savez"),
        "two arrays of labels": (npz(latents=x, a=np.arange(N) % 2, b=np.arange(N) % 2), "labels=NAME"),
        "an integer too few": (npz(latents=x, labels=np.arange(N - 1) % 2), "60 labels"),
        "html": (b"<html></html>", "a web page"),
    }  # fmt: skip

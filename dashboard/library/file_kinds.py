"""The kind of a file, found by its first bytes: one of those that are read here, or another one, named."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from dashboard.errors import InputError

Kind = Literal["npy", "npz", "safetensors", "pickle", "text"]

BEGIN = 4096
"""Bytes of a file that identify its kind."""

MAX_HEADER = 100_000_000
"""Size limit of a safetensors header, that of its own library."""

READ = "NPY, NPZ, safetensors or a table as text (CSV, TSV)"

_NUMPY = "Save it as NPZ: numpy.savez(file, name=array)."
_NAMED = (
    (b"version https://git-lfs", "a Git LFS pointer, not the file itself", "Fetch it with git lfs pull."),
    (b"\x1f\x8b", "a gzip file", "Unpack it first, with gunzip or tar."),
    (b"BZh", "a bzip2 file", "Unpack it first, with bunzip2."),
    (b"\xfd7zXZ", "an xz file", "Unpack it first, with unxz."),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file", "Unpack it first, with unzstd."),
    (b"7z\xbc\xaf", "a 7-Zip file", "Unpack it first."),
    (b"Rar!", "a RAR file", "Unpack it first."),
    (b"\x89HDF", "an HDF5 file (h5, mat, Keras)", f"Read it with h5py. {_NUMPY}"),
    (b"MATLAB 5.0", "a MATLAB file", f"Read it with scipy.io.loadmat. {_NUMPY}"),
    (b"PAR1", "a Parquet file", "Read it with pandas, and save it with to_csv."),
    (b"ARROW1", "an Arrow file", "Read it with pandas, and save it with to_csv."),
    (b"FEA1", "a Feather file", "Read it with pandas, and save it with to_csv."),
    (b"\x89PNG", "a PNG picture", "Choose the file of its latents."),
    (b"\xff\xd8\xff", "a JPEG picture", "Choose the file of its latents."),
    (b"GIF8", "a GIF picture", "Choose the file of its latents."),
    (b"RIFF", "a WebP picture, a sound or a video", "Choose the file of its latents."),
    (b"%PDF", "a PDF", "Choose the file of its numbers."),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document", "Save it as CSV."),
    (b"\x80\x02\x8a\nl\xfc\x9cF\xf9", "a PyTorch checkpoint", f"Load it with torch.load. {_NUMPY}"),
    (b"{", "JSON", "Save its numbers as CSV or NPZ."),
    (b"[", "JSON", "Save its numbers as CSV or NPZ."),
)


def kind_of(path: Path, expected: str = READ) -> Kind:
    """Tell the kind of a file; nothing of it is run, and little of it read.

    Args:
        path: the file.
        expected: what is taken, for the sentence.

    Returns:
        The kind; "pickle" is for those who read one form of it under restrictions, all others refuse it.

    Raises:
        InputError: it is none that is read here; names what it is and what to do.
    """
    with path.open("rb") as file:
        begin = file.read(BEGIN)
    if not begin:
        raise refusal(expected, "an empty file", "Choose another, or save it again.")
    if begin.startswith(b"\x93NUMPY"):
        return "npy"
    if begin.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip_kind(path, expected)
    stripped = begin.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if stripped.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        raise refusal(expected, "a web page (HTML)", "Perhaps the download needed a login: fetch the file itself.")
    if _is_safetensors(begin):
        if 8 + int.from_bytes(begin[:8], "little") > path.stat().st_size:
            raise refusal(expected, "safetensors that is cut off", "Save it again, or send it again.")
        return "safetensors"
    for start, what, advice in _NAMED:
        if begin.startswith(start):
            raise refusal(expected, what, advice)
    if begin[:1] == b"\x80" and begin[1:2] in (b"\2", b"\3", b"\4", b"\5"):
        return "pickle"
    return "text"


def refuse_pickle(expected: str = READ) -> InputError:
    """Return the error for a pickle where none is read."""
    return refusal(expected, "a pickle, which can run anything and is not opened", f"Load it yourself. {_NUMPY}")


def refusal(expected: str, what: str, advice: str) -> InputError:
    """Return the error for a file that is another kind than those expected."""
    return InputError(f"Expected {expected}. Received: {what}. {advice}")


def is_array_name(name: str) -> bool:
    """Check whether a file of a ZIP is an array; the files that macOS adds are not."""
    return name.endswith(".npy") and not name.startswith("__MACOSX/") and not name.rpartition("/")[2].startswith("._")


def _is_safetensors(begin: bytes) -> bool:
    return len(begin) > 9 and begin[8:9] == b"{" and 2 <= int.from_bytes(begin[:8], "little") <= MAX_HEADER


def _zip_kind(path: Path, expected: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise refusal(
            expected,
            "a PyTorch checkpoint, or another ZIP or NPZ, that is cut off or damaged",
            f"Fetch it again. A checkpoint is loaded with torch.load. {_NUMPY}",
        ) from error
    ends = {name.rpartition("/")[2] for name in names}
    if "data.pkl" in ends or "constants.pkl" in ends:
        raise refusal(expected, "a PyTorch checkpoint", f"Load it with torch.load. {_NUMPY}")
    if "[Content_Types].xml" in ends:
        raise refusal(expected, "an Excel, Word or PowerPoint document", "Save its table as CSV.")
    if "model.json" in ends:
        raise refusal(expected, "a face model", "Import it on the Models page.")
    if any(is_array_name(name) for name in names):
        return "npz"
    if not names:
        raise refusal(expected, "an NPZ or ZIP with nothing in it", "Save it again.")
    count = "one file" if len(names) == 1 else f"{len(names):,} files"
    raise refusal(expected, f"a ZIP of {count}", "Unpack it, and choose one of its files.")

"""Columns of numbers as a file to download: CSV or NPZ."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping

import numpy as np
from flask import Response

from dashboard.errors import NotFound


def data_answer(name: str, form: str, columns: Mapping[str, np.ndarray]) -> Response:
    """Return columns of equal length as a file to download.

    Args:
        name: of the file, without extension.
        form: "csv" or "npz".
        columns: by name; CSV begins with a column of row numbers.

    Returns:
        The answer.

    Raises:
        NotFound: another format.
    """
    if form == "npz":
        payload, kind = _npz(columns), "application/octet-stream"
    elif form == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["row", *columns])
        lists = [np.asarray(values).tolist() for values in columns.values()]
        writer.writerows(
            [row, *(f"{v:.6g}" if isinstance(v, float) else escaped(v) for v in values)]
            for row, values in enumerate(zip(*lists, strict=True))
        )
        payload, kind = text.getvalue().encode(), "text/csv; charset=utf-8"
    else:
        raise NotFound(f"Expected .csv or .npz. Received: .{form[:16]}. Change the file extension.")
    answer = Response(payload, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _npz(columns: Mapping[str, np.ndarray]) -> bytes:
    """Return the columns as an NPZ under any names, even names reserved by numpy.savez."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, values in columns.items():
            with packed.open(f"{name.replace('/', '-')}.npy", "w") as file:
                np.lib.format.write_array(file, np.asarray(values), allow_pickle=False)
    return stream.getvalue()


def escaped(cell: object) -> object:
    """Return a cell that is safe in spreadsheets: text that looks like a formula is prefixed with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell

from __future__ import annotations

import pytest

from dashboard.exports.animation import frame_of, frame_order, moving, step_of
from dashboard.exports.export_request import read_export
from dashboard.synthesis.model_folder import Model

FACES = "1:7!1:8!1:9"


@pytest.mark.parametrize(
    ("words", "rows", "columns", "step"),
    [
        ({"on": "Male", "runs": "both"}, 2, 3, "Male −4"),
        ({"sheet": "grid", "on": "Male", "by": "Young", "steps": "2", "runs": "locked"}, 1, 2, "Male −4"),
        ({"sheet": "mix", "runs": "free"}, 1, 2, "0 %"),
    ],
)
def test_a_frame_has_people_across_and_runs_down(tiny_model: Model, words, rows, columns, step) -> None:
    export = read_export({"form": "mp4", "faces": FACES, "words": words, "seconds": 1, "rate": 6}, tiny_model)
    sheet = moving(export, tiny_model)
    assert len(sheet.columns) == 6
    frame = frame_of(sheet, 0)
    assert (len(frame.rows), len(frame.columns)) == (rows, columns)
    assert {len(row.cells) for row in frame.rows} == {columns}
    assert [cell.face for row in frame.rows for cell in row.cells].count(None) == 0
    assert step_of(export, sheet.columns[0]) == step


def test_the_faces_themselves_change_into_one_another(tiny_model: Model) -> None:
    export = read_export({"form": "webp", "what": "faces", "faces": FACES, "seconds": 1, "rate": 5}, tiny_model)
    sheet = moving(export, tiny_model)
    assert [str(face) for face in sheet.faces] == ["1:7", "1:mix(7,8,0.5)", "1:8", "1:mix(8,9,0.5)", "1:9"]
    assert sheet.columns == ("A to B: 0 %", "A to B: 50 %", "B to C: 0 %", "B to C: 50 %", "B to C: 100 %")


def test_the_return_repeats_neither_end() -> None:
    assert list(frame_order(4, back=True)) == [0, 1, 2, 3, 2, 1]
    assert list(frame_order(2, back=True)) == [0, 1]
    assert list(frame_order(3, back=False)) == [0, 1, 2]

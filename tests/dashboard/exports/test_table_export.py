from __future__ import annotations

import csv
import io

import pytest

from dashboard.exports.table_export import escaped, states_table
from dashboard.faces.face import parse
from dashboard.sheets.plan import Plan
from dashboard.sheets.sheet import sheet_of
from dashboard.synthesis.model_folder import Model


@pytest.mark.parametrize("words", ["=1+1", "+cmd", "-cmd|x", "@sum", "\tx", "\rx"])
def test_no_cell_is_a_formula(words: str) -> None:
    assert escaped(words) == f"'{words}"


def test_numbers_stay_numbers() -> None:
    assert [escaped(words) for words in ("-4", "+0.5", "Seed 7", "")] == ["-4", "+0.5", "Seed 7", ""]


def test_a_table_without_scores_has_every_cell(tiny_model: Model) -> None:
    sheet = sheet_of(Plan("sweep", "Smiling", steps=3), [parse("1:7")], tiny_model)
    rows = list(csv.DictReader(io.StringIO(states_table(sheet, tiny_model, None))))
    assert [(row["row"], row["others"], row["column"]) for row in rows[2:4]] == [
        ("Seed 7", "everything free", "4"),
        ("Seed 7", "others locked", "-4"),
    ]
    assert float(rows[3]["Smiling"]) == -4
    assert {(row["model"], row["digest"]) for row in rows} == {(tiny_model.name, tiny_model.digest)}
    assert not any(name.startswith("score ") for name in rows[0])

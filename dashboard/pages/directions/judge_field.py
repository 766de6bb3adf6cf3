"""The field of the judge, if there is more than one, and its texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from dashboard.entanglement.judges import OWN_SCORER, SCORER, Judge, judge_of, other_judge
from dashboard.pages.directions.filters import Filter, read_filters, select
from dashboard.pages.directions.rescoring_runs import judges_now
from dashboard.synthesis.model import Model

JUDGE = Filter("judge", SCORER, "Judged by", "The network that scored the faces", 190)


def judge_field(model: Model, words: Mapping[str, Any]) -> html.Div:
    """Lay out the field, which is hidden without a second judge."""
    judges = judges_now(model) or [OWN_SCORER]
    data = [(each.word, each.short[:1].upper() + each.short[1:]) for each in judges]
    at = read_filters([JUDGE], {JUDGE.word: [word for word, _ in data]}, words)
    return html.Div(select(JUDGE, data, at[JUDGE.word]), hidden=len(judges) < 2)


def judges_at(model: Model, word: object) -> tuple[Judge, Judge | None]:
    """Return the judge of a field or an address, and the judge for comparison or None."""
    judges = judges_now(model)
    judge = judge_of(judges, word)
    return judge, other_judge(judges, judge)


def whose(model: Model, judge: Judge, other: Judge | None) -> str:
    """Name the judge of the figures, and the judge for comparison."""
    text = f"Scored by {judge.words}. "
    if other is not None:
        return f"{text}Compared with {other.words}, on the same pictures. "
    return text + "No second judge: this model has none, and no scores were imported. "

"""Judges of faces: the model's scorer, its judge, or imported scores of the same pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.entanglement.rescoring_results import JUDGE
from dashboard.synthesis.model import Model

SCORER = "scorer"
"""The scorer's name in addresses."""


@dataclass(frozen=True)
class Judge:
    """A judge: a source of scores.

    Args:
        by: as in the parameters of a run: empty for the scorer, "judge", or `scores~HASH`.
        short: one word or a title for headings: "scorer", "judge", "FairFace".
        words: the name in a sentence.
    """

    by: str
    short: str
    words: str

    @property
    def word(self) -> str:
        """Name of the judge in addresses."""
        return self.by or SCORER


OWN_SCORER = Judge("", "scorer", "the model's own scorer")


def judges_of(model: Model, imported: Sequence[tuple[str, str]] = ()) -> list[Judge]:
    """List the judges with scores, or able to score, a model's faces.

    Args:
        model: the model.
        imported: `scores~HASH` and title of each imported file of scores.
    """
    found = [OWN_SCORER] if model.has_scorer else []
    if model.has_judge and model.has_scorer:
        found.append(Judge(JUDGE, "judge", "the model's judge, which had no part in finding the directions"))
    return found + [Judge(name, title, f"{title} (imported scores)") for name, title in imported]


def judge_of(judges: Sequence[Judge], word: object) -> Judge:
    """Return the judge of an address; the first if it does not exist, the scorer if there is none at all."""
    return next((each for each in judges if each.word == word), judges[0] if judges else OWN_SCORER)


def other_judge(judges: Sequence[Judge], judge: Judge) -> Judge | None:
    """Return the judge for comparison: for the scorer the model's judge or else the first import, for others the
    scorer.
    """
    if judge.by:
        return judges[0]
    return judges[1] if len(judges) > 1 else None

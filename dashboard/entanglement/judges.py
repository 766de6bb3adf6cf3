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
        by: as parameters of a run have it: empty for the scorer, "judge", or `scores~HASH`.
        short: one word or a title, for a heading: "scorer", "judge", "FairFace".
        words: in a sentence.
    """

    by: str
    short: str
    words: str

    @property
    def word(self) -> str:
        """Name of the judge in addresses."""
        return self.by or SCORER


def judges_of(model: Model, imported: Sequence[tuple[str, str]] = ()) -> list[Judge]:
    """List the judges that have scored, or can score, a model's faces.

    Args:
        model: the model.
        imported: `scores~HASH` and title of each file of scores that was imported for it.
    """
    found = [Judge("", "scorer", "the model's own scorer")] if model.has_scorer else []
    if model.has_judge and model.has_scorer:
        found.append(Judge(JUDGE, "judge", "the model's judge, which had no part in finding the directions"))
    return found + [Judge(name, title, f"{title} (imported scores)") for name, title in imported]


def judge_of(judges: Sequence[Judge], word: object) -> Judge:
    """Return the judge that an address names; the scorer where it names none that there is."""
    return next((each for each in judges if each.word == word), judges[0])


def other_judge(judges: Sequence[Judge], judge: Judge) -> Judge | None:
    """Return the judge to compare one with: the scorer with the model's judge or else the first import, others with the
    scorer.
    """
    if judge.by:
        return judges[0]
    return judges[1] if len(judges) > 1 else None

"""The filters of the findings, read from an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.entanglement.findings import FALSE_SHARE, LEAST, ORDERS, Question

SIZES = ("0", "0.05", "0.1", "0.25", "0.5")
SHARES = ("0.01", "0.05", "0.1", "0.2")


def question_of(words: Mapping[str, Any]) -> Question:
    """Return the filters of the fields or of an address; invalid ones mean the default."""

    def one_of(word: str, allowed: tuple[str, ...], plain: float) -> float:
        return float(words[word]) if words.get(word) in allowed else plain

    about, on = (str(words.get(word) or "any") for word in ("about", "on"))
    return Question(
        "" if about == "any" else about,
        "" if on == "any" else on,
        one_of("least", SIZES, LEAST),
        one_of("false", SHARES, FALSE_SHARE),
        str(words["by"]) if words.get("by") in ORDERS else "effect",
    )

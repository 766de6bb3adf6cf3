"""The view of the Directions page: the kind of matrix, its order, the locks, one cell; and its parameters in a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard.entanglement.judges import SCORER
from dashboard.entanglement.rescoring_results import JUDGE, OTHERS
from dashboard.errors import InputError, LikenessError, NotFound
from dashboard.synthesis.model import Model

DIFFERENCE = "difference"
TITLES = {
    "cosine": "Cosine",
    "pearson": "Pearson",
    "scores": "Scores in the bank",
    "effect": "Measured effect",
    DIFFERENCE: "Difference",
}
"""The kinds of matrix with their titles, in the page's order."""

FALSE_SHARES = {"0.01": "1 %", "0.05": "5 %", "0.1": "10 %", "0.2": "20 %"}
"""Selectable shares of false finds."""

ORDERS = {"clusters": "Clusters", "group": "Group", "name": "Name"}


@dataclass(frozen=True)
class View:
    """A view of a model's directions.

    Args:
        kind: one of `TITLES`.
        pair: of a difference: minuend and subtrahend.
        order: one of `ORDERS`.
        locked: names of attributes, in the model's order.
        after: whether the matrix is shown with these locked.
        cell: names of the moved and the observed attribute, or None.
        false_share: expected share of false finds among the cells that differ significantly from 0.
        by: the judge, as in the parameters of a run.
        alone: the attribute locked to see the remaining effect of a cell; empty for none.
    """

    kind: str
    pair: tuple[str, str]
    order: str
    locked: tuple[str, ...]
    after: bool
    cell: tuple[str, str] | None
    false_share: float = 0.05
    by: str = ""
    alone: str = ""

    @property
    def held(self) -> tuple[str, ...]:
        """Names of the attributes locked in the matrix."""
        return self.locked if self.after else ()

    @property
    def measures(self) -> tuple[str, ...]:
        """The kinds that the matrix is computed from."""
        return self.pair if self.kind == DIFFERENCE else (self.kind,)


def kinds_of(model: Model) -> list[str]:
    """Return the available kinds of matrix: geometry always, scores with a bank, effects with a scorer."""
    plain = [
        *("cosine", "pearson"),
        *(["scores"] if model.has_bank else []),
        *(["effect"] if model.has_scorer else []),
    ]
    return [*plain, DIFFERENCE]


def read_view(words: Mapping[str, Any], model: Model) -> tuple[View, LikenessError | None]:
    """Read the view of an address.

    Args:
        words: any query parameters by name: matrix, of, less, order, locked, after, false, judge, hold, cell.
        model: the model.

    Returns:
        The view and None; if a parameter is invalid, its default and the error.
    """
    kinds = kinds_of(model)
    problems: list[LikenessError] = []

    def one_of(word: str, allowed: list[str], otherwise: str) -> str:
        text = words.get(word)
        if text is None or text in allowed:
            return text or otherwise
        problems.append(
            NotFound(
                f"Expected {word} to be one of {', '.join(allowed)} for model {model.name}. "
                f"Received: {str(text)[:60]}. Choose one."
            )
        )
        return otherwise

    def names(word: str) -> list[str]:
        text = words.get(word)
        asked = [name for name in str(text).split(",") if name] if text is not None else []
        unknown = [name for name in asked if name not in model.names]
        if unknown:
            problems.append(
                NotFound(
                    f"Expected directions of model {model.name} as {word}. Received: {unknown[0][:60]}. Choose another."
                )
            )
            return []
        return asked

    plain = [kind for kind in kinds if kind != DIFFERENCE]
    of = one_of("of", plain, "effect" if "effect" in plain else "pearson")
    less = one_of("less", plain, "cosine")
    kind = one_of("matrix", kinds, "cosine")
    order = one_of("order", list(ORDERS), "clusters")
    asked = names("locked")
    cell = names("cell")
    if cell and len(cell) != 2:
        problems.append(InputError(f"Expected a cell such as Smiling,Male. Received: {len(cell)} names. Click one."))
    view = View(
        kind,
        (of, less),
        order,
        tuple(name for name in model.names if name in asked),
        words.get("after") == "1",
        (cell[0], cell[1]) if len(cell) == 2 else None,
        float(one_of("false", list(FALSE_SHARES), "0.05")),
        _by(words.get("judge"), model),
        next(iter(names("hold")), ""),
    )
    return view, problems[0] if problems else None


def _by(word: Any, model: Model) -> str:
    """Return the judge's name; an unknown one means the scorer, since imported scores may be removed."""
    text = str(word or "")
    return text if (text == JUDGE and model.has_judge) or text.startswith(OTHERS) else ""


def strongest(model: Model) -> tuple[str, str]:
    """Return the default cell: of the two different directions with the largest |cosine|."""
    sizes = np.abs(model.gram)
    np.fill_diagonal(sizes, -1.0)
    row, column = np.unravel_index(int(np.argmax(sizes)), sizes.shape)
    return model.names[int(row)], model.names[int(column)]


def view_words(view: View) -> dict[str, str]:
    """Return the parameters of a view, except its cell; `read_view` parses them."""
    return {
        "matrix": view.kind,
        "of": view.pair[0],
        "less": view.pair[1],
        "order": view.order,
        "locked": ",".join(view.locked),
        "after": "1" if view.after else "0",
        "false": f"{view.false_share:g}",
        "judge": view.by or SCORER,
        "hold": view.alone,
    }

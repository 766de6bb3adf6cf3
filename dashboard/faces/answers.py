"""JSON answers of the addresses of faces, as pydantic models; `json_answer` writes every JSON answer.

`dashboard.web.answers` and `library_answers` have those of all other addresses, `dashboard.web.openapi` the table of
addresses and answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, ParamSpec, TypeVar, cast

from flask import Response
from pydantic import BaseModel, ConfigDict

NOT_KEPT, REVALIDATED = "no-store", "no-cache"
"""Values of Cache-Control."""

P = ParamSpec("P")
A = TypeVar("A", bound=BaseModel)


class Answer(BaseModel):
    """An answer with exactly these fields."""

    model_config = ConfigDict(extra="forbid")


def as_text(answer: BaseModel, indent: int | None = None) -> str:
    """Return an answer as JSON. Fields that were not set are left out.

    Args:
        answer: the answer.
        indent: spaces per level, for files that people read; None for one line.

    Raises:
        ValueError: a number is not finite.
    """
    content = answer.model_dump(exclude_unset=True)
    if indent is not None:
        return json.dumps(content, allow_nan=False, indent=indent, ensure_ascii=False)
    return json.dumps(content, allow_nan=False, separators=(",", ":"))


def json_answer(answer: BaseModel, cache: str = NOT_KEPT, status: int = 200) -> Response:
    """Return an answer as a response.

    Args:
        answer: the answer.
        cache: its Cache-Control.
        status: its HTTP status.
    """
    response = Response(as_text(answer), status=status, mimetype="application/json")
    response.headers["Cache-Control"] = cache
    return response


def answers(model: type[A], cache: str = NOT_KEPT) -> Callable[[Callable[P, A]], Callable[P, Response]]:
    """Decorate a view that returns a pydantic model: it answers with that as JSON.

    Args:
        model: type returned by the view; `view.answers` holds it, for the test of all routes.
        cache: Cache-Control of the answer.

    Returns:
        A decorator of Flask views.
    """

    def hold(view: Callable[P, A]) -> Callable[P, Response]:
        @wraps(view)
        def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
            return json_answer(view(*args, **kwargs), cache)

        cast(Any, answered).answers = model
        return answered

    return hold


class ChannelAnswer(Answer):
    """A style channel: the row of w that it is read from, the style that it sets, its sign, and what it is in words."""

    row: int
    style: str
    sign: int
    words: str


class AttributeAnswer(Answer):
    """An attribute, or an extra direction, which has a title; a style channel sets a style and does not move w."""

    name: str
    title: str | None = None
    group: str
    kind: str
    range: tuple[float, float]
    ends: tuple[float, float]
    reliability: dict[str, Any]
    channel: ChannelAnswer | None = None


class ModelAnswer(Answer):
    """A model, with the data from which the browser computes coordinates."""

    name: str
    digest8: str
    resolution: int
    latent_size: int
    normalised: bool
    address: str
    measurable: bool
    expected: bool
    space: Literal["z", "w"]
    reach2: float | None
    layers: int
    layer_ranges: dict[str, tuple[int, int]]
    previews: bool
    attributes: list[AttributeAnswer]
    gram: list[list[float]]
    spare: list[float]


class FaceAnswer(Answer):
    """The coordinates of a face on every direction."""

    face: str
    base: str
    latent_size: int
    norm2: float
    base_coordinates: list[float]
    coordinates: list[float]


class TickAnswer(Answer):
    """A score on its slider: measured value and expected range, also as raw scores; whether a pinned row is outside."""

    at: float
    low: float
    high: float
    score: float
    least: float
    most: float
    outside: bool


class ScoresAnswer(Answer):
    """The scores of a face's picture, in standard deviations of the bank; with ticks if the model has curves."""

    face: str
    scores: dict[str, float]
    ticks: dict[str, TickAnswer] | None


class AttributeNumbers(Answer):
    """A face's coordinate of an attribute, whether it is pinned, and its score."""

    attribute: str
    pinned: bool
    coordinate: float
    score: float | None


class NumbersAnswer(Answer):
    """The numbers of a face as a file: coordinates, scores, and the latent, or its row for each layer."""

    model: str
    digest: str
    face: str
    attributes: list[AttributeNumbers]
    latent: list[float] | list[list[float]]


class DirectionAnswer(Answer):
    """An extra direction, in the form that the browser adds to a model."""

    attribute: AttributeAnswer
    base: str
    gram: list[float]
    spare: float
    coordinate: float

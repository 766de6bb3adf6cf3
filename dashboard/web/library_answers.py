"""The answers about saved data: collections, latent sets, user directions, imported scores."""

from __future__ import annotations

from typing import Literal

from pydantic import RootModel

from dashboard.faces.answers import Answer


class CollectionSummary(Answer):
    """A collection in the list of all."""

    slug: str
    name: str
    count: int


class CollectionsAnswer(RootModel[list[CollectionSummary]]):
    """All collections that can be saved to."""


class ItemAnswer(Answer):
    """A saved item, with the text of its picture if it has one, and its authors if users are identified."""

    id: int
    version: int
    kind: str
    address: str
    title: str
    note: str
    still: str | None
    made_by: str | None = None
    changed_by: str | None = None


class CollectionAnswer(Answer):
    """A collection, with notes on missing parts of an import, and its authors if users are identified."""

    slug: str
    name: str
    version: int
    items: list[ItemAnswer]
    notes: list[str] | None = None
    made_by: str | None = None
    changed_by: str | None = None


class CollectionName(Answer):
    """A collection that was removed."""

    slug: str


class ItemNumber(Answer):
    """An item that was taken out."""

    id: int


class LeftOutAnswer(Answer):
    """An invalid row of a file: its line, the reason, and the value with the surrounding text."""

    line: int
    why: str
    number: int
    value: str
    around: tuple[str, str, str]


class ColumnAnswer(Answer):
    """A column that accompanies latents: a histogram of numbers, or shares of categories."""

    name: str
    kind: Literal["numbers", "categories"]
    missing: int
    words: str
    bars: list[int] | None = None
    shares: list[int] | None = None


class LatentFileAnswer(Answer):
    """The content of a file of latents."""

    summary: str
    rows: int
    of: int
    size: int
    form: str
    columns: list[ColumnAnswer]
    notes: list[str]
    doubts: list[str]
    left_out: list[LeftOutAnswer]
    arrays: list[str]
    lengths: tuple[float, float]
    distinct: int


class WaitingLatentFileAnswer(LatentFileAnswer):
    """The content of a file of latents before it is stored."""

    token: str
    name: str
    model: str


class LatentSetAnswer(Answer):
    """A set of latents stored as a space."""

    space: str
    title: str
    rows: int
    kept_columns: list[str]


class KeptLatentFileAnswer(LatentFileAnswer, LatentSetAnswer):
    """A file of latents that was stored immediately, and its set."""


class FileToken(Answer):
    """An uploaded file that was deleted."""

    token: str


class LatentSetName(Answer):
    """A set of latents that was removed or restored."""

    name: str


class UserDirectionAnswer(Answer):
    """A user direction: its name, title and examples, and its accuracy on held-out faces.

    With a bank also how it was learnt: features, p and its range, classifier, strength, held scores, expected angle.
    """

    name: str
    title: str
    kind: str
    accuracy: float | None
    auc: float | None
    plus: int
    minus: int
    warning: str
    correlation: float | None = None
    read: str | None = None
    features: int | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    classifier: str | None = None
    strength: float | None = None
    held: list[str] | None = None
    angle: float | None = None


class DirectionInFile(Answer):
    """A direction of a file, and its description in the file."""

    title: str
    description: str


class WaitingDirectionsAnswer(Answer):
    """Directions of a file before they are stored: their number, the first of them, and notes on what was left out.

    `space` is the one that they are taken to be in, `spaces` are those that the model has; style channels are in s.
    """

    token: str
    name: str
    count: int
    directions: list[DirectionInFile]
    notes: list[str]
    space: Literal["z", "w", "s"]
    spaces: list[Literal["z", "w", "s"]]


class LabelCount(Answer):
    """A value of a column of labels, and its count."""

    value: str
    count: int


class WaitingLabelsAnswer(Answer):
    """Labels of a file before a direction is made from them.

    `problem` is set if a column, or the value that means 1, has to be chosen; nothing is
    counted then. `chosen` is the requested value for 1, `one` the value used.
    """

    token: str
    name: str
    chosen: str
    problem: str
    column: str
    columns: list[str]
    counts: list[LabelCount]
    one: str
    scores: bool
    numbers: bool
    words: str
    labels: int
    ones: int
    blanks: int
    left_out: int
    of: str


class ImportedDirectionsAnswer(Answer):
    """Directions that were imported."""

    names: list[str]
    titles: list[str]


class ScoredDirectionsAnswer(Answer):
    """Directions that were made from scores of faces, and what was read of the file."""

    names: list[str]
    titles: list[str]
    words: str


class WaitingManifestAnswer(Answer):
    """An uploaded manifest before the scores of its pictures."""

    token: str
    name: str


class ImportedScoresAnswer(Answer):
    """Imported scores of a model's pictures, and the locks of each of their runs."""

    name: str
    title: str
    words: str
    locked: list[list[str]]
    made_by: str


class ImportedScoresListAnswer(Answer):
    """The imported scores of a model, newest first."""

    scores: list[ImportedScoresAnswer]


class ImportedScoresName(Answer):
    """Imported scores that were removed or restored."""

    name: str


class UserDirectionName(Answer):
    """A user direction that was removed or restored."""

    name: str

"""The answers of the JSON addresses, as models: the contract with scripts and other programs.

`dashboard.faces.answers` has those about faces, `dashboard.web.library_answers` those about saved items, and
`dashboard.web.openapi` maps each address to its model.
"""

from __future__ import annotations

from typing import Literal

from dashboard.faces.answers import Answer
from dashboard.jobs.shared_job import State
from dashboard.serving.downloads import Phase


class ErrorAnswer(Answer):
    """An error, with a status of 400 and above."""

    error: str
    failed: str | None = None


class NeighbourAnswer(Answer):
    """A face, and its distance from the face of the request."""

    face: str
    distance: float


class NeighboursAnswer(Answer):
    """Neighbours of a face: by features of the scorer, or around its latent."""

    face: str
    by: Literal["features", "latent"]
    faces: list[NeighbourAnswer]


class Widen(Answer):
    """The range to drop first, and how many faces match without it."""

    name: str
    matches: int


class RangesAnswer(Answer):
    """Number of faces that match the ranges; the base of one of them if requested."""

    matches: int
    of: int
    by: Literal["scores", "coordinates"]
    widen: Widen | None
    base: str | None = None


class SheetCell(Answer):
    """A face of a sheet, or the reason why it has none."""

    face: str | None
    words: str
    reason: str | None


class SheetRow(Answer):
    """A row of a sheet."""

    title: str
    note: str
    locked: bool
    cells: list[SheetCell]


class SheetAnswer(Answer):
    """A sheet of faces."""

    title: str
    columns: list[str]
    rows: list[SheetRow]


class ProjectionAnswer(Answer):
    """A base, or a direction, on the components of a view."""

    base: str | None = None
    canonical: str | None = None
    direction: str | None = None
    values: list[float]


class JobAnswer(Answer):
    """The state of a job."""

    id: str
    kind: str
    state: State
    fraction: float
    step: str
    seconds_left: float | None
    error: str
    stage: int


class JobNumber(Answer):
    """A job whose result was deleted."""

    id: str


class OutlookAnswer(Answer):
    """How long a job takes on this machine, and the running job where one exists."""

    seconds: float
    measured: bool
    job: JobAnswer | None


class HealthAnswer(Answer):
    """The process is alive."""

    status: Literal["ok"]


class ReadyAnswer(Answer):
    """The first face was generated; "degraded" if something is missing, with the reason."""

    status: Literal["ready", "degraded"]
    model: str
    cache: Literal["in use", "not in use"]
    why: str | None = None


class DownloadAnswer(Answer):
    """The state of a model download."""

    name: str
    phase: Phase
    done: int
    total: int
    pace: str
    note: str
    error: str


class ChangedModelAnswer(Answer):
    """A model that was imported, verified, removed or restored."""

    model: str
    message: str | None = None


class DensityAnswer(Answer):
    """The density in a window: the largest count of a cell, and how many rows lie inside."""

    most: int
    inside: int


class AverageAnswer(Answer):
    """The average of a selection: its face, and how many were averaged."""

    face: str
    count: int


class FindingAnswer(Answer):
    """A finding: the moved attribute, the score that changed, the effect with its interval, and how many agree."""

    moved: str
    seen: str
    effect: float
    low: float | None
    high: float | None
    p_adjusted: float | None
    same_way: float | None
    people: int
    flips: float | None
    flips_low: float | None
    flips_high: float | None
    locked: float | None
    locked_low: float | None
    locked_high: float | None
    locked_flips: float | None
    alone_flips: float | None
    other_judge: float | None
    apart: float | None
    apart_low: float | None
    apart_high: float | None
    sentence: str


class FindingsAnswer(Answer):
    """The findings about a model, how they were measured, and how they were chosen."""

    model: str
    digest: str
    judge: str
    people: int
    moved: str
    unit: str
    tested: int
    told_from_0: int
    false_finds_at_most: float
    least_effect: float
    interval_level: float | None
    locked: list[str]
    findings: list[FindingAnswer]

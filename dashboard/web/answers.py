"""The answers of the JSON addresses as pydantic models: the contract for scripts and other programs.

    python -m dashboard.web.answers

writes `assets/answers.d.ts` (the types of the scripts) and `docs/openapi.json` again. A test compares both with the
models, and what a server answers, too.
"""

from __future__ import annotations

import json
import tomllib
from typing import Any, Literal

from pydantic import BaseModel, RootModel
from pydantic.json_schema import models_json_schema

from dashboard.faces.answers import Answer, DirectionAnswer, FaceAnswer, ModelAnswer, NumbersAnswer, ScoresAnswer
from dashboard.jobs.shared_job import State
from dashboard.serving.downloads import Phase
from dashboard.settings import ROOT

TYPES = ROOT / "assets" / "answers.d.ts"
OPENAPI = ROOT / "docs" / "openapi.json"


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
    """How many faces match the ranges; the base of one of them where the request asks for it."""

    matches: int
    of: int
    by: Literal["scores", "coordinates"]
    widen: Widen | None
    base: str | None = None


class SheetCell(Answer):
    """A face of a sheet, or why there is none."""

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


class CollectionSummary(Answer):
    """A collection in the list of all."""

    slug: str
    name: str
    count: int


class CollectionsAnswer(RootModel[list[CollectionSummary]]):
    """All collections that can be saved to."""


class ItemAnswer(Answer):
    """A saved item; the text of its picture where it has one, and its authors where users are known."""

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
    """A collection; notes on what an import lacks here, and its authors where users are known."""

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


class HealthAnswer(Answer):
    """The process is alive."""

    status: Literal["ok"]


class ReadyAnswer(Answer):
    """A first face was made; "degraded" where something is missing, with the reason."""

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


class LeftOutAnswer(Answer):
    """A row of a file that cannot be used: its line, why, and the value with the text around it."""

    line: int
    why: str
    number: int
    value: str
    around: tuple[str, str, str]


class ColumnAnswer(Answer):
    """A column beside latents: bars of numbers, or shares of categories."""

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
    """The content of a file of latents that waits to be kept."""

    token: str
    name: str
    model: str


class LatentSetAnswer(Answer):
    """A set of latents that is kept as a space."""

    space: str
    title: str
    rows: int
    kept_columns: list[str]


class KeptLatentFileAnswer(LatentFileAnswer, LatentSetAnswer):
    """A file of latents that was kept immediately, and the set that it became."""


class FileToken(Answer):
    """An uploaded file that was deleted."""

    token: str


class LatentSetName(Answer):
    """A set of latents that was removed or restored."""

    name: str


class UserDirectionAnswer(Answer):
    """A user direction: its name and title, what it was learnt from, and how well it classifies held-out faces.

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
    """Directions of a file that waits to be kept: how many, the first of them, and sentences on what was left out."""

    token: str
    name: str
    count: int
    directions: list[DirectionInFile]
    notes: list[str]


class LabelCount(Answer):
    """A value of a column of labels, and its count."""

    value: str
    count: int


class WaitingLabelsAnswer(Answer):
    """Labels of a file that waits for a direction to be made from them.

    `problem` is a sentence where the file leaves a choice open, of a column or of the value that is 1; nothing is
    counted then. `chosen` is the value that was asked for as 1, `one` the one that is.
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


class WaitingManifestAnswer(Answer):
    """A manifest that waits for the scores of its pictures."""

    token: str
    name: str


class ImportedScoresAnswer(Answer):
    """Imported scores of a model's pictures, and what was locked in each of their runs."""

    name: str
    title: str
    words: str
    locked: list[list[str]]
    made_by: str


class ImportedScoresListAnswer(Answer):
    """The imported scores of a model, the last ones first."""

    scores: list[ImportedScoresAnswer]


class ImportedScoresName(Answer):
    """Imported scores that were removed or restored."""

    name: str


class UserDirectionName(Answer):
    """A user direction that was removed or restored."""

    name: str


ANSWERS: dict[tuple[str, str], type[BaseModel]] = {
    ("GET", "/model.json"): ModelAnswer,
    ("GET", "/faces/{model}@{digest}/{face}.json"): FaceAnswer,
    ("GET", "/faces/{model}@{digest}/{face}.scores.json"): ScoresAnswer,
    ("GET", "/faces/{model}@{digest}/{face}.numbers.json"): NumbersAnswer,
    ("GET", "/faces/{model}@{digest}/directions/{name}.json"): DirectionAnswer,
    ("GET", "/find/within.json"): RangesAnswer,
    ("GET", "/find/near.json"): NeighboursAnswer,
    ("GET", "/compare/sheet.json"): SheetAnswer,
    ("GET", "/latent-space/place.json"): ProjectionAnswer,
    ("GET", "/latent-space/density.json"): DensityAnswer,
    ("POST", "/latent-space/average"): AverageAnswer,
    ("POST", "/latent-space/sets"): KeptLatentFileAnswer,
    ("POST", "/latent-space/sets/read"): WaitingLatentFileAnswer,
    ("POST", "/latent-space/sets/read/{token}/drop"): FileToken,
    ("POST", "/latent-space/sets/keep"): LatentSetAnswer,
    ("POST", "/latent-space/sets/{name}/remove"): LatentSetName,
    ("POST", "/latent-space/sets/{name}/restore"): LatentSetName,
    ("GET", "/directions/findings.json"): FindingsAnswer,
    ("POST", "/directions/own"): UserDirectionAnswer,
    ("POST", "/directions/own/labels/read"): WaitingLabelsAnswer,
    ("POST", "/directions/own/labels"): UserDirectionAnswer,
    ("POST", "/directions/own/incoming/{token}/drop"): FileToken,
    ("POST", "/directions/own/import/read"): WaitingDirectionsAnswer,
    ("POST", "/directions/own/import"): ImportedDirectionsAnswer,
    ("POST", "/directions/own/{name}/remove"): UserDirectionName,
    ("POST", "/directions/own/{name}/restore"): UserDirectionName,
    ("GET", "/directions/scores"): ImportedScoresListAnswer,
    ("POST", "/directions/scores"): ImportedScoresAnswer,
    ("POST", "/directions/scores/manifest"): WaitingManifestAnswer,
    ("POST", "/directions/scores/{name}/remove"): ImportedScoresName,
    ("POST", "/directions/scores/{name}/restore"): ImportedScoresName,
    ("POST", "/jobs"): JobAnswer,
    ("GET", "/jobs/{job_id}"): JobAnswer,
    ("POST", "/jobs/{job_id}/cancel"): JobAnswer,
    ("POST", "/jobs/{job_id}/remove"): JobNumber,
    ("GET", "/collections.json"): CollectionsAnswer,
    ("GET", "/collections/{slug}.json"): CollectionAnswer,
    ("POST", "/jobs/look"): OutlookAnswer,
    ("POST", "/collections"): CollectionAnswer,
    ("POST", "/collections/import"): CollectionAnswer,
    ("POST", "/collections/tour/copy"): CollectionAnswer,
    ("POST", "/collections/{slug}"): CollectionAnswer,
    ("POST", "/collections/{slug}/remove"): CollectionName,
    ("POST", "/collections/{slug}/restore"): CollectionAnswer,
    ("POST", "/collections/{slug}/items"): ItemAnswer,
    ("POST", "/collections/{slug}/items/{item}"): ItemAnswer,
    ("POST", "/collections/{slug}/items/{item}/still"): ItemAnswer,
    ("POST", "/collections/{slug}/items/{item}/remove"): ItemNumber,
    ("POST", "/collections/{slug}/items/{item}/restore"): ItemAnswer,
    ("POST", "/collections/{slug}/items/{item}/move"): CollectionAnswer,
    ("GET", "/models/{name}/fetch"): DownloadAnswer,
    ("POST", "/models/{name}/fetch"): ChangedModelAnswer,
    ("POST", "/models/{name}/cancel"): ChangedModelAnswer,
    ("POST", "/models/{name}/remove"): ChangedModelAnswer,
    ("POST", "/models/{name}/restore"): ChangedModelAnswer,
    ("POST", "/models/{name}/verify"): ChangedModelAnswer,
    ("POST", "/uploads"): ChangedModelAnswer,
    ("GET", "/healthz"): HealthAnswer,
    ("GET", "/readyz"): ReadyAnswer,
}
"""Model of each answer with status 200, by method and address. Every route that answers JSON is listed."""

FILES: dict[str, str] = {
    "/faces/{address}": "pictures, and numbers as files; the JSON of a face is above",
    "/latent-space/points.{form}": "csv or npz",
    "/latent-space/density.{form}": "png; the JSON is above",
    "/latent-space/scree.{form}": "csv or npz",
    "/latent-space/selection.{form}": "csv or npz",
    "/latent-space/first-sight.webp": "a picture",
    "/latent-space/average.webp": "a picture",
    "/latent-space/atlas.webp": "a picture",
    "/latent-space/sets/read/{token}/{row}.webp": "a picture",
    "/directions/matrix.{form}": "csv or npz",
    "/directions/curves.{form}": "csv or npz",
    "/directions/pair.{form}": "csv or npz",
    "/directions/graph.{form}": "csv or npz",
    "/directions/lock.{form}": "csv or npz",
    "/directions/models.{form}": "csv or npz",
    "/directions/reliability.{form}": "csv or npz",
    "/directions/audit.{form}": "csv or npz",
    "/directions/report.{form}": "html or zip",
    "/directions/findings.{form}": "csv or md; the JSON is above",
    "/directions/own/export.{form}": "a file of directions",
    "/jobs/{job_id}/files/{name}": "what a job has made",
    "/collections/{slug}/items/{item}/still.webp": "a picture",
    "/models/{name}.zip": "a model folder",
    "/metrics": "Prometheus' text",
    "/enter": "a page",
    "/assets/{filename}": "scripts, styles and icons",
    "/static/{name}": "the same, prepared",
}
"""Addresses that do not answer JSON, and what they answer with."""

MODELS = list(dict.fromkeys([*ANSWERS.values(), CollectionSummary, ErrorAnswer]))


def openapi() -> str:
    """Return the text of `docs/openapi.json`."""
    _, schemas = models_json_schema(
        [(model, "serialization") for model in MODELS], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for (method, address), model in ANSWERS.items():
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
        failed = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
        names = [part.split("}")[0] for part in address.split("{")[1:]]
        paths.setdefault(address, {})[method.lower()] = {
            "parameters": [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names],
            "responses": {
                "200": {"description": (model.__doc__ or "").strip().splitlines()[0], "content": content},
                "default": {"description": "An error.", "content": failed},
            },
        }
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Likeness", "version": version},
        "paths": paths,
        "components": {"schemas": schemas["$defs"]},
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def types() -> str:
    """Return the text of `assets/answers.d.ts`."""
    _, schemas = models_json_schema([(model, "serialization") for model in MODELS])
    lines = ["/* The answers of the JSON addresses: `python -m dashboard.web.answers` writes this from its models. */"]
    for name, schema in sorted(schemas["$defs"].items()):
        summary = schema["description"].split("\n")[0]
        if "properties" not in schema:
            lines.append(f"\n/** {summary} */\ntype {name} = {_type(schema)};")
            continue
        lines.append(f"\n/** {summary} */\ninterface {name} {{")
        required = schema.get("required", [])
        lines += [
            f"  {field}{'' if field in required else '?'}: {_type(of)};" for field, of in schema["properties"].items()
        ]
        lines.append("}")
    return "\n".join(lines) + "\n"


def _type(schema: dict[str, Any]) -> str:
    """Give the TypeScript type of a JSON schema, as far as the models above need it."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    if "const" in schema or "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " | ".join(_type(each) for each in schema["anyOf"])
    kind = schema.get("type")
    if kind == "array":
        if "prefixItems" in schema:
            return f"[{', '.join(_type(each) for each in schema['prefixItems'])}]"
        return f"Array<{_type(schema['items'])}>"
    if kind == "object":
        more = schema.get("additionalProperties")
        return f"Record<string, {_type(more) if isinstance(more, dict) else 'unknown'}>"
    return {"integer": "number", "number": "number", "boolean": "boolean", "null": "null", "string": "string"}[
        str(kind)
    ]


if __name__ == "__main__":
    TYPES.write_text(types(), encoding="utf-8")
    OPENAPI.write_text(openapi(), encoding="utf-8")

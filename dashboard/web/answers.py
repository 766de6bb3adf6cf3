"""The answers of the JSON addresses, as models: what scripts and other programs may rely on.

    python -m dashboard.web.answers

writes `assets/answers.d.ts` (the types of the scripts) and `docs/openapi.json` anew. A test compares both with the
models, and what a server answers, too.
"""

from __future__ import annotations

import json
import tomllib
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from dashboard.settings import ROOT

TYPES = ROOT / "assets" / "answers.d.ts"
OPENAPI = ROOT / "docs" / "openapi.json"


class Answer(BaseModel):
    """An answer: has these fields and no others."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ErrorAnswer(Answer):
    """Whatever went wrong, with a status of 400 and above."""

    error: str
    failed: str | None = None


class AttributeAnswer(Answer):
    """An attribute, or an extra direction, which has a title."""

    name: str
    title: str | None = None
    group: str
    kind: str
    range: tuple[float, float]
    ends: tuple[float, float]
    reliability: dict[str, Any]


class ModelAnswer(Answer):
    """A model, as the browser computes coordinates from it."""

    name: str
    digest8: str
    resolution: int
    latent_size: int
    normalised: bool
    address: str
    measurable: bool
    attributes: list[AttributeAnswer]
    gram: list[list[float]]
    spare: list[float]


class FaceAnswer(Answer):
    """Where a face stands on every direction."""

    face: str
    base: str
    latent_size: int
    norm2: float
    base_coordinates: list[float]
    coordinates: list[float]


class TickAnswer(Answer):
    """Where a score stands on its slider, where to expect it, the same raw, whether a pinned row is beyond."""

    at: float
    low: float
    high: float
    score: float
    least: float
    most: float
    outside: bool


class ScoresAnswer(Answer):
    """What the scorer reads in a face's picture, in standard deviations of the bank; ticks of a model with curves."""

    face: str
    scores: dict[str, float]
    ticks: dict[str, TickAnswer] | None


class DirectionAnswer(Answer):
    """An extra direction, as the browser adds it to a model."""

    attribute: AttributeAnswer
    base: str
    gram: list[float]
    spare: float
    coordinate: float


class NeighbourAnswer(Answer):
    """A face, and how far it lies from the one that was asked about."""

    face: str
    distance: float


class NeighboursAnswer(Answer):
    """Faces like one: by features of the scorer, or around its latent."""

    face: str
    by: Literal["features", "latent"]
    faces: list[NeighbourAnswer]


class Widen(Answer):
    """The range to leave out first, and how many faces match without it."""

    name: str
    matches: int


class RangesAnswer(Answer):
    """How many faces have attributes within ranges; the base of one of them where it was asked for."""

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
    """How far a job is."""

    id: str
    kind: str
    state: str
    fraction: float
    step: str
    seconds_left: float | None
    error: str
    stage: int


class CollectionSummary(Answer):
    """A collection in the list of all."""

    slug: str
    name: str
    count: int


class ItemAnswer(Answer):
    """A saved thing."""

    id: int
    version: int
    kind: str
    address: str
    title: str
    note: str
    still: str | None


class CollectionAnswer(Answer):
    """A collection."""

    slug: str
    name: str
    version: int
    items: list[ItemAnswer]


class HealthAnswer(Answer):
    """The process answers."""

    status: Literal["ok"]


class ReadyAnswer(Answer):
    """A first face has been made."""

    status: Literal["ready"]
    model: str
    cache: str


class DownloadAnswer(Answer):
    """How far a download of a model is."""

    name: str
    phase: str
    done: int
    total: int
    pace: str
    note: str
    error: str


class ChangedModelAnswer(Answer):
    """A model that was imported, verified, removed or put back."""

    name: str = Field(alias="model")
    told: str | None = None


ANSWERS: dict[tuple[str, str], type[BaseModel] | None] = {
    ("GET", "/model.json"): ModelAnswer,
    ("GET", "/faces/{model}@{digest}/{face}.json"): FaceAnswer,
    ("GET", "/faces/{model}@{digest}/{face}.scores.json"): ScoresAnswer,
    ("GET", "/faces/{model}@{digest}/directions/{name}.json"): DirectionAnswer,
    ("GET", "/find/within.json"): RangesAnswer,
    ("GET", "/find/near.json"): NeighboursAnswer,
    ("GET", "/compare/sheet.json"): SheetAnswer,
    ("GET", "/latent-space/place.json"): ProjectionAnswer,
    ("POST", "/jobs"): JobAnswer,
    ("GET", "/jobs/{id}"): JobAnswer,
    ("POST", "/jobs/{id}/cancel"): JobAnswer,
    ("POST", "/collections"): CollectionAnswer,
    ("POST", "/collections/{slug}"): CollectionAnswer,
    ("POST", "/collections/{slug}/items"): ItemAnswer,
    ("GET", "/healthz"): HealthAnswer,
    ("GET", "/readyz"): ReadyAnswer,
    ("GET", "/models/{name}/fetch"): DownloadAnswer,
    ("POST", "/models/{name}/verify"): ChangedModelAnswer,
}
"""Method and address, and what answers there with status 200."""

MODELS = list(dict.fromkeys([*(model for model in ANSWERS.values() if model), CollectionSummary, ErrorAnswer]))


def openapi() -> str:
    """Return the text of `docs/openapi.json`."""
    _, schemas = models_json_schema(
        [(model, "serialization") for model in MODELS], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for (method, address), model in ANSWERS.items():
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}} if model else {}
        failed = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
        names = [part.split("}")[0] for part in address.split("{")[1:]]
        paths.setdefault(address, {})[method.lower()] = {
            "parameters": [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names],
            "responses": {
                "200": {"description": (model.__doc__ or "").strip() if model else "", "content": content},
                "default": {"description": "An error.", "content": failed},
            },
        }
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    told = {
        "openapi": "3.1.0",
        "info": {"title": "Likeness", "version": version},
        "paths": paths,
        "components": {"schemas": schemas["$defs"]},
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def types() -> str:
    """Return the text of `assets/answers.d.ts`."""
    _, schemas = models_json_schema([(model, "serialization") for model in MODELS])
    lines = ["/* The answers of the JSON addresses: `python -m dashboard.web.answers` writes this from its models. */"]
    for name, schema in sorted(schemas["$defs"].items()):
        lines.append(f"\n/** {schema['description']} */\ninterface {name} {{")
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
        return f"Record<string, {_type(more) if isinstance(more, dict) else 'any'}>"
    return {"integer": "number", "number": "number", "boolean": "boolean", "null": "null", "string": "string"}[
        str(kind)
    ]


if __name__ == "__main__":
    TYPES.write_text(types(), encoding="utf-8")
    OPENAPI.write_text(openapi(), encoding="utf-8")

"""The answer of each address, and the files generated from this table.

    python -m dashboard.web.openapi

rewrites `assets/answers.d.ts` (the types of the scripts) and `docs/openapi.json`. A test compares both with the
models, the table with the routes, and a server's answers with both.
"""

from __future__ import annotations

import json
import tomllib
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dashboard.faces.answers import DirectionAnswer, FaceAnswer, ModelAnswer, NumbersAnswer, ScoresAnswer
from dashboard.settings import ROOT
from dashboard.web.answers import (
    AverageAnswer,
    ChangedModelAnswer,
    DensityAnswer,
    DownloadAnswer,
    ErrorAnswer,
    FindingsAnswer,
    HealthAnswer,
    JobAnswer,
    JobNumber,
    NeighboursAnswer,
    OutlookAnswer,
    ProjectionAnswer,
    RangesAnswer,
    ReadyAnswer,
    SheetAnswer,
)
from dashboard.web.library_answers import (
    CollectionAnswer,
    CollectionName,
    CollectionsAnswer,
    CollectionSummary,
    FileToken,
    ImportedDirectionsAnswer,
    ImportedScoresAnswer,
    ImportedScoresListAnswer,
    ImportedScoresName,
    ItemAnswer,
    ItemNumber,
    KeptLatentFileAnswer,
    LatentSetAnswer,
    LatentSetName,
    ScoredDirectionsAnswer,
    UserDirectionAnswer,
    UserDirectionName,
    WaitingDirectionsAnswer,
    WaitingLabelsAnswer,
    WaitingLatentFileAnswer,
    WaitingManifestAnswer,
)

TYPES = ROOT / "assets" / "answers.d.ts"
OPENAPI = ROOT / "docs" / "openapi.json"

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
    ("POST", "/directions/scores/directions"): ScoredDirectionsAnswer,
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
    "/directions/people.{form}": "csv or npz",
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
"""Addresses that do not answer JSON, and their answers."""

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
    lines = ["/* The answers of the JSON addresses: `python -m dashboard.web.openapi` writes this from its models. */"]
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
    """Return the TypeScript type of a JSON schema; covers the schemas of the models above."""
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

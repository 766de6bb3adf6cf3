"""What a server answers is what `dashboard.web.answers` says; the scripts' types and docs/openapi.json follow it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

import pytest
from pydantic import TypeAdapter
from support.application import runtime_of, tiny_app

from dashboard.jobs.runner import Job
from dashboard.jobs.shared_job import Progress
from dashboard.serving.downloads import FetchState
from dashboard.web.answers import (
    ANSWERS,
    OPENAPI,
    TYPES,
    CollectionAnswer,
    CollectionSummary,
    DirectionAnswer,
    DownloadAnswer,
    ErrorAnswer,
    FaceAnswer,
    JobAnswer,
    ModelAnswer,
    NeighboursAnswer,
    RangesAnswer,
    ReadyAnswer,
    ScoresAnswer,
    SheetAnswer,
    openapi,
    types,
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    app = tiny_app(tmp_path_factory.mktemp("answers"))
    yield app
    runtime_of(app).close()


@pytest.fixture
def client(app: Any) -> Any:
    return app.server.test_client()


def test_types_and_openapi_are_made_from_the_models() -> None:
    command = "run python -m dashboard.web.answers"
    assert TYPES.read_text(encoding="utf-8") == types(), command
    assert OPENAPI.read_text(encoding="utf-8") == openapi(), command


def test_every_described_address_is_served(app: Any) -> None:
    served = {
        (m, re.sub(r"<(?:\w+:)?(\w+)>", "{}", str(r))) for r in app.server.url_map.iter_rules() for m in r.methods
    }
    for method, address in ANSWERS:
        plain = re.sub(r"\{\w+\}", "{}", address)
        faces = address.startswith("/faces/{model}@{digest}/{face}")
        assert (method, "/faces/{}" if faces else plain) in served, address


def face_of(app: Any) -> str:
    return f"/faces/{runtime_of(app).model.name}@{runtime_of(app).model.digest8}"


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("/model.json", ModelAnswer),
        ("/model.json?with=sefa~1", ModelAnswer),
        ("{faces}/1:4217;Smiling=1.json", FaceAnswer),
        ("{faces}/1:4217.scores.json", ScoresAnswer),
        ("{faces}/directions/sefa~1.json?base=4", DirectionAnswer),
        ("/find/within.json?within=Smiling:-1:1", RangesAnswer),
        ("/find/within.json?within=Smiling:-1:1&draw=1", RangesAnswer),
        ("/find/near.json?face=1:7", NeighboursAnswer),
        ("/compare/sheet.json?faces=1:4!1:5&on=Smiling", SheetAnswer),
        ("/compare/sheet.json?sheet=grid&faces=1:4&on=Smiling&by=Male", SheetAnswer),
    ],
)
def test_an_answer_is_what_its_model_says(app: Any, client: Any, address: str, answer: Any) -> None:
    found = client.get(address.format(faces=face_of(app)))
    assert found.status_code == 200, found.get_json()
    answer.model_validate_json(found.data, strict=True)


def test_readiness_and_errors(app: Any, client: Any) -> None:
    runtime_of(app).warm_up()
    ReadyAnswer.model_validate_json(client.get("/readyz").data, strict=True)
    ErrorAnswer.model_validate_json(client.get("/jobs/none").data, strict=True)


def test_collections(app: Any, client: Any) -> None:
    asked = {"headers": {"Authorization": f"Bearer {_secret(app)}"}}
    made = client.post("/collections", json={"name": "Mine"}, **asked)
    assert made.status_code == 200, made.get_json()
    collection = CollectionAnswer.model_validate_json(made.data, strict=True)
    draft = {"kind": "face", "address": "/?face=1:4", "title": "A face", "note": ""}
    item = client.post(f"/collections/{collection.slug}/items", json=draft, **asked)
    assert item.status_code == 200, item.get_json()
    again = client.post(f"/collections/{collection.slug}", json={"name": "Ours", "version": 1}, **asked)
    CollectionAnswer.model_validate_json(again.data, strict=True)
    TypeAdapter(list[CollectionSummary]).validate_python(json.loads(client.get("/collections.json").data))


def _secret(app: Any) -> str:
    path = runtime_of(app).settings.home / "secret"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def test_jobs_and_downloads() -> None:
    JobAnswer.model_validate(Job("1", "export", Progress("running", 0.5, "Faces", 3.0)).as_json(), strict=True)
    DownloadAnswer.model_validate(asdict(FetchState("small", "fetching", 1, 2)), strict=True)

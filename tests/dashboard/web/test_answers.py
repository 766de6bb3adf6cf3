"""Answers match `dashboard.web.answers`, and so do the scripts' types and docs/openapi.json."""

from __future__ import annotations

import inspect
import re
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from support.application import runtime_of, tiny_app

from dashboard.faces.answers import DirectionAnswer, FaceAnswer, ModelAnswer, NumbersAnswer, ScoresAnswer
from dashboard.jobs.durations import Duration
from dashboard.jobs.job import Job, Outlook
from dashboard.jobs.shared_job import Progress
from dashboard.serving.downloads import FetchState
from dashboard.settings import ROOT
from dashboard.web.answers import (
    DensityAnswer,
    DownloadAnswer,
    ErrorAnswer,
    HealthAnswer,
    JobAnswer,
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
    FileToken,
    ImportedDirectionsAnswer,
    ItemAnswer,
    ItemNumber,
    KeptLatentFileAnswer,
    LatentSetAnswer,
    LatentSetName,
    UserDirectionAnswer,
    UserDirectionName,
    WaitingDirectionsAnswer,
    WaitingLabelsAnswer,
    WaitingLatentFileAnswer,
)
from dashboard.web.openapi import ANSWERS, FILES, OPENAPI, TYPES, openapi, types


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    app = tiny_app(tmp_path_factory.mktemp("answers"))
    yield app
    runtime_of(app).close()


@pytest.fixture
def client(app: Any) -> Any:
    return app.server.test_client()


def test_types_and_openapi_are_made_from_the_models() -> None:
    command = "run python -m dashboard.web.openapi"
    assert TYPES.read_text(encoding="utf-8") == types(), command
    assert OPENAPI.read_text(encoding="utf-8") == openapi(), command


def plain(rule: object) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule))


def routes_of(app: Any) -> dict[tuple[str, str], Any]:
    """Return the view of every method and address that is ours: not the pages, which Dash lays out, nor its own
    addresses.
    """
    rules = [rule for rule in app.server.url_map.iter_rules() if not str(rule).startswith("/_")]
    return {
        (method, plain(rule)): app.server.view_functions[rule.endpoint]
        for rule in rules
        if str(rule) not in ("/", "/<path:path>", "/faces/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


INSIDE = {
    "/faces/{model}@{digest}/{face}.json": "/faces/{address}",
    "/faces/{model}@{digest}/{face}.scores.json": "/faces/{address}",
    "/faces/{model}@{digest}/{face}.numbers.json": "/faces/{address}",
    "/faces/{model}@{digest}/directions/{name}.json": "/faces/{named}@{digest}/directions/{name}.json",
    "/latent-space/density.json": "/latent-space/density.{form}",
    "/directions/findings.json": "/directions/findings.{form}",
}
"""Addresses that one view answers besides others, and the rule of that view."""


def test_every_route_answers_with_a_model_or_a_file(app: Any) -> None:
    routes = routes_of(app)
    described = {(method, INSIDE.get(address, address)) for method, address in ANSWERS}
    files = {(method, address) for method, address in routes if address in FILES}
    assert set(routes) - described - files == set(), "an address with neither a model in ANSWERS nor a line in FILES"
    assert described - set(routes) == set()
    assert set(FILES) - {address for _, address in routes} <= {"/metrics"}  # there where a setting asks for it


def test_a_view_answers_with_the_model_of_the_table(app: Any) -> None:
    """It is held by `@answers`, or, where it answers with other things too, makes the model itself."""
    routes = routes_of(app)
    for (method, address), model in ANSWERS.items():
        view = routes[method, INSIDE.get(address, address)]
        if hasattr(view, "answers"):
            assert view.answers is model, address
        elif address in INSIDE and address.endswith(("scores.json", "numbers.json")):
            continue  # written where the numbers are, by their models: below
        else:
            assert f"{model.__name__}(" in inspect.getsource(inspect.unwrap(view)) or model is CollectionAnswer, address
    assert all(not hasattr(view, "answers") for (_, address), view in routes.items() if address in FILES)


def test_json_is_written_by_one_function() -> None:
    """Every view builds its answer with its model."""
    ours = (ROOT / "dashboard").rglob("*.py")
    found = {
        path.relative_to(ROOT / "dashboard").as_posix()
        for path in ours
        if re.search(r"jsonify|mimetype=.*application/json", path.read_text(encoding="utf-8"))
    }
    # The texts of faces/routes.py are ScoresAnswer and NumbersAnswer; an exported collection is a file; what cached
    # callbacks answer is Dash's to read, as what it answers to its own callbacks.
    assert found == {"faces/answers.py", "faces/routes.py", "pages/collections/routes.py", "web/cached_callbacks.py"}


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
        ("{faces}/1:4217.numbers.json", NumbersAnswer),
        ("/find/within.json?within=Smiling:-1:1", RangesAnswer),
        ("/find/within.json?within=Smiling:-1:1&draw=1", RangesAnswer),
        ("/find/near.json?face=1:7", NeighboursAnswer),
        ("/compare/sheet.json?faces=1:4!1:5&on=Smiling", SheetAnswer),
        ("/latent-space/place.json?base=4", ProjectionAnswer),
        ("/latent-space/place.json?direction=sefa~1", ProjectionAnswer),
        ("/latent-space/density.json?window=-3_3_-3_3", DensityAnswer),
        ("/collections.json", CollectionsAnswer),
        ("/healthz", HealthAnswer),
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
    listed = CollectionsAnswer.model_validate_json(client.get("/collections.json").data, strict=True)
    assert [each.count for each in listed.root] == [1]
    CollectionAnswer.model_validate_json(client.get(f"/collections/{collection.slug}.json").data, strict=True)
    posts = [
        (f"/collections/{collection.slug}/items/{ItemAnswer.model_validate_json(item.data).id}/remove", ItemNumber),
        (f"/collections/{collection.slug}/remove", CollectionName),
    ]
    for address, answer in posts:
        answer.model_validate_json(client.post(address, json={}, **asked).data, strict=True)


def test_user_directions_and_latent_sets(app: Any, client: Any) -> None:
    asked = {"headers": {"Authorization": f"Bearer {_secret(app)}"}}
    size = runtime_of(app).model.config.latent_size
    draft = {"name": "Mine", "plus": ["1", "2", "3"], "minus": ["4", "5", "6"]}
    made = client.post("/directions/own", json=draft, **asked)
    assert made.status_code == 200, made.get_json()
    name = UserDirectionAnswer.model_validate_json(made.data, strict=True).name
    for action in ("remove", "restore"):
        found = client.post(f"/directions/own/{name}/{action}", **asked)
        UserDirectionName.model_validate_json(found.data, strict=True)
    lines = [",".join(f"{value:.4f}" for value in row) for row in np.random.default_rng(0).normal(size=(12, size))]
    rows = "\n".join(lines).encode()
    read = client.post("/directions/own/import/read?file=two.csv", data="\n".join(lines[:2]).encode(), **asked)
    assert read.status_code == 200, read.get_json()
    waiting = WaitingDirectionsAnswer.model_validate_json(read.data, strict=True)
    taken = client.post(f"/directions/own/import?token={waiting.token}", **asked)
    ImportedDirectionsAnswer.model_validate_json(taken.data, strict=True)
    for labels in (b"1.1,a\n1.2,b\n1.3,a\n", b"1.1,a\n1.2,b\n1.3,c\n"):  # read, and with a choice that is open
        read = client.post("/directions/own/labels/read?file=y.csv", data=labels, **asked)
        token = WaitingLabelsAnswer.model_validate_json(read.data, strict=True).token
        gone = client.post(f"/directions/own/incoming/{token}/drop", **asked)
        FileToken.model_validate_json(gone.data, strict=True)

    seen = client.post("/latent-space/sets/read?file=z.csv", data=rows, **asked)
    assert seen.status_code == 200, seen.get_json()
    token = WaitingLatentFileAnswer.model_validate_json(seen.data, strict=True).token
    kept = client.post("/latent-space/sets/keep", json={"token": token, "name": "Mine"}, **asked)
    space = LatentSetAnswer.model_validate_json(kept.data, strict=True).space
    for action in ("remove", "restore"):
        found = client.post(f"/latent-space/sets/{space.removeprefix('set-')}/{action}", **asked)
        LatentSetName.model_validate_json(found.data, strict=True)
    seen = client.post("/latent-space/sets/read?file=z.csv", data=rows, **asked)
    token = WaitingLatentFileAnswer.model_validate_json(seen.data, strict=True).token
    gone = client.post(f"/latent-space/sets/read/{token}/drop", **asked)
    FileToken.model_validate_json(gone.data, strict=True)
    whole = client.post("/latent-space/sets?name=Other", data=rows, **asked)
    KeptLatentFileAnswer.model_validate_json(whole.data, strict=True)


def _secret(app: Any) -> str:
    path = runtime_of(app).settings.home / "secret"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def test_jobs_and_downloads() -> None:
    JobAnswer.model_validate(Job("1", "export", Progress("running", 0.5, "Faces", 3.0)).as_json(), strict=True)
    job = Job("1", "export", Progress("running"))
    OutlookAnswer.model_validate(Outlook(Duration(3.0, True), job).as_json(), strict=True)
    DownloadAnswer.model_validate(asdict(FetchState("small", "fetching", 1, 2)), strict=True)

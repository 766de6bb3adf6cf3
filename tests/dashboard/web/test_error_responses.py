import pytest
from flask import Flask, abort

from dashboard.errors import (
    Busy,
    EngineError,
    FaceError,
    FetchError,
    Forbidden,
    InputError,
    LibraryError,
    LikenessError,
    ModelError,
    NotFound,
    PinError,
)
from dashboard.web.error_responses import answer_errors


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InputError("Why."), 400),
        (FaceError("Why."), 400),
        (PinError("Why.", ("Male",), 2.0), 400),
        (Forbidden("Why."), 403),
        (NotFound("Why."), 404),
        (ModelError("Why."), 503),
        (EngineError("Why."), 503),
        (LibraryError("Why."), 503),
        (FetchError("Why."), 503),
        (LikenessError("Why."), 500),
        (Busy("Why.", 2.5), 503),
    ],
)
def test_every_error_of_the_tree_has_its_status(error, status):
    server = Flask("test")
    answer_errors(server)

    @server.get("/")
    def fail():
        raise error

    response = server.test_client().get("/")
    assert (response.status_code, response.get_json()) == (status, {"error": "Why."})
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers.get("Retry-After") == (
        {"Busy": "3"}.get(type(error).__name__, "30") if status == 503 else None
    )


def test_flasks_own_errors_are_sentences_too_and_redirects_stay():
    server = Flask("test")
    answer_errors(server)
    server.add_url_rule("/gone", view_func=lambda: abort(410), endpoint="gone")
    server.add_url_rule("/folder/", view_func=lambda: "here", endpoint="folder")
    client = server.test_client()
    assert client.get("/gone").get_json()["error"].endswith(".")
    assert client.get("/nowhere").status_code == 404
    assert client.post("/gone").headers["Allow"] == "GET, HEAD, OPTIONS"
    assert client.get("/folder").status_code in (301, 308)

"""Callbacks whose answers have an address: cached permanently if the digest covers all inputs."""

import json
from urllib.parse import quote

import pytest
from support.application import runtime_of, tiny_app
from support.fuzzing import laid_out

from dashboard.pages.latent_space.lasting_answers import is_lasting_selection, lasting_digest
from dashboard.web.cached_callbacks import REGISTERED, answers_digest

FOREVER = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("answers"))
    app.server.test_client().get("/")
    yield app
    runtime_of(app).close()


@pytest.fixture(scope="module")
def values(app):
    return laid_out(app)


def address(app, values, name, digest=None, **others):
    spec = REGISTERED[name]
    given = []
    for (parameter, key), each in zip(spec.targets, spec.dependencies, strict=True):
        value = values.get((each.component_id, each.component_property))
        given.append(others.get(key or parameter, value))
    digest = digest or lasting_digest(runtime_of(app).model)
    return f"/_answers/{digest}/{name}.json?values={quote(json.dumps(given))}"


@pytest.mark.parametrize("name", ["scatter", "scree", "axes", "reading", "projected-point", "selection", "component"])
def test_what_a_page_opens_with_is_kept_for_good(app, values, name):
    asked = address(app, values, f"latent-{name}", scheme="light", space="z", colour="density")
    answer = app.server.test_client().get(asked)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    assert answer.headers["Cache-Control"] == FOREVER
    assert answer.mimetype == "application/json"
    assert answer.get_data() == app.server.test_client().get(asked).get_data()


def test_an_answer_has_a_value_an_output_and_dash_reads_it(app, values):
    figure, title, *others = (
        app.server.test_client()
        .get(address(app, values, "latent-scatter", scheme="dark", space="z", colour="density"))
        .get_json()
    )
    assert figure["data"][0]["type"] == "scattergl"
    assert title == "PCA of latent z"
    assert len(others) == 6


def test_another_digest_is_answered_and_not_kept(app, values):
    client = app.server.test_client()
    asked = address(app, values, "latent-scree", digest="0" * 12, scheme="light", space="z")
    answer = client.get(asked)
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get(asked, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_what_a_job_computes_is_not_kept(app, values):
    for name, others in (("scree", {"space": "block4"}), ("scatter", {"space": "z", "method": "umap"})):
        asked = address(app, values, f"latent-{name}", **{"scheme": "light", "colour": "density", **others})
        answer = app.server.test_client().get(asked)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"


def test_a_digest_stands_for_the_code_and_for_all_files_of_a_model(app):
    model = runtime_of(app).model
    assert lasting_digest(model) == lasting_digest(model)
    assert answers_digest("a") != answers_digest("b")


def test_only_the_summary_of_a_selection_in_the_bank_is_kept_for_good():
    outline = "~20000~312~0_0_1_0_1_1"
    assert is_lasting_selection(None)
    assert is_lasting_selection(f"1~scores.pca.1.2{outline}")
    assert not is_lasting_selection(f"1~scores.umap-15-10-5000-0.1.2{outline}")
    assert not is_lasting_selection(f"1~set-{'0' * 32}.pca.1.2{outline}")
    assert not is_lasting_selection("1~scores.pca.1.2")


@pytest.mark.parametrize("text", ["", "[", "{}", "[]", "[1]", "9" * 20_000, "[" * 5_000])
def test_values_that_do_not_fit_are_refused(app, text):
    digest = lasting_digest(runtime_of(app).model)
    for name in REGISTERED:
        answer = app.server.test_client().get(f"/_answers/{digest}/{name}.json?values={text}")
        assert answer.status_code == 400, name
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_unknown_name_is_not_found(app):
    assert app.server.test_client().get("/_answers/000000000000/nobody.json?values=[]").status_code == 404

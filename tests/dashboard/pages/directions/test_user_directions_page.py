"""The tabs Unsupervised and Make your own, without a browser."""

import json

import pytest
from support.application import runtime_of, tiny_app

from dashboard.library.extra_directions import EXTENSION
from dashboard.library.user_directions import UserDirection
from dashboard.pages.directions.unsupervised_panel import Row, cosine_table
from dashboard.pages.directions.user_directions_panel import figures_of, made_list


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("user-direction-pages"))
    yield app
    runtime_of(app).close()


def words(part):
    return json.dumps(part, default=lambda one: one.to_plotly_json(), ensure_ascii=False)


@pytest.mark.parametrize("kind", ["sefa", "z", "scores", "features"])
def test_every_method_is_shown_with_its_cosines_and_faces(app, kind):
    import dash

    with app.server.test_request_context("/directions/unsupervised"):
        pages = {page["path"]: page for page in dash.page_registry.values()}
        assert "unsupervised-kind" in words(pages["/directions/unsupervised"]["layout"](odd="word"))
        module = __import__("sys").modules[pages["/directions/unsupervised"]["module"]]
        text, table, traversals = module.show(kind, "tiny", {"start": {"base": "4217"}})
    assert ("Shen and Zhou" in text) == (kind == "sefa")
    assert "Smiling" in words(table)
    name = "sefa~1" if kind == "sefa" else f"pc~{kind}.1"
    assert f"1:4217;{name}=-3.webp" in words(traversals)


def test_a_selection_stands_on_the_page_with_examples_of_both_kinds(app):
    import dash

    pages = {page["path"]: page for page in dash.page_registry.values()}
    with app.server.test_request_context("/directions/own"):
        layout = pages["/directions/own"]["layout"]
        outline = "1~scores.pca.1.2~48~24~-100_-100_0_-100_0_100_-100_100"
        text = words(layout(sel=outline))
        assert "the rest" not in words(layout())
        assert "Draw it again" in words(layout(sel=outline.replace("~48~", "~49~")))
    assert "user-direction-rest" in text
    assert text.count("Example +") == text.count("Example −") == 6


def test_what_was_made_is_listed_with_its_doubts(app):
    model, own = runtime_of(app).model, app.server.extensions[EXTENSION].user_directions
    assert "No direction yet" in words(made_list(model, [], True))
    how = {"kind": "marks", "accuracy": 0.75, "auc": 0.8, "plus": 3, "minus": 4, "warning": "Few examples."}
    name = own.keep("Mine", model.directions[:, 0], model, how)
    one = own.read(name, model)
    text = words(made_list(model, [one], False))
    assert "Smiling +1.00" in text
    assert "Few examples." in text
    assert figures_of(one) == "3 faces against 4; held out: 75 % correct (chance 50 %), AUC 0.80"


def test_a_model_without_attributes_has_no_cosines():
    import numpy as np

    assert "no attributes" in words(cosine_table([Row("sefa~1", "SeFa 1", "", np.zeros(0))], ()))


def test_a_direction_in_w_has_no_slider_but_a_download(app):
    model = runtime_of(app).model
    in_z = UserDirection("0" * 32, "In z", model.directions[:, 0], {"kind": "imported"}, 0.0)
    in_w = UserDirection("1" * 32, "In w", model.directions[:7, 0], {"kind": "imported"}, 0.0, space="w")
    with app.server.test_request_context("/directions/own"):
        both, alone = words(made_list(model, [in_z, in_w], True)), words(made_list(model, [in_w], True))
    assert both.count("Add as slider") == 1
    assert "Download all" in both
    assert "Add as slider" not in alone
    assert "Download all" not in alone
    assert f"export.safetensors?model=tiny&name=own~{'1' * 32}" in alone
    assert "Sliders of this model move in z" in alone

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from support.stylegan_models import imported_stylegan

from dashboard.errors import InputError
from dashboard.exports.export_request import read_export
from dashboard.exports.html_export import html_page
from dashboard.exports.table_export import states_table
from dashboard.faces.face import parse
from dashboard.sheets.plan import Plan
from dashboard.sheets.sheet import sheet_of
from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.model_folder import Model


@pytest.fixture(scope="module")
def stylegan(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return imported_stylegan("stylegan2", tmp_path_factory.mktemp("models"))


SWEEP = {"faces": "1:7!1:8", "words": {"on": "Male"}}


def test_what_makes_no_difference_to_the_file_is_left_out(tiny_model: Model) -> None:
    same = [
        read_export({**SWEEP, "form": "png", "rate": rate, "site": "http://[::1]:80"}, tiny_model).params
        for rate in (5, 9)
    ]
    assert same[0] == same[1]
    assert read_export({"form": "csv", "what": "faces", "faces": "1:7"}, tiny_model).params == {
        "form": "csv",
        "what": "faces",
        "faces": "1:7",
    }


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"form": "gif"}, "Expected form to be one of png, csv, html, webp, mp4. Received: gif."),
        ({"form": "mp4", "rate": 60}, "Expected rate from 5 to 30. Received: 60."),
        ({"form": "mp4", "seconds": "4"}, "Expected seconds from 0.5 to 30. Received: 4."),
        ({"size": True}, "Expected size to be one of 64, 128, 256, 512, 1024. Received: True."),
        ({"size": 1024, "words": {"steps": "13"}}, "Expected at most 40,000,000 pixels. Received: 54,525,952."),
        ({"form": "mp4", "seconds": 30, "rate": 30}, "Expected at most 3,000 faces. Received: 3,600."),
        ({"form": "mp4", "size": 1024, "words": {"runs": "both"}}, "Expected at most 4,000,000 pixels in a frame."),
        ({"form": "webp", "what": "faces", "faces": "1:7"}, "Expected two faces for an animation."),
        ({"site": "javascript:alert(1)"}, "Expected the address of this site."),
        ({"words": {"on": "Nose"}}, "Received: Nose."),
        ({"words": []}, "Expected the parameters of a sheet by name."),
        ({"faces": ""}, "Expected 1 to 6 faces. Received: 0."),
        ({"faces": "1:" + "9" * 2000}, "Expected a face of at most 1000 characters."),
    ],
)
def test_what_is_wrong_or_too_much_is_refused_with_a_sentence(tiny_model: Model, params, sentence) -> None:
    with pytest.raises(InputError) as refused:
        read_export({**SWEEP, **params}, tiny_model)
    assert sentence in str(refused.value)


def test_a_style_mix_is_exported_without_what_it_does_not_have(stylegan: Model) -> None:
    words = {"sheet": "styles", "layers": "1-2", "steps": "5", "runs": "free", "people": "3"}
    params = {"form": "png", "faces": "1:5!1:7", "words": words}
    export = read_export(params, stylegan)
    assert export.name == "likeness-styles.png"
    assert export.params["words"] == {"sheet": "styles", "layers": "1-2"}
    assert read_export(export.params, stylegan).params == export.params
    assert "layers" not in read_export({**params, "words": {"sheet": "mix"}}, stylegan).params["words"]
    for form in ("mp4", "webp"):
        with pytest.raises(InputError, match="Expected PNG, CSV or HTML for a style mix"):
            read_export({**params, "form": form}, stylegan)
        assert read_export({**params, "form": form, "what": "faces"}, stylegan).what == "faces"


def test_links_of_a_style_mix_lead_to_faces_and_pictures(stylegan: Model) -> None:
    site = "http://localhost:8050/at"
    words = {"sheet": "styles", "layers": "1-2"}
    params = {"form": "html", "faces": "1:5!1:7", "words": words, "site": site}
    export = read_export(params, stylegan)
    picture = np.zeros((64, 64, 3), np.uint8)
    positions = [(row, column) for row in range(2) for column in range(2)]
    text = html_page(export, export.sheet(stylegan), stylegan, dict.fromkeys(positions, picture))
    assert f'href="{site}/?face=1:5&amp;model=stylegan2"' in text
    assert f'href="{site}/faces/stylegan2@{stylegan.digest8}/1:7!1:5!1-2.png"' in text
    assert f"{site}/compare?face=1:5&amp;faces=*!1:7&amp;sheet=styles&amp;layers=1-2&amp;model=stylegan2" in text


def test_a_table_of_a_style_mix_has_coordinates_of_the_faces_only(stylegan: Model) -> None:
    attribute = Attribute("Smiling", "face", "continuous", (-4.0, 4.0), {})
    model = replace(stylegan, attributes=(attribute,), directions=np.eye(stylegan.size)[:, :1])
    sheet = sheet_of(Plan("styles", layers="0"), [parse("1:5"), parse("1:7")], model)
    scores = {(0, 0): {"Smiling": 1.5}, (0, 1): {"Smiling": -0.5}}
    rows = list(csv.DictReader(io.StringIO(states_table(sheet, model, scores))))
    assert [row["face"] for row in rows] == ["1:5", "1:7!1:5!0", "1:5!1:7!0", "1:7"]
    assert [bool(row["Smiling"]) for row in rows] == [True, False, False, True]
    assert [row["score Smiling"] for row in rows] == ["1.5000", "-0.5000", "", ""]

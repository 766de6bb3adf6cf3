from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.models import write_tiny_model
from support.stylegan_models import imported_stylegan

from dashboard.analysis.pins import coordinates
from dashboard.errors import InputError
from dashboard.faces.bases import latent_of
from dashboard.faces.direction_names import DirectionNames
from dashboard.faces.face import parse
from dashboard.faces.locking import locked
from dashboard.faces.mixing import between
from dashboard.library.extra_directions import Library
from dashboard.sheets.plan import Plan, read_faces, read_plan
from dashboard.sheets.sheet import sheet_of
from dashboard.synthesis.model_folder import Model


def at(face, model):
    return coordinates(latent_of(face, model), model.directions)


def test_locking_every_attribute_leaves_the_face_where_it_is(tiny_model: Model) -> None:
    face = parse("1:7;Smiling=1.5")
    held = locked(face, tiny_model)
    assert set(held.names) == set(tiny_model.names)
    assert dict(held.pins)["Smiling"] == 1.5
    np.testing.assert_allclose(latent_of(held, tiny_model), latent_of(face, tiny_model), atol=1e-3)


def test_in_a_sweep_the_others_drift_when_free_and_stay_when_locked(tiny_model: Model) -> None:
    plan = Plan("sweep", "Smiling", low=-2, high=2, steps=5)
    sheet = sheet_of(plan, [parse("1:7"), parse("1:7;Smiling=3"), parse("1:8;Male=1")], tiny_model)
    assert sheet.columns == ("−2", "−1", "0", "+1", "+2")
    # What differs in the swept attribute alone is one person.
    assert [(row.title, row.locked) for row in sheet.rows] == [
        ("Seed 7", False),
        ("Seed 7", True),
        ("Seed 8 with Male +1.00", False),
        ("Seed 8 with Male +1.00", True),
    ]
    others = [k for k, name in enumerate(tiny_model.names) if name != "Smiling"]
    for row, moves in zip(sheet.rows, (True, False, True, False), strict=True):
        found = np.array([at(cell.face, tiny_model) for cell in row.cells])
        np.testing.assert_allclose(found[:, tiny_model.names.index("Smiling")], plan.values, atol=1e-6)
        assert (np.ptp(found[:, others], axis=0).max() > 0.1) == moves
    assert len(sheet.faces) == 20


def test_an_infeasible_step_keeps_its_cell_and_says_why(tmp_path: Path) -> None:
    # The squares of all coordinates together are at most 16 here.
    model = write_tiny_model(tmp_path / "narrow", latent_size=16, correlation=0, scorer=False, bank=0)
    (row,) = sheet_of(Plan("sweep", "Smiling", steps=3, runs="free"), [parse("1:7;Male=3")], model).rows
    assert [bool(cell.reason) for cell in row.cells] == [True, False, True]
    assert "Smiling" in row.cells[0].reason
    assert str(row.cells[0].face) == "1:7;Male=3;Smiling=-4"


def test_captions_name_a_direction_by_its_title(tiny_model: Model, tmp_path: Path) -> None:
    library = Library(tmp_path)
    name = library.user_directions.keep("Narrow smile", tiny_model.directions[:, 0], tiny_model, {"kind": "imported"})
    model = replace(tiny_model, extra_directions=library)
    face = parse(f"1:7;own~{name}=1", DirectionNames(model))
    (row,) = sheet_of(Plan("sweep", "Male", steps=3, runs="free"), [face], model).rows
    assert row.title == "Seed 7 with Narrow smile +1.00"
    assert row.cells[1].words == "Face of seed 7 with Male +0.00, Narrow smile +1.00"


def test_a_grid_goes_across_and_down_on_one_person(tiny_model: Model) -> None:
    sheet = sheet_of(Plan("grid", "Smiling", "Male", -1, 1, 3, "free"), [parse("1:7"), parse("1:8")], tiny_model)
    assert [str(cell.face) for cell in sheet.rows[0].cells] == [
        "1:7;Male=-1;Smiling=-1",
        "1:7;Male=-1;Smiling=0",
        "1:7;Male=-1;Smiling=1",
    ]
    assert [row.title for row in sheet.rows] == ["Male −1", "Male 0", "Male +1"]
    with pytest.raises(InputError, match="two attributes"):
        sheet_of(Plan("grid", "Male", "Male"), [parse("1:7")], tiny_model)


def test_a_mix_begins_and_ends_at_its_faces(tiny_model: Model) -> None:
    first, second = parse("1:7;Smiling=2"), parse("1:8;Male=-1")
    (free, held) = sheet_of(Plan("mix", steps=5), [first, second], tiny_model).rows
    assert (free.cells[0].face, free.cells[-1].face) == (first, second)
    middle = between(first, second, 0.5, tiny_model)
    assert str(middle).startswith("1:mix(7,8,0.5);Male=")
    ends = [at(face, tiny_model)[tiny_model.names.index("Smiling")] for face in (first, second)]
    assert dict(middle.pins)["Smiling"] == pytest.approx(np.mean(ends), abs=1e-3)
    found = np.array([at(cell.face, tiny_model) for cell in held.cells])
    np.testing.assert_allclose(found, np.broadcast_to(at(first, tiny_model), found.shape), atol=1e-3)
    with pytest.raises(InputError, match="two faces"):
        sheet_of(Plan("mix"), [first], tiny_model)


def test_typed_people_replace_the_faces(tiny_model: Model) -> None:
    plan = Plan("sweep", "Smiling", steps=2, runs="free", people="881, mix(1,2,0.5) 1208.3")
    titles = [row.title for row in sheet_of(plan, [parse("1:7")], tiny_model).rows]
    assert titles == ["Seed 881", "Mix(1,2,0.5)", "Seed 1208.3"]
    with pytest.raises(InputError):
        sheet_of(Plan("sweep", "Smiling", people="1 2 3 4 5 6 7"), [parse("1:7")], tiny_model)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"sheet": "poster"}, "Expected a sheet of: sweep, grid, mix, styles. Received: poster."),
        ({"on": "Nose"}, "Received: Nose."),
        ({"from": "5"}, "Expected from between -4 and 4. Received: 5."),
        ({"from": "1", "to": "-1"}, "Expected from below to. Received: 1 and -1."),
        ({"steps": "99"}, "Expected 2 to 13 steps. Received: 99."),
        ({"runs": "x" * 500}, "Expected runs of: both, free, locked."),
    ],
)
def test_a_wrong_word_is_reported_and_means_the_default(tiny_model: Model, words, sentence) -> None:
    plan, problem = read_plan(words, tiny_model)
    assert sentence in str(problem)
    assert plan == Plan("sweep", "Smiling", "Mouth_Open")


def test_one_to_six_faces_are_read(tiny_model: Model) -> None:
    assert [str(face) for face in read_faces("1:4!1:5;Male=1.0", tiny_model)] == ["1:4", "1:5;Male=1"]
    for text in ("", "!".join(["1:4"] * 7), "1:4!nonsense"):
        with pytest.raises(InputError):
            read_faces(text, tiny_model)


@pytest.fixture(scope="module")
def stylegan(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return imported_stylegan("stylegan2", tmp_path_factory.mktemp("models"))


def test_a_style_mix_has_every_pair_and_the_faces_themselves_on_the_diagonal(stylegan: Model) -> None:
    faces = [parse("1:5"), parse("1:7;noise:none"), parse("1:5"), parse("1:9")]
    plan, problem = read_plan({"sheet": "styles", "layers": "middle"}, stylegan)
    assert (plan.layers, problem) == ("middle", None)
    sheet = sheet_of(plan, faces, stylegan)
    assert sheet.title == "Style mix: layers 1 to 2 from the rows, the rest from the columns"
    assert sheet.columns == tuple(row.title for row in sheet.rows) == ("Seed 5", "Seed 7, noise none", "Seed 9")
    assert [[str(cell.face) for cell in row.cells] for row in sheet.rows] == [
        ["1:5", "1:7;noise:none!1:5!1-2", "1:9!1:5!1-2"],
        ["1:5!1:7;noise:none!1-2", "1:7;noise:none", "1:9!1:7;noise:none!1-2"],
        ["1:5!1:9!1-2", "1:7;noise:none!1:9!1-2", "1:9"],
    ]
    whole = sheet_of(Plan("styles", layers="all"), faces, stylegan)
    assert whole.title == "Style mix: all layers from the rows"


def test_layers_of_a_style_mix_are_named_or_numbers_of_the_model(stylegan: Model) -> None:
    assert read_plan({"sheet": "styles"}, stylegan)[0].layers == "coarse"
    assert read_plan({"sheet": "styles", "layers": "02-03"}, stylegan)[0].layers == "2-3"
    for wrong in ("0-99", "finest", "3-1"):
        plan, problem = read_plan({"sheet": "styles", "layers": wrong}, stylegan)
        assert plan.layers == "coarse"
        assert "Expected layers" in str(problem)
    assert read_plan({"sheet": "mix", "layers": "finest"}, stylegan) == (Plan("mix", plan.on, plan.by), None)


def test_a_style_mix_needs_two_faces_and_a_model_with_layers(stylegan: Model, tiny_model: Model) -> None:
    with pytest.raises(InputError, match="Expected two different faces for a style mix"):
        sheet_of(Plan("styles"), [parse("1:5"), parse("1:5.0")], stylegan)
    plan, problem = read_plan({"sheet": "styles"}, tiny_model)
    assert plan.kind == "sweep"
    assert "Expected a model with layers for a style mix: a StyleGAN. Received: tiny" in str(problem)
    with pytest.raises(InputError, match="Expected a model with layers"):
        sheet_of(Plan("styles"), [parse("1:5"), parse("1:7")], tiny_model)


def test_a_face_that_is_infeasible_has_no_mixes(stylegan: Model) -> None:
    faces = [parse("1:5"), parse("1:7;rotate:10")]
    rows = sheet_of(Plan("styles"), faces, stylegan).rows
    assert [[bool(cell.reason) for cell in row.cells] for row in rows] == [[False, True], [True, True]]
    assert "only StyleGAN3" in rows[0].cells[1].reason

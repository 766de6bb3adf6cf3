"""PCA of w and SeFa from the style weights, as sliders of a model whose directions live in w."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.stylegan_models import imported_stylegan

from dashboard.analysis.pins import apply_pins
from dashboard.errors import FaceError, InputError
from dashboard.faces.bases import latent_of
from dashboard.faces.direction_names import DirectionNames, columns_of, title_of
from dashboard.faces.face import parse
from dashboard.faces.initial_face import opening
from dashboard.library.extra_directions import Library, sefa_names, sefa_of
from dashboard.sheets.plan import read_plan
from dashboard.sheets.sheet import sheet_of
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import W, available, default_space, faces_of
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.model import Model
from dashboard.synthesis.stylegan.feeds import Feeds
from dashboard.synthesis.stylegan.standard_w import statistics_of


@pytest.fixture(scope="module", params=["stylegan2", "stylegan3"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    made = imported_stylegan(request.param, tmp_path_factory.mktemp("models"), z=16, w=12)
    return replace(made, extra_directions=Library(None))


def w_of_the_sample(model: Model) -> np.ndarray:
    z = np.random.RandomState(0).randn(faces_of(model).n, model.config.latent_size)
    assert model.w is not None
    return Feeds(model.w.config, model.variables()).mapped(z.astype(np.float32), None).astype(np.float64)


def test_components_of_w_are_those_of_its_covariance(model: Model) -> None:
    assert default_space(model) is W
    assert W in available(model)
    found = projection_of(model, W).spectrum
    w = w_of_the_sample(model)
    values, vectors = np.linalg.eigh(np.cov(w.T))
    np.testing.assert_allclose(found.variances, values[::-1], rtol=0.05)
    for k in range(2):
        assert abs(found.axes[:, k] @ vectors[:, -1 - k]) == pytest.approx(1, abs=0.02)


def test_the_statistics_are_exact_however_they_are_read(model: Model) -> None:
    config, variables = model.config, model.variables()
    assert not isinstance(config, GeneratorConfig)
    found = statistics_of(config, variables, 10_000)
    z = np.random.RandomState(0).randn(10_000, config.latent_size).astype(np.float32)
    w = Feeds(config, variables).mapped(z, None).astype(np.float64)
    np.testing.assert_allclose(found["mean"], w.mean(axis=0), atol=1e-4)
    np.testing.assert_allclose(found["covariance"], np.cov(w.T), rtol=1e-3, atol=1e-5)
    with pytest.raises(InputError, match="10,000 to 1,000,000"):
        statistics_of(config, variables, 1)


def test_a_model_without_attributes_opens_with_its_components(model: Model) -> None:
    begun = opening(None, parse("1:5"), model)
    assert begun["extras"][:2] == ["pc~w.1", "pc~w.2"]
    assert len(begun["start"]["coordinates"]) == len(begun["extras"]) == 8


def test_a_component_is_a_slider_that_moves_w_on_its_axis(model: Model) -> None:
    projection, base = projection_of(model, W), latent_of(parse("1:5"), model)
    column = columns_of(model, ["pc~w.2"])[:, 0]
    assert model.w is not None
    step = model.w.w_of(apply_pins(base, column[:, None], [1.5], False)) - model.w.w_of(base)
    assert abs(step @ projection.spectrum.axes[:, 1]) == pytest.approx(float(np.linalg.norm(step)), rel=1e-2)
    slopes, offsets, _ = projection.latent_map
    placed = faces_of(model).latents[:50].astype(np.float64) @ slopes + offsets
    np.testing.assert_allclose(placed, projection.points[:50], atol=1e-3)


def test_sefa_moves_w_by_the_steps_that_change_the_styles_most(model: Model) -> None:
    variables, assert_w = model.variables(), model.w
    assert assert_w is not None
    rows = model.config.style_rows
    for chosen in (None, (0, 2)):
        names = [name for name, row in rows.items() if chosen is None or chosen[0] <= row <= chosen[1]]
        a = np.concatenate([variables[f"{name}.affine.weight"] for name in names]).astype(np.float64)
        strongest = np.linalg.svd(a)[2][0]
        column = sefa_of(model, chosen).directions[:, 0]
        moved = assert_w.steps @ column
        assert abs(moved @ strongest) == pytest.approx(float(np.linalg.norm(moved)), rel=1e-5)
        assert np.linalg.norm(column) == pytest.approx(1)


def test_the_names_of_sefa_can_be_pinned(model: Model) -> None:
    names = DirectionNames(model)
    face = parse("1:4;sefa~0-2.1=2;sefa~3=1", names)
    point = latent_of(face, model)
    np.testing.assert_allclose(point @ columns_of(model, face.names), face.values, atol=1e-6)
    assert title_of(model, "sefa~0-2.1") == "SeFa 1, layers 0 to 2"
    assert len(sefa_names(model)) == 12
    for unknown in ("sefa~0-99.1", "sefa~2-1.1", "sefa~13", "pc~z.1"):
        with pytest.raises(FaceError):
            parse(f"1:4;{unknown}=1", names)


def test_a_sheet_sweeps_components_where_there_are_no_attributes(model: Model) -> None:
    plan, problem = read_plan({"on": "pc~w.2"}, model)
    assert problem is None
    sheet = sheet_of(plan, [parse("1:5")], model)
    assert sheet.title == "w, PC 2 from −4 to +4"
    assert str(sheet.faces[0]) == "1:5;pc~w.2=-4"

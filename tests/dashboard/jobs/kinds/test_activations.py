import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import write_tiny_model

from dashboard.errors import FaceError, InputError, NotFound
from dashboard.jobs.kinds import activations
from dashboard.spaces.computed_results import ACTIVATIONS, ACTIVATIONS_VERSION, components_of
from dashboard.spaces.projections import component_direction, component_names, projection_of
from dashboard.spaces.sample import BLOCK4, BLOCK8, available, faces_of
from dashboard.stores.result import Origin, model_parts
from dashboard.stores.result_writer import Writer
from dashboard.stores.results import Results

RANK = 5


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("activations")
    model = write_tiny_model(folder / "tiny", latent_size=32, bank=600)
    results = Results(folder / "jobs")
    yield replace(model, computed=results.folder)
    results.close()


def compute(model, block, faces):
    """Do the job in this process, with an engine whose blocks are linear in the latent, and store its result."""
    origin = Origin(
        ACTIVATIONS, ACTIVATIONS_VERSION, model_parts(model), activations.check({"block": block, "faces": faces}, model)
    )
    results = Results(model.computed)
    folder, reports = results.begin(origin), []
    writer = Writer(folder, origin)
    engine = FakeEngine(model.directions, rank=RANK)
    work = SimpleNamespace(
        params=origin.params,
        model=lambda: model,
        engine=lambda precision: engine,
        progress=lambda fraction, step="": reports.append(fraction),
        keep=writer.keep,
    )
    activations.run(work)  # type: ignore[arg-type]
    writer.done()
    results.finish(folder, origin)
    results.close()
    assert reports == sorted(reports)
    assert reports[-1] <= 1.0


def test_a_block_that_is_linear_in_the_latent_is_found_again(model):
    assert BLOCK4 not in available(model)
    with pytest.raises(NotFound, match="computed first"):
        projection_of(model, BLOCK4)
    with pytest.raises(FaceError, match="Choose 4×4 block on the Latent space page"):
        component_direction(model, "pc~block4.1")
    compute(model, "block4", 500)
    assert BLOCK4 in available(model)
    projection = projection_of(model, BLOCK4)
    found = projection.spectrum
    assert found.variances[RANK] < 1e-5 * found.variances[RANK - 1]
    assert found.shares[:RANK].sum() == pytest.approx(1.0, abs=1e-5)
    assert projection.points.shape == (600, 16)
    assert projection.latent_map[2][:RANK] == pytest.approx(np.ones(RANK), abs=1e-4)
    # A step in a component's direction moves a face on that component by the slope.
    direction = component_direction(model, "pc~block4.1")
    engine = FakeEngine(model.directions, rank=RANK)
    latents = faces_of(model).latents[:2]
    before, after = (
        engine.run(z.astype(np.float32), outputs=("block4",))["block4"].reshape(2, -1)
        for z in (latents, latents + direction)
    )
    slope = np.linalg.norm(projection.latent_map[0][:, 0])
    axis = projection.latent_map[0][:, 0] / slope
    assert axis @ direction == pytest.approx(1.0)
    assert (np.linalg.norm(after - before, axis=1) >= slope * 0.999).all()
    assert "pc~block4.16" in component_names(model)
    assert "components of 500 faces" in projection.numbers


def test_a_wide_block_is_decomposed_at_random_and_says_so(model, monkeypatch):
    monkeypatch.setattr(activations, "EXACT_COLUMNS", 100)
    compute(model, "block8", 550)
    found = components_of(model, "block8")
    assert found is not None
    assert not found.exact
    assert found.variances[:RANK].sum() == pytest.approx(found.total, rel=1e-4)
    spectrum = projection_of(model, BLOCK8).spectrum
    assert 0 < spectrum.above_noise <= RANK
    assert 0 < found.error < 1e-4
    assert re.search(r"randomised decomposition, variances exact to 0\.\d+ % of the first one$", spectrum.noise)


@pytest.mark.parametrize(
    "params", [{}, {"block": "image"}, {"block": "block4", "faces": 3}, {"block": "block4", "faces": 1e9}]
)
def test_what_is_wrong_is_a_sentence(model, params):
    with pytest.raises(InputError, match="Expected"):
        activations.check(params, model)

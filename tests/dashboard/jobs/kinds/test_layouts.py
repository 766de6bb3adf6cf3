from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from support.models import write_tiny_model

from dashboard.errors import InputError, NotFound
from dashboard.jobs.kinds import layouts
from dashboard.spaces.sample import scored_only


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("layouts") / "tiny", latent_size=32, bank=260)


def made(model, run, params):
    """Return the points and the reported steps of a layout that is made in this process."""
    kept, reports = {}, []
    work = SimpleNamespace(
        params=params,
        model=lambda: model,
        progress=lambda fraction, step="": reports.append((fraction, step)),
        keep=lambda **arrays: kept.update(arrays),
    )
    run(work)
    return kept["points"], reports, kept["stability"]


@pytest.mark.parametrize(
    ("check", "run", "counted"),
    [
        # UMAP compiles for half a minute; the browser test of the latent space runs it too.
        pytest.param(layouts.check_umap, layouts.run_umap, "Epoch", marks=pytest.mark.long),
        (layouts.check_tsne, layouts.run_tsne, "Step"),
    ],
)
def test_neighbours_stay_neighbours_and_progress_is_reported(model, check, run, counted, monkeypatch):
    monkeypatch.setattr(layouts, "ITERATIONS", 400)
    monkeypatch.setattr(layouts, "APART", 0.0)
    monkeypatch.setattr(layouts, "COMPARED", 100)
    monkeypatch.setattr(layouts, "SEEDS", 2)
    params = check({"space": "scores", "faces": 250}, model)
    points, reports, stability = made(model, run, params)
    rows = scored_only(model)[0][:250]
    rows = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    assert points.shape == (250, 2)
    assert trustworthiness(rows, points, n_neighbors=10) > 0.85
    assert stability[0] == pytest.approx(trustworthiness(rows, points, n_neighbors=10), abs=1e-6)
    assert 0 < stability[1] <= 1  # Procrustes: the seed does something
    assert 0 < stability[2] <= 1
    assert stability[3:].tolist() == [2, 100]
    fractions = [fraction for fraction, _ in reports]
    assert fractions == sorted(fractions)
    assert sum(step.startswith(counted) for _, step in reports) > 3


@pytest.mark.parametrize("check", [layouts.check_umap, layouts.check_tsne])
@pytest.mark.parametrize(
    "params", [{"faces": 10**6}, {"dimensions": 4}, {"seed": -1}, {"neighbours": 1, "perplexity": 0}, {"faces": True}]
)
def test_what_is_wrong_is_a_sentence(model, check, params):
    with pytest.raises(InputError, match="Expected"):
        check({"space": "z", **params}, model)


def test_defaults_are_filled_in_so_that_equal_wishes_are_one(model):
    assert layouts.check_umap({"space": "z"}, model) == {
        "space": "z",
        "faces": 260,
        "dimensions": 2,
        "seed": 0,
        "neighbours": 15,
        "distance": 0.1,
    }
    with pytest.raises(NotFound, match="Compute them first"):
        layouts.check_tsne({"space": "block8"}, model)
    assert np.isclose(layouts.check_tsne({"space": "z", "perplexity": 20}, model)["perplexity"], 20)

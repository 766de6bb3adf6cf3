from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from support.models import write_tiny_model

import dashboard
from dashboard import load_model
from dashboard.api import installation_secret
from dashboard.errors import InputError, ModelError
from dashboard.faces.face import Seed
from dashboard.settings import ROOT
from dashboard.stores.secret import ensure_secret

NOTEBOOK = ROOT / "docs" / "api.ipynb"


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dashboard.LoadedModel:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    return load_model(write_tiny_model(tmp_path / "tiny").path, "openvino", 1)


def test_pins_hold_and_nothing_else_is_asked_for(loaded: dashboard.LoadedModel) -> None:
    name = loaded.attributes[0]
    z = loaded.latents([1, "1000.3", Seed(5)], {name: 1.25})
    assert z.shape == (3, loaded.latent_size)
    np.testing.assert_allclose(loaded.coordinates(z)[:, 0], 1.25, atol=1e-9)
    np.testing.assert_allclose((z**2).mean(axis=1), 1)
    np.testing.assert_allclose(loaded.pinned(loaded.latents([1]), {name: 1.25}), z[:1])
    assert loaded.latents([]).shape == (0, loaded.latent_size)


def test_faces_and_scores_come_in_batches(loaded: dashboard.LoadedModel) -> None:
    z = loaded.latents(range(5))
    x = loaded.faces(z, batch=2)
    np.testing.assert_allclose(x, loaded.faces(z, batch=5), atol=1e-4)
    assert (len(x), x.dtype, float(np.abs(x).max()) <= 1) == (5, np.float32, True)
    np.testing.assert_allclose(
        loaded.scores(z, batch=2), loaded.engine.run(z, outputs=("scores",))["scores"], atol=1e-3
    )
    assert len(loaded.faces(z[:0])) == 0


def test_wrong_input_is_reported(loaded: dashboard.LoadedModel, tmp_path: Path) -> None:
    for wrong in (np.zeros((2, 3)), np.zeros(loaded.latent_size), np.full((1, loaded.latent_size), np.inf)):
        with pytest.raises(InputError, match="latents of shape"):
            loaded.faces(wrong)
    with pytest.raises(InputError, match="labels of shape"):
        loaded.faces(loaded.latents([1]), np.zeros((1, 3)))
    with pytest.raises(InputError, match="an attribute of tiny"):
        loaded.latents([1], {"Nobody": 1})
    with pytest.raises(ModelError, match="nowhere"):
        load_model("nowhere")
    with pytest.raises(InputError, match="scorer"):
        load_model(write_tiny_model(tmp_path / "blind", scorer=False, bank=0).path).scores(np.zeros((1, 512)))


def test_the_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = dashboard.nothing


def test_the_notebook_runs_and_its_outputs_are_what_it_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert len(cells) >= 5
    names: dict[str, object] = {}
    for cell in cells:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec("".join(cell["source"]), names)
        kept = "".join("".join(output["text"]) for output in cell["outputs"])
        assert printed.getvalue() == kept


def test_scripts_find_the_secret_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path))
    with pytest.raises(InputError, match="Start the dashboard once"):
        installation_secret()
    assert ensure_secret(tmp_path / "secret") == installation_secret()

"""A model imported from official files serves like any other, also without directions, scorer and bank."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dash
import numpy as np
import pytest
from PIL import Image
from support.application import runtime_of, tiny_app
from support.models import correlated_directions, random_variables, tiny_config
from support.official_files import Writer, directions_file, generator
from support.reference_generator import reference_generator

from dashboard.analysis.pins import on_sphere
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.imports import import_model
from dashboard.synthesis.pixels import to_bytes

KINDS: dict[str, dict[str, Any]] = {
    "RGB": {},
    "gray": {"num_channels": 1},
    "labels": {"label_size": 3},
    "latents as they are": {"normalize_latents": False},
}


def small_config(**options: Any) -> GeneratorConfig:
    return tiny_config(**{"resolution": 16, "latent_size": 64, "fmap_base": 64, "fmap_max": 8, **options})


def imported_app(folder: Path, config: GeneratorConfig, directions: Path | None = None) -> dash.Dash:
    (folder / "network.pkl").write_bytes(Writer().file(generator(config, random_variables(config))))
    model = import_model(folder / "network.pkl", "imported", folder / "models", directions)
    return tiny_app(folder, model=str(model))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    """Yield a model without attributes."""
    app = imported_app(tmp_path_factory.mktemp("bare"), small_config())
    yield app
    runtime_of(app).close()


def test_every_page_can_be_laid_out_without_attributes(bare: dash.Dash) -> None:
    for page in dash.page_registry.values():
        if "<" in (page["path_template"] or ""):
            continue
        with bare.server.test_request_context(page["path"]):
            layout = page["layout"]()
        assert [part for part in layout._traverse() if isinstance(part, dash.html.H1)], page["path"]
        if page["path"] == "/latent-space":
            commands = [str(part.children) for part in layout._traverse() if isinstance(part, dash.html.Code)]
            fit = "python -m training fit --model imported --scorer FOLDER --judge FOLDER --out FOLDER --name NEW"
            assert fit in commands


def test_it_becomes_ready_without_attributes(bare: dash.Dash) -> None:
    runtime_of(bare).warm_up()
    client = bare.server.test_client()
    assert client.get("/readyz").status_code == 200
    assert client.get("/model.json").get_json()["attributes"] == []


def test_pins_are_refused_without_attributes(bare: dash.Dash) -> None:
    digest = runtime_of(bare).model.digest8
    answer = bare.server.test_client().get(f"/faces/imported@{digest}/1:5;Male=2.webp")
    assert answer.status_code == 400
    assert "Male" in answer.get_json()["error"]


@pytest.mark.parametrize("kind", KINDS)
def test_its_pictures_are_the_originals(kind: str, tmp_path: Path) -> None:
    config = small_config(**KINDS[kind])
    app = imported_app(tmp_path, config)
    digest = runtime_of(app).model.digest8
    answer = app.server.test_client().get(f"/faces/imported@{digest}/1:5.png")
    runtime_of(app).close()
    received = np.asarray(Image.open(io.BytesIO(answer.data)), int).reshape(16, 16, config.num_channels)
    latent = np.random.RandomState(5).randn(1, 64)
    latent = on_sphere(latent) if config.normalize_latents else latent
    expected = to_bytes(reference_generator(config, random_variables(config), latent)["image"][0])
    assert np.abs(received - expected).max() <= 1


def test_its_directions_are_sliders(tmp_path: Path) -> None:
    (tmp_path / "d.pkl").write_bytes(directions_file(correlated_directions(64, 2), ["Young", "Pale_Skin"]))
    app = imported_app(tmp_path, small_config(), tmp_path / "d.pkl")
    model = runtime_of(app).model
    client = app.server.test_client()
    listed = client.get("/model.json").get_json()["attributes"]
    answer = client.get(f"/faces/imported@{model.digest8}/1:5;Pale_Skin=1.5.webp")
    runtime_of(app).close()
    assert [(a["name"], a["group"], a["range"]) for a in listed] == [
        ("Young", "Person", [-4.0, 4.0]),
        ("Pale_Skin", "Person", [-4.0, 4.0]),
    ]
    assert answer.status_code == 200

import logging

import numpy as np
import pytest
from support.application import tiny_settings
from support.models import write_tiny_model

from dashboard.errors import ModelError
from dashboard.faces.face import parse
from dashboard.runtime import Runtime, find_model


@pytest.fixture
def runtime(tmp_path):
    runtime = Runtime(tiny_settings(tmp_path))
    yield runtime
    runtime.close()


def test_it_is_ready_once_a_face_has_been_made(runtime):
    assert runtime.not_ready.startswith("Expected a first face")
    runtime.warm_up()
    assert runtime.not_ready == ""
    assert runtime.pictures.picture(runtime.default_face, "webp").hit


def test_a_cached_face_alone_does_not_make_it_ready(tmp_path, monkeypatch):
    settings = tiny_settings(tmp_path)
    first = Runtime(settings)
    first.warm_up()
    first.close()
    monkeypatch.setattr("dashboard.runtime.open_engine", broken_engine)
    again = Runtime(settings)
    again.warm_up()
    assert "RuntimeError in the engine" in again.not_ready
    again.close()


def broken_engine(*_):
    raise RuntimeError("no engine today")


def test_why_it_is_not_ready_is_told_and_logged(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("dashboard.runtime.open_engine", broken_engine)
    runtime = Runtime(tiny_settings(tmp_path))
    runtime.warm_up()
    assert "RuntimeError in the engine" in runtime.not_ready
    assert "no engine today" in caplog.text
    runtime.close()


def test_the_warm_up_runs_beside(runtime):
    thread = runtime.start_warm_up()
    thread.join(60)
    assert runtime.not_ready == ""


def test_what_is_exported_is_computed_exactly(runtime):
    assert runtime.cores.numeric("png") == "openvino-f32"
    picture = runtime.cores.image(np.zeros(runtime.model.config.latent_size, np.float32) + 1, "png")
    assert picture.shape == (32, 32, 3)
    assert picture.dtype == np.uint8


def test_one_engine_does_where_both_classes_are_the_same(tmp_path):
    runtime = Runtime(tiny_settings(tmp_path, precision="exact"))
    assert runtime.cores.numeric("webp") == runtime.cores.numeric("png")
    assert runtime.core is runtime.cores.core("exact")
    runtime.close()


def test_the_default_face_is_the_settings(tmp_path):
    runtime = Runtime(tiny_settings(tmp_path, face="1:7;Smiling=1.50"))
    assert runtime.default_face == parse("1:7;Smiling=1.5")
    runtime.close()


def test_it_works_where_nothing_can_be_kept(tmp_path, caplog):
    settings = tiny_settings(tmp_path, home=tmp_path / "file" / "home")
    (tmp_path / "file").write_text("")
    runtime = Runtime(settings)
    runtime.warm_up()
    assert runtime.not_ready == ""
    assert not runtime.pictures.picture(runtime.default_face, "webp").hit
    assert sum(record.levelno >= logging.WARNING for record in caplog.records) == 1
    runtime.close()


@pytest.fixture
def shelves(tmp_path):
    for shelf, name in (("weights", "b-model"), ("weights", "a-model"), ("models", "mine")):
        (tmp_path / shelf / name).mkdir(parents=True)
        (tmp_path / shelf / name / "model.json").write_text("{}")
    (tmp_path / "weights" / "a-folder").mkdir()
    (tmp_path / "weights" / "catalogue.toml").write_text("")
    return tmp_path / "weights", tmp_path / "models", tmp_path / "absent"


def test_a_model_is_found_by_name_by_folder_or_as_the_first(shelves, tmp_path):
    assert find_model("", shelves) == tmp_path / "weights" / "a-model"
    assert find_model("mine", shelves) == tmp_path / "models" / "mine"
    assert find_model(str(tmp_path / "models" / "mine"), ()) == tmp_path / "models" / "mine"


@pytest.mark.parametrize("wanted", ["c-model", "a-folder", "../models/mine", "catalogue.toml"])
def test_what_is_no_model_is_named_with_those_there_are(shelves, wanted):
    with pytest.raises(ModelError, match=r"a-model, b-model, mine") as caught:
        find_model(wanted, shelves)
    assert wanted in str(caught.value)


def test_no_model_at_all(tmp_path):
    with pytest.raises(ModelError, match="Received: none"):
        find_model("", (tmp_path, tmp_path / "absent"))


def test_a_model_of_the_persons_own_shelf(tmp_path):
    settings = tiny_settings(tmp_path, model="mine")
    write_tiny_model(settings.home / "models" / "mine")
    runtime = Runtime(settings)
    assert runtime.model.name == "mine"
    runtime.close()

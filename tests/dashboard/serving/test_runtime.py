import json
import logging
import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support.ages import make_old
from support.application import tiny_settings
from support.models import ATTRIBUTES, write_tiny_model

from dashboard.errors import NotFound
from dashboard.faces.face import Face, Seed, parse
from dashboard.serving.open_model import FIRST_SEED
from dashboard.serving.runtime import Runtime
from dashboard.synthesis.installed_models import remove_model, restore_model
from dashboard.synthesis.model_folder import open_model


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
    monkeypatch.setattr("dashboard.serving.open_model.open_engine", broken_engine)
    again = Runtime(settings)
    again.warm_up()
    assert "RuntimeError in the engine" in again.not_ready
    again.close()


def broken_engine(*_):
    raise RuntimeError("no engine today")


def test_the_reason_for_not_being_ready_is_shown_and_logged(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("dashboard.serving.open_model.open_engine", broken_engine)
    runtime = Runtime(tiny_settings(tmp_path))
    runtime.warm_up()
    assert "RuntimeError in the engine" in runtime.not_ready
    assert "no engine today" in caplog.text
    runtime.close()


def test_the_warm_up_runs_beside(runtime):
    thread = runtime.start_warm_up()
    thread.join(60)
    assert runtime.not_ready == ""
    assert "scipy.special" in sys.modules, "statistics do not wait for it"


@pytest.mark.parametrize(("kiosk", "prepared"), [(False, 1), (True, 0)])
def test_the_latent_space_page_is_prepared_after_the_first_face(tmp_path, monkeypatch, kiosk, prepared):
    called = []
    monkeypatch.setattr("dashboard.spaces.projections.prepare_projection", called.append)
    runtime = Runtime(tiny_settings(tmp_path).model_copy(update={"kiosk": kiosk}))
    runtime.start_warm_up().join(60)
    assert called == [runtime.model] * prepared
    runtime.close()


def test_nobody_waits_for_the_preparation(runtime, monkeypatch):
    prepared = threading.Event()
    monkeypatch.setattr("dashboard.spaces.projections.prepare_projection", lambda model: prepared.wait(60))
    thread = runtime.start_warm_up()
    assert runtime.warmed_up.wait(60)
    assert thread.is_alive()
    assert runtime.not_ready == ""
    prepared.set()
    thread.join(60)


def test_a_first_face_that_fails_is_waited_for_no_longer(tmp_path, monkeypatch):
    monkeypatch.setattr("dashboard.serving.open_model.open_engine", broken_engine)
    runtime = Runtime(tiny_settings(tmp_path, kiosk=True))
    runtime.start_warm_up()
    assert runtime.warmed_up.wait(60)
    assert runtime.not_ready
    runtime.close()


def test_a_page_that_cannot_be_prepared_does_not_stop_the_server(runtime, monkeypatch, caplog):
    def fail(model):
        raise ValueError("no components today")

    monkeypatch.setattr("dashboard.spaces.projections.prepare_projection", fail)
    runtime.start_warm_up().join(60)
    assert runtime.not_ready == ""
    assert "no components today" in caplog.text


def test_what_is_exported_is_computed_exactly(runtime):
    cores = runtime.default.cores
    assert cores.numeric("png") == "openvino-f32"
    picture = cores.image(np.zeros(runtime.model.config.latent_size, np.float32) + 1, "png")
    assert picture.shape == (32, 32, 3)
    assert picture.dtype == np.uint8


def test_one_engine_does_where_both_classes_are_the_same(tmp_path):
    runtime = Runtime(tiny_settings(tmp_path, precision="exact"))
    cores = runtime.default.cores
    assert cores.numeric("webp") == cores.numeric("png")
    assert runtime.core is cores.core("exact")
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


def test_a_model_of_the_persons_own_shelf(tmp_path):
    settings = tiny_settings(tmp_path, model="mine")
    write_tiny_model(settings.home / "models" / "mine")
    runtime = Runtime(settings)
    assert runtime.model.name == "mine"
    runtime.close()


@pytest.fixture
def with_others(tmp_path):
    settings = tiny_settings(tmp_path, open_models=2)
    for index, name in enumerate(("one", "two", "three")):
        write_tiny_model(settings.home / "models" / name, seed=index + 1, scorer=False, bank=0)
    runtime = Runtime(settings)
    yield runtime
    runtime.close()


def test_models_are_loaded_by_name_and_make_their_own_pictures(with_others):
    one, two = with_others.open_model("one"), with_others.open_model("two")
    assert (one.model.name, two.model.name) == ("one", "two")
    face = Face(Seed(7))
    pictures = {loaded.pictures.picture(face, "png").entry.digest for loaded in (one, two, with_others.default)}
    assert len(pictures) == 3
    assert with_others.open_model("one") is one
    assert with_others.open_model() is with_others.open_model("tiny") is with_others.default
    assert {"tiny", "one", "two", "three"} <= set(with_others.names())
    assert with_others.names()[0] == "tiny"


def test_the_model_used_longest_ago_is_let_go_of_and_opens_again(with_others):
    one, two = with_others.open_model("one"), with_others.open_model("two")
    two.pictures.picture(Face(Seed(7)), "webp")
    with_others.open_model("one")
    with_others.open_model("three")
    until(lambda: not engines_of(two))
    assert two.pictures.picture(Face(Seed(9)), "webp")  # those who still hold it are served
    until(lambda: not engines_of(two))
    assert with_others.open_model("one") is one
    again = with_others.open_model("two")
    assert again is not two
    assert not again.pictures.picture(Face(Seed(8)), "webp").hit


def engines_of(loaded):
    """Return the threads and engines that a model holds."""
    cores = {id(core): core for core in (loaded.cores.core("fast"), loaded.cores.core("exact"))}.values()
    return [part for core in cores for part in (core._worker, core._engine) if part is not None]


def until(condition):
    """Wait until something holds that another thread brings about."""
    clock = threading.Event()
    for _ in range(6000):
        if condition():
            return
        clock.wait(0.01)
    raise AssertionError("it never came")


def test_a_crowd_that_asks_for_more_models_than_stay_open_is_served(with_others):
    names = ["one", "two", "three", None]

    def ask(turn):
        loaded = with_others.open_model(names[turn % 4])
        return loaded.model.name, loaded.pictures.picture(Face(Seed(turn)), "webp").entry.digest

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(24)))
    assert [name for name, _ in answers] == ["one", "two", "three", "tiny"] * 6
    assert len(set(answers)) == 24
    for turn, (name, digest) in enumerate(answers[:4]):
        loaded = with_others.open_model(name)
        assert loaded.pictures.picture(Face(Seed(turn)), "webp").entry.digest == digest


def test_concurrent_requests_open_a_model_once(with_others, monkeypatch):
    loaded, ready = [], threading.Barrier(8)
    true_open = open_model

    def count(folder):
        loaded.append(folder.name)
        return true_open(folder)

    def ask(_):
        ready.wait(60)
        return with_others.open_model("one")

    monkeypatch.setattr("dashboard.serving.open_model.open_model", count)
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(ask, range(8)))
    assert loaded == ["one"]
    assert len(set(map(id, got))) == 1


def test_an_unknown_model_is_reported_with_the_installed_ones(with_others):
    for name in [
        "",
        "none",
        "../models/one",
        "models/one",
        ".",
        "..",
        ".removed",
        "one/",
        "one\0",
        "x" * 5000,
        ["one"],
    ]:
        with pytest.raises(NotFound, match=r"tiny, .*one, three, two") as caught:
            with_others.open_model(name)
        assert len(str(caught.value)) < 400
        loaded, reason = with_others.open_model_or_default(name)
        assert loaded is with_others.default
        assert str(reason) == str(caught.value)


def test_a_model_that_is_replaced_while_served_is_loaded_again(with_others):
    old = with_others.open_model("one")
    write_tiny_model(old.model.path, seed=99, scorer=False, bank=0)
    with pytest.raises(NotFound, match="Received: others"):
        old.pictures.picture(Face(Seed(8)), "webp")  # no engine was loaded yet, and the new files are not the old model
    new = with_others.open_model("one")
    assert new.model.digest != old.model.digest
    assert new.pictures.picture(Face(Seed(8)), "webp")


@pytest.mark.parametrize("spoil", ["removed", "altered", "cut"])
def test_a_model_that_is_spoiled_while_served_is_a_sentence(with_others, spoil):
    folder = with_others.open_model("one").model.path
    file = folder / "generator.safetensors"
    if spoil == "removed":
        shutil.rmtree(folder)
    elif spoil == "altered":
        data = bytearray(file.read_bytes())
        data[-1] ^= 1
        file.write_bytes(data)
    else:
        file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(NotFound, match=r"Expected a model that is here|generator\.safetensors"):
        with_others.open_model("one")


def test_a_first_face_that_another_model_does_not_have_is_a_plain_seed_there(tmp_path):
    settings = tiny_settings(tmp_path, face="1:7;Smiling=1")
    male = tuple(attribute for attribute in ATTRIBUTES if attribute.name == "Male")
    write_tiny_model(settings.home / "models" / "male", attributes=male, scorer=False, bank=0)
    runtime = Runtime(settings)
    assert str(runtime.open_model("male").default_face) == f"1:{FIRST_SEED}"
    runtime.close()


@pytest.mark.parametrize(("given", "expected"), [({}, "1:99"), ({"face": "1:7"}, "1:7")])
def test_a_first_visit_shows_the_face_of_the_settings_or_else_the_model_s_own(tmp_path, given, expected):
    settings = tiny_settings(tmp_path, **given)
    manifest = tmp_path / "tiny" / "model.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"first_seed": 99}))
    runtime = Runtime(settings)
    assert str(runtime.default_face) == expected
    runtime.close()


def test_what_was_removed_can_be_restored_after_a_restart_for_a_day(tmp_path):
    settings = tiny_settings(tmp_path)
    shelf = settings.home / "models"
    write_tiny_model(shelf / "mine", scorer=False, bank=0)
    trash = remove_model("mine", shelf)
    downloads = settings.home / "downloads"
    downloads.mkdir()
    for name in ("upload-1234", "network.pkl.part"):
        (downloads / name).touch()
    runtime = Runtime(settings)
    assert "mine" not in runtime.names()
    assert restore_model("mine", shelf).is_dir()
    assert [path.name for path in downloads.iterdir()] == ["network.pkl.part"]
    runtime.close()
    remove_model("mine", shelf)
    make_old(trash, 25 * 3600)
    Runtime(settings).close()
    assert not trash.exists()

from __future__ import annotations

import hashlib
import json
import os
import resource
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.models import correlated_directions, random_variables, tiny_config
from support.networks import CASES, case_of, inputs_of
from support.official_files import FORMS, Writer, directions_file, discriminator, generator
from support.reference_generator import reference_generator
from support.stylegan_files import Module, PickledTensors, nvidia_file
from support.stylegan_reference import random_stylegan2

from benchmarks.imports import import_once
from dashboard.errors import InputError, ModelError, OfficialFileError
from dashboard.synthesis import imports
from dashboard.synthesis.celeba import GROUP_OF
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.imports import has_tlgan_directions, import_model, is_celebahq, remove_stale
from dashboard.synthesis.model_folder import open_model, write_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.pixels import to_bytes

NAMES = ["Young", "Smiling", "Male", "No_Beard", "Made_Up_Here"]
SMALL: dict[str, Any] = {"resolution": 8, "latent_size": 16, "fmap_base": 32, "fmap_max": 8}


def network_file(folder: Path, config: GeneratorConfig, variables: dict[str, np.ndarray], **form: Any) -> Path:
    path = folder / "karras2018iclr.pkl"
    path.write_bytes(Writer(**form).file((generator(config, variables), discriminator(), generator(config, variables))))
    return path


def small_file(folder: Path) -> Path:
    config = tiny_config(**SMALL)
    return network_file(folder, config, random_variables(config))


def small_directions(folder: Path, size: int = 16) -> Path:
    path = folder / "feature_direction.pkl"
    path.write_bytes(directions_file(correlated_directions(size, len(NAMES)) * 0.7, NAMES))
    return path


@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_network_makes_the_originals_pictures(case: str, tmp_path: Path) -> None:
    """From the file to the picture, by the default engine."""
    options, lod = case_of(CASES[case])
    config = tiny_config(**{"latent_size": 64, "fmap_base": 128, "fmap_max": 16, **options})
    variables = {**random_variables(config), "lod": np.array(lod, np.float32)}
    form = FORMS[list(FORMS)[len(case) % len(FORMS)]]
    folder = import_model(network_file(tmp_path, config, variables, **form), "imported", tmp_path / "models")
    latents, labels = inputs_of(config, 3)
    received = open_engine(open_model(folder), "openvino", "exact").run(latents, labels)["image"]
    expected = reference_generator(config, variables, latents, labels)["image"]
    np.testing.assert_allclose(received, expected, atol=1e-3)
    levels = np.abs(to_bytes(received).astype(int) - to_bytes(expected))
    assert levels.max() <= 1


def test_the_reference_engine_makes_them_too(tmp_path: Path) -> None:
    config = tiny_config(resolution=16, latent_size=64, fmap_base=128, fmap_max=16, label_size=3, fused_scale=False)
    variables = {**random_variables(config), "lod": np.array(0.4, np.float32)}
    folder = import_model(network_file(tmp_path, config, variables), "imported", tmp_path / "models")
    latents, labels = inputs_of(config, 3)
    received = open_engine(open_model(folder), "tensorflow").run(latents, labels)["image"]
    expected = reference_generator(config, variables, latents, labels)["image"]
    np.testing.assert_allclose(received, expected, atol=2e-4)
    assert np.abs(to_bytes(received).astype(int) - to_bytes(expected)).max() <= 1


def test_weights_and_directions_stay_as_exact_as_they_were(tmp_path: Path) -> None:
    config = tiny_config(**SMALL)
    variables = random_variables(config)
    stored = correlated_directions(16, len(NAMES)) * np.arange(1, 6)
    (tmp_path / "d.pkl").write_bytes(directions_file(stored, NAMES))
    folder = import_model(
        network_file(tmp_path, config, variables), "m", tmp_path / "models", tmp_path / "d.pkl", "CC BY-NC 4.0"
    )
    model = open_model(folder)
    assert model.config == config
    for name, values in model.variables().items():
        np.testing.assert_array_equal(values, variables[name], strict=True)
    np.testing.assert_allclose(model.directions, stored / np.linalg.norm(stored, axis=0), atol=1e-15)
    assert model.names == tuple(NAMES)
    assert [a.kind for a in model.attributes] == ["binary"] * 4 + ["continuous"]
    assert model.attributes[4].group == "Others"
    assert model.licence == "CC BY-NC 4.0"
    assert has_tlgan_directions(model)
    assert not is_celebahq(model)


def test_where_a_model_comes_from_is_kept_with_it(tmp_path: Path) -> None:
    file, directions = small_file(tmp_path), small_directions(tmp_path)
    folder = import_model(file, "m", tmp_path / "models", directions, title="Gs | <b>.pkl\udcff")
    model = open_model(folder)
    provenance = model.provenance
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (provenance["sha256"], provenance["bytes"]) == (digest, file.stat().st_size)
    assert provenance["form"] == "G, D, Gs"
    assert provenance["about"].startswith("A network imported from Gs _ _b_.pkl_: PG-GAN, NVIDIA's `G_paper`")
    assert provenance["directions"]["sha256"] == hashlib.sha256(directions.read_bytes()).hexdigest()
    card = (folder / "MODEL_CARD.md").read_text()
    assert digest in card
    assert "Gs _ _b_.pkl_" in card
    assert model.licence in card
    numbers = sum(values.size for name, values in model.variables().items() if name != "lod")
    assert f"{numbers:,} numbers" in card


def test_a_model_without_directions_has_no_attributes(tmp_path: Path) -> None:
    model = open_model(import_model(small_file(tmp_path), "m", tmp_path / "models"))
    assert model.names == ()
    assert not has_tlgan_directions(model)


def test_celebahq_is_recognised_by_its_size_and_source(tmp_path: Path) -> None:
    config = GeneratorConfig(resolution=1024, fmap_base=256, fmap_max=2, fmap_decay=0.5)
    variables = random_variables(config)
    official = network_file(tmp_path, config, variables)
    assert is_celebahq(open_model(import_model(official, "m", tmp_path / "models")))
    other = write_model(tmp_path / "n", config, variables, (), np.zeros((512, 0)), "CC0-1.0", {"source": "elsewhere"})
    assert not is_celebahq(other)


def test_every_name_of_celeba_and_of_tlgan_has_a_heading() -> None:
    celeba_s = """5_o_Clock_Shadow Arched_Eyebrows Attractive Bags_Under_Eyes Bald Bangs Big_Lips Big_Nose Black_Hair
        Blond_Hair Blurry Brown_Hair Bushy_Eyebrows Chubby Double_Chin Eyeglasses Goatee Gray_Hair Heavy_Makeup
        High_Cheekbones Male Mouth_Slightly_Open Mustache Narrow_Eyes No_Beard Oval_Face Pale_Skin Pointy_Nose
        Receding_Hairline Rosy_Cheeks Sideburns Smiling Straight_Hair Wavy_Hair Wearing_Earrings Wearing_Hat
        Wearing_Lipstick Wearing_Necklace Wearing_Necktie Young"""
    tlgan_s = """Shadow Arched_Eyebrows Attractive Eye_bags Bald Bangs Big_Lips Big_Nose Black_Hair Blond_Hair Blurry
        Brown_Hair Bushy_Eyebrows Chubby Double_Chin Eyeglasses Goatee Gray_Hair Makeup High_Cheekbones Male Mouth_Open
        Mustache Narrow_Eyes Beard Oval_Face Skin_Tone Pointy_Nose Hairline Rosy_Cheeks Sideburns Smiling Straight_Hair
        Wavy_Hair Earrings Hat Lipstick Necklace Necktie Age"""
    celeba, tlgan = celeba_s.split(), tlgan_s.split()
    assert (len(celeba), len(tlgan)) == (40, 40)
    assert not set(celeba + tlgan) - set(GROUP_OF)


# Whole or not at all.


def nothing_left(shelf: Path) -> bool:
    return not shelf.exists() or not list(shelf.iterdir())


@pytest.mark.parametrize("name", ["", "..", "../m", "a/b", "a b", ".m", "-m", "m" * 65, "m\n", "é"])
def test_a_name_that_could_be_a_path_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="model name"):
        import_model(small_file(tmp_path), name, tmp_path / "models")
    assert nothing_left(tmp_path / "models")


def test_a_name_that_is_taken_is_refused_and_its_model_stays(tmp_path: Path) -> None:
    shelf = tmp_path / "models"
    before = open_model(import_model(small_file(tmp_path), "m", shelf)).digest
    with pytest.raises(InputError, match='no model "m" yet'):
        import_model(tmp_path / "absent.pkl", "m", shelf)
    assert open_model(shelf / "m").digest == before


def test_a_name_that_is_taken_meanwhile_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = tmp_path / "models"
    real = imports.read_generator

    def overtaken(path: Path) -> Any:
        monkeypatch.setattr(imports, "read_generator", real)
        import_model(path, "m", shelf, licence="the first one's")
        return real(path)

    monkeypatch.setattr(imports, "read_generator", overtaken)
    with pytest.raises(ModelError, match='no model "m" yet'):
        import_model(small_file(tmp_path), "m", shelf)
    assert open_model(shelf / "m").licence == "the first one's"
    assert [entry.name for entry in shelf.iterdir()] == ["m"]


def test_directions_of_another_size_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"directions of 16 numbers.*Received: 32"):
        import_model(small_file(tmp_path), "m", tmp_path / "models", small_directions(tmp_path, 32))
    assert nothing_left(tmp_path / "models")


@pytest.mark.parametrize("which", ["network", "directions"])
def test_a_damaged_file_writes_nothing(which: str, tmp_path: Path) -> None:
    network, directions = small_file(tmp_path), small_directions(tmp_path)
    damaged = network if which == "network" else directions
    damaged.write_bytes(damaged.read_bytes()[:-300])
    with pytest.raises(OfficialFileError, match="cut off"):
        import_model(network, "m", tmp_path / "models", directions)
    assert nothing_left(tmp_path / "models")


def test_a_full_disk_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(json, "dumps", full)  # the description is written last
    with pytest.raises(OSError, match="No space left"):
        import_model(small_file(tmp_path), "m", tmp_path / "models")
    assert nothing_left(tmp_path / "models")


def test_what_a_killed_import_left_is_swept_away_a_day_later(tmp_path: Path) -> None:
    shelf = tmp_path / "models"
    import_model(small_file(tmp_path), "m", shelf)
    left = shelf / ".n-abc123"
    (left / "new").mkdir(parents=True)
    (left / "new" / "generator.safetensors").write_bytes(b"half")
    remove_stale(shelf)
    assert left.exists()
    os.utime(left, (0, 0))
    remove_stale(shelf)
    assert sorted(entry.name for entry in shelf.iterdir()) == ["m"]


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_whole_stylegan_of_1024_px_is_imported_in_30_seconds_and_1_5_gigabytes(tmp_path: Path) -> None:
    network = random_stylegan2(resolution=1024, base=32768, z=512, w=512, layers=8)
    rng = np.random.default_rng(0)
    judge = Module("Discriminator", {f"b{i}": rng.standard_normal((512, 512, 13), np.float32) for i in range(8)})
    write = PickledTensors()
    file = tmp_path / "ffhq.pkl"
    file.write_bytes(nvidia_file(network, G=write.module(network), D=write.module(judge)))
    assert file.stat().st_size > 370_000_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _seconds, megabytes = import_once(file, tmp_path / "home")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Of the processor, on all cores together: those on the clock are fewer, except where other programs run.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 30
    assert megabytes < 1500
    stored = open_model(tmp_path / "home" / "models" / "measured")
    np.testing.assert_array_equal(
        stored.variables()["b1024.conv1.weight"],
        network.parts["synthesis"].parts["b1024"].parts["conv1"].parameters["weight"],
    )

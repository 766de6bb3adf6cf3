from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from support.models import (
    ATTRIBUTES,
    correlated_directions,
    random_variables,
    tiny_config,
    tiny_scorer,
    write_tiny_model,
)

from dashboard.errors import ModelError
from dashboard.synthesis.manifest import model_digest, read_manifest
from dashboard.synthesis.model_folder import Attribute, Bank, Model, open_model, write_model


@pytest.fixture
def folder(tiny_model: Model, tmp_path: Path) -> Path:
    """Return a copy of the tiny model's folder that a test may damage."""
    return Path(shutil.copytree(tiny_model.path, tmp_path / "tiny"))


def edit_manifest(folder: Path, change: Callable[[dict], object]) -> None:
    """Change model.json as it stands."""
    file = folder / "model.json"
    manifest = json.loads(file.read_text())
    change(manifest)
    file.write_text(json.dumps(manifest))


def replace(folder: Path, name: str, content: bytes | dict[str, np.ndarray]) -> None:
    """Replace a file and enter its new length and digests, as in a forged folder."""
    if isinstance(content, dict):
        save_file(content, folder / name)
        content = (folder / name).read_bytes()
    (folder / name).write_bytes(content)
    entry = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    edit_manifest(folder, lambda m: m["files"].update({name: entry}))
    redigest(folder)


def redigest(folder: Path) -> None:
    manifest = read_manifest(folder, "tiny")
    names = [a.name for a in manifest.attributes]
    digests = [manifest.files[name].sha256 for name in ("generator.safetensors", "directions.safetensors")]
    edit_manifest(folder, lambda m: m.update(digest=model_digest(manifest.generator, names, *digests)))


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        open_model(folder)
    message = str(caught.value)
    assert message.startswith("Expected ")
    assert " Received: " in message
    return message


# Written files are read back.


def test_a_model_comes_back_as_it_was_written(tmp_path: Path) -> None:
    config, scorer = tiny_config(resolution=16), tiny_scorer()
    variables, scorer_variables = random_variables(config, 3), random_variables(scorer, 4)
    directions = correlated_directions(512, len(ATTRIBUTES)) * 5.0
    rng = np.random.default_rng(0)
    bank = Bank(11, rng.normal(size=(9, 8)), rng.normal(size=(9, 64)), scorer.attributes)
    training = {"G/4x4/Dense/weight": rng.normal(size=(3, 2)), "step": np.array(12345, np.int64)}
    model = write_model(
        tmp_path / "faces-16",
        config,
        variables,
        ATTRIBUTES,
        directions,
        "CC0-1.0",
        {"steps": 12},
        scorer=(scorer, scorer_variables),
        bank=bank,
        atlas=b"RIFF....WEBP",
        training=training,
        card="# Faces\n",
    )
    assert (model.name, model.licence, model.provenance) == ("faces-16", "CC0-1.0", {"steps": 12})
    assert (model.config, model.attributes, model.scorer) == (config, ATTRIBUTES, scorer)
    assert model.digest8 == model.digest[:8]
    assert len(model.digest) == 64
    assert model.directions.dtype == np.float64
    np.testing.assert_allclose(model.directions, directions / 5.0, atol=1e-12)
    np.testing.assert_allclose(model.gram, model.directions.T @ model.directions)
    assert model.has_scorer
    assert model.has_bank
    for name, stored in model.variables().items():
        assert stored.dtype == np.float32
        assert stored.shape == variables[name].shape
        np.testing.assert_array_equal(stored, variables[name].astype(np.float16).astype(np.float32))
    assert set(model.scorer_variables()) == set(scorer_variables)
    read = model.bank()
    assert (read.base_seed, read.attributes) == (11, scorer.attributes)
    np.testing.assert_allclose(read.scores, bank.scores, atol=1e-6)
    np.testing.assert_allclose(read.features, bank.features, atol=1e-2)
    assert (model.path / "atlas.webp").read_bytes() == b"RIFF....WEBP"
    assert (model.path / "MODEL_CARD.md").read_text() == "# Faces\n"
    stored = load_file(model.path / "training.safetensors")
    assert stored["step"] == 12345
    assert stored["G/4x4/Dense/weight"].dtype == np.float64


def test_the_same_parts_give_the_same_digest_and_other_parts_another(tmp_path: Path) -> None:
    first = write_tiny_model(tmp_path / "a")
    assert write_tiny_model(tmp_path / "b").digest == first.digest
    assert write_tiny_model(tmp_path / "c", scorer=False, bank=0).digest == first.digest
    renamed = (Attribute("Other", *list(vars(ATTRIBUTES[0]).values())[1:]), *ATTRIBUTES[1:])
    others = [
        write_tiny_model(tmp_path / "d", seed=1),
        write_tiny_model(tmp_path / "e", correlation=0.0),
        write_tiny_model(tmp_path / "f", attributes=renamed),
        write_tiny_model(tmp_path / "g", use_leakyrelu=False),
    ]
    assert len({first.digest, *(model.digest for model in others)}) == 5


def test_a_model_written_again_from_what_was_read_keeps_its_digest(tiny_model: Model, tmp_path: Path) -> None:
    read = tiny_model
    again = write_model(
        tmp_path / "m", read.config, read.variables(), read.attributes, read.directions, read.licence, read.provenance
    )
    assert again.digest == read.digest


def test_a_card_may_be_corrected_without_breaking_the_model(folder: Path) -> None:
    (folder / "MODEL_CARD.md").write_text("Corrected.")
    assert open_model(folder).name == "tiny"


def test_writing_replaces_a_folder_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "m")
    second = write_tiny_model(tmp_path / "m", seed=1, scorer=False)
    assert open_model(tmp_path / "m").digest == second.digest
    assert not (tmp_path / "m" / "scorer.safetensors").exists()
    assert [entry.name for entry in tmp_path.iterdir()] == ["m"]


def test_a_failed_write_keeps_the_folder_unchanged(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "m")
    config = tiny_config()
    variables = random_variables(config)
    del variables["8x8/Conv1/bias"]
    with pytest.raises(ModelError, match="8x8/Conv1/bias"):
        write_model(model.path, config, variables, ATTRIBUTES, model.directions, "CC0-1.0", {})
    assert open_model(model.path).digest == model.digest
    assert [entry.name for entry in tmp_path.iterdir()] == ["m"]


def test_a_folder_over_the_limit_is_not_written(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "m")
    size = sum(
        file.stat().st_size for file in model.path.iterdir() if file.name in ("generator.safetensors", "model.json")
    )
    parts = model.config, model.variables(), ATTRIBUTES, model.directions, "CC0-1.0", {}
    with pytest.raises(ModelError, match=rf"at most {size} bytes. Received: .*directions.safetensors"):
        write_model(model.path, *parts, limit=size)
    assert open_model(model.path).has_bank, "the folder is as it was"
    assert not write_model(model.path, *parts, limit=10 * size).has_bank


def test_a_weight_that_float16_cannot_hold_is_not_written(tmp_path: Path) -> None:
    config = tiny_config()
    variables = random_variables(config)
    variables["4x4/Conv/bias"][3] = 1e6
    with pytest.raises(ModelError, match="4x4/Conv/bias"):
        write_model(tmp_path / "m", config, variables, ATTRIBUTES, correlated_directions(512, 8), "CC0-1.0", {})
    assert not (tmp_path / "m").exists()


def test_weights_may_stay_as_exact_as_they_were(tmp_path: Path) -> None:
    config = tiny_config()
    variables = random_variables(config)
    variables["4x4/Conv/bias"][3] = 1e6
    none = np.zeros((512, 0))
    model = write_model(tmp_path / "m", config, variables, (), none, "CC0-1.0", {}, dtype=np.float32)
    for name, stored in model.variables().items():
        np.testing.assert_array_equal(stored, variables[name], strict=True)


def test_a_model_may_have_no_attributes(tmp_path: Path) -> None:
    config = tiny_config()
    model = write_model(tmp_path / "m", config, random_variables(config), (), np.zeros((512, 0)), "CC0-1.0", {})
    assert model.names == ()
    assert model.directions.shape == (512, 0)
    assert model.gram.shape == (0, 0)


def test_a_folder_that_is_there_is_replaced_only_where_that_is_wanted(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "m")
    config = tiny_config()
    with pytest.raises(ModelError, match='no model "m" yet'):
        write_model(
            model.path, config, random_variables(config, 3), (), np.zeros((512, 0)), "CC0-1.0", {}, replace=False
        )
    assert open_model(tmp_path / "m").digest == model.digest
    assert [entry.name for entry in tmp_path.iterdir()] == ["m"]


def test_a_model_without_scorer_or_bank_says_so_when_asked(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "plain", scorer=False, bank=0)
    assert not model.has_scorer
    assert not model.has_bank
    with pytest.raises(ModelError, match=r"scorer\.safetensors"):
        model.scorer_variables()
    with pytest.raises(ModelError, match=r"bank\.safetensors"):
        model.bank()


def test_a_bank_without_scorer_has_the_attributes_as_columns(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "plain", scorer=False, bank=5)
    assert model.bank().attributes == model.names


# Incomplete folders are rejected, and the error names the file.


@pytest.mark.parametrize("name", ["generator", "directions", "scorer", "bank"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / f"{name}.safetensors").unlink()
    assert f"{name}.safetensors" in refusal(folder)


@pytest.mark.parametrize("name", ["generator", "directions", "scorer", "bank"])
def test_an_altered_file_is_named(folder: Path, name: str) -> None:
    file = folder / f"{name}.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    message = refusal(folder)
    assert file.name in message
    assert "altered" in message


@pytest.mark.parametrize("name", ["generator", "directions", "scorer", "bank"])
def test_a_shortened_file_is_named_with_both_lengths(folder: Path, name: str) -> None:
    file = folder / f"{name}.safetensors"
    content = file.read_bytes()
    file.write_bytes(content[:-100])
    message = refusal(folder)
    assert file.name in message
    assert str(len(content)) in message
    assert str(len(content) - 100) in message


def test_a_folder_without_description_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "model.json" in refusal(tmp_path / "empty")
    assert "model.json" in refusal(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda m: m.update(schema_version=3), "schema_version"),
        (lambda m: m.update(colour="red"), "colour"),
        (lambda m: m.pop("licence"), "licence"),
        (lambda m: m.update(digest="0" * 64), "digest"),
        (lambda m: m["generator"].update(resolution=48), "48"),
        (lambda m: m["generator"].update(latent_size=0), "latent"),
        (lambda m: m["generator"].update(fmap_decay=1e300), "model.json"),
        (lambda m: m["generator"].update(use_leakyrelu=False), "digest"),
        (lambda m: m["generator"].update(resolution=64), "generator.safetensors"),
        (lambda m: m["attributes"][0].update(range=[2, -2]), "Smiling"),
        (lambda m: m["attributes"][0].update(name="../etc"), "attributes.0.name"),
        (lambda m: m["attributes"][0].update(kind="colour"), "kind"),
        (lambda m: m["attributes"][0].update(name="Male"), "Male"),
        (lambda m: m["attributes"][0].update(name="Grinning"), "digest"),
        (lambda m: m["attributes"].pop(), "directions"),
        (lambda m: m.update(attributes=[]), "(512, 0)"),
        (lambda m: m["files"].pop("generator.safetensors"), "generator.safetensors"),
        (lambda m: m["files"].pop("scorer.safetensors"), "scorer.safetensors"),
        (lambda m: m["files"].update({"../x": {"bytes": 1, "sha256": "0" * 64}}), "files"),
        (lambda m: m["files"].update({"atlas.webp": {"bytes": 1, "sha256": "0" * 64}}), "atlas.webp"),
        (lambda m: m.update(scorer=None), "scorer"),
        (lambda m: m["scorer"].update(size=64, channels=[4, 4, 4, 4]), "size 64"),
        (lambda m: m["scorer"].update(size=17), "size=17"),
        (lambda m: m["scorer"].update(kinds=["binary"]), "8 kinds"),
    ],
)
def test_a_description_that_does_not_hold_is_refused(
    folder: Path, change: Callable[[dict], object], named: str
) -> None:
    edit_manifest(folder, change)
    assert named in refusal(folder)


def test_a_description_that_is_no_json_is_refused(folder: Path) -> None:
    (folder / "model.json").write_text("<html>not found</html>")
    assert "model.json" in refusal(folder)


def test_a_description_of_many_megabytes_is_not_read(folder: Path) -> None:
    edit_manifest(folder, lambda m: m["provenance"].update(text="x" * (1 << 20)))
    assert "1048576 bytes" in refusal(folder)


def test_a_folder_of_an_odd_name_is_refused(folder: Path) -> None:
    assert "a b" in refusal(Path(shutil.copytree(folder, folder.parent / "a b")))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda v: v.pop("8x8/Conv1/weight"), "8x8/Conv1/weight"),
        (lambda v: v.update({"Extra/weight": v["lod"]}), "Extra/weight"),
        (lambda v: v.update({"8x8/Conv1/bias": np.zeros(33, np.float16)}), "(33,)"),
        (lambda v: v.update({"lod": np.zeros(1, np.float16)}), "lod"),
        (lambda v: v.update({"lod": np.zeros((), np.int8)}), "I8"),
    ],
)
def test_arrays_that_do_not_fit_the_config_are_refused(
    folder: Path, change: Callable[[dict], object], named: str
) -> None:
    variables = load_file(folder / "generator.safetensors")
    change(variables)
    replace(folder, "generator.safetensors", variables)
    message = refusal(folder)
    assert named in message
    assert "generator.safetensors" in message


def test_weights_that_are_not_finite_are_named_when_read(folder: Path) -> None:
    variables = load_file(folder / "generator.safetensors")
    variables["16x16/Conv1/bias"][2] = np.nan
    replace(folder, "generator.safetensors", variables)
    with pytest.raises(ModelError, match="16x16/Conv1/bias"):
        open_model(folder).variables()


def test_directions_that_are_not_unit_columns_are_refused(folder: Path) -> None:
    directions = load_file(folder / "directions.safetensors")["directions"]
    replace(folder, "directions.safetensors", {"directions": directions * 2.0})
    assert "unit columns" in refusal(folder)


def test_a_bank_of_another_width_is_refused(folder: Path) -> None:
    bank = load_file(folder / "bank.safetensors")
    replace(folder, "bank.safetensors", {**bank, "scores": bank["scores"][:, :5].copy()})
    assert "(48, 8)" in refusal(folder)


def test_a_bank_without_faces_is_refused(folder: Path) -> None:
    bank = load_file(folder / "bank.safetensors")
    replace(folder, "bank.safetensors", {**bank, "scores": bank["scores"][:0].copy()})
    assert "1 to 100000 faces" in refusal(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        b"<html>not found</html>",
        (2**40).to_bytes(8, "little") + b"{}",
        (2).to_bytes(8, "little") + b"[]",
        b"\x80\x04\x95" + b"\x00" * 200,
    ],
)
def test_a_file_that_is_no_safetensors_is_refused(folder: Path, content: bytes) -> None:
    replace(folder, "generator.safetensors", content)
    assert "generator.safetensors" in refusal(folder)


def test_a_header_that_declares_terabytes_is_refused_before_anything_is_allocated(folder: Path) -> None:
    header = json.dumps({"lod": {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 1 << 42]}}).encode()
    replace(folder, "generator.safetensors", len(header).to_bytes(8, "little") + header)
    assert "generator.safetensors" in refusal(folder)


def test_a_file_longer_than_its_arrays_can_be_is_not_read(folder: Path) -> None:
    content = (folder / "directions.safetensors").read_bytes() + b"\0" * (3 << 20)
    replace(folder, "directions.safetensors", content)
    assert "at most" in refusal(folder)

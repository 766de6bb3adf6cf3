"""Directions in w: of which files, for which models, and how they are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from support.stylegan_files import nvidia_file
from support.stylegan_models import imported_stylegan
from support.stylegan_reference import random_stylegan2

from dashboard.api import LoadedModel
from dashboard.cli import main
from dashboard.errors import FaceError, InputError
from dashboard.faces.direction_names import columns_of, widened
from dashboard.library.direction_spaces import SPACES, direction_space, space_size
from dashboard.library.extra_directions import Library
from dashboard.synthesis.imports import import_model
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model


@pytest.fixture(scope="module")
def stylegan(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("stylegan")
    (folder / "network.pkl").write_bytes(nvidia_file(random_stylegan2(resolution=16)))
    return open_model(import_model(folder / "network.pkl", "style", folder / "models", space="z"))


@pytest.mark.parametrize(
    ("name", "wanted", "space"),
    [
        ("stylegan_ffhq_smile_w_boundary.npy", "", "w"),
        ("stylegan_ffhq_smile_boundary.npy", "", "z"),
        ("stylegan2-ffhq_style_ipca_c80_n1000000_w.npz", "", "w"),
        ("folder_w_/smile.npy", "", "z"),
        ("pggan_z_boundary.npy", "", "z"),
        ("sw.npy", "", "z"),
        ("smile.npy", "w", "w"),
        ("smile_w.npy", "z", "z"),
        ("smile_s.npz", "", "s"),
        ("man_s smile.npy", "", "z"),
    ],
)
def test_the_space_of_a_file(name: str, wanted: str, space: str, stylegan: Model) -> None:
    assert direction_space(stylegan, name, wanted) == space


def test_a_silent_file_is_noted(stylegan: Model, tiny_model: Model) -> None:
    notes: list[str] = []
    direction_space(stylegan, "smile.npy", "", notes)
    assert "Taken as directions in z" in notes[0]
    direction_space(stylegan, "smile_w.npy", "", notes)
    direction_space(tiny_model, "smile.npy", "", notes)
    assert len(notes) == 1


def test_a_model_without_w_refuses_w(tiny_model: Model, stylegan: Model) -> None:
    with pytest.raises(InputError, match=r"in z, the space of tiny. Received: directions in w\. Import them for a Sty"):
        direction_space(tiny_model, "smile.npy", "w")
    with pytest.raises(InputError, match=r"smile_w\.npy says"):
        direction_space(tiny_model, "smile_w.npy")
    with pytest.raises(InputError, match="Expected z, w or s"):
        direction_space(stylegan, "smile.npy", "w+")


def test_a_direction_in_w_is_kept_with_its_space_and_has_no_slider(stylegan: Model, tmp_path: Path) -> None:
    kept = Library(tmp_path)
    size = space_size(stylegan.config, "w")
    hashed = kept.user_directions.keep("Smile", np.arange(size) + 1.0, stylegan, {"kind": "imported"}, "w")
    found = kept.user_directions.read(hashed, stylegan)
    assert found is not None
    assert (found.space, found.vector.shape, found.title) == ("w", (size,), "Smile")
    assert kept.user_directions.listed(stylegan) == []
    assert [one.hash for one in kept.user_directions.listed(stylegan, "w")] == [hashed]
    with_library = _with(stylegan, kept)
    assert widened(with_library, [found.name]) is with_library
    with pytest.raises(FaceError, match=r"in z for a slider\. Received: Smile, in w"):
        columns_of(with_library, [found.name])
    kept.user_directions.remove(hashed, stylegan)
    kept.user_directions.restore(hashed, stylegan)
    assert [one.hash for one in kept.user_directions.listed(stylegan, "w")] == [hashed]
    with pytest.raises(InputError, match=rf"{size} finite numbers"):
        kept.user_directions.keep("Smile", np.ones(size + 1), stylegan, {}, "w")


def test_the_same_numbers_in_z_and_w_are_two_directions(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("equal")
    (folder / "network.pkl").write_bytes(nvidia_file(random_stylegan2(resolution=16)))
    model = open_model(import_model(folder / "network.pkl", "style", folder / "models"))
    kept = Library(tmp_path).user_directions
    names = {kept.keep("A", np.ones(space_size(model.config, space)), model, {}, space) for space in ("z", "w")}
    assert len(names) == 2
    assert [len(kept.listed(model, space)) for space in SPACES] == [1, 1, 0]


def test_a_boundary_in_w_is_imported_and_moves_faces(
    stylegan: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path))
    size = space_size(stylegan.config, "w")
    vector = np.random.RandomState(1).randn(1, size)
    np.save(tmp_path / "smile_w_boundary.npy", vector)
    words = [str(tmp_path / "smile_w_boundary.npy"), "--as", "directions", "--model", str(stylegan.path)]
    seen = CliRunner().invoke(main, ["inspect", *words])
    assert f"1 direction of {size} numbers, in w" in seen.output
    done = CliRunner().invoke(main, ["import", *words])
    assert ", in w" in done.output, done.output
    assert [one.title for one in Library(tmp_path).user_directions.listed(stylegan, "w")] == ["smile w boundary"]
    loaded = LoadedModel(stylegan, "openvino", 1)
    (found,) = loaded.read_directions(tmp_path / "smile_w_boundary.npy").values()
    np.testing.assert_allclose(found, vector[0], atol=1e-6)


@pytest.mark.parametrize("name", ["components_w.npz", "components.npz"])
def test_components_of_ganspace_have_the_length_of_their_space(name: str, stylegan: Model, tmp_path: Path) -> None:
    size = space_size(stylegan.config, "w" if "_w" in name else "z")
    rows = np.eye(4, size).reshape(4, 1, size)
    np.savez(tmp_path / name, lat_comp=rows, lat_mean=np.zeros((1, size)), lat_stdev=np.arange(4.0) + 1)
    found = LoadedModel(stylegan, "openvino", 1).read_directions(tmp_path / name)
    assert len(found) == 4
    np.testing.assert_array_equal(next(iter(found.values())), rows[0, 0])


def _with(model: Model, library: Library) -> Model:
    return replace(model, extra_directions=library)


def test_a_model_says_in_which_space_its_directions_live(stylegan: Model, tmp_path: Path) -> None:
    in_w = imported_stylegan("stylegan2", tmp_path)
    assert (stylegan.space, in_w.space) == ("z", "w")
    assert direction_space(in_w, "smile.npy") == "w"
    library = Library(tmp_path / "home")
    normal = np.random.RandomState(0).randn(in_w.size)
    own = library.user_directions.keep("Smile", normal, in_w, {}, "w")
    found = library.direction(in_w, f"own~{own}")
    np.testing.assert_allclose(found, in_w.column_of(normal), atol=1e-5)
    other = library.user_directions.keep("In z", np.arange(1.0, 6), in_w, {}, "z")
    with pytest.raises(FaceError, match="Expected a direction in w for a slider"):
        library.direction(in_w, f"own~{other}")

"""Data on disk: stored latents and user directions."""

import stat

import numpy as np
import pytest
from support.ages import make_old
from support.models import write_tiny_model

from dashboard.errors import FaceError, InputError, NotFound
from dashboard.faces.bases import latent_hash
from dashboard.library.extra_directions import Library


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path)


def test_a_latent_is_named_by_its_bytes(library, tmp_path):
    latent = np.random.RandomState(3).randn(512)
    name = library.latents.keep(latent)
    assert name == latent_hash(latent) == library.latents.keep(latent)
    np.testing.assert_array_equal(library.latents.read(name), latent.astype(np.float32))
    file = tmp_path / "library" / "latents" / f"{name}.safetensors"
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)


@pytest.mark.parametrize("latent", [np.zeros((2, 3)), np.array([1, np.nan]), np.zeros(0), np.zeros(9000)])
def test_what_is_no_latent_is_not_kept(library, latent):
    with pytest.raises(InputError, match="Expected a latent"):
        library.latents.keep(latent)


@pytest.mark.parametrize("name", ["", "../x", "0" * 31, "f" * 32, "A" * 32])
def test_a_name_from_outside_finds_nothing(library, model, name):
    assert library.latents.read(name) is None
    assert library.user_directions.read(name, model) is None
    assert not library.knows(model, f"own~{name}")


def test_an_altered_file_is_not_believed(library, model, tmp_path):
    first = library.latents.keep(np.ones(8))
    second = library.latents.keep(np.zeros(8))
    folder = tmp_path / "library" / "latents"
    (folder / f"{first}.safetensors").write_bytes((folder / f"{second}.safetensors").read_bytes())
    assert library.latents.read(first) is None
    (folder / f"{second}.safetensors").write_bytes(b"<html>")
    assert library.latents.read(second) is None


def test_a_direction_comes_back_as_it_was_kept(library, model):
    vector = np.arange(model.config.latent_size) - 7.0
    name = library.user_directions.keep("  Narrow   smile ", vector, model, {"kind": "marks", "accuracy": 0.75})
    found = library.user_directions.read(name, model)
    assert (found.title, found.how, found.name) == (
        "Narrow smile",
        {"kind": "marks", "accuracy": 0.75},
        f"own~{name}",
    )
    np.testing.assert_allclose(found.vector, vector / np.linalg.norm(vector), atol=1e-7)
    assert [one.hash for one in library.user_directions.listed(model)] == [name]
    assert library.knows(model, f"own~{name}")
    assert library.title(model, f"own~{name}") == "Narrow smile"


def test_a_removed_direction_can_be_restored_for_a_day(library, model, tmp_path):
    name = library.user_directions.keep("Mine", np.ones(model.config.latent_size), model, {})
    library.user_directions.remove(name, model)
    assert not library.knows(model, f"own~{name}")
    with pytest.raises(FaceError, match="kept here"):
        library.direction(model, f"own~{name}")
    with pytest.raises(NotFound):
        library.user_directions.remove(name, model)
    library.user_directions.restore(name, model)
    assert library.knows(model, f"own~{name}")
    library.user_directions.remove(name, model)
    library.close()
    again = Library(tmp_path)  # after a restart, or in another process
    again.user_directions.empty_trash()
    again.user_directions.restore(name, model)
    library.user_directions.remove(name, model)
    (removed,) = tmp_path.rglob(f".removed/{name}.safetensors")
    make_old(removed, 25 * 3600)
    library.user_directions.empty_trash()
    with pytest.raises(NotFound, match="removed a while ago"):
        library.user_directions.restore(name, model)


@pytest.mark.parametrize(
    ("title", "vector"), [("", np.ones(512)), ("x" * 49, np.ones(512)), ("a", np.zeros(512)), ("a", np.ones(3))]
)
def test_what_is_no_direction_is_not_kept(library, model, title, vector):
    assert model.config.latent_size == 512
    with pytest.raises(InputError, match="Expected a"):
        library.user_directions.keep(title, vector, model, {})


def test_without_a_home_nothing_is_kept_and_nothing_breaks(model):
    nowhere = Library(None)
    assert nowhere.latents.read("0" * 32) is None
    assert not nowhere.knows(model, "own~" + "0" * 32)
    with pytest.raises(InputError, match="LIKENESS_HOME"):
        nowhere.user_directions.keep("Mine", np.ones(512), model, {})

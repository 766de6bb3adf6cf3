"""`inspect` and `import`, `backup` and `restore`, and float32 output of `faces`."""

import json
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner
from support.brought import direction_files, label_files, latent_files, npy, rows, wrong_files
from support.models import write_tiny_model

from dashboard.api import load_model
from dashboard.cli import main
from dashboard.library.extra_directions import Library
from dashboard.stores import library_database
from dashboard.stores.library_database import Store

L = 512


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny"
    write_tiny_model(folder)
    return folder


@pytest.fixture
def run(model, tmp_path, monkeypatch):
    monkeypatch.setenv("LIKENESS_MODEL", str(model))
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))

    def run(*words):
        return CliRunner().invoke(main, [str(word) for word in words])

    return run


def written(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    return tmp_path / name


def test_a_file_is_described_and_kept(run, tmp_path):
    file = written(tmp_path, "mine.csv", latent_files(L)["three columns"])
    result = run("inspect", file)
    assert result.output.startswith(
        "60 rows of 512 numbers; comma, decimal point, UTF-8; beside them: age (numbers), site"
    )
    assert json.loads(run("inspect", file, "--json").output)["rows"] == 60
    assert not (tmp_path / "home" / "library").exists()
    kept = run("import", file)
    assert "mine is kept: latent~" in kept.output
    (one,) = (tmp_path / "home" / "library" / "latent-sets").glob("[0-9a-f]*")
    found = Library(tmp_path / "home").latent_sets.find(one.name)
    assert found is not None
    assert found.title == "mine"


def test_directions_and_labels_are_kept(run, tmp_path):
    file = written(tmp_path, "smile.npy", direction_files(L)["(k, L)"][0])
    assert "8 directions" in run("inspect", file, "--as", "directions").output
    assert run("import", file, "--as", "directions", "--take", "2").output.startswith("smile 2: own~")
    labels = written(tmp_path, "y.npz", label_files(L)["z and y"][0])
    assert "1 is 1" in run("import", labels, "--as", "labels").output


@pytest.mark.parametrize("kind", ["lfs", "complex", "npy cut off"])
def test_a_wrong_file_is_a_line_and_status_2(run, tmp_path, kind):
    content, words = wrong_files(L)[kind]
    result = run("inspect", written(tmp_path, "x", content))
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert words in result.output


def test_faces_of_a_file_are_what_the_network_gives(run, model, tmp_path):
    latents = rows(L, 3).astype(np.float32) * 1.7  # not on the sphere
    file, out = written(tmp_path, "z.npy", npy(latents[:, None])), tmp_path / "out.npy"
    assert run("faces", "--latents", file, "--npy", out).exit_code == 0
    loaded = load_model(model)
    made = loaded.engine.run(latents)["image"]
    np.testing.assert_allclose(np.load(out), made, atol=1e-5)
    np.testing.assert_allclose(loaded.faces(latents), made, atol=1e-5)
    assert run("latents", "--latents", file, "--out", tmp_path / "same.npy").exit_code == 0
    np.testing.assert_array_equal(np.load(tmp_path / "same.npy"), latents)
    assert run("latents", "--latents", file, "--pin", "Smiling=1", "--out", tmp_path / "on.npy").exit_code == 0
    np.testing.assert_allclose((np.load(tmp_path / "on.npy") ** 2).sum(axis=1), L, rtol=1e-4)
    np.testing.assert_array_equal(loaded.read_latents(file), latents)


def test_faces_are_not_clipped(model):
    class Bright:
        def run(self, latents, labels=None, outputs=("image",), **_):
            return {"image": np.full((len(latents), 4, 4, 3), 1.5, np.float32)}

    loaded = load_model(model)
    loaded._engine = Bright()  # type: ignore[assignment]
    assert loaded.faces(rows(L, 2)).max() == 1.5


def test_a_backup_comes_back_and_sets_aside_what_was_there(run, tmp_path):
    run("import", written(tmp_path, "mine.npy", latent_files(L)["npy"]))
    database = Store(tmp_path / "home")
    with database.use() as connection:
        connection.execute("INSERT INTO collections (slug, name) VALUES ('a', 'A')")
    assert run("backup", tmp_path / "kept.zip").exit_code == 0
    assert run("backup", tmp_path / "kept.zip").exit_code == 2
    with zipfile.ZipFile(tmp_path / "kept.zip") as packed:
        assert not [name for name in packed.namelist() if "secret" in name or ".processes" in name]
    with database.use() as connection:
        connection.execute("DELETE FROM collections")
    result = run("restore", tmp_path / "kept.zip")
    assert "library.before-restore.1" in result.output
    with database.use(changes=False) as connection:
        assert connection.execute("SELECT name FROM collections").fetchone()[0] == "A"
    assert len(list((tmp_path / "home" / "library" / "latent-sets").glob("[0-9a-f]*"))) == 1


@pytest.mark.parametrize("name", ["../x", "library/../../x", "/library/x", "library/.ssh/x", "elsewhere/x"])
def test_a_backup_that_reaches_elsewhere_is_refused(run, tmp_path, name):
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as packed:
        packed.writestr("backup.json", '{"format": 1}')
        packed.writestr(name, "x")
    assert run("restore", tmp_path / "bad.zip").exit_code == 2
    assert not (tmp_path / "x").exists()


def test_an_older_library_is_upgraded_and_a_copy_kept(tmp_path, monkeypatch):
    database = Store(tmp_path)
    monkeypatch.setattr(library_database, "MIGRATIONS", library_database.MIGRATIONS[:1])
    with database.use() as connection:
        connection.execute("INSERT INTO collections (slug, name) VALUES ('a', 'A')")
    monkeypatch.undo()
    with database.use() as connection:
        assert connection.execute("SELECT name FROM collections").fetchone()[0] == "A"
        assert connection.execute("SELECT count(*) FROM stills").fetchone()[0] == 0
    assert (tmp_path / "library" / "collections.sqlite3.before-version-2").exists()


def test_what_is_kept_can_be_read_where_nothing_can_be_written(tmp_path, monkeypatch):
    database = Store(tmp_path)
    with database.use() as connection:
        connection.execute("INSERT INTO collections (slug, name) VALUES ('a', 'A')")

    def refuse(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(database, "_connect", refuse)
    with database.use(changes=False) as connection:
        assert connection.execute("SELECT name FROM collections").fetchone()[0] == "A"
    with pytest.raises(Exception, match="cannot be used"), database.use():
        pass

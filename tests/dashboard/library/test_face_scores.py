"""Scores of single faces from a file give directions: in w and in z, on models without directions and with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from support.models import write_tiny_model
from support.score_tables import FACES, face_rows, true_columns, write_face_scores
from support.stylegan_models import imported_stylegan

from dashboard.analysis.marks import direction_of_scores, directions_of_scores
from dashboard.cli import main
from dashboard.entanglement.picture_manifest import write_manifest
from dashboard.errors import InputError
from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.library import face_scores
from dashboard.library.extra_directions import Library
from dashboard.library.face_scores import FaceScores, directions_of, keep_directions, read_face_scores
from dashboard.synthesis.model import Model


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Model]:
    """Return models without directions: a StyleGAN2 in w, and a PG-GAN in z."""
    folder = tmp_path_factory.mktemp("models")
    return {
        "w": imported_stylegan("stylegan2", folder, z=12, w=10),
        "z": write_tiny_model(folder / "plain", attributes=(), scorer=False, bank=0, latent_size=12),
    }


@pytest.mark.parametrize("space", ["w", "z"])
def test_each_column_becomes_a_direction_of_its_name(space: str, models: dict[str, Model], tmp_path: Path) -> None:
    model = models[space]
    assert (model.space, model.names, model.has_scorer) == (space, (), False)
    scores, manifest = write_face_scores(model, tmp_path)
    read = read_face_scores([scores], [manifest], model)
    assert read.names == ("old age", "Smiling")
    assert read.words == (
        "400 faces, scores of old age, Smiling; left out, because they hold no numbers that differ: site, always."
    )
    assert np.isnan(read.values).sum(axis=0).tolist() == [0, FACES // 50]
    library = Library(tmp_path / "home")
    made = keep_directions(library, model, read)
    assert [each["title"] for each in made] == list(read.names)
    assert [each["plus"] for each in made] == [FACES, FACES - FACES // 50]
    for each, column in zip(made, true_columns(model).T, strict=True):
        assert each["correlation"] > 0.9
        found = library.direction(model, each["name"])
        assert found @ column > 0.99, "a slider measures what the scores grow along"
    assert set(library.own(model)) == {each["name"] for each in made}


def test_a_table_of_faces_needs_no_manifest(models: dict[str, Model], tmp_path: Path) -> None:
    model, table = models["z"], tmp_path / "scores.csv"
    faces = [f"31.{row}" for row in range(50)]
    scores = [latent_of(parse(f"1:{face}"), model)[0] for face in faces]
    lines = [f"{face};{score:.5f}" for face, score in zip(faces, scores, strict=True)]
    table.write_text("\n".join(["Face;first", *lines]))
    read = read_face_scores([table], [], model)
    assert (read.names, read.faces[:2]) == (("first",), ("31.0", "31.1"))
    (found,) = directions_of(model, read)
    assert found.direction[0] > 0.95


def test_faces_with_pins_are_where_their_pins_put_them(tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "small", scorer=False, bank=0, latent_size=16)
    faces = tuple(f"1:{seed};Smiling={value:g}" for seed, value in enumerate(np.linspace(-2, 2, 200)))
    values = np.linspace(-2, 2, 200)[:, None]
    (found,) = directions_of(model, FaceScores(("a",), faces, values, ""))
    assert found.direction @ model.directions[:, 0] > 0.97


def test_many_faces_are_a_sample(models: dict[str, Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face_scores, "MAX_FACES", 100)
    scores, manifest = write_face_scores(models["z"], tmp_path)
    first, again = (read_face_scores([scores], [manifest], models["z"]) for _ in range(2))
    assert len(first.faces) == len(first.values) == 100
    assert first.faces == again.faces
    assert "100 of them are used, drawn at random" in first.words


def test_all_columns_together_are_each_alone() -> None:
    random = np.random.default_rng(5)
    x, y = random.standard_normal((90, 7)), random.standard_normal((90, 3))
    for found, column in zip(directions_of_scores(x, y), y.T, strict=True):
        alone = direction_of_scores(x, column)
        np.testing.assert_allclose(found.direction, alone.direction, atol=1e-9)
        assert (found.plus, found.warning) == (alone.plus, alone.warning)
        assert found.correlation == pytest.approx(alone.correlation)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda row: (*row[:-1], "0" * 64), "Received: pictures of digest 00000000"),
        (lambda row: (row[0], "", *row[2:]), "Expected pictures of seeds. Received: seed-"),
        (lambda row: (f"other-{row[0]}", *row[1:]), "Received: none that fits"),
        (lambda row: (*row[:3], "Smiling", "2", *row[5:]), "pictures of moved sliders alone"),
        (lambda row: (row[0], "1:x", *row[2:]), "Face 1:x: Expected"),
    ],
)
def test_pictures_that_do_not_fit_are_refused(
    change: Callable[[tuple[str, ...]], tuple[str, ...]], words: str, models: dict[str, Model], tmp_path: Path
) -> None:
    model = models["z"]
    scores, manifest = write_face_scores(model, tmp_path)
    write_manifest(manifest, [change(row) for row in face_rows(model)])
    with pytest.raises(InputError, match="Expected") as refused:
        directions_of(model, read_face_scores([scores], [manifest], model))
    assert words in str(refused.value)


def test_a_table_without_numbers_or_faces_is_refused(models: dict[str, Model], tmp_path: Path) -> None:
    model = models["z"]
    scores, manifest = write_face_scores(model, tmp_path, lambda cells: [cells[0], "much", "little", *cells[3:]])
    with pytest.raises(InputError, match=r"Received: 0, beside old age, Smiling, site, always\. Name a column"):
        read_face_scores([scores], [manifest], model)
    with pytest.raises(InputError, match=r"a manifest, or a column face\. Received: neither"):
        read_face_scores([scores], [], model)


def test_all_directions_are_kept_or_none(models: dict[str, Model], tmp_path: Path) -> None:
    model, library = models["z"], Library(tmp_path / "home")
    for k in range(199):
        library.user_directions.keep(f"d{k}", np.eye(model.size)[0] + k * np.eye(model.size)[1], model, {})
    scores, manifest = write_face_scores(model, tmp_path)
    with pytest.raises(InputError, match=r"at most 200 user directions of a model\. Received: 2 more"):
        keep_directions(library, model, read_face_scores([scores], [manifest], model))
    assert len(library.own(model)) == 199


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_command_makes_directions_and_says_what_is_next(
    models: dict[str, Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    model = models["w"]
    scores, manifest = write_face_scores(model, tmp_path)
    done = run("scores", model.path, scores, "--manifest", manifest)
    assert done.exit_code == 0, done.output
    names = Library(tmp_path / "home").own(model)
    lines = done.output.splitlines()
    assert lines[0].startswith("400 faces, scores of old age, Smiling")
    assert [line.split(": own~")[0] for line in lines[1:3]] == ["old age", "Smiling"]
    assert all(float(line.split("correlation with held-out faces ")[1][:4]) > 0.9 for line in lines[1:3])
    assert all(any(name in line for name in names) for line in lines[1:3])
    assert "Add as slider" in lines[3]
    assert "python -m training label" in lines[3]
    refused = run("scores", model.path, scores, "--manifest", manifest, "--name", "Theirs")
    assert (refused.exit_code, "Expected no --name" in refused.output) == (2, True)


def test_the_pictures_of_the_command_faces_are_those_that_scores_need(
    models: dict[str, Model], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    model, manifest = models["w"], tmp_path / "manifest.csv"
    words = ("--seeds", "0-7", "--out", tmp_path / "pictures", "--manifest", manifest)
    assert run("faces", "--model", model.path, *words).exit_code == 0
    pictures = sorted(path.name for path in (tmp_path / "pictures").iterdir())
    (tmp_path / "scores.csv").write_text(
        "\n".join(["picture,kind", *(f"{name},{k * k}" for k, name in enumerate(pictures))])
    )
    done = run("scores", model.path, tmp_path / "scores.csv", "--manifest", manifest)
    assert done.exit_code == 0, done.output
    assert "8 faces, scores of kind." in done.output
    assert "Few examples (8)" in done.output

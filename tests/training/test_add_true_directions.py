"""True directions are added to a folder without them: faces and the keys of results stay."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from support.models import write_tiny_model

from dashboard.jobs.kinds.disentanglement import check
from dashboard.stores.result import model_parts
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import open_model
from training.add_true_directions import HEADING, card_with_angles, command, read_persons
from training.errors import TrainingError
from training.train.pairs import frame_of

SIZE, TURNED = 32, 40.0
"""Size of the latent, and degrees by which the first label's direction differs from the model's."""


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return write_tiny_model(tmp_path / "tiny", latent_size=SIZE, bank=200)


def write_persons(file: Path, model: Model, names: tuple[str, ...] | None = None) -> Path:
    """Write persons whose labels follow the model's directions, the first one's turned by `TURNED` degrees."""
    random = np.random.default_rng(0)
    true = model.directions.copy()
    other = random.standard_normal(SIZE)
    other -= true @ np.linalg.lstsq(true, other, rcond=None)[0]
    angle = np.radians(TURNED)
    true[:, 0] = np.cos(angle) * true[:, 0] + np.sin(angle) * other / np.linalg.norm(other)
    codes = random.standard_normal((20_000, SIZE)).astype(np.float32)
    labels = codes @ frame_of(SIZE).astype(np.float64) @ true + 0.5 * random.standard_normal((len(codes), len(true[0])))
    # A data set has labels of attributes that the model does not keep.
    stored = np.array([*(names or model.names[::-1]), "Another"])
    np.savez(file, codes=codes, labels=np.column_stack([labels[:, ::-1], labels[:, 0]]), names=stored)
    return file


def test_a_folder_and_its_card_get_the_angles_and_its_faces_stay(model: Model, tmp_path: Path) -> None:
    before = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in model.path.iterdir()}
    persons = write_persons(tmp_path / "persons.npz", model)
    done = CliRunner().invoke(command, [str(model.path), "--persons", str(persons), "--resamples", "20"])
    assert done.exit_code == 0, done.output
    written = open_model(model.path)
    true = written.true_directions()
    assert true.angle[0] == pytest.approx(TURNED, abs=2.0)
    assert true.angle[1:].max() < 2.0
    assert true.r2 == pytest.approx(0.8, abs=0.02)
    assert (written.digest, model_parts(written)) == (model.digest, model_parts(model))
    after = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in model.path.iterdir()}
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"true_directions.safetensors", "model.json", "MODEL_CARD.md"}
    card = (model.path / "MODEL_CARD.md").read_text()
    assert card.startswith("# A tiny model\n\nRandom weights")
    assert f"| {model.names[0].replace('_', ' ')} | 0.8" in card
    assert "faces of the bank (200)" in card
    # A result by the scorer alone is no longer found.
    assert check({}, written) != check({}, model)


def test_a_section_is_replaced_or_put_before_the_one_on_stability() -> None:
    card = "# M\n\nText.\n\n## Leakage\n\nLow.\n\n## Stability and the rest\n\nHigh.\n"
    first = card_with_angles(card, "One.")
    assert first == card.replace("## Stability", f"{HEADING}\n\nOne.\n\n## Stability")
    assert card_with_angles(first, "Two.") == first.replace("One.", "Two.")
    assert card_with_angles("# M\n\nText.\n", "One.") == f"# M\n\nText.\n\n{HEADING}\n\nOne.\n"


def test_persons_of_other_labels_and_of_no_labels_are_refused(model: Model, tmp_path: Path) -> None:
    others = write_persons(tmp_path / "others.npz", model, tuple(f"Label_{k}" for k in range(len(model.names))))
    text = (model.path / "model.json").read_bytes()
    done = CliRunner().invoke(command, [str(model.path), "--persons", str(others)])
    assert done.exit_code == 2
    assert "Expected a label for each attribute of tiny" in done.output
    assert (model.path / "model.json").read_bytes() == text
    (tmp_path / "text.npz").write_text("no arrays")
    with pytest.raises(TrainingError, match=r"Expected an \.npz file"):
        read_persons(tmp_path / "text.npz", SIZE)
    with pytest.raises(TrainingError, match="at most 8"):
        read_persons(others, 8)
    np.savez(tmp_path / "objects.npz", codes=np.array([{}], object), labels=np.zeros(1), names=np.array(["a"]))
    with pytest.raises(TrainingError, match=r"Expected an \.npz file"):
        read_persons(tmp_path / "objects.npz", SIZE)

import io
import zipfile

import numpy as np
import pytest

from dashboard.errors import InputError, LikenessError, ModelError
from dashboard.synthesis import model_zip
from dashboard.synthesis.model_folder import open_model
from dashboard.synthesis.model_zip import pack_model, unpack_model


@pytest.fixture(scope="module")
def packed(tiny_model):
    return b"".join(pack_model(tiny_model.path))


@pytest.fixture
def unpack(tmp_path):
    def unpack(content, name="copy"):
        (tmp_path / "file.zip").write_bytes(content)
        return unpack_model(tmp_path / "file.zip", name, tmp_path / "shelf")

    return unpack


def zipped(files, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def files_of(model):
    return {path.name: path.read_bytes() for path in model.path.iterdir()}


def test_what_is_packed_is_unpacked_the_same(packed, unpack, tiny_model):
    assert zipfile.ZipFile(io.BytesIO(packed)).testzip() is None
    folder = unpack(packed)
    assert open_model(folder).digest == tiny_model.digest
    assert files_of(open_model(folder)) == files_of(tiny_model)


def test_files_may_be_packed_without_a_folder_and_compressed(unpack, tiny_model):
    assert unpack(zipped(files_of(tiny_model), compression=zipfile.ZIP_DEFLATED))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"../evil": b"x"}, "no model has"),
        ({"/etc/passwd": b"x"}, "no model has"),
        ({"a/b/model.json": b"x"}, "no model has"),
        ({"elsewhere/MODEL_CARD.md": b"x", "MODEL_CARD.md": None}, "several folders"),
        ({"run.py": b"x"}, "no model has"),
        ({"model.json": None}, "no model.json"),
        ({"directions.safetensors": None}, "directions.safetensors"),
        ({"directions.safetensors": b"x"}, "directions.safetensors"),
        ({f"x{n}": b"" for n in range(40)}, "files"),
    ],
)
def test_what_is_no_model_is_refused_and_nothing_stays(unpack, tiny_model, tmp_path, change, words):
    files = {name: content for name, content in {**files_of(tiny_model), **change}.items() if content is not None}
    with pytest.raises((InputError, ModelError), match=words):
        unpack(zipped(files))
    assert list((tmp_path / "shelf").iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is(unpack, tiny_model, monkeypatch):
    bomb = zipped({**files_of(tiny_model), "MODEL_CARD.md": bytes(3_000_000)}, compression=zipfile.ZIP_DEFLATED)
    monkeypatch.setattr(model_zip, "MAX_UNPACKED", 2_000_000)
    with pytest.raises(InputError, match="bytes, unpacked"):
        unpack(bomb)


@pytest.mark.parametrize("name", ["../x", ".x", ""])
def test_a_name_never_becomes_a_path(packed, unpack, name):
    with pytest.raises(ModelError):
        unpack(packed, name)


def test_a_taken_name_is_refused(packed, unpack):
    unpack(packed)
    with pytest.raises(InputError, match="one that is there"):
        unpack(packed)


def test_no_damage_to_a_zip_does_anything_but_refuse(packed, unpack, tmp_path):
    random = np.random.RandomState(5)
    for turn in range(60):
        damaged = bytearray(packed)
        for end in random.randint(0, len(packed), 4) if turn % 2 else len(packed) - random.randint(1, 900, 4):
            damaged[end] ^= 1 << random.randint(8)
        if turn % 5 == 0:
            damaged = damaged[: random.randint(len(packed))]
        try:
            unpack(bytes(damaged), f"copy-{turn}")
        except LikenessError:
            assert not (tmp_path / "shelf" / f"copy-{turn}").exists()

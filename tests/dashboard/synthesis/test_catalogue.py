import pytest

from dashboard.errors import Forbidden, ModelError, NotFound
from dashboard.settings import ROOT
from dashboard.synthesis.catalogue import Acceptances, Catalogue, read_catalogue

FILE = """
[licences.A]
title = "A licence"
address = "https://licence.example/"
terms = "Be kind."
[models.one]
about = "A model."
resolution = 64
licence = "A"
[models.one.network]
file = "one.pkl"
bytes = 10
address = "https://files.example/one.pkl"
"""


def read(folder, text):
    (folder / "catalogue.toml").write_text(text)
    return read_catalogue(folder / "catalogue.toml")


def test_the_catalogue_that_ships_names_the_published_files():
    catalogue = read_catalogue(ROOT / "weights" / "catalogue.toml")
    pggan = [model for name, model in catalogue.models.items() if name.startswith("celebahq")]
    sizes = {file.file: file.bytes for model in pggan for file in model.files}
    assert sizes == {
        "feature_direction_20181002_044444.pkl": 164742,
        "karras2018iclr-celebahq-1024x1024-condensed.pkl": 92338293,
        "karras2018iclr-celebahq-1024x1024-condensed-cpu.pkl": 92340233,
    }
    for model in pggan:
        assert model.licence == "CC BY-NC 4.0"
        for file in model.files:
            assert file.address.startswith("https://streamlit-demo-data.s3-us-west-2.amazonaws.com/facegan/")
            assert file.address.endswith("/" + file.file)


def test_the_stylegan_files_have_no_published_length():
    catalogue = read_catalogue(ROOT / "weights" / "catalogue.toml")
    found = {name: model for name, model in catalogue.models.items() if name.startswith("stylegan")}
    assert len(found) == 7
    for name, model in found.items():
        assert (model.licence, model.bytes, model.directions) == ("Nvidia Source Code License", 0, None)
        family, side = name.partition("-")[0], name.rpartition("-")[2]
        assert model.resolution == int(side)
        assert f"/nvidia/research/{family}/versions/1/files/{model.network.file}" in model.network.address
        assert model.network.file.endswith(f"-{side}x{side}.pkl")


def test_a_model_of_it(tmp_path):
    catalogue = read(tmp_path, FILE)
    assert catalogue.model("one").bytes == 10
    with pytest.raises(NotFound, match=r'\(one\)\. Received: "two"'):
        catalogue.model("two")


def test_without_a_file_it_is_empty(tmp_path):
    assert read_catalogue(tmp_path / "none.toml") == Catalogue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("https://files.example/one.pkl", "http://files.example/one.pkl"),
        ("https://files.example/one.pkl", "file:///etc/passwd"),
        ('"one.pkl"', '"../one.pkl"'),
        ('"one.pkl"', '".hidden"'),
        ("bytes = 10", "bytes = 0"),
        ("bytes = 10", "bytes = 10000000000"),
        ("[models.one]", '[models."../one"]'),
        ('licence = "A"', 'licence = "B"'),
        ("resolution", "unheard_of"),
        ("[models.one]", "[models.one"),
    ],
)
def test_what_is_no_catalogue_is_refused(tmp_path, old, new):
    with pytest.raises(ModelError, match=r"Expected catalogue\.toml"):
        read(tmp_path, FILE.replace(old, new))


def test_a_licence_is_accepted_once(tmp_path):
    path = tmp_path / "home" / "accepted.json"
    licence = read(tmp_path, FILE).licences["A"]
    with pytest.raises(Forbidden, match=r"A licence, https://licence\.example/.*Be kind\. Say yes\."):
        Acceptances(path).require("A", licence, "Say yes.")
    Acceptances(path).accept("A")
    Acceptances(path).accept("B")
    Acceptances(path).accept("A")
    assert Acceptances(path).has("A")
    assert not Acceptances(path).has("C")
    Acceptances(path).require("A", licence, "Say yes.")
    assert path.read_text() == '["A", "B"]\n'


@pytest.mark.parametrize("text", ["", "{", '{"A": true}', "[1, null]", '"A"'])
def test_a_spoiled_file_of_acceptances_accepts_nothing(tmp_path, text):
    path = tmp_path / "accepted.json"
    path.write_text(text)
    assert not Acceptances(path).has("A")
    Acceptances(path).accept("A")
    assert Acceptances(path).has("A")

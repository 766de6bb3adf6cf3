import pytest
from support.models import write_tiny_model

from dashboard.errors import ModelError, NotFound
from dashboard.synthesis.installed_models import (
    empty_trash,
    find_model,
    model_folders,
    remove_model,
    restore_model,
    signature,
)


@pytest.fixture
def shelves(tmp_path):
    for shelf, name in (("weights", "b-model"), ("weights", "a-model"), ("models", "mine")):
        (tmp_path / shelf / name).mkdir(parents=True)
        (tmp_path / shelf / name / "model.json").write_text("{}")
    (tmp_path / "weights" / "a-folder").mkdir()
    (tmp_path / "weights" / "catalogue.toml").write_text("")
    return tmp_path / "weights", tmp_path / "models", tmp_path / "absent"


def test_a_model_is_found_by_name_by_folder_or_as_the_first(shelves, tmp_path):
    assert find_model("", shelves) == tmp_path / "weights" / "a-model"
    assert find_model("mine", shelves) == tmp_path / "models" / "mine"
    assert find_model(str(tmp_path / "models" / "mine"), ()) == tmp_path / "models" / "mine"


@pytest.mark.parametrize("wanted", ["c-model", "a-folder", "../models/mine", "catalogue.toml"])
def test_what_is_no_model_is_named_with_those_there_are(shelves, wanted):
    with pytest.raises(ModelError, match=r"a-model, b-model, mine") as caught:
        find_model(wanted, shelves)
    assert wanted in str(caught.value)


def test_no_model_at_all(tmp_path):
    with pytest.raises(ModelError, match="Received: none"):
        find_model("", (tmp_path, tmp_path / "absent"))


def test_a_shelf_hides_the_same_name_on_a_later_one(shelves, tmp_path):
    (tmp_path / "models" / "a-model").mkdir()
    (tmp_path / "models" / "a-model" / "model.json").write_text("{}")
    assert [str(folder.relative_to(tmp_path)) for folder in model_folders(shelves)] == [
        "weights/a-model",
        "weights/b-model",
        "models/mine",
    ]


def test_a_removed_model_is_off_the_shelf_until_it_is_put_back(shelves, tmp_path):
    shelf = tmp_path / "models"
    remove_model("mine", shelf)
    assert model_folders([shelf]) == []
    assert restore_model("mine", shelf) == shelf / "mine"
    assert model_folders([shelf]) == [shelf / "mine"]
    with pytest.raises(NotFound, match="removed a while ago"):
        restore_model("mine", shelf)


def test_removing_a_second_model_of_a_name_replaces_the_first_in_the_trash(shelves, tmp_path):
    shelf = tmp_path / "models"
    remove_model("mine", shelf)
    (shelf / "mine").mkdir()
    (shelf / "mine" / "model.json").write_text("2")
    with pytest.raises(ModelError, match="a newer one"):
        restore_model("mine", shelf)
    remove_model("mine", shelf)
    assert (restore_model("mine", shelf) / "model.json").read_text() == "2"


@pytest.mark.parametrize("name", ["absent", "../weights/a-model", "", ".", "..", ".removed"])
def test_only_what_stands_on_the_shelf_can_be_removed(shelves, tmp_path, name):
    for act in (remove_model, restore_model):
        with pytest.raises(NotFound):
            act(name, tmp_path / "models")
    assert (tmp_path / "weights" / "a-model" / "model.json").exists()


def test_the_trash_is_emptied(shelves, tmp_path):
    remove_model("mine", tmp_path / "models")
    empty_trash(tmp_path / "models")
    restore_model("mine", tmp_path / "models")
    remove_model("mine", tmp_path / "models")
    for _ in range(2):
        empty_trash(tmp_path / "models", 0)
    with pytest.raises(NotFound):
        restore_model("mine", tmp_path / "models")


def test_a_signature_tells_replaced_files_from_the_same(tmp_path):
    folder = write_tiny_model(tmp_path / "tiny", scorer=False, bank=0).path
    first = signature(folder)
    assert signature(folder) == first
    write_tiny_model(folder, scorer=False, bank=0)
    assert signature(folder) != first
    (folder / "model.json").unlink()
    with pytest.raises(NotFound, match="removed"):
        signature(folder)

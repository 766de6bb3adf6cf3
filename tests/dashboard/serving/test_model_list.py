import pytest
from support.application import runtime_of, tiny_app
from support.models import INCLUDED, write_tiny_model

from dashboard.serving import model_list
from dashboard.serving.downloads import FetchState, Phase
from dashboard.serving.model_list import card_text, inventory
from dashboard.synthesis.installed_models import remove_model


@pytest.fixture
def runtime(tmp_path):
    app = tiny_app(tmp_path)
    yield runtime_of(app)
    runtime_of(app).close()


def states(runtime):
    return {item.name: item.state for item in inventory(runtime)}


def test_every_model_has_its_state(runtime):
    shelf = runtime.own_shelf
    for name in ("one", "broken", "removed"):
        write_tiny_model(shelf / name, scorer=False, bank=0)
    (shelf / "broken" / "model.json").write_text("{}")
    remove_model("removed", shelf)
    found = states(runtime)
    assert next(iter(found)) == "tiny"
    assert found["tiny"] == "in use"
    assert found[INCLUDED.name] == found["one"] == "here"
    assert found["broken"] == "damaged"
    assert found["removed"] == "removed"
    assert found["celebahq-1024"] == "not fetched"


def test_the_description_of_a_model(runtime):
    write_tiny_model(runtime.own_shelf / "one", scorer=False, bank=30)
    items = {item.name: item for item in inventory(runtime)}
    tiny, one = items["tiny"], items["one"]
    assert (tiny.resolution, tiny.attributes, tiny.scorer, tiny.bank) == (32, len(runtime.model.names), True, 48)
    assert tiny.digest == runtime.model.digest
    assert (tiny.own, one.own, items[INCLUDED.name].own) == (False, True, False)
    assert (one.scorer, one.bank, one.licence) == (False, 30, "CC0-1.0")
    assert one.folder
    assert one.bytes == sum(file.stat().st_size for file in one.folder.glob("*.safetensors"))
    fetched = items["celebahq-1024"]
    assert (fetched.bytes, fetched.digest, fetched.usable) == (92338293 + 164742, "", False)


def test_a_model_of_the_catalogue_that_is_here_is_one_row(runtime):
    write_tiny_model(runtime.own_shelf / "celebahq-1024", scorer=False, bank=0)
    assert [item.name for item in inventory(runtime)].count("celebahq-1024") == 1
    assert states(runtime)["celebahq-1024"] == "here"


def test_a_fetch_that_ends_while_the_list_is_made_does_not_look_as_if_it_had_never_begun(runtime, monkeypatch):
    phases: list[Phase] = ["importing"]
    monkeypatch.setattr(runtime.fetches, "states", lambda: {"celebahq-1024": FetchState("celebahq-1024", phases[-1])})
    read = model_list.model_folders

    def and_then_it_ends(shelves):
        found = read(shelves)
        if phases[-1] != "done":
            write_tiny_model(runtime.own_shelf / "celebahq-1024", scorer=False, bank=0)
            phases.append("done")
        return found

    monkeypatch.setattr(model_list, "model_folders", and_then_it_ends)
    assert states(runtime)["celebahq-1024"] == "importing"
    assert states(runtime)["celebahq-1024"] == "here"


def test_a_default_model_that_is_spoiled_while_served_says_so(runtime):
    (runtime.model.path / "model.json").unlink()
    assert states(runtime)["tiny"] == "damaged"


def test_the_default_model_may_lie_anywhere_and_hides_its_name(runtime):
    write_tiny_model(runtime.own_shelf / "tiny", seed=5, scorer=False, bank=0)
    (tiny,) = [item for item in inventory(runtime) if item.name == "tiny"]
    assert tiny.digest == runtime.model.digest


@pytest.mark.parametrize(
    ("card", "shown"),
    [
        ("# A model\n\nMade of **air**.\n", "Made of **air**."),
        ("# A\n## Part\ntext\n### Detail\n", "### Part\ntext\n#### Detail"),
        ("a ![seeds](../docs/seeds.webp) b", "a  b"),
        ("a ![x](https://evil.example/x.png) b ![y][ref] c", "a  b  c"),
        (
            "[how](../../docs/training.md) and [there](https://there.example/)",
            "how and [there](https://there.example/)",
        ),
        ("[run](javascript:alert(1)) x", "run) x"),
        ("\ufeff", "\ufeff"),
    ],
)
def test_a_card_is_shown_without_pictures_and_links_to_files(tmp_path, card, shown):
    (tmp_path / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    assert card_text(tmp_path) == shown


def test_a_card_that_is_not_there_or_is_huge_does_no_harm(tmp_path):
    assert card_text(tmp_path) == card_text(None) == ""
    (tmp_path / "MODEL_CARD.md").write_bytes(b"\xff" * 10_000_000)
    assert len(card_text(tmp_path)) <= 1 << 16

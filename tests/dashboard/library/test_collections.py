"""Collections: saved items are never lost, and every change can be undone."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dashboard.errors import Conflict, InputError, NotFound
from dashboard.library.collections import Collections
from dashboard.library.items import Draft
from dashboard.stores.library_database import Store


def face(seed: int, title: str = "A face") -> Draft:
    return Draft("face", f"/?face=1:{seed}", title)


def library(home: Path) -> Collections:
    return Collections(Store(home))


def save_twenty(home: str, first: int) -> None:
    """Save twenty items as another server would: another process, another connection."""
    for seed in range(first, first + 20):
        library(Path(home)).add("talk", face(seed))


def titles(home: Path, slug: str = "talk") -> list[str]:
    return [item.draft.title for item in library(home).read(slug).items]


@pytest.fixture
def talk(tmp_path: Path) -> list[int]:
    library(tmp_path).make("Talk")
    return [library(tmp_path).add("talk", face(seed, title)).id for seed, title in enumerate("abc")]


def test_what_is_saved_is_there_for_whoever_comes_later_in_the_order_of_saving(tmp_path: Path, talk: list[int]) -> None:
    kept = library(tmp_path).read("talk")
    assert (kept.name, [item.id for item in kept.items]) == ("Talk", talk)
    assert kept.items[1].draft == Draft("face", "/?face=1:1", "b")
    assert [(each.slug, each.count) for each in library(tmp_path).listed()] == [("talk", 3)]


def test_concurrent_saves_of_threads_and_processes_lose_nothing(tmp_path: Path) -> None:
    library(tmp_path).make("Talk")
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=save_twenty, args=(str(tmp_path), 1000))
    process.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda first: save_twenty(str(tmp_path), first), (0, 20, 40, 60)))
    process.join(60)
    saved = sorted(item.draft.address for item in library(tmp_path).read("talk").items)
    assert saved == sorted(f"/?face=1:{seed}" for seed in (*range(80), *range(1000, 1020)))


def test_concurrent_starts_of_the_library_all_find_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: library(tmp_path).make("Talk").slug, range(16)))
    assert len(set(made)) == 16


def test_two_who_change_one_text_do_not_overwrite_each_other(tmp_path: Path, talk: list[int]) -> None:
    mine = library(tmp_path).edit("talk", talk[0], "mine", "note", version=1)
    with pytest.raises(Conflict, match="Nothing was overwritten"):
        library(tmp_path).edit("talk", talk[0], "yours", "", version=1)
    assert library(tmp_path).read("talk").items[0] == mine
    undone = library(tmp_path).edit("talk", talk[0], "a", "", mine.version)
    assert undone.draft == face(0, "a")
    library(tmp_path).rename("talk", "Another", version=1)
    with pytest.raises(Conflict):
        library(tmp_path).rename("talk", "Third", version=1)
    assert library(tmp_path).read("talk").name == "Another"


def test_what_is_removed_comes_back_to_where_it_was(tmp_path: Path, talk: list[int]) -> None:
    library(tmp_path).take_out("talk", talk[1])
    assert titles(tmp_path) == ["a", "c"]
    with pytest.raises(NotFound):
        library(tmp_path).edit("talk", talk[1], "x", "", 1)
    library(tmp_path).move("talk", talk[2], before=talk[0])
    library(tmp_path).put_back("talk", talk[1])
    assert titles(tmp_path) == ["c", "a", "b"]
    library(tmp_path).remove("talk")
    assert library(tmp_path).listed() == []
    with pytest.raises(NotFound):
        library(tmp_path).add("talk", face(9))
    assert [item.draft.title for item in library(tmp_path).restore("talk").items] == ["c", "a", "b"]


def test_moving_counts_from_the_neighbour(tmp_path: Path, talk: list[int]) -> None:
    a, b, c = talk
    library(tmp_path).add("talk", face(3, "d"))  # somebody else saves while we look at three
    library(tmp_path).move("talk", c, before=a)
    assert titles(tmp_path) == ["c", "a", "b", "d"]
    library(tmp_path).move("talk", a, before=None)
    assert titles(tmp_path) == ["c", "b", "d", "a"]
    other = library(tmp_path).add(library(tmp_path).make("Other").slug, face(5)).id
    with pytest.raises(NotFound):
        library(tmp_path).move("talk", b, before=other)
    assert titles(tmp_path) == ["c", "b", "d", "a"]


def test_every_collection_has_an_address_of_its_own_for_ever(tmp_path: Path) -> None:
    names = ["Entanglement in five faces", "Entanglement, in five faces!", "脸", "import", "Import"]
    slugs = [library(tmp_path).make(name).slug for name in names]
    assert slugs == [
        "entanglement-in-five-faces",
        "entanglement-in-five-faces-2",
        "collection",
        "import-2",
        "import-3",
    ]
    library(tmp_path).remove("collection")
    assert library(tmp_path).make("脸").slug == "collection-2"


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "bell\x07", "\ud800", 7, None])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="Expected a name"):
        library(tmp_path).make(name)
    assert library(tmp_path).listed() == []


def test_without_a_home_there_is_nothing_and_saving_says_why() -> None:
    nowhere = Collections(Store(None))
    assert nowhere.listed() == []
    with pytest.raises(NotFound):
        nowhere.read("talk")
    with pytest.raises(InputError, match="LIKENESS_HOME"):
        nowhere.make("Talk")

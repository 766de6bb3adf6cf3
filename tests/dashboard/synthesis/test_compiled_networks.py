from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest

from dashboard.synthesis import compiled_networks as compiled
from dashboard.synthesis.compiled_networks import CompiledCache


def test_what_is_saved_is_loaded_by_its_key_alone(tmp_path: Path) -> None:
    cache = CompiledCache(tmp_path / "a" / "b")
    assert cache.load("k") is None
    cache.save("k", b"network")
    cache.save("../k", b"other")
    assert (cache.load("k"), cache.load("../k"), cache.load("none")) == (b"network", b"other", None)
    assert {file.parent for file in tmp_path.rglob("*.blob")} == {tmp_path / "a" / "b"}


def test_the_folder_is_nobody_elses(tmp_path: Path) -> None:
    cache = CompiledCache(tmp_path / "compiled")
    cache.save("k", b"network")
    assert stat.S_IMODE((tmp_path / "compiled").stat().st_mode) == 0o700
    assert all(stat.S_IMODE(f.stat().st_mode) == 0o600 for f in (tmp_path / "compiled").iterdir())


def test_nothing_is_kept_without_a_folder(tmp_path: Path) -> None:
    cache = CompiledCache(None)
    cache.save("k", b"network")
    assert cache.load("k") is None


@pytest.mark.parametrize("spoil", [lambda b: b[:-1], lambda b: b[:-1] + b"x", lambda b: b"", lambda b: b"x" + b])
def test_a_damaged_file_is_dropped(tmp_path: Path, spoil, caplog: pytest.LogCaptureFixture) -> None:
    cache = CompiledCache(tmp_path)
    tmp_path.chmod(0o700)
    cache.save("k", b"network")
    (file,) = tmp_path.glob("*.blob")
    file.write_bytes(spoil(file.read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert cache.load("k") is None
    assert "damaged" in caplog.text
    assert not file.exists()
    cache.save("k", b"network")
    assert cache.load("k") == b"network"


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720])
def test_a_folder_that_others_may_write_to_is_not_used(
    tmp_path: Path, mode: int, caplog: pytest.LogCaptureFixture
) -> None:
    tmp_path.chmod(0o700)
    CompiledCache(tmp_path).save("k", b"network")
    tmp_path.chmod(mode)
    cache = CompiledCache(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert cache.load("k") is None
        cache.save("l", b"network")
        assert cache.load("l") is None
    assert caplog.text.count("others may write to it") == 1
    assert len(list(tmp_path.glob("*.blob"))) == 1


def test_a_folder_that_cannot_be_made_costs_a_line_in_the_log_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = CompiledCache(tmp_path / "file" / "compiled")
    with caplog.at_level(logging.WARNING):
        assert cache.load("k") is None
        cache.save("k", b"network")
        cache.save("k", b"network")
        assert cache.load("k") is None
    assert len([record for record in caplog.records if record.name == compiled.__name__]) == 1


def test_a_full_disk_leaves_no_part_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compiled.os, "replace", full)
    cache = CompiledCache(tmp_path / "compiled")
    with caplog.at_level(logging.WARNING):
        cache.save("k", b"network")
    assert "No space left" in caplog.text
    assert list((tmp_path / "compiled").iterdir()) == []


def test_the_longest_unused_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MAX_BYTES", 300)
    cache = CompiledCache(tmp_path / "compiled")
    for age, key in enumerate(["a", "b"]):
        cache.save(key, bytes(100))
        os.utime(cache._file(key), (1000 + age, 1000 + age))
    assert cache.load("a") is not None
    cache.save("c", bytes(100))
    assert [key for key in "abc" if cache.load(key)] == ["a", "c"]
    cache.save("huge", bytes(400))
    assert cache.load("huge") is None

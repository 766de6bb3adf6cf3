import os
import threading

import pytest

from dashboard.errors import InputError
from dashboard.stores.secret import ensure_secret, read_secret, renew_secret


def test_a_secret_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "home" / "secret"
    assert read_secret(path) == ""
    secret = ensure_secret(path)
    assert len(secret) >= 40
    assert ensure_secret(path) == read_secret(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert os.listdir(path.parent) == ["secret"]


def test_processes_that_start_together_get_the_same(tmp_path):
    found, barrier = [], threading.Barrier(8)

    def start():
        barrier.wait()
        found.append(ensure_secret(tmp_path / "secret"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 8
    assert os.listdir(tmp_path) == ["secret"]


def test_a_file_system_without_links_does_too(tmp_path, monkeypatch):
    def unsupported(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", unsupported)
    assert ensure_secret(tmp_path / "secret") == read_secret(tmp_path / "secret")
    assert os.listdir(tmp_path) == ["secret"]


def test_a_new_one_is_another(tmp_path):
    before = ensure_secret(tmp_path / "secret")
    assert renew_secret(tmp_path / "secret") == read_secret(tmp_path / "secret") != before
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_an_own_one_counts(tmp_path, caplog):
    (tmp_path / "secret").write_text("  one-that-somebody-chose \n")
    (tmp_path / "secret").chmod(0o644)
    assert ensure_secret(tmp_path / "secret") == "one-that-somebody-chose"
    assert "chmod 600" in caplog.text
    assert "somebody" not in caplog.text


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 600, b"with a space in it", b"\xff" * 20, b"\0" * 20])
def test_what_is_no_secret_is_refused(tmp_path, content):
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(InputError, match="--new"):
        ensure_secret(tmp_path / "secret")


def test_where_nothing_can_be_written_it_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="LIKENESS_SECRET_FILE"):
        ensure_secret(tmp_path / "file" / "secret")
    with pytest.raises(InputError, match="Expected to write"):
        renew_secret(tmp_path / "file" / "secret")

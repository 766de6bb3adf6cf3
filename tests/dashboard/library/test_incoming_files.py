"""Incoming files: how many are read at a time, and the answer after a long wait."""

import io
import threading
import time

import numpy as np
import pytest
from support.ages import make_old

from dashboard.errors import Busy, InputError, NotFound
from dashboard.library import incoming_files
from dashboard.library.incoming_files import CONCURRENT, KEPT_SECONDS, MOST, IncomingFiles, reading


def test_a_few_files_are_read_at_a_time_and_all_have_their_turn():
    now, most, done, lock, full = 0, 0, 0, threading.Lock(), threading.Event()

    def read() -> None:
        nonlocal now, most, done
        with reading():
            with lock:
                now, most = now + 1, max(most, now + 1)
                if now == CONCURRENT:
                    full.set()
            assert full.wait(60)  # the first ones for one another
            time.sleep(0.02)
            with lock:
                now, done = now - 1, done + 1

    threads = [threading.Thread(target=read) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, done) == (CONCURRENT, 10)


def test_a_long_wait_is_answered_with_retry_after_and_an_error_frees_the_slot(monkeypatch):
    monkeypatch.setattr(incoming_files, "WAIT", 0.05)
    for _ in range(CONCURRENT + 1):
        with pytest.raises(ZeroDivisionError), reading():
            raise ZeroDivisionError
    slots = [reading() for _ in range(CONCURRENT)]
    for slot in slots:
        slot.__enter__()
    try:
        with pytest.raises(Busy, match="Try again") as raised, reading():
            pass
        assert raised.value.retry_after > 0
    finally:
        for slot in slots:
            slot.__exit__(None, None, None)


def test_a_file_is_found_by_every_process_until_it_is_dropped(tmp_path):
    one, other = IncomingFiles(tmp_path), IncomingFiles(tmp_path)
    file = one.receive(io.BytesIO(b"content"), 100, 7, "a/b.npy")
    found = other.find(file.token)
    assert (found.path.read_bytes(), found.name, other.noted(found)[0]) == (b"content", "a b.npy", {})
    one.note(file, {"header": "yes"}, np.ones((2, 3)))
    words, rows = other.noted(found)
    assert (words, rows.shape, other.find(file.token).name) == ({"header": "yes"}, (2, 3), "a b.npy")
    other.drop(found)
    with pytest.raises(NotFound):
        one.find(file.token)
    assert list((tmp_path / "incoming").iterdir()) == []


@pytest.mark.parametrize("token", ["", "../x", "f" * 32, "F" * 32, None])
def test_a_token_from_outside_finds_nothing(tmp_path, token):
    with pytest.raises(NotFound):
        IncomingFiles(tmp_path).find(token)


def test_an_upload_that_ends_early_leaves_nothing(tmp_path):
    files = IncomingFiles(tmp_path)
    for content, length in ((b"abc", 5), (b"", None), (b"x" * 200, None)):
        with pytest.raises(InputError):
            files.receive(io.BytesIO(content), 100, length)
    assert list((tmp_path / "incoming").iterdir()) == []


def test_old_files_are_deleted_at_the_next_start_and_the_oldest_when_there_are_many(tmp_path):
    files = IncomingFiles(tmp_path)
    made = [files.receive(io.BytesIO(b"a"), 9, 1) for _ in range(MOST)]
    for k, file in enumerate(made):
        make_old(file.path, KEPT_SECONDS / 2 - k)
    files.receive(io.BytesIO(b"b"), 9, 1)
    assert [file.path.exists() for file in made] == [False] + [True] * (MOST - 1)
    make_old(made[1].path, KEPT_SECONDS + 9)
    IncomingFiles(tmp_path)
    assert not made[1].path.exists()
    assert made[2].path.exists()

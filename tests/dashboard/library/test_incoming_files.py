"""Incoming files: how many are read at a time, and the answer after a long wait."""

import threading
import time

import pytest

from dashboard.errors import Busy
from dashboard.library import incoming_files
from dashboard.library.incoming_files import CONCURRENT, reading


def test_a_few_files_are_read_at_a_time_and_all_have_their_turn():
    now, most, done, lock = 0, 0, 0, threading.Lock()

    def read() -> None:
        nonlocal now, most, done
        with reading():
            with lock:
                now, most = now + 1, max(most, now + 1)
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

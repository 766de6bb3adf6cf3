"""Files on their way in: how many are read at a time, and what those hear that wait too long."""

import threading
import time

import pytest

from dashboard.errors import Busy
from dashboard.library import incoming_files
from dashboard.library.incoming_files import AT_ONCE, reading


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
    assert (most, done) == (AT_ONCE, 10)


def test_who_waits_too_long_is_told_when_to_come_again_and_an_error_gives_the_place_back(monkeypatch):
    monkeypatch.setattr(incoming_files, "WAIT", 0.05)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError), reading():
            raise ZeroDivisionError
    places = [reading() for _ in range(AT_ONCE)]
    for place in places:
        place.__enter__()
    try:
        with pytest.raises(Busy, match="Try again") as raised, reading():
            pass
        assert raised.value.retry_after > 0
    finally:
        for place in places:
            place.__exit__(None, None, None)

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.jobs import wait_until

from dashboard.faces.single_flight import SingleFlight


def test_work_that_is_asked_for_together_is_done_once():
    flights, arrived, release = SingleFlight(), threading.Event(), threading.Event()
    calls = []

    def work():
        calls.append(threading.get_ident())
        arrived.set()
        assert release.wait(60)
        return object()

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(flights.do, "a", work)
        assert arrived.wait(60)
        others = [pool.submit(flights.do, "a", work) for _ in range(7)]
        # All of them must be waiting before the first may end; the pool has a thread for each.
        wait_until(lambda: len(vars(flights._flights["a"]._condition)["_waiters"]) == 7)
        release.set()
        results = {future.result(60) for future in (first, *others)}
    assert len(results) == len(calls) == 1


def test_other_keys_do_not_wait():
    flights, release = SingleFlight(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(flights.do, "slow", lambda: release.wait(60))
        assert flights.do("quick", lambda: 7) == 7
        release.set()
        assert slow.result(60)


def test_an_error_reaches_everyone_and_is_not_kept():
    flights, arrived, release = SingleFlight(), threading.Event(), threading.Event()

    def fail():
        arrived.set()
        release.wait(60)
        raise ValueError("no luck")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(flights.do, "a", fail)
        assert arrived.wait(60)
        second = pool.submit(flights.do, "a", fail)
        release.set()
        for future in (first, second):
            with pytest.raises(ValueError, match="no luck"):
                future.result(60)
    assert flights.do("a", lambda: "better") == "better"


def test_results_are_not_remembered():
    flights = SingleFlight()
    assert [flights.do("a", lambda n=n: n) for n in range(3)] == [0, 1, 2]

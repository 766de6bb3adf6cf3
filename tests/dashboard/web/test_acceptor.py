"""Connections on a shared socket: who has fewest accepts the next, and nobody waits for long."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dashboard.web.acceptor import Acceptor
from dashboard.web.connection_counts import UNUSED, ConnectionCounts, new_counts


class Greeting(asyncio.Protocol):
    """Send the name of who accepted."""

    def __init__(self, name):
        self.name = name

    def connection_made(self, transport: Any) -> None:
        transport.write(self.name)


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


async def greeted(address):
    reader, writer = await asyncio.open_connection(*address)
    got = await reader.readexactly(1)
    writer.close()
    return got


def run(what: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Return what a coroutine returns; in a thread, since tests in a browser leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(what())).result()


def test_a_process_with_more_connections_leaves_the_next_to_another(listening):
    async def accepted():
        shared = listening.dup()
        busy = Acceptor(listening.dup(), lambda: Greeting(b"b"), lambda starting: True)
        idle = Acceptor(shared, lambda: Greeting(b"i"))
        try:
            return {await greeted(listening.getsockname()) for _ in range(5)}
        finally:
            for each in (busy, idle):
                each.close()

    assert run(accepted) == {b"i"}


def test_a_connection_that_nobody_else_takes_is_accepted_all_the_same(listening):
    async def accepted():
        busy = Acceptor(listening.dup(), lambda: Greeting(b"b"), lambda starting: True)
        try:
            return [await greeted(listening.getsockname()) for _ in range(3)]
        finally:
            busy.close()
            busy.close()

    assert run(accepted) == [b"b"] * 3


def test_what_waits_when_one_closes_is_left_to_another(listening):
    async def accepted():
        first = Acceptor(listening.dup(), lambda: Greeting(b"1"))
        first.close()
        waiting = asyncio.create_task(greeted(listening.getsockname()))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        second = Acceptor(listening.dup(), lambda: Greeting(b"2"))
        try:
            return await waiting
        finally:
            second.close()

    assert run(accepted) == b"2"


def test_counts_are_those_of_all_processes():
    with new_counts(3) as file:
        one, other = ConnectionCounts(file.fileno()), ConnectionCounts(file.fileno())
        assert not one.others_have_fewer(0, 5), "there are no others"
        one.set(0, 5)
        other.set(1, 4)
        assert one.others_have_fewer(0, 5)
        assert not other.others_have_fewer(1, 4)
        other.set(1, 5)
        assert not one.others_have_fewer(0, 5)
        other.set(1, UNUSED)
        assert not one.others_have_fewer(0, 5)

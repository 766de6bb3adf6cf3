"""One of several web processes: it serves on a socket that it inherits, see supervisor.py."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import uvicorn

from dashboard.settings import Settings
from dashboard.web.acceptor import Acceptor
from dashboard.web.connection_counts import UNUSED, ConnectionCounts
from dashboard.web.connection_limits import LimitedProtocol
from dashboard.web.http_server import raise_descriptor_limit, server_config
from dashboard.web.supervisor import HANDLES, LISTENING, READY
from dashboard.web.wsgi_bridge import WsgiBridge

LINGER_SECONDS = 3.0
"""Seconds that idle connections stay open when a process ends: the next answer on one closes it."""

WARM_UP_SECONDS = 60.0

GRACE_SECONDS = 30
"""Time limit for accepted requests, such as uploads, when a process ends: others answer meanwhile."""


def serve_inherited(app: Any, settings: Settings, warmed_up: threading.Event) -> None:
    """Answer requests on the inherited socket until SIGTERM; then finish the accepted ones.

    Args:
        app: the WSGI application.
        settings: with the number of concurrent requests.
        warmed_up: set once the first face has been made, or has failed.
    """
    handle, report, lifeline, shared, slot = (int(number) for number in os.environ.pop(HANDLES).split(","))
    for number in (report, lifeline, shared):
        os.set_inheritable(number, False)
    listening = socket.socket(fileno=handle)
    listening.set_inheritable(False)  # workers of jobs must not keep the port
    raise_descriptor_limit()
    os.umask(0o077)
    threading.Thread(target=_follow_supervisor, args=(lifeline,), name="supervisor", daemon=True).start()
    bridge = WsgiBridge(app, settings.server_threads)
    debug = settings.log_level == "debug"
    config = server_config(bridge, settings.host, settings.port, debug=debug, grace=GRACE_SECONDS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # before uvicorn's handler, and after its shutdown
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the supervisor's
    try:
        _Worker(config, report, warmed_up, ConnectionCounts(shared), slot).run(sockets=[listening])
    finally:
        bridge.close()


def _follow_supervisor(lifeline: int) -> None:
    """End this process when the supervisor has gone."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


class _CountedProtocol(LimitedProtocol):
    """The protocol of a connection that is counted."""

    def __init__(self, changed: Callable[[], None], **given: Any) -> None:
        super().__init__(**given)
        self._changed = changed

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._changed()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._changed()


class _Worker(uvicorn.Server):
    """A server that reports to its supervisor, and ends without failing a request."""

    def __init__(
        self, config: uvicorn.Config, report: int, warmed_up: threading.Event, counts: ConnectionCounts, slot: int
    ) -> None:
        super().__init__(config)
        self._report, self._warmed_up = report, warmed_up
        self._counts, self._slot = counts, slot
        self._acceptors: list[Acceptor] = []

    async def startup(self, sockets: Any = None) -> None:
        await self.lifespan.startup()
        self.servers = []
        for listening in sockets:
            self._acceptors.append(Acceptor(listening, self._protocol, self._has_most))
        self.started = True
        self._count()
        os.write(self._report, LISTENING)
        threading.Thread(target=self._tell_ready, name="ready", daemon=True).start()

    def _protocol(self) -> asyncio.Protocol:
        return _CountedProtocol(
            self._count, config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )

    def _has_most(self, starting: int) -> bool:
        return self._counts.others_have_fewer(self._slot, len(self.server_state.connections) + starting)

    def _count(self) -> None:
        if not self.should_exit:
            self._counts.set(self._slot, len(self.server_state.connections))

    def _tell_ready(self) -> None:
        self._warmed_up.wait(WARM_UP_SECONDS)
        with contextlib.suppress(OSError):  # the supervisor has gone
            os.write(self._report, READY)

    async def shutdown(self, sockets: Any = None) -> None:
        """Stop accepting; close each connection after its next answer, and the idle ones after a while."""
        self._counts.set(self._slot, UNUSED)
        for acceptor in self._acceptors:
            acceptor.close()
        self.server_state.ending = True  # type: ignore[attr-defined] - LimitedProtocol reads it
        end = asyncio.get_running_loop().time() + LINGER_SECONDS
        while self.server_state.connections and asyncio.get_running_loop().time() < end and not self.force_exit:
            await asyncio.sleep(0.05)
        await super().shutdown()

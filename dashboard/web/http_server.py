"""The HTTP server: uvicorn in this process, the application's threads behind it. See docs/decisions/serving.md."""

from __future__ import annotations

import logging
import os
import signal
import sys
from typing import Any

import uvicorn

from dashboard.settings import Settings
from dashboard.web.connection_limits import LimitedProtocol
from dashboard.web.entry_address import print_addresses
from dashboard.web.wsgi_bridge import WsgiBridge

KEEP_ALIVE_SECONDS = 30
GRACE_SECONDS = 10
"""Time limit in seconds for accepted requests after SIGTERM."""
MOST_DESCRIPTORS = 65_536


def serve_http(app: Any, settings: Settings) -> None:
    """Answer requests until SIGTERM or Ctrl-C; then finish the accepted ones.

    Args:
        app: the WSGI application.
        settings: with host, port and the number of concurrent requests.
    """
    raise_descriptor_limit()
    os.umask(0o077)
    bridge = WsgiBridge(app, settings.server_threads)
    config = server_config(bridge, settings.host, settings.port, debug=settings.log_level == "debug")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # before uvicorn's handler, and after its shutdown
    try:
        _Announcing(config, settings).run()
    except KeyboardInterrupt:
        pass  # uvicorn raises it again after answering accepted requests
    finally:
        bridge.close()


def server_config(
    bridge: WsgiBridge, host: str, port: int, debug: bool = False, grace: int = GRACE_SECONDS
) -> uvicorn.Config:
    """Configure uvicorn.

    Args:
        bridge: the ASGI application.
        host: address to listen at.
        port: port to listen at.
        debug: log every malformed request.
        grace: time limit in seconds for accepted requests after SIGTERM.
    """
    return uvicorn.Config(
        bridge,
        host=host,
        port=port,
        http=LimitedProtocol,
        ws="none",
        lifespan="off",
        interface="asgi3",
        log_config=None,
        log_level="debug" if debug else "error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=2048,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=grace,
    )


def raise_descriptor_limit() -> None:
    """Raise this process's limit of connections to the system's maximum."""
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as error:
        logging.getLogger(__name__).warning("The limit of %d open files could not be raised: %s.", soft, error)


class _Announcing(uvicorn.Server):
    """A server that prints its address when it starts to listen."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config)
        self._settings = settings

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        print_addresses(self._settings)

"""An application served from this process, for browser tests that need access to its objects."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from support.application import runtime_of
from support.entering import DOORS, entry_address
from werkzeug.serving import WSGIRequestHandler, make_server


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an application in threads while the test runs.

    Args:
        app: from `dashboard.app.create_app`; closed at the end.

    Returns:
        Its address. Browser profiles that DOORS knows have entered.
    """
    server = make_server("127.0.0.1", 0, app.server, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True  # type: ignore[attr-defined]  # a browser keeps its connections open
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    door = entry_address(address, runtime_of(app).settings)
    try:
        DOORS.add_dashboard(door)
        yield address
    finally:
        DOORS.remove_dashboard(door)
        server.shutdown()
        thread.join()
        server.server_close()
        runtime_of(app).close()

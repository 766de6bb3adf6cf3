"""Ports for the servers of tests."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

BELOW = 32_000
"""Systems give clients the ports above: one below is not taken between the choice and the start of a server."""


def free_port() -> int:
    """Return a port that nobody uses now.

    Raises:
        OSError: there is none.
    """
    for port in random.SystemRandom().sample(range(20_000, BELOW), 500):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("Expected a free port. Received: none.")

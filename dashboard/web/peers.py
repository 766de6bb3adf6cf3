"""The peer of a request: the machine at the other end of the connection, regardless of headers."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from flask import Request


def peer_address(asked: Request) -> str:
    """Return the address of the connection's other end; behind a proxy, the address of the proxy."""
    kept = asked.environ.get("werkzeug.proxy_fix.orig", asked.environ)
    return str(kept.get("REMOTE_ADDR") or "")


def is_trusted_peer(asked: Request, trusted: Sequence[str]) -> bool:
    """Return whether the peer of a request is one of some addresses or networks.

    Args:
        asked: the request.
        trusted: such as `127.0.0.1` or `10.0.0.0/8`.
    """
    try:
        peer = ipaddress.ip_address(peer_address(asked).split("%")[0])
    except ValueError:
        return False
    peer = getattr(peer, "ipv4_mapped", None) or peer
    return any(peer in ipaddress.ip_network(each, strict=False) for each in trusted)

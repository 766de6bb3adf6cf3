"""The sign-in address of a browser: printed at the start, and by `python -m dashboard secret`."""

from __future__ import annotations

from urllib.parse import quote

from dashboard.errors import InputError
from dashboard.settings import Settings
from dashboard.stores.secret import ensure_secret


def local_address(settings: Settings) -> str:
    """Return the address under which this machine reaches the dashboard, without a slash at its end."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    return address + settings.path_prefix


def entry_addresses(settings: Settings) -> list[str]:
    """Return the addresses that open a session: on this machine, then the public one where there is one.

    Args:
        settings: where the dashboard listens, and where its secret is.

    Returns:
        Addresses with the secret in them, for administrators; without it where nothing may be changed, or
        nothing can be kept.
    """
    public = settings.public_origin and settings.public_origin + settings.path_prefix
    addresses = [local_address(settings), *([public] if public else [])]
    if settings.write == "off" or settings.kiosk:
        return addresses
    try:
        secret = ensure_secret(settings.secret_path)
    except InputError:
        return addresses  # the start says why, and so does whatever is refused
    return [f"{address}/enter?secret={quote(secret, safe='')}" for address in addresses]

"""The sign-in address of a browser: printed at the start, and by `python -m dashboard secret`."""

from __future__ import annotations

from urllib.parse import quote

from dashboard.errors import InputError
from dashboard.settings import Settings
from dashboard.stores.secret import ensure_secret


def local_address(settings: Settings) -> str:
    """Return the address of the dashboard on this machine, without a trailing slash."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    return address + settings.path_prefix


def entry_addresses(settings: Settings) -> list[str]:
    """Return the addresses that open a session: on this machine, then the public one where there is one.

    Args:
        settings: with host, port and the file of the secret.

    Returns:
        Addresses that contain the secret, for administrators; without it if nothing may be changed, or
        nothing can be stored.
    """
    public = settings.public_origin and settings.public_origin + settings.path_prefix
    addresses = [local_address(settings), *([public] if public else [])]
    if settings.write == "off" or settings.kiosk:
        return addresses
    try:
        secret = ensure_secret(settings.secret_path)
    except InputError:
        return addresses  # the server's start and every refusal give the reason
    return [f"{address}/enter?secret={quote(secret, safe='')}" for address in addresses]


def print_addresses(settings: Settings) -> None:
    """Print the addresses, when the server has started to listen."""
    print("\n".join(f"Likeness is at {each}  (Ctrl-C ends it)" for each in entry_addresses(settings)), flush=True)

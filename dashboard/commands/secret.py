"""`python -m dashboard secret`: print the sign-in address."""

from __future__ import annotations

import click

from dashboard.errors import InputError
from dashboard.settings import load_settings
from dashboard.stores.secret import ensure_secret, renew_secret
from dashboard.web.entry_address import entry_addresses


@click.command
@click.option("--new", is_flag=True, help="Replace the secret; this ends all sessions of the old one.")
@click.option("--show", is_flag=True, help="Print the secret itself, for a script: Authorization: Bearer SECRET.")
def secret(new: bool, show: bool) -> None:
    """Print the address that signs a browser in for 30 days."""
    settings = load_settings()
    if settings.write == "off":
        raise InputError("Expected a dashboard that may be changed. Received: LIKENESS_WRITE is off. Set it to secret.")
    if settings.kiosk:
        raise InputError("Expected a dashboard that may be changed. Received: LIKENESS_KIOSK is on.")
    current = (renew_secret if new else ensure_secret)(settings.secret_path)
    click.echo(current if show else "\n".join(entry_addresses(settings)))

"""Sign-in of tests, by the printed address, as users do."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext

from dashboard.settings import Settings
from dashboard.stores.secret import read_secret


def entry_address(address: str, settings: Settings) -> str:
    """Return the sign-in address; the plain address if changes are off."""
    secret = "" if settings.kiosk else read_secret(settings.secret_path)
    return f"{address}/enter?secret={quote(secret)}" if secret and settings.write == "secret" else ""


class EnteringClient(FlaskClient):
    """A signed-in test client; `test_client(entered=False)` gives one that can only read."""

    def __init__(self, *args: Any, entered: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settings: Settings = self.application.extensions["likeness-settings"]
        if entered and (address := entry_address("", settings)):
            assert self.get(address).status_code == 303


class Doors:
    """Browser profiles that are signed in to every dashboard of the tests, in either sequence of creation."""

    def __init__(self) -> None:
        self._contexts: list[BrowserContext] = []
        self._addresses: list[str] = []

    def add_browser(self, context: BrowserContext) -> None:
        """Sign a profile in to all current and future dashboards."""
        self._contexts.append(context)
        for address in self._addresses:
            _enter(context, address)

    def remove_browser(self, context: BrowserContext) -> None:
        """Forget a profile that is closed."""
        self._contexts.remove(context)

    def add_dashboard(self, address: str) -> None:
        """Open an address of :func:`entry_address` in every profile; an empty one is ignored."""
        if address:
            self._addresses.append(address)
            for context in self._contexts:
                _enter(context, address)

    def remove_dashboard(self, address: str) -> None:
        """Forget a dashboard that is closed."""
        if address:
            self._addresses.remove(address)


DOORS = Doors()


def _enter(context: BrowserContext, address: str) -> None:
    assert context.request.get(address, max_redirects=0).status == 303

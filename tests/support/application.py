"""The whole application on a tiny model, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support.entering import EnteringClient
from support.models import write_tiny_model

from dashboard.app import create_app
from dashboard.serving.runtime import EXTENSION, Runtime
from dashboard.settings import Settings


def tiny_settings(folder: Path, **given: Any) -> Settings:
    """Return settings whose model is a tiny one and whose home is empty.

    Args:
        folder: an empty folder that both are put into.
        given: settings that go before these.

    Returns:
        The settings.
    """
    if "model" not in given:
        write_tiny_model(folder / "tiny")
    return Settings(**{"home": folder / "home", "model": str(folder / "tiny"), "threads": 1, **given})


def tiny_app(folder: Path, **given: Any) -> Any:
    """Return an application with `tiny_settings`, whose test clients have entered."""
    app = create_app(tiny_settings(folder, **given))
    app.server.test_client_class = EnteringClient
    return app


def shipped_app(folder: Path, **given: Any) -> Any:
    """Return an application on the model that ships, with default settings; its home is empty."""
    app = create_app(Settings(**{"home": folder / "home", "threads": 1, **given}))
    app.server.test_client_class = EnteringClient
    return app


def runtime_of(app: Any) -> Runtime:
    """Return the runtime of an application."""
    return app.server.extensions[EXTENSION]

"""Headless Chromium for measurements on a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright

NAMES = ("LIKENESS_CHROMIUM", "chromium", "chromium-browser", "google-chrome")

SCREEN: ViewportSize = {"width": 1440, "height": 900}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser, and end it.

    Raises:
        SystemExit: there is none.
    """
    found = next(filter(None, (shutil.which(os.environ.get(name, name)) for name in NAMES)), None)
    if found is None:
        raise SystemExit("Expected Chromium. Received: none. Type: sudo apt-get install -y chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()

"""Browser tests: Chromium, a served dashboard, and a page on which any error in the console fails the test."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, JSHandle, Page, TimeoutError, expect
from support.browser_model import write_browser_model
from support.entering import DOORS, entry_address
from support.ports import free_port

from dashboard.settings import Settings
from dashboard.synthesis.model_folder import Model

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120_000
"""Milliseconds after which what a test waits for does not come, on a busy machine either."""

expect.set_options(timeout=PATIENCE)

_wait_for_function = Page.wait_for_function


def _wait_until_true(self: Page, expression: str, **options: Any) -> JSHandle:
    """Wait for a condition that is not yet true while it throws: scripts and elements of a page that loads come later.

    Playwright gives up at the first error, so that a test would depend on how far the page is when it begins to wait.
    It takes a promise for true, whatever comes of it.
    """
    if re.match(r"\s*async\b|[^=]*=>\s*new Promise\b", expression):
        raise ValueError("Expected a condition that answers at once. Received: a promise. Use support.waiting.")
    patient = f"""(argument) => {{
      try {{
        const condition = ({expression}
        );
        return typeof condition === "function" ? condition(argument) : condition;
      }} catch {{
        return false;
      }}
    }}"""
    try:
        return _wait_for_function(self, patient, **options)
    except TimeoutError:
        self.evaluate(expression, options.get("arg"))  # where it still throws, its error says more
        raise


Page.wait_for_function = _wait_until_true  # type: ignore[method-assign]

SERVED_ERRORS = "Failed to load resource"
"""Chromium's message for an answer that is not 2xx; tests of bad input expect it."""

UNFOLDED = (
    "try { localStorage.getItem('likeness-dock-folded') ?? localStorage.setItem('likeness-dock-folded', 'false'); }"
    " catch (error) { /* a page without storage */ }"
)
"""Storage of a visitor who has unfolded the dock before, to move sliders next to an analysis."""

DRAWN_IN_SOFTWARE = "GPU stall due to ReadPixels"
"""Chromium's message when software WebGL is read to find the point under the pointer."""


def find_chromium() -> str:
    """Return the browser: LIKENESS_CHROMIUM, or the one that the system has."""
    named = os.environ.get("LIKENESS_CHROMIUM", "")
    for name in (named, "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    raise pytest.UsageError(
        "Expected Chromium for the browser tests. Received: none. Type: sudo apt-get install -y chromium"
        "  (or name one in LIKENESS_CHROMIUM)"
    )


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Return the options that pytest-playwright starts the browser with."""
    return {"executable_path": find_chromium(), "args": ["--no-sandbox", "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """Return the options of every test's browser context."""
    return {
        "viewport": {"width": 1440, "height": 900},
        "color_scheme": "light",
        "permissions": ["clipboard-read", "clipboard-write"],
    }


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Browser:
    """Return the browser; pages of its contexts wait as long as `expect` does."""
    new_context = browser.new_context

    def patient_context(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context

    browser.new_context = patient_context  # type: ignore[method-assign]
    return browser


@pytest.fixture(scope="session")
def served_model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Return the model of the dashboard under test; its folder is in a folder named weights."""
    return write_browser_model(tmp_path_factory.mktemp("served") / "weights" / "small")


@pytest.fixture(scope="session")
def address(served_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a dashboard that runs as `make run` runs it, on the small model."""
    port = free_port()
    home = tmp_path_factory.mktemp("home")
    log = (home / "log").open("wb+")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIKENESS_")}
    server = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--port", str(port), "--model", str(served_model.path)],
        cwd=ROOT,
        env={**kept, "LIKENESS_HOME": str(home), "LIKENESS_FACE": "1:4217", "LIKENESS_THREADS": "1"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url, server, log.name)
        DOORS.add_dashboard(door := entry_address(url, Settings(home=home)))
        yield url
        DOORS.remove_dashboard(door)
    finally:
        server.terminate()
        server.wait(60)
        log.close()


@pytest.fixture(scope="session")
def warm_context(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """Yield one browser profile for all tests: scripts are fetched and compiled once."""
    context = browser.new_context(**browser_context_args)
    DOORS.add_browser(context)
    yield context
    DOORS.remove_browser(context)
    context.close()


@pytest.fixture
def page(warm_context: BrowserContext) -> Iterator[Page]:
    """Yield a fresh page; console messages and violations of the content security policy fail the test."""
    said: list[str] = []
    new_page = warm_context.new_page()
    new_page.add_init_script(UNFOLDED)
    new_page.on("console", lambda message: said.append(_text_of(message)))
    new_page.on("pageerror", lambda error: said.append(str(error)))
    yield new_page
    if new_page.url.startswith("http"):
        new_page.evaluate("() => localStorage.clear()")
    new_page.close()
    complaints = [line for line in said if line]
    assert not complaints, "\n".join(complaints)


def _text_of(message: ConsoleMessage) -> str:
    expected = message.text.startswith(SERVED_ERRORS) or DRAWN_IN_SOFTWARE in message.text
    if message.type not in ("error", "warning") or expected:
        return ""
    return f"{message.type}: {message.text}"


def _wait_until_ready(url: str, server: subprocess.Popen[bytes], log: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=30) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"The dashboard did not start:\n{Path(log).read_text()}")

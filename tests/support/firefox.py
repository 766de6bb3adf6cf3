"""Debian's Firefox, driven over WebDriver BiDi: what its own port speaks, so that neither a driver nor a patched build
is needed (https://w3c.github.io/webdriver-bidi/)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

NAMES = ("firefox-esr", "firefox")
STARTED = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
EVENTS = ("log.entryAdded", "network.responseCompleted", "network.fetchError")
PREFERENCES = {
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "webgl.force-enabled": True,  # without a graphics card it is drawn in software
}


class FirefoxPage:
    """One tab, with its console messages."""

    def __init__(self, port: websocket.WebSocket) -> None:
        self._port = port
        self._asked = 0
        self.said: list[str] = []
        self._since = 0.0
        self._left: set[str] = set()
        self.ask("session.new", {"capabilities": {}})
        self.ask("session.subscribe", {"events": list(EVENTS)})
        self._tab = self.ask("browsingContext.getTree", {})["contexts"][0]["context"]

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Send a command and wait for its answer; other messages are kept.

        Raises:
            RuntimeError: the browser refuses.
        """
        self._asked += 1
        self._port.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            message = json.loads(self._port.recv())
            if message.get("id") == self._asked:
                break
            self.hear(message)
        if message["type"] == "error":
            raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
        return message["result"]

    def open(self, address: str) -> None:
        """Go to an address and wait until the page has loaded."""
        self.ask("browsingContext.navigate", {"context": self._tab, "url": address, "wait": "complete"})

    def leave(self) -> None:
        """Go to an empty page; what the page before said, and says while its requests are cancelled, is not heard."""
        self._left |= set(self.realms())
        self.open("about:blank")
        self._since = self.run("Date.now()")
        self.said.clear()

    def realms(self) -> list[str]:
        """Return what the browser calls the page that is open; each page has another, its messages name it."""
        return [realm["realm"] for realm in self.ask("script.getRealms", {"context": self._tab})["realms"]]

    def resize(self, width: int, height: int) -> None:
        """Set the size of the page in CSS pixels."""
        size = {"width": width, "height": height}
        self.ask("browsingContext.setViewport", {"context": self._tab, "viewport": size})

    def run(self, expression: str) -> Any:
        """Return the value of an expression on the page, as JSON.

        Raises:
            RuntimeError: it throws.
        """
        params = {
            "expression": f"JSON.stringify({expression})",
            "target": {"context": self._tab},
            "awaitPromise": True,
        }
        found = self.ask("script.evaluate", params)
        if found["type"] == "exception":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return json.loads(found["result"].get("value", "null"))

    def wait(self, expression: str, seconds: float = 30) -> None:
        """Wait until an expression is true on the page.

        Raises:
            TimeoutError: it did not become so.
        """
        end = time.monotonic() + seconds
        while not self.run(f"Boolean({expression})"):
            if time.monotonic() > end:
                raise TimeoutError(f"Expected within {seconds:g} s: {expression}")
            time.sleep(0.1)

    def hear(self, message: dict[str, Any]) -> None:
        """Keep an event of the browser in `said` if it is an error or a warning of the page that is open."""
        params = message.get("params", {})
        if params.get("timestamp", self._since) < self._since:
            return
        if params.get("source", {}).get("realm") in self._left:
            return  # a page that was left, on a busy machine long after
        if message.get("method") == "log.entryAdded" and params["level"] in ("error", "warn"):
            self.said.append(f"{params['type']} {params['level']}: {(params['text'] or '')[:300]}")
        elif message.get("method") == "network.fetchError" and "ABORT" not in params["errorText"]:
            self.said.append(f"{params['errorText']} for {params['request']['url']}")
        elif message.get("method") == "network.responseCompleted" and params["response"]["status"] >= 400:
            headers = {header["name"].lower() for header in params["response"]["headers"]}
            if params["response"]["status"] != 503 or "retry-after" not in headers:
                self.said.append(f"{params['response']['status']} for {params['request']['url']}")


def find_firefox() -> str | None:
    """Return the program: LIKENESS_FIREFOX, or the one that the system has; None if there is none."""
    named = os.environ.get("LIKENESS_FIREFOX", "")
    return next((found for name in (named, *NAMES) if name and (found := shutil.which(name))), None)


@contextmanager
def firefox(program: str, folder: Path) -> Iterator[FirefoxPage]:
    """Start Firefox without a window, on a profile of its own.

    Args:
        program: from `find_firefox`.
        folder: an empty folder for its profile and log.

    Raises:
        RuntimeError: it ended, or did not start listening for a minute.
    """
    profile, log = folder / "profile", folder / "said"
    profile.mkdir()
    preferences = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(preferences), encoding="utf-8")
    words = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    environment = {**os.environ, "HOME": str(folder), "MOZ_HEADLESS_WIDTH": "1440", "MOZ_HEADLESS_HEIGHT": "1000"}
    with log.open("wb") as said:
        process = subprocess.Popen(words, stdout=said, stderr=subprocess.STDOUT, env=environment)
    port = None
    try:
        port = websocket.create_connection(f"{_listening(process, log)}/session", timeout=90, suppress_origin=True)
        yield FirefoxPage(port)
    finally:
        if port is not None:
            port.close()
        process.terminate()
        process.wait(60)


def _listening(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if found := STARTED.search(log.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"Firefox did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")

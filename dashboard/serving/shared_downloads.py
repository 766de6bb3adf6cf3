"""Model downloads of several processes: one process downloads, each of them shows and cancels."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from dashboard.serving.downloads import Fetches, FetchState
from dashboard.stores.durable import write_file
from dashboard.synthesis.catalogue import Catalogue
from dashboard.synthesis.fetch_model import fetch_model

BEAT = 0.5
"""Seconds between two reports of a running download."""

SILENT = 20.0
"""Seconds without a report after which the process of a download is taken for dead."""


class SharedFetches(Fetches):
    """The downloads of all processes: the process that downloads reports in a file, and looks for one to cancel.

    Args:
        models: the folder for model folders.
        downloads: folder of partial files, and of the reports.
        fetch: function that fetches a model; tests replace it.
    """

    def __init__(self, models: Path, downloads: Path, fetch: Callable[..., Path] = fetch_model) -> None:
        super().__init__(models, downloads, fetch)
        self._reports = downloads

    def start(self, name: str, catalogue: Catalogue) -> None:
        """Start a download, unless it is running in any process."""
        there = self.state(name)
        if there is not None and there.running:
            return
        self._cancel_file(name).unlink(missing_ok=True)
        super().start(name, catalogue)
        self._report(name)
        threading.Thread(target=self._follow, args=(name,), name=f"report-{name}", daemon=True).start()

    def cancel(self, name: str) -> None:
        """Cancel a download, whichever process runs it."""
        own = super().state(name)
        if own is not None and own.running:
            super().cancel(name)
            self._report(name)
        elif self._report_file(name).exists():
            write_file(self._cancel_file(name), b"")

    def forget(self, name: str) -> None:
        """Remove the outcome of a download."""
        super().forget(name)
        there = self._read(self._report_file(name))
        if there is not None and not there.running:
            self._report_file(name).unlink(missing_ok=True)

    def state(self, name: str) -> FetchState | None:
        """Return the state of a download, or of the last one; None if there was none."""
        own = super().state(name)
        return own if own is not None and own.running else self._read(self._report_file(name)) or own

    def states(self) -> dict[str, FetchState]:
        """Return all of them, by the model's name."""
        own = super().states()
        found = {state.name: state for path in self._reports.glob("state-*.json") if (state := self._read(path))}
        return {**own, **found, **{name: state for name, state in own.items() if state.running}}

    def _follow(self, name: str) -> None:
        """Report until a download ends, and cancel it on request."""
        while True:
            time.sleep(BEAT)
            state = super().state(name)
            if state is not None and state.running and self._cancel_file(name).exists():
                super().cancel(name)
            self._report(name)
            if state is None or not state.running:
                self._cancel_file(name).unlink(missing_ok=True)
                return

    def _report(self, name: str) -> None:
        state = super().state(name)
        with suppress(OSError):  # a full disk fails the download itself
            if state is not None:
                write_file(self._report_file(name), json.dumps(asdict(state)).encode())

    def _read(self, path: Path) -> FetchState | None:
        try:
            state = FetchState(**json.loads(path.read_bytes()))
            silent = time.time() - path.stat().st_mtime > SILENT
        except (OSError, ValueError, TypeError):
            return None
        if state.running and silent:
            error = "Expected a download. Received: its process ended. Start it again; what is here is kept."
            return replace(state, phase="failed", error=error, pace="")
        return state

    def _report_file(self, name: str) -> Path:
        return self._reports / f"state-{_hashed(name)}.json"

    def _cancel_file(self, name: str) -> Path:
        return self._reports / f"cancel-{_hashed(name)}"


def _hashed(name: str) -> str:
    """Return a file name for a name from outside, which is never used as a path."""
    return hashlib.sha256(name.encode()).hexdigest()[:24]

"""Fetching files of the catalogue: resumable, with the exact length, and atomic.

A file grows as `NAME.part` beside its final path; `NAME.part.json` holds the server's identifier of that version (a
strong ETag, or a date). A later try asks for the rest with `Range` and `If-Range` (RFC 9110, section 13.1.5), so that
two versions are never joined. Only a file of the exact length gets its name: the catalogue's, or where none was
published the one that the server states.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from dashboard.errors import FetchCancelled, FetchError
from dashboard.synthesis.catalogue import MAX_BYTES, RemoteFile
from dashboard.synthesis.human_units import megabytes
from dashboard.synthesis.transfer import (
    RetryPolicy,
    TransientError,
    answer_to,
    chunks_of,
    content_range,
    new_session,
    retry_after,
    version_of,
)

MAX_WAIT = 60.0
PASSING = {408, 425, 429, 500, 502, 503, 504}
"""Statuses after which a retry can succeed."""

NOTHING_KEPT = "Nothing was kept."
IN_BETWEEN = "A proxy or a sign-in page may stand in between."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Step:
    """The progress of a file.

    Args:
        done: bytes on the disk.
        total: its length in bytes; 0 until it is known.
        note: events: "resumed at 18.0 MB"; empty without events.
    """

    done: int
    total: int
    note: str = ""


class Watch:
    """The observer of a fetch: it receives each step, decides whether to continue, and waits.

    Subclasses extend these methods; that of the tests never sleeps.
    """

    def step(self, step: Step) -> None:
        """Handle a report of progress."""

    def cancelled(self) -> bool:
        """Return whether to stop."""
        return False

    def wait(self, seconds: float) -> None:
        """Wait before the next try."""
        time.sleep(seconds)

    def importing(self) -> None:
        """Handle the end of the transfer: the file is now imported as a model."""


def fetch_file(wanted: RemoteFile, folder: Path, watch: Watch, retry_policy: RetryPolicy | None = None) -> Path:
    """Fetch a file, or its missing part.

    Args:
        wanted: name, length and address.
        folder: the target folder; created if missing.
        watch: receives the progress, and may cancel.
        retry_policy: time-outs and retries; None for the defaults.

    Returns:
        The file, of the expected length. An existing one is not fetched again.

    Raises:
        FetchError: it cannot be fetched; the message says why, and a usable part is kept for the next try.
        FetchCancelled: `watch` cancelled; the downloaded part is kept.
        OSError: the disk is full or not writable.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder / f"{wanted.file}.lock", wanted):
        return _fetch_alone(wanted, folder / wanted.file, watch, retry_policy)


def _fetch_alone(wanted: RemoteFile, target: Path, watch: Watch, retry_policy: RetryPolicy | None) -> Path:
    if target.is_file() and (size := target.stat().st_size) == (wanted.bytes or size):
        watch.step(Step(size, size))
        return target
    target.unlink(missing_ok=True)  # truncated or another file: its version is unknown
    part = _Part(target, wanted)
    with new_session() as session:
        _try_until_whole(session, wanted, part, watch, retry_policy or RetryPolicy())
    part.finish()
    return target


@contextmanager
def _alone(path: Path, wanted: RemoteFile) -> Iterator[None]:
    """Hold a lock, so that two processes never write one part: a server, and `models fetch` beside it."""
    lock = FileLock(path, mode=0o600, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise FetchError(
            f"Expected to be the only one that fetches {wanted.file}. Received: another process fetches it. "
            "Wait until it has ended."
        ) from error
    try:
        yield
    finally:
        lock.release()
        path.unlink(missing_ok=True)


def _try_until_whole(session: Any, wanted: RemoteFile, part: _Part, watch: Watch, retry_policy: RetryPolicy) -> None:
    """Try, with growing waits, until the part is complete; tries that bring bytes do not count."""
    failed, farthest = 0, part.size
    while not part.complete:
        try:
            _try_once(session, wanted, part, watch, retry_policy)
            continue
        except TransientError as error:
            failed = 1 if part.size > farthest else failed + 1
            farthest = max(farthest, part.size)
            if failed >= retry_policy.tries:
                raise FetchError(f"{error} {_kept(part.size)}") from error
            wait = min(MAX_WAIT, max(error.wait, retry_policy.first_wait * 2 ** (failed - 1)))
            log.info("Fetching %s: %s Trying again in %g s.", wanted.file, error, wait)
            watch.step(Step(part.size, part.total, f"{error} Trying again in {wait:g} s."))
        watch.wait(wait)
        _stop_if_cancelled(watch)


def _try_once(session: Any, wanted: RemoteFile, part: _Part, watch: Watch, retry_policy: RetryPolicy) -> None:
    _stop_if_cancelled(watch)
    have = part.size if part.version else 0
    headers = {"Accept-Encoding": "identity", "User-Agent": "Likeness"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": part.version}
    with answer_to(session, wanted, headers, retry_policy) as response:
        _refuse_unless_file(response, wanted, part)
        resumed = response.status_code == 206
        if resumed and content_range(response) != (have, part.total):
            part.drop()
            raise TransientError("Expected the rest of the file. Received: another part of it.")
        part.begin(have if resumed else 0, version_of(response))
        note = f"resumed at {megabytes(have)}" if resumed else ""
        watch.step(Step(part.size, part.total, note))
        with part.path.open("ab") as file:
            for chunk in chunks_of(response):
                if part.size == 0 and chunk.lstrip().startswith(b"<"):  # the start of every HTML page, and of no pickle
                    raise _refusal(wanted, f"an HTML page. {NOTHING_KEPT} {IN_BETWEEN}")
                if part.size + len(chunk) > part.total:
                    file.close()
                    part.drop()
                    raise _refusal(wanted, f"more than that. {NOTHING_KEPT}")
                file.write(chunk)
                part.size += len(chunk)
                watch.step(Step(part.size, part.total, note))
                _stop_if_cancelled(watch)
    if not part.complete:
        raise TransientError(f"Expected {part.total:,} bytes. Received: {part.size:,}, then the connection ended.")


def _refuse_unless_file(response: Any, wanted: RemoteFile, part: _Part) -> None:
    status, kind = response.status_code, response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    length = response.headers.get("Content-Length", "")
    if status == 416:
        part.drop()
        raise TransientError("Expected the rest of the file. Received: there is none (416).")
    if status in PASSING:
        raise TransientError(f"Expected the file. Received: status {status}.", retry_after(response))
    if status not in (200, 206):
        raise _refusal(wanted, f"status {status}. Fetch the file elsewhere and import it.")
    if kind in ("text/html", "application/xhtml+xml"):
        size = f" of {megabytes(int(length))}" if length.isdecimal() else ""
        raise _refusal(wanted, f"an HTML page{size}. {_kept(part.size)} {IN_BETWEEN}")
    if wanted.bytes is None and status == 200:
        if not length.isdecimal() or not 1 <= int(length) <= MAX_BYTES:
            raise _refusal(wanted, f"a length of {length or 'no'} bytes. {_kept(part.size)}")
        part.total = int(length)  # perhaps of another version than the part, which is then begun anew
    if status == 200 and length.isdecimal() and int(length) != part.total:
        raise _refusal(wanted, f"one of {int(length):,} bytes. {_kept(part.size)}")


class _Part:
    """The downloaded part of a file.

    Attributes:
        path: its path.
        size: its length in bytes.
        total: length of the whole file; 0 until the server has stated it.
        version: the server's identifier of its version; empty if unknown: then it cannot be resumed.
    """

    def __init__(self, target: Path, wanted: RemoteFile) -> None:
        self._target, self._address = target, wanted.address
        self.path = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.part.json")
        self.size, self.version = 0, ""
        self.total = wanted.bytes or 0
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            size = self.path.stat().st_size
            total = wanted.bytes or int(note.get("bytes", 0))
            if note["address"] == self._address and size < total <= MAX_BYTES:
                self.size, self.version, self.total = size, str(note["version"]), total
        except (OSError, ValueError, KeyError, TypeError):
            pass  # nothing there, or not resumable

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return 0 < self.total <= self.size

    def begin(self, at: int, version: str) -> None:
        """Continue after a number of bytes; 0 discards the part."""
        if at == 0:
            self.path.write_bytes(b"")
        self.size = at
        self.version = version or (self.version if at else "")
        note = {"address": self._address, "version": self.version, "bytes": self.total}
        self._note.write_text(json.dumps(note), encoding="utf-8")

    def drop(self) -> None:
        """Discard the part."""
        for file in (self.path, self._note):
            file.unlink(missing_ok=True)
        self.size, self.version = 0, ""

    def finish(self) -> None:
        """Rename the complete file to its final name."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(self.path, self._target)
        self._note.unlink(missing_ok=True)


def _refusal(wanted: RemoteFile, received: str) -> FetchError:
    size = f" of {wanted.bytes:,} bytes" if wanted.bytes else ""
    return FetchError(f"Expected {wanted.file}{size}. Received: {received}")


def _kept(size: int) -> str:
    return f"{megabytes(size)} are kept for the next try." if size else NOTHING_KEPT


def _stop_if_cancelled(watch: Watch) -> None:
    if watch.cancelled():
        raise FetchCancelled("Cancelled. The downloaded part is kept for the next try.")

"""Every error that the dashboard raises on purpose, in one tree.

    LikenessError
    ├── InputError       invalid input                                       HTTP 400
    │   ├── FaceError    a face string, an attribute or a value is wrong
    │   ├── PinError     pins contradict one another, or are infeasible
    │   ├── HostError    the Host header is not one of ours
    │   └── OfficialFileError  a PG-GAN or TL-GAN file does not match its format
    ├── NotFound         the model, face or file does not exist               HTTP 404
    ├── Forbidden        the request is not allowed                           HTTP 403
    ├── Conflict         another user has changed the data in the meantime    HTTP 409
    ├── LibraryError     the library cannot be read or written                HTTP 503
    ├── ModelError       a model folder that cannot be used                   HTTP 503
    ├── FetchError       a file could not be fetched                          HTTP 503
    │   └── FetchCancelled   the fetch was cancelled
    ├── Busy             the queue is full: try again                         HTTP 503
    └── EngineError      computing a picture failed                           HTTP 503

Every 503 has Retry-After. A 500 is none of these: it is a bug of the dashboard.
The message of each is one or more sentences for the user: "Expected X. Received: Y. What to do."
"""

from __future__ import annotations

from collections.abc import Iterable


class LikenessError(Exception):
    """The root of the tree; `status` is the HTTP status of the response."""

    status: int = 500


class InputError(LikenessError):
    """Invalid input; the message says what was expected."""

    status = 400


class FaceError(InputError):
    """A face string is broken, names an unknown attribute, or holds a value out of range."""


class PinError(InputError):
    """Pins that contradict one another, or that no latent of the model's norm satisfies.

    Args:
        message: the text for the user.
        pins: names of the pins concerned.
        limit: the largest feasible value in standard deviations, where one value is too far; else None.
    """

    def __init__(self, message: str, pins: Iterable[str] = (), limit: float | None = None) -> None:
        super().__init__(message)
        self.pins: tuple[str, ...] = tuple(pins)
        self.limit = limit


class HostError(InputError):
    """A request with a Host header that is not one of ours."""

    failed = "host"


class OfficialFileError(InputError):
    """A PG-GAN or TL-GAN file that is truncated, of another format, or has unexpected content."""


class NotFound(LikenessError):
    """The model, face or file does not exist."""

    status = 404


class Forbidden(LikenessError):
    """The request is not allowed.

    Args:
        message: the text for the user.
        failed: the failed check: "origin", "secret", "setting" or "role"; empty for any other.
        retry_after: seconds until a retry can succeed; 0 if it cannot.
    """

    status = 403

    def __init__(self, message: str, failed: str = "", retry_after: float = 0) -> None:
        super().__init__(message)
        self.failed, self.retry_after = failed, retry_after
        if retry_after:
            self.status = 429


class Conflict(LikenessError):
    """Another user has changed the data since this request's page was rendered."""

    status = 409


class LibraryError(LikenessError):
    """The library cannot be read or written: a disk error, a damaged file, or one of another version."""

    status = 503


class ModelError(LikenessError):
    """A model folder that cannot be used: a file is missing, altered or of another schema."""

    status = 503


class FetchError(LikenessError):
    """A file could not be fetched: no network, no such file, or unexpected content."""

    status = 503


class FetchCancelled(FetchError):
    """The fetch was cancelled."""


class Busy(LikenessError):
    """The queue is full.

    Args:
        message: the text for the user.
        retry_after: seconds until a retry can succeed.
    """

    status = 503

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EngineError(LikenessError):
    """Computing a picture failed in the engine, for a reason other than the request."""

    status = 503

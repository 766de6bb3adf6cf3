"""Every error that the dashboard raises on purpose, in one tree.

    LikenessError
    ├── InputError       what came from outside is wrong                      HTTP 400
    │   ├── FaceError    a face string, an attribute or a value is wrong
    │   ├── PinError     pins contradict one another, or lie out of reach
    │   ├── HostError    the request came in under another name than ours
    │   └── OfficialFileError  a PG-GAN or TL-GAN file is not what its format says
    ├── NotFound         there is no such model, face or file                 HTTP 404
    ├── Forbidden        this request may not do that                         HTTP 403
    ├── Conflict         it was changed by another user meanwhile            HTTP 409
    ├── LibraryError     what people keep cannot be read or written           HTTP 503
    ├── ModelError       a model folder that cannot be used                   HTTP 503
    ├── FetchError       a file could not be fetched                          HTTP 503
    │   └── FetchCancelled   it was not wanted any more
    ├── Busy             too much is waiting already: try again               HTTP 503
    └── EngineError      making a picture failed                              HTTP 503

Every 503 has Retry-After. A 500 is none of these: it is a mistake of the dashboard's own.
The message of each is one or more whole sentences for the person who reads it: "Expected X. Received: Y. What to do."
"""

from __future__ import annotations

from collections.abc import Iterable


class LikenessError(Exception):
    """The root of the tree; `status` is the HTTP status that answers it."""

    status: int = 500


class InputError(LikenessError):
    """What came from outside is wrong; the message says what was expected."""

    status = 400


class FaceError(InputError):
    """A face string is broken, names an unknown attribute, or holds a value out of range."""


class PinError(InputError):
    """Pins that contradict one another, or that no latent of the model's norm can reach.

    Args:
        message: the sentence for the person.
        pins: names of the pins concerned.
        limit: the largest feasible value in standard deviations, where one value is too far; else None.
    """

    def __init__(self, message: str, pins: Iterable[str] = (), limit: float | None = None) -> None:
        super().__init__(message)
        self.pins: tuple[str, ...] = tuple(pins)
        self.limit = limit


class HostError(InputError):
    """A request came in under a name that is not ours."""

    failed = "host"


class OfficialFileError(InputError):
    """A file of PG-GAN's or TL-GAN's that is cut off, of another format, or holds what no such file holds."""


class NotFound(LikenessError):
    """There is no such model, face or file."""

    status = 404


class Forbidden(LikenessError):
    """This request may not do that here.

    Args:
        message: the sentence for the person.
        failed: what failed: "origin", "secret", "setting" or "role"; empty where it is none of these.
        retry_after: seconds after which another try makes sense; 0 where none does.
    """

    status = 403

    def __init__(self, message: str, failed: str = "", retry_after: float = 0) -> None:
        super().__init__(message)
        self.failed, self.retry_after = failed, retry_after
        if retry_after:
            self.status = 429


class Conflict(LikenessError):
    """It was changed by another user since this request's page was laid out."""

    status = 409


class LibraryError(LikenessError):
    """What people keep cannot be read or written: the disk, or a file of another version or damaged."""

    status = 503


class ModelError(LikenessError):
    """A model folder that cannot be used: a file is missing, altered or of another schema."""

    status = 503


class FetchError(LikenessError):
    """A file could not be fetched: no network, no such file, or another one."""

    status = 503


class FetchCancelled(FetchError):
    """A file that is fetched is not wanted any more."""


class Busy(LikenessError):
    """Too much is waiting already.

    Args:
        message: the sentence for the person.
        retry_after: seconds after which another try makes sense.
    """

    status = 503

    def __init__(self, message: str, retry_after: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class EngineError(LikenessError):
    """Making a picture failed for a reason that lies with the engine, not with the request."""

    status = 503

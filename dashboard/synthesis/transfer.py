"""One request for a file: redirects, network errors, and the headers of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from dashboard.errors import FetchError
from dashboard.synthesis.catalogue import RemoteFile

CHUNK = 1 << 16
MAX_REDIRECTS = 5


@dataclass(frozen=True)
class RetryPolicy:
    """Time-outs and retries.

    Args:
        connect: timeout of a connection, in seconds.
        read: timeout of the next bytes, in seconds.
        tries: largest number of consecutive tries without a new byte.
        first_wait: seconds before the second try; doubled each time.
    """

    connect: float = 10.0
    read: float = 20.0
    tries: int = 4
    first_wait: float = 1.0


class TransientError(Exception):
    """An error that a retry may solve; `wait` is how many seconds the server asks for."""

    def __init__(self, sentence: str, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.wait = wait


def new_session() -> Any:
    """Create a session that keeps one connection for several requests."""
    import requests  # not at the top: only needed for fetching

    return requests.Session()


@contextmanager
def answer_to(session: Any, wanted: RemoteFile, headers: dict[str, str], retry_policy: RetryPolicy) -> Iterator[Any]:
    """Yield the answer to a request, after at most a few redirects; network errors are raised as `TransientError`."""
    import requests

    host = urlsplit(wanted.address).hostname
    try:
        address = wanted.address
        for _ in range(MAX_REDIRECTS + 1):
            response = session.get(
                address,
                headers=headers,
                stream=True,
                allow_redirects=False,
                timeout=(retry_policy.connect, retry_policy.read),
            )
            if response.status_code not in (301, 302, 303, 307, 308):
                break
            address = next_address(address, response.headers.get("Location", ""))
            response.close()
        else:
            raise FetchError(f"Expected {wanted.file} at {host}. Received: more than {MAX_REDIRECTS} redirects.")
        with response:
            yield response
    except requests.exceptions.SSLError as error:
        raise FetchError(
            f"Expected {host} to prove that it is {host}. Received: a certificate that does not. "
            "Something stands in between: ask whoever runs this network."
        ) from error
    except requests.exceptions.Timeout as error:
        raise TransientError(f"Expected an answer from {host}. Received: none in time.") from error
    except requests.exceptions.ConnectionError as error:
        raise TransientError(
            f"Expected to reach {host}. Received: {_reason(error)}. "
            "This machine may have no way to the internet: fetch the file elsewhere and import it."
        ) from error
    except requests.exceptions.RequestException as error:
        raise TransientError(f"Expected {wanted.file} from {host}. Received: {type(error).__name__}.") from error


def next_address(address: str, location: str) -> str:
    """Return the target of a redirect.

    Args:
        address: of the redirecting response.
        location: its Location header, relative or absolute.

    Returns:
        The next address.

    Raises:
        FetchError: the target is not https, or missing.
    """
    following = urljoin(address, location)
    here, there = urlsplit(address), urlsplit(following)
    if not location or not there.hostname or there.scheme not in ("https", here.scheme):
        raise FetchError(
            f"Expected {here.hostname} to lead on to an https address. Received: {following[:100] or 'nothing'}. "
            "Nothing was kept."
        )
    return following


def chunks_of(response: Any) -> Iterator[bytes]:
    """Yield the received bytes; an early end is not an error here, the caller checks the size."""
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    try:
        # Not decoded: a compressed response would have another length, and could expand to any size.
        yield from response.raw.stream(CHUNK, decode_content=False)
    except ReadTimeoutError as error:
        raise TransientError("Expected the next bytes of the file. Received: none in time.") from error
    except (HTTPError, OSError) as error:
        raise TransientError("Expected the whole file. Received: a part, then the connection broke.") from error


def version_of(response: Any) -> str:
    """Return a validator for `If-Range`: a strong ETag, or else the date of the last change."""
    tag = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified", "")


def content_range(response: Any) -> tuple[int, int] | None:
    """Return the start of a part and the total length from a 206 response; None if missing."""
    found = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15})", response.headers.get("Content-Range", ""))
    return (int(found[1]), int(found[2])) if found else None


def retry_after(response: Any) -> float:
    """Return the seconds of Retry-After; 0 if missing."""
    text = response.headers.get("Retry-After", "")
    return float(text) if re.fullmatch(r"\d{1,6}", text) else 0.0


def _reason(error: Exception) -> str:
    """Say why a host could not be reached."""
    text = str(error)
    causes = {
        "NameResolution": "its name could not be resolved",
        "Name or service": "its name could not be resolved",
        "refused": "the connection was refused",
        "unreachable": "the network is unreachable",
        "Proxy": "the proxy refused",
        "reset": "the connection was reset",
    }
    return next((words for sign, words in causes.items() if sign in text), "no connection")

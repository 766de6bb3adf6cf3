"""The secret of an installation, in a file that only its owner can read: its holder may change data."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import secrets
from pathlib import Path

from dashboard.errors import InputError

MIN_LENGTH, MAX_LENGTH = 16, 512
RANDOM_BYTES = 32

log = logging.getLogger(__name__)


def read_secret(path: Path) -> str:
    """Return the secret that a file holds.

    Args:
        path: the file.

    Returns:
        The secret, without surrounding white space; empty if the file does not exist.

    Raises:
        InputError: the file cannot be read, or does not hold 16 to 512 printable ASCII characters.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_LENGTH + 100)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise InputError(
            f"Expected a secret in {path}. Received: {error.strerror}. Make it readable for the dashboard's user."
        ) from error
    secret = content.decode("latin-1").strip()
    if not MIN_LENGTH <= len(secret) <= MAX_LENGTH or not re.fullmatch(r"[!-~]+", secret):
        raise InputError(
            f"Expected a secret of {MIN_LENGTH} to {MAX_LENGTH} printable characters without spaces in {path}. "
            "Received: something else. Write a new one: python -m dashboard secret --new"
        )
    return secret


def ensure_secret(path: Path) -> str:
    """Return the secret of a file; a missing file is created with a random secret.

    Args:
        path: the file; its folder is created if missing.

    Returns:
        The secret. Processes that start concurrently get the same one.

    Raises:
        InputError: the file cannot be read or written.
    """
    if secret := read_secret(path):
        _warn_if_open(path)
        return secret
    try:
        fresh = _write_beside(path)
        try:
            with contextlib.suppress(FileExistsError):  # another process was faster: use its secret
                os.link(fresh, path)
        except OSError:  # a file system without links
            os.rename(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"Expected to write a new secret to {path}. Received: {error.strerror}. "
            "Name another file in LIKENESS_SECRET_FILE, or another folder in LIKENESS_HOME."
        ) from error
    return read_secret(path)


def renew_secret(path: Path) -> str:
    """Replace the secret of a file by a new random one; this ends all sessions of the old one.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        os.replace(_write_beside(path), path)
    except OSError as error:
        raise InputError(f"Expected to write a new secret to {path}. Received: {error.strerror}.") from error
    return read_secret(path)


def _write_beside(path: Path) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(RANDOM_BYTES) + "\n")
    return fresh


def _warn_if_open(path: Path) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        log.warning("The secret %s can be read by others on this machine. Close it: chmod 600 %s", path, path)

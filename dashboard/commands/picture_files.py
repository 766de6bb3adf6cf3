"""Picture files of a command, each written completely or not at all, with a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


def write_picture(file: Path, content: bytes) -> None:
    """Write a picture atomically."""
    half = file.with_suffix(".part")
    try:
        half.write_bytes(content)
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)


@contextmanager
def progress(number: int) -> Iterator[Any]:
    """Yield a progress bar on standard error, if that is a terminal."""
    with click.progressbar(length=number, file=sys.stderr, show_pos=True, hidden=not sys.stderr.isatty()) as bar:
        yield bar

"""Progress of a command: a bar on a terminal, otherwise a line every half minute, as in the log of a batch job."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

APART = 30.0
"""Seconds between two lines."""


@contextmanager
def progress(number: int, noun: str = "faces") -> Iterator[Any]:
    """Yield progress on standard error, with the time left; `update(n)` counts rows that are done.

    Args:
        number: of rows to compute.
        noun: what they are.
    """
    if not sys.stderr.isatty():
        yield _Lines(number, noun)
        return
    with click.progressbar(length=number, file=sys.stderr, show_pos=True) as bar:
        yield bar


class _Lines:
    def __init__(self, number: int, noun: str) -> None:
        self._number, self._noun, self._done = number, noun, 0
        self._begun = self._last = time.monotonic()

    def update(self, rows: int) -> None:
        self._done += rows
        now = time.monotonic()
        if now - self._last < APART:
            return
        self._last = now
        rate = self._done / (now - self._begun)
        left = (self._number - self._done) / rate
        click.echo(
            f"{self._done:,} of {self._number:,} {self._noun}, {rate:,.0f} a second, {left / 60:.1f} min left", err=True
        )

"""A step that is asked to stop ends with a message; its files on disk are complete."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from training.errors import TrainingError


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise a TrainingError in the block on SIGTERM and Ctrl-C; a step that handles a stop itself replaces this."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TrainingError("Stopped. What is done is kept: the same command continues from here.")

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

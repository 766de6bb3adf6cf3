"""Single flight: work that several callers request at the same time is done once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Run one call for each key at a time; concurrent callers get that call's result, or its error."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[str, Future[T]] = {}

    def do(self, key: str, work: Callable[[], T]) -> T:
        """Do the work, or wait for the caller that is already doing it.

        Args:
            key: key of the result.
            work: computes it; called in the first caller's thread.

        Returns:
            The result. Nothing is stored after the call has ended.
        """
        with self._lock:
            flight = self._flights.get(key)
            mine = flight is None
            if flight is None:
                flight = self._flights[key] = Future()
        if not mine:
            return flight.result()
        try:
            flight.set_result(work())
        except BaseException as error:
            flight.set_exception(error)
        finally:
            with self._lock:
                del self._flights[key]
        return flight.result()

"""The queue in front of the engine: one worker thread, batched requests, urgent ones first, limited length."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field

import numpy as np
from prometheus_client import Counter

from dashboard.errors import Busy, EngineError, LikenessError
from dashboard.synthesis.engine import Engine
from dashboard.synthesis.pixels import to_bytes
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

log = logging.getLogger(__name__)

Arrays = dict[str, np.ndarray]

ENGINE_SECONDS = Counter("likeness_engine_seconds_total", "Seconds that engines have computed.")
ENGINE_FACES = Counter("likeness_engine_faces_total", "Faces that engines have computed.")

_SMOOTHING = 0.2
"""Weight of the newest batch in the running mean of the time per face."""


@dataclass(eq=False)
class _Request:
    latent: np.ndarray
    label: np.ndarray | None
    outputs: tuple[str, ...]
    urgent: bool
    number: int
    options: DrawingOptions = PLAIN
    future: Future[Arrays] = field(default_factory=Future)

    @property
    def turn(self) -> tuple[bool, int]:
        """Sort key: urgent requests first, then first come, first served."""
        return not self.urgent, self.number

    @property
    def kind(self) -> tuple:
        """Kind of a request. Requests of one kind are batched; urgent ones separately, so that they never wait for a
        longer batch.
        """
        return self.urgent, self.outputs, self.label is None, self.options


class Core:
    """Computes faces for many threads with one engine.

    Nothing is loaded and no thread is started before the first request, so a core may be created before a fork and used
    after it. If the engine fails, only its current requests fail.

    Args:
        open_engine: returns the engine; called on the worker thread on first use, and again after a failure.
        max_batch: largest batch.
        max_queue: largest number of waiting requests; further ones are refused with :class:`dashboard.errors.Busy`.
    """

    def __init__(self, open_engine: Callable[[], Engine], max_batch: int = 8, max_queue: int = 64) -> None:
        self._open_engine = open_engine
        self._max_batch, self._max_queue = max_batch, max_queue
        self._engine: Engine | None = None
        self._waiting: list[_Request] = []
        self._changed = threading.Condition()
        self._worker: threading.Thread | None = None
        self._closed = False
        self._retired = False
        self._numbers = itertools.count()
        self._seconds_a_face = 0.1

    def image(
        self,
        latent: np.ndarray,
        label: np.ndarray | None = None,
        urgent: bool = True,
        timeout: float = 60.0,
        options: DrawingOptions = PLAIN,
    ) -> np.ndarray:
        """Return a face as bytes; blocks until it has been computed.

        Args:
            latent: (L,).
            label: (label_size,), or None for zeros.
            urgent: whether a page is waiting for it; such requests come first.
            timeout: largest waiting time in seconds.
            options: as for :meth:`dashboard.synthesis.engine.Engine.run`.

        Returns:
            uint8 (H, W, C).

        Raises:
            Busy: the queue is full.
            EngineError: the engine failed, or took longer than the timeout.
        """
        return to_bytes(self.compute(latent, ("image",), label, urgent, timeout, options)["image"])

    def preview(self, latent: np.ndarray, urgent: bool = True, options: DrawingOptions = PLAIN) -> np.ndarray:
        """Return a preview of a face for drags: uint8 (128, 128, C), or full size; otherwise as :meth:`image`."""
        return to_bytes(self.compute(latent, ("preview",), urgent=urgent, options=options)["preview"])

    def prepare(self, latent: np.ndarray, outputs: Sequence[str]) -> None:
        """Request outputs once, after all waiting requests, so that their network is compiled; does not block."""
        try:
            self._submit(np.asarray(latent, np.float32), None, tuple(outputs), False)
        except Busy:
            log.debug("The queue is too long to prepare %s.", outputs)

    def compute(
        self,
        latent: np.ndarray,
        outputs: Sequence[str],
        label: np.ndarray | None = None,
        urgent: bool = False,
        timeout: float = 60.0,
        options: DrawingOptions = PLAIN,
    ) -> Arrays:
        """Return the outputs of the engine for one latent; blocks until they have been computed.

        Args:
            latent, label, urgent, timeout, options: as for :meth:`image`.
            outputs: as for :meth:`dashboard.synthesis.engine.Engine.run`.

        Returns:
            A float32 array for each output, without the batch axis.

        Raises:
            Busy, EngineError: as for :meth:`image`.
        """
        future = self._submit(np.asarray(latent, np.float32), label, tuple(outputs), urgent, options)
        try:
            return future.result(timeout)
        except FutureTimeout as error:
            # If it is still in the queue, it is no longer needed.
            future.cancel()
            raise EngineError(
                f"Expected a face within {timeout:g} seconds. Received: none yet. Try again later."
            ) from error

    @property
    def waiting(self) -> int:
        """Number of requests that no engine has started yet."""
        return len(self._waiting)

    def retire(self) -> None:
        """Release engine and worker when the queue is empty, for a core that is no longer in use.

        No request is refused: callers that still use the core are served by a newly opened engine.
        """
        with self._changed:
            self._retired = True
            self._changed.notify_all()

    def close(self) -> None:
        """Finish the current batch, refuse the rest, and end the worker."""
        with self._changed:
            self._closed = True
            left, self._waiting = self._waiting, []
            self._changed.notify_all()
        for request in left:
            if request.future.set_running_or_notify_cancel():
                request.future.set_exception(_stopping())
        if self._worker is not None and self._worker is not threading.current_thread():
            self._worker.join()

    def _submit(
        self,
        latent: np.ndarray,
        label: np.ndarray | None,
        outputs: tuple[str, ...],
        urgent: bool,
        options: DrawingOptions = PLAIN,
    ) -> Future[Arrays]:
        request = _Request(latent, label, outputs, urgent, next(self._numbers), options)
        with self._changed:
            if self._closed:
                raise _stopping()
            if len(self._waiting) >= self._max_queue:
                retry_after = max(1.0, len(self._waiting) * self._seconds_a_face)
                raise Busy(
                    f"Expected at most {self._max_queue} faces waiting. Received: one more. "
                    f"Try again in {retry_after:.0f} seconds.",
                    retry_after,
                )
            self._waiting.append(request)
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Thread(target=self._work, name="likeness-core", daemon=True)
                self._worker.start()
            self._changed.notify()
        return request.future

    def _work(self) -> None:
        while batch := self._next_batch():
            # A request that has timed out is not computed.
            batch = [request for request in batch if request.future.set_running_or_notify_cancel()]
            if batch:
                self._compute_batch(batch)

    def _next_batch(self) -> list[_Request]:
        """Return the next requests of one kind, in order; none when the core has been closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed or self._retired)
            if not self._waiting:
                if not self._closed:
                    self._worker, self._engine = None, None  # retired: the next request starts another
                return []
            self._waiting.sort(key=lambda request: request.turn)
            kind = self._waiting[0].kind
            batch = [request for request in self._waiting if request.kind == kind][: self._max_batch]
            self._waiting = [request for request in self._waiting if request not in batch]
            return batch

    def _compute_batch(self, batch: list[_Request]) -> None:
        try:
            if self._engine is None:
                self._engine = self._open_engine()
            started = time.perf_counter()
            results = self._run(self._engine, batch)
            ENGINE_SECONDS.inc(time.perf_counter() - started)
            ENGINE_FACES.inc(len(batch))
            seconds = (time.perf_counter() - started) / len(batch)
            self._seconds_a_face += _SMOOTHING * (seconds - self._seconds_a_face)
        except ValueError as error:
            # A request that the engine rejects must not fail others in its batch.
            if len(batch) > 1:
                for request in batch:
                    self._compute_batch([request])
            else:
                self._fail(batch, error)
        except Exception as error:
            # The engine's state is unknown: the next request opens a new one.
            self._engine = None
            self._fail(batch, error)
        else:
            for i, request in enumerate(batch):
                request.future.set_result({name: values[i] for name, values in results.items()})

    @staticmethod
    def _run(engine: Engine, batch: list[_Request]) -> Arrays:
        latents = np.stack([request.latent for request in batch])
        labels = [request.label for request in batch if request.label is not None]
        return engine.run(latents, np.stack(labels) if labels else None, batch[0].outputs, batch[0].options)

    @staticmethod
    def _fail(batch: list[_Request], error: Exception) -> None:
        log.error("Computing a face failed", exc_info=error)
        for request in batch:
            failure = error
            if not isinstance(error, LikenessError):
                failure = EngineError(f"Expected a face. Received: {type(error).__name__} in the engine. Try again.")
                failure.__cause__ = error
            request.future.set_exception(failure)


def _stopping() -> Busy:
    return Busy("Expected to compute a face. Received: the dashboard is stopping. Try again shortly.")

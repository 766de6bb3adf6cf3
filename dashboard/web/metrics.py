"""`/metrics` for Prometheus: metrics for the operator of the server."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from dashboard.errors import Forbidden
from dashboard.jobs.ports import Jobs
from dashboard.serving.runtime import Runtime
from dashboard.web.peers import is_trusted_peer

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via")
"""Headers of a proxy: requests with one are refused, because a proxy forwards anybody's requests."""

SEVERAL = "PROMETHEUS_MULTIPROC_DIR"
"""Variable of `prometheus_client`: the folder in which several processes keep their values."""

REQUESTS = Counter("likeness_requests_total", "Requests by rule and status.", ("rule", "method", "status"))
SECONDS = Histogram("likeness_request_seconds", "Time until the answer began, by rule.", ("rule",), buckets=BUCKETS)


class Gauges:
    """Metrics that are read on request: queues, jobs, caches.

    Args:
        runtime: of the application.
        jobs: its jobs; None for a kiosk.
    """

    def __init__(self, runtime: Runtime, jobs: Jobs | None) -> None:
        self._runtime, self._jobs = runtime, jobs

    def collect(self) -> Iterable[Metric]:
        """Yield the values."""
        if SEVERAL not in os.environ:  # else LiveGauges has these
            ready = float(not self._runtime.not_ready)
            yield GaugeMetricFamily("likeness_ready", "Whether a first face is there.", ready)
            yield GaugeMetricFamily("likeness_faces_waiting", "Faces in the queue.", self._runtime.waiting)
        size = GaugeMetricFamily("likeness_cache_bytes", "Size on disk.", labels=("cache",))
        size.add_metric(("pictures",), self._runtime.cache.bytes)
        size.add_metric(("results",), self._runtime.results.bytes)
        yield size
        jobs = GaugeMetricFamily("likeness_jobs", "Jobs that wait or run.", labels=("kind", "state"))
        for (kind, state), count in self._jobs.counts().items() if self._jobs else ():
            jobs.add_metric((kind, state), count)
        yield jobs


def measure_requests(server: Flask) -> None:
    """Count requests by route rule, never by address, so that visitors cannot create new series."""

    @server.before_request
    def _begin() -> None:
        g.begun = time.perf_counter()

    @server.after_request
    def _end(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        REQUESTS.labels(rule, method, str(response.status_code)).inc()
        if "begun" in g:
            SECONDS.labels(rule).observe(time.perf_counter() - g.begun)
        return response


class LiveGauges:
    """Gauges of one of several processes: the values of all are added up, see `PROMETHEUS_MULTIPROC_DIR`.

    Args:
        runtime: of the application.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime, self._ended = runtime, threading.Event()
        self._ready = Gauge(
            "likeness_ready", "Whether a first face is there.", registry=None, multiprocess_mode="livemin"
        )
        self._waiting = Gauge(
            "likeness_faces_waiting", "Faces in the queue.", registry=None, multiprocess_mode="livesum"
        )
        self._processes = Gauge(
            "likeness_processes", "Processes that answer.", registry=None, multiprocess_mode="livesum"
        )
        self._processes.set(1)
        self.update()
        threading.Thread(target=self._run, name="metrics", daemon=True).start()
        runtime.before_closing(self._ended.set)

    def update(self) -> None:
        """Set the values of this process."""
        self._ready.set(float(not self._runtime.not_ready))
        self._waiting.set(self._runtime.waiting)

    def _run(self) -> None:
        while not self._ended.wait(1.0):
            self.update()


def registry_of(runtime: Runtime, jobs: Jobs | None) -> Any:
    """Return the registry of an application's `/metrics`: the process's counters, and the application's gauges.

    With several processes, the values of all are added up, whichever process answers.
    """
    own = CollectorRegistry()
    own.register(Gauges(runtime, jobs))
    if SEVERAL in os.environ:
        LiveGauges(runtime)
        MultiProcessCollector(own)
        return own

    class Both:
        def collect(self) -> Iterable[Metric]:
            yield from REGISTRY.collect()
            yield from own.collect()

    both = CollectorRegistry()
    both.register(Both())
    return both


def metrics_blueprint(registry: CollectorRegistry, trusted_peers: tuple[str, ...]) -> Blueprint:
    """Make the route, for trusted peers only.

    Args:
        registry: from :func:`registry_of`.
        trusted_peers: addresses and networks.

    Returns:
        A blueprint.
    """
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        if not is_trusted_peer(request, trusted_peers) or any(name in request.headers for name in FORWARDED):
            raise Forbidden(
                "Expected one of LIKENESS_TRUSTED_PEERS itself. Received: a request of another peer, or one that was "
                "passed on. LIKENESS_METRICS_PORT has a port of its own.",
                "peer",
            )
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return blueprint


def serve_metrics(registry: CollectorRegistry, host: str, port: int) -> Any:
    """Serve `/metrics` on its own port, in a thread; return a function that stops it.

    Of several processes, one serves all their metrics; when it ends, another one begins.
    """
    if SEVERAL not in os.environ:
        return _serving(registry, host, port)
    ended, closers = threading.Event(), []

    def begin() -> None:
        while not ended.is_set():
            try:
                closers.append(_serving(registry, host, port))
                return
            except OSError:  # another process has the port
                ended.wait(1.0)

    thread = threading.Thread(target=begin, name="metrics-port", daemon=True)
    thread.start()

    def close() -> None:
        ended.set()
        thread.join()
        for each in closers:
            each()

    return close


def _serving(registry: CollectorRegistry, host: str, port: int) -> Callable[[], None]:
    server, _ = start_http_server(port, addr=host, registry=registry)

    def close() -> None:
        server.shutdown()
        server.server_close()

    return close

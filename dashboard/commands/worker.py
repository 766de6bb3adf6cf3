"""`python -m dashboard worker`: compute the jobs of all hosts, one at a time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from dashboard.commands.group import Refusal
from dashboard.errors import InputError
from dashboard.settings import Settings, load_settings

if TYPE_CHECKING:
    from dashboard.jobs.cluster_worker import ClusterWorker


@click.command()
def worker() -> None:
    """Compute jobs of a dashboard on several hosts, until SIGTERM or Ctrl-C.

    The settings are the dashboard's: LIKENESS_JOBS=celery, LIKENESS_DATABASE, LIKENESS_REDIS, and the LIKENESS_HOME
    that all hosts share. LIKENESS_METRICS_PORT serves /metrics.
    """
    settings = load_settings()
    if settings.jobs != "celery":
        raise Refusal(
            f"Expected LIKENESS_JOBS=celery, as the dashboard's processes have it. Received: {settings.jobs}. "
            "See docs/cluster.md."
        )
    try:
        from celery import signals

        from dashboard.jobs.cluster_worker import ClusterWorker
        from dashboard.jobs.durations import Durations
        from dashboard.serving.shared_stores import caches_of, open_stores
        from dashboard.settings import open_home
        from dashboard.stores.job_messages import QUEUE, TASK, celery_app
        from dashboard.web.log_lines import start_logging
    except ImportError as error:
        raise InputError(f"Expected requirements-cluster.txt to be installed. Received: {error}.") from error
    start_logging(settings)
    home = open_home(settings.home)
    if home is None:
        raise InputError(f"Expected a LIKENESS_HOME that all hosts share. Received: {settings.home}. See the log.")
    stores = open_stores(settings, home)
    assert stores.jobs is not None
    assert stores.announce is not None
    caches = caches_of(settings, home)
    computing = ClusterWorker(
        stores.jobs,
        stores.results,
        Durations(home),
        stores.announce,
        caches / "engine" if caches else None,
    )
    closes = _serve_metrics(settings, computing) if settings.metrics_port else None
    app = celery_app(settings.redis)
    app.task(name=TASK, ignore_result=True)(computing.work)
    signals.setup_logging.connect(lambda **_: None, weak=False)  # ours stays
    signals.worker_shutting_down.connect(lambda **_: computing.stop(), weak=False)
    threading.Thread(target=computing.sweep, name="sweep", daemon=True).start()
    logging.getLogger(__name__).info("This worker takes jobs of %s.", home)
    try:
        app.Worker(
            pool="threads",
            concurrency=1,
            queues=[QUEUE],
            loglevel=settings.log_level.upper(),
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
            quiet=True,
        ).start()
    finally:
        computing.close()
        stores.results.close()
        for close in (*stores.closers, *([closes] if closes else [])):
            close()


def _serve_metrics(settings: Settings, computing: ClusterWorker) -> Callable[[], None]:
    from prometheus_client import REGISTRY, Gauge

    from dashboard.web.metrics import serve_metrics

    Gauge("likeness_worker_busy", "Whether this worker computes a job.").set_function(lambda: float(computing.busy))
    return serve_metrics(REGISTRY, settings.host, settings.metrics_port)

"""Messages that a job waits: Celery over Redis. They carry nothing; the table of jobs says which job is next.

So a message that Redis loses, or delivers twice, changes nothing: workers look into the table every few seconds, too.
Messages are JSON and no other format is read, there is no result backend, and a message is acknowledged after the work.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from dashboard.stores.redis_link import RedisLink

if TYPE_CHECKING:
    from celery import Celery

TASK, QUEUE = "likeness.jobs", "likeness-jobs"
VISIBLE_AGAIN = 120
"""Seconds after which Redis delivers a message again that was not acknowledged."""

TIMEOUT = 0.5
"""Seconds that sending a message may wait for Redis."""

log = logging.getLogger(__name__)


def celery_app(address: str) -> Celery:
    """Return the Celery application of the web processes and of the workers.

    Args:
        address: LIKENESS_REDIS.
    """
    from celery import Celery  # of requirements-cluster.txt; its parts need more than some systems have

    app = Celery("likeness", broker=address, backend=None, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        event_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_default_queue=QUEUE,
        task_create_missing_queues=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": VISIBLE_AGAIN,
            "socket_timeout": 5.0,
            "socket_connect_timeout": TIMEOUT,
            "global_keyprefix": "likeness:",
        },
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
    )
    return app


class JobMessages:
    """The sending side.

    Args:
        address: LIKENESS_REDIS.
        link: tells without waiting whether Redis is away; Celery itself tries for seconds.
    """

    def __init__(self, address: str, link: RedisLink) -> None:
        self._app, self._link, self._lock = celery_app(address), link, threading.Lock()

    def announce(self, key: str = "") -> bool:
        """Tell an idle worker that a job waits; False if Redis is away, and workers find the job by themselves.

        Args:
            key: of the job, for the log.
        """
        if not self._link.ask(lambda client: bool(client.ping()), False):
            return False
        try:
            with self._lock:  # one connection, which Celery keeps
                self._app.send_task(TASK, queue=QUEUE, retry=False, ignore_result=True)
        except Exception as error:  # kombu passes on errors of any library below it
            log.warning("No message about job %s could be sent (%s): workers look for it.", key, error)
            return False
        return True

"""gunicorn's configuration: one worker, threads, no preload; where to listen stands in the settings.

One worker holds one copy of the model and one queue, so that requests for the same face meet. It loads after the fork:
neither engines nor SQLite survive one.
"""

import os
import sys
from typing import Any

from dashboard.errors import InputError
from dashboard.settings import load_settings
from dashboard.web.way_in import ways_in

try:
    _settings = load_settings()
except InputError as error:
    sys.exit(str(error))

bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
wsgi_app = "dashboard.wsgi:server"
workers = 1
worker_class = "gthread"
threads = _settings.server_threads
preload_app = False

timeout = 60  # of a worker that gives no sign of life; a slow picture is none
graceful_timeout = 10
keepalive = 30

limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

umask = 0o077
loglevel = "debug" if _settings.log_level == "debug" else "warning"
if os.path.isdir("/dev/shm"):
    worker_tmp_dir = "/dev/shm"  # a sign of life is a file: on a slow disk it could come too late


def when_ready(server: Any) -> None:
    """Say where it is."""
    print("\n".join(f"Likeness is at {address}  (Ctrl-C ends it)" for address in ways_in(_settings)), flush=True)

"""The application of this process: `dashboard.wsgi:server`. A server that forks imports it in the worker."""

from __future__ import annotations

import atexit
import sys

from dashboard.app import create_app
from dashboard.errors import LikenessError
from dashboard.serving.runtime import EXTENSION
from dashboard.settings import load_settings
from dashboard.web.log_lines import start_logging

APP_LOAD_ERROR = 4
"""Exit status if a model or setting cannot be used: a restart does not help."""

try:
    _settings = load_settings()
    start_logging(_settings)
    app = create_app(_settings)
except LikenessError as error:
    print(error, file=sys.stderr)
    raise SystemExit(APP_LOAD_ERROR) from None

server = app.server
_runtime = server.extensions[EXTENSION]
_runtime.start_warm_up()
warmed_up = _runtime.warmed_up
atexit.register(_runtime.close)

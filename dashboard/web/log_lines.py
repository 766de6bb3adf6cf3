"""Log lines as text, or as one JSON object a line with the id of the request."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

from dashboard.settings import Settings

HEADER = "X-Request-Id"
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

log = logging.getLogger("dashboard.requests")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the fields of the request."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context() and "request_id" in g:
            line["request_id"] = g.request_id
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line | getattr(record, "fields", {}), ensure_ascii=False, default=str)


def start_logging(settings: Settings) -> None:
    """Configure logging to standard error from the settings."""
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else plain)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)


def log_requests(server: Flask, settings: Settings) -> None:
    """Give each request an id, which its answer contains; with JSON lines, log each request.

    A line contains the path but never the query, which reveals what visitors look at and, on `/enter`, the secret.

    Args:
        server: the application.
        settings: `log_format`; `proxies`, which may set an id.
    """

    @server.before_request
    def _begin() -> None:
        request_id = request.headers.get(HEADER, "") if settings.proxies else ""
        g.request_id = request_id if _ID.fullmatch(request_id) else secrets.token_hex(8)
        g.asked_at = time.perf_counter()

    @server.after_request
    def _end(response: Response) -> Response:
        if "request_id" not in g:
            return response
        response.headers[HEADER] = g.request_id
        if settings.log_format == "json":
            fields = {
                "method": request.method,
                "path": request.script_root + request.path,
                "rule": request.url_rule.rule if request.url_rule else None,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - g.asked_at) * 1000, 1),
                "visitor": request.remote_addr,
            }
            log.info("%s %s %s", request.method, request.path, response.status_code, extra={"fields": fields})
        return response

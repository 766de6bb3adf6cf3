"""The process that does jobs: `python -m dashboard.jobs.worker`, started by the runner and by nobody else.

It reads its order, a line of JSON, from its standard input, and writes lines of JSON to its standard output. An order
that says so leaves it waiting for the next one. The input stays open for as long as the server lives: its end is the
end of this process too.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import traceback
from collections.abc import Callable
from typing import Any, TextIO

from dashboard.errors import LikenessError

NICENESS = 10
"""Whoever waits for a face goes first."""

ORPHANED = 3
"""Exit status of a process whose server has gone."""


def main() -> None:
    """Do the jobs that the lines of the input order."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    out = _own_output()
    lock = threading.Lock()

    def tell(message: dict[str, Any]) -> None:
        with lock:
            out.write(json.dumps(message) + "\n")
            out.flush()

    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read_orders, args=(lines,), name="parent", daemon=True).start()
    while _work(lines.get(), tell):
        pass
    # Not by the interpreter's own way out: engines' threads may take their time, and the result is on the disk.
    os._exit(0)


def _work(line: str, tell: Callable[[dict[str, Any]], None]) -> bool:
    """Do the job of an order; whether this process is to wait for another one."""
    from dashboard.jobs.job_context import Order, Work
    from dashboard.jobs.registry import named

    stays = False
    try:
        order, folder = Order.read(line)
        stays = order.stays
        work = Work(order, folder, tell)
        named(order.run)(work)
        work.done()
        tell({"end": "done"})
    except LikenessError as error:
        tell({"end": "failed", "error": str(error)})
    except MemoryError:
        tell({"end": "failed", "error": "Expected room in memory. Received: too little. Ask for fewer faces."})
    except Exception as error:
        traceback.print_exc()
        told = f"Expected a result. Received: {type(error).__name__} on the way. Look into the log."
        tell({"end": "failed", "error": told})
    finally:
        for held in (Work.model, Work.engine) if stays else ():
            held.cache_clear()  # the next job may be about another model
    return stays


def _own_output() -> TextIO:
    """The pipe to the server; what libraries print goes to the log instead."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


def _read_orders(lines: queue.Queue[str]) -> None:
    """Hand orders on as they come; when the server has gone, end."""
    held = b""
    while part := os.read(0, 1 << 16):  # not by sys.stdin, whose lock would be held while it waits
        *whole, held = (held + part).split(b"\n")
        for line in whole:
            lines.put(line.decode())
    os._exit(ORPHANED)


if __name__ == "__main__":
    main()

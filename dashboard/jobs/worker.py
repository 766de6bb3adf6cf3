"""The process that does one job: `python -m dashboard.jobs.worker`, started by the runner and by nobody else.

It reads its order, a line of JSON, from its standard input, and writes lines of JSON to its standard output. The input
stays open for as long as the server lives: its end is the end of this process too.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from typing import Any, TextIO

from dashboard.errors import LikenessError

NICENESS = 10
"""Whoever waits for a face goes first."""

ORPHANED = 3
"""Exit status of a process whose server has gone."""


def main() -> None:
    """Do the job that the first line of the input orders."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    out = _own_output()
    lock = threading.Lock()

    def tell(message: dict[str, Any]) -> None:
        with lock:
            out.write(json.dumps(message) + "\n")
            out.flush()

    line = sys.stdin.readline()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        from dashboard.jobs.job_context import Order, Work
        from dashboard.jobs.registry import named

        order, folder = Order.read(line)
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
    out.flush()
    # Not by the interpreter's own way out: engines' threads may take their time, and the result is on the disk.
    os._exit(0)


def _own_output() -> TextIO:
    """The pipe to the server; what libraries print goes to the log instead."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(ORPHANED)


if __name__ == "__main__":
    main()

"""The worker process of jobs: `python -m dashboard.jobs.worker`, started by the runner only.

It reads its job, a line of JSON, from standard input, and writes lines of JSON to standard output. A job
may keep it waiting for the next one. The input stays open while the server runs: its end is the
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
"""Nice value of the process: requests for faces go first."""

ORPHANED = 3
"""Exit status of a process whose server has gone."""


def main() -> None:
    """Run the jobs that arrive as lines on the standard input."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    out = _own_output()
    lock = threading.Lock()

    def tell(message: dict[str, Any]) -> None:
        with lock:
            out.write(json.dumps(message) + "\n")
            out.flush()

    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read_jobs, args=(lines,), name="parent", daemon=True).start()
    while _work(lines.get(), tell):
        pass
    # Skip the interpreter's shutdown: engine threads may delay it, and the result is on disk.
    os._exit(0)


def _work(line: str, tell: Callable[[dict[str, Any]], None]) -> bool:
    """Run a job; return whether this process stays for another one."""
    from dashboard.jobs.job_context import JobSpec, Work
    from dashboard.jobs.registry import named

    stays = False
    try:
        spec, folder = JobSpec.read(line)
        stays = spec.stays
        work = Work(spec, folder, tell)
        named(spec.run)(work)
        work.done()
        tell({"end": "done"})
    except LikenessError as error:
        tell({"end": "failed", "error": str(error)})
    except MemoryError:
        tell({"end": "failed", "error": "Expected enough memory. Received: too little. Choose fewer faces."})
    except Exception as error:
        traceback.print_exc()
        sentence = f"Expected a result. Received: {type(error).__name__} during the job. See the log."
        tell({"end": "failed", "error": sentence})
    finally:
        for held in (Work.model, Work.engine) if stays else ():
            held.cache_clear()  # the next job may use another model
    return stays


def _own_output() -> TextIO:
    """Return the pipe to the server; what libraries print goes to the log instead."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


def _read_jobs(lines: queue.Queue[str]) -> None:
    """Pass jobs on as they arrive; end when the server has gone."""
    held = b""
    while part := os.read(0, 1 << 16):  # not by sys.stdin, whose lock would be held while it waits
        *whole, held = (held + part).split(b"\n")
        for line in whole:
            lines.put(line.decode())
    os._exit(ORPHANED)


if __name__ == "__main__":
    main()

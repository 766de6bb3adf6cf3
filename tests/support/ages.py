"""Files that look older than they are."""

from __future__ import annotations

import os
import time
from pathlib import Path


def make_old(path: Path, seconds: float) -> None:
    """Set a file's or folder's time of change to some seconds ago."""
    then = time.time() - seconds
    os.utime(path, (then, then))

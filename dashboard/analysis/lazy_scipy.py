"""Parts of scipy, imported on first use by one thread at a time.

Two threads that import scipy for the first time at the same moment can see it half imported ("partially initialized
module"). Callbacks run in threads, so nothing in `dashboard` imports scipy in any other way.
"""

from __future__ import annotations

from importlib import import_module
from threading import Lock
from types import ModuleType

_LOCK = Lock()


def scipy_part(name: str) -> ModuleType:
    """Return a module of scipy.

    Args:
        name: such as "special" or "spatial.distance".
    """
    with _LOCK:
        return import_module(f"scipy.{name}")

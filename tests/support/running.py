"""Processes that run, of a system in which any may end between two looks."""

from __future__ import annotations

import psutil


def is_running(pid: int) -> bool:
    """Return whether a process runs: it is there and has not ended."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def running_children(pid: int) -> set[int]:
    """Return the ids of the child processes that run; none if the process itself is gone."""
    try:
        children = psutil.Process(pid).children()
    except psutil.NoSuchProcess:
        return set()
    return {child.pid for child in children if is_running(child.pid)}

"""Bytes and times in words."""

from __future__ import annotations


def megabytes(count: int) -> str:
    """Format a number of bytes: "14 kB", "92.3 MB"."""
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB" if count >= 1000 else f"{count} bytes"
    return f"{count / 1e6:.1f} MB" if count < 100_000_000 else f"{count / 1e6:.0f} MB"


def rest_of_time(done: int, total: int, seconds: float) -> str:
    """Return how fast something is fetched and how long the rest will take: "4.1 MB/s, 9 s left".

    Args:
        done: bytes that came in that time.
        total: remaining bytes.
        seconds: the time.

    Returns:
        The text; empty if it cannot be estimated yet.
    """
    if done <= 0 or seconds <= 0:
        return ""
    speed = done / seconds
    left = total / speed
    words = f"{left:.0f} s" if left < 90 else f"{left / 60:.0f} min" if left < 5400 else f"{left / 3600:.1f} h"
    return f"{megabytes(round(speed))}/s, {words} left"

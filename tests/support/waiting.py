"""Waits for conditions that take their time to answer, which `wait_for_function` takes for true."""

from __future__ import annotations

import time

from playwright.sync_api import Page


def wait_until(page: Page, condition: str, seconds: float = 120.0) -> None:
    """Ask an async function of the page again until it answers with true.

    Args:
        page: the page.
        condition: the function.
        seconds: after which it does not come.

    Raises:
        AssertionError: it did not.
    """
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < end, f"Expected within {seconds:g} s: {condition}"
        page.wait_for_timeout(50)

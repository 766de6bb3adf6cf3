"""What the browser tests wait with."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, Page, TimeoutError
from support.waiting import wait_until


def test_a_condition_that_throws_is_not_yet_true(page: Page) -> None:
    page.set_content("<script>setTimeout(() => { window.later = { value: 1 }; }, 200)</script>")
    page.wait_for_function("later.value === 1")
    page.set_content("<script>setTimeout(() => { window.evenLater = { value: 2 }; }, 200)</script>")
    page.wait_for_function("(value) => evenLater.value === value  // with a comment", arg=2)


def test_a_condition_that_throws_to_the_end_says_what(page: Page) -> None:
    with pytest.raises(Error, match="neverThere is not defined"):
        page.wait_for_function("neverThere.value === 1", timeout=300)
    with pytest.raises(TimeoutError, match="Timeout 300ms"):
        page.wait_for_function("() => false", timeout=300)


def test_a_promise_is_no_condition(page: Page) -> None:
    for condition in ("async () => true", "() => new Promise((then) => then(true))"):
        with pytest.raises(ValueError, match="Received: a promise"):
            page.wait_for_function(condition)
    page.evaluate("() => { window.asked = 0; }")
    wait_until(page, "async () => (window.asked += 1) === 3")
    with pytest.raises(AssertionError, match="Expected within"):
        wait_until(page, "async () => false", seconds=0.2)

"""What the browser tests wait with."""

from __future__ import annotations

from playwright.sync_api import Page


def test_a_condition_that_throws_is_not_yet_true(page: Page) -> None:
    page.set_content("<script>setTimeout(() => { window.later = { value: 1 }; }, 200)</script>")
    page.wait_for_function("later.value === 1")
    page.set_content("<script>setTimeout(() => { window.evenLater = { value: 2 }; }, 200)</script>")
    page.wait_for_function("(value) => evenLater.value === value  // with a comment", arg=2)

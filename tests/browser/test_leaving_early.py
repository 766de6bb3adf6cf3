"""Going back before the next page has loaded: the page on the screen matches the address."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

PAGES = {
    "Generator": "/",
    "Latent space": "/latent-space",
    "Directions": "/directions",
    "Compare": "/compare",
    "Collections": "/collections",
}


def open_page(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}{PAGES[name]}")
    expect(page.locator("h1")).to_have_text(name)
    if name != "Collections":
        page.wait_for_function("() => likeness.path === likeness.here() && likeness.state?.shown")


def slow(page: Page) -> list[Route]:
    """Hold page requests, in the sequence in which they were sent."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route) if "_pages_content.children" in (route.request.post_data or "") else route.continue_()

    page.route("**/_dash-update-component*", hold)
    return held


def wait_until(page: Page, done: Callable[[], bool]) -> None:
    for _ in range(1200):
        if done():
            return
        page.wait_for_timeout(50)
    raise AssertionError("not within a minute")


def follow(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first.click()


@pytest.mark.parametrize("first", [True, False], ids=["in order", "the later one first"])
@pytest.mark.parametrize(
    ("left", "asked"),
    [
        ("Generator", "Compare"),
        pytest.param("Latent space", "Generator", marks=pytest.mark.long),
        pytest.param("Compare", "Collections", marks=pytest.mark.long),
        ("Collections", "Generator"),
    ],
)
def test_going_back_early_shows_the_page_of_the_address(
    page: Page, address: str, left: str, asked: str, first: bool
) -> None:
    open_page(page, address, left)
    held = slow(page)
    follow(page, asked)
    wait_until(page, lambda: len(held) == 1)
    page.go_back(wait_until="commit")
    wait_until(page, lambda: len(held) == 2)
    for route in held if first else reversed(held):
        route.continue_()
        page.wait_for_timeout(300)
    expect(page.locator("h1")).to_have_text(left)
    assert page.evaluate("() => likeness.here()") == PAGES[left]
    page.unroute("**/_dash-update-component*")
    page.wait_for_timeout(300)
    expect(page.locator("h1")).to_have_text(left)
    page.go_forward()
    expect(page.locator("h1")).to_have_text(asked)
    assert page.evaluate("() => likeness.here()") == PAGES[asked]


def test_back_and_forward_early_shows_the_page_of_the_address(page: Page, address: str) -> None:
    open_page(page, address, "Generator")
    held = slow(page)
    follow(page, "Compare")
    wait_until(page, lambda: len(held) == 1)
    page.go_back(wait_until="commit")
    wait_until(page, lambda: len(held) == 2)
    page.go_forward(wait_until="commit")
    wait_until(page, lambda: len(held) == 3)
    for route in held:
        route.continue_()
    expect(page.locator("h1")).to_have_text("Compare")
    assert page.evaluate("() => likeness.here()") == PAGES["Compare"]


def test_a_step_back_on_a_page_that_is_there_lays_nothing_out(page: Page, address: str) -> None:
    open_page(page, address, "Generator")
    held = slow(page)
    page.locator("#panel [role=slider]").first.press("ArrowRight")
    page.wait_for_function("() => likeness.state.pins.size === 1 && location.search.includes('face=')")
    page.go_back(wait_until="commit")
    page.wait_for_function("() => likeness.state.pins.size === 0")
    page.wait_for_timeout(200)
    assert held == []

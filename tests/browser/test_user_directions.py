"""Make your own, and added sliders, as users do."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

SLOW = 30_000
"""ms: a busy machine needs long for the many faces of these pages."""


@pytest.fixture(autouse=True)
def patience():
    expect.set_options(timeout=SLOW)
    yield
    expect.set_options(timeout=5000)


def test_marked_faces_become_a_slider_that_a_link_restores(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/own")
    expect(page.locator("#user-direction-made")).not_to_be_empty()
    expect(page.locator("#user-directions")).to_have_attribute("data-open", "true")
    faces = page.locator(".lk-user-direction-face")
    for k in range(2):
        faces.nth(k).click()
        faces.nth(k + 2).focus()
        page.keyboard.press("-")
    expect(page.locator("#user-direction-count")).to_have_text("2 marked +, 2 marked −")
    page.locator("#user-direction-name").fill("Mine")
    page.locator("[data-action=user-direction-make]").click()
    row = page.locator(".lk-row[data-added]")
    expect(row).to_have_count(1)
    expect(page.locator("#user-direction-message")).to_contain_text("Mine: 2 faces against 2")
    expect(page.locator("#user-direction-made .lk-user-direction-warning")).to_contain_text("Few examples")
    row.locator(".lk-lock").click()
    page.wait_for_url("**own~*")
    assert not Axe().run(page).response["violations"]

    page.goto(page.url.replace("/directions/own", "/"))
    expect(row).to_have_attribute("data-pinned", "")
    row.locator(".lk-remove-direction").click()
    expect(row).to_be_hidden()
    assert "own~" not in page.url


def test_a_method_is_chosen_and_its_direction_added(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/unsupervised")
    expect(page.locator(".lk-unsupervised-row")).not_to_have_count(0)
    expect(page.locator("#directions-unsupervised")).to_have_attribute("data-open", "true")
    page.locator("[data-direction='sefa~1']").click()
    expect(page.locator(".lk-row[data-name='sefa~1']")).to_be_visible()
    assert not Axe().run(page).response["violations"]

"""Make your own, and added sliders, as users do."""

import pytest
from playwright.sync_api import Page, Route, expect
from support.audit import assert_accessible


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
    assert_accessible(page, "a direction that was made")

    page.goto(page.url.replace("/directions/own", "/"))
    expect(row).to_have_attribute("data-pinned", "")
    row.locator(".lk-remove-direction").click()
    expect(row).to_be_hidden()
    page.wait_for_function("() => !location.search.includes('own~')")


def hold(page: Page, pattern: str) -> list[Route]:
    """Hold the first request to an address; the others pass."""
    held: list[Route] = []
    page.route(pattern, lambda route: route.continue_() if held else held.append(route))
    return held


def leave_for(page: Page, name: str) -> None:
    page.locator(f"#nav-{name.lower()}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.long
@pytest.mark.parametrize(
    ("answer", "by_way_of"),
    [("**/directions/own", ()), ("**/directions/own", ("Models",)), ("**/directions/own~*.json*", ())],
    ids=["made late", "made late, seen by way of Models", "numbers late"],
)
def test_a_direction_whose_answer_comes_after_the_page_is_left_has_a_slider_on_the_next(
    page: Page, address: str, answer: str, by_way_of: tuple[str, ...]
) -> None:
    page.goto(f"{address}/directions/own")
    expect(page.locator("#user-directions")).to_have_attribute("data-open", "true")
    faces = page.locator(".lk-user-direction-face")
    faces.nth(4).click()
    faces.nth(5).focus()
    page.keyboard.press("-")
    page.locator("#user-direction-name").fill("Late")
    held = hold(page, answer)
    with page.expect_request(answer):
        page.locator("[data-action=user-direction-make]").click()
    for name in by_way_of or ("Generator",):
        leave_for(page, name)
    with page.expect_response(answer):
        held[0].continue_()
    if by_way_of:
        leave_for(page, "Generator")
    row = page.locator(".lk-row[data-added]")
    expect(row).to_have_attribute("data-shown-name", "Late")
    row.locator(".lk-lock").click()
    page.wait_for_url("**own~*")
    assert page.url.startswith(f"{address}/?"), "nobody is sent to another page"


@pytest.mark.long
def test_another_tab_lists_a_direction_at_its_next_page(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/own")
    expect(page.locator("#user-directions")).to_have_attribute("data-open", "true")
    other = page.context.new_page()
    other.goto(f"{address}/models")
    faces = page.locator(".lk-user-direction-face")
    faces.nth(6).click()
    faces.nth(7).focus()
    page.keyboard.press("-")
    page.locator("#user-direction-name").fill("In both tabs")
    page.locator("[data-action=user-direction-make]").click()
    expect(page.locator("#user-direction-message")).to_contain_text("In both tabs: 1 faces against 1")
    other.locator("#nav-directions").click()
    other.get_by_role("link", name="Make your own").click()
    listed = other.locator("#user-direction-made").get_by_text("In both tabs", exact=True)
    expect(listed).to_be_visible()
    other.reload()
    expect(listed).to_be_visible()
    other.close()


def test_a_method_is_chosen_and_its_direction_added(page: Page, address: str) -> None:
    page.goto(f"{address}/directions/unsupervised")
    expect(page.locator(".lk-unsupervised-row")).not_to_have_count(0)
    expect(page.locator("#directions-unsupervised")).to_have_attribute("data-open", "true")
    page.locator("[data-direction='sefa~1']").click()
    expect(page.locator(".lk-row[data-name='sefa~1']")).to_be_visible()
    assert_accessible(page, "a direction that was added")

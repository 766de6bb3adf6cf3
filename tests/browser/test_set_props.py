"""Scripts set properties of Dash's components only where the page has them."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

SCRIPTS = Path(__file__).parents[2] / "assets" / "js"


def test_a_component_that_the_page_has_not_is_left_out(page: Page, address: str) -> None:
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(f"{address}/?face=1:7")
    page.locator("#frame:not([data-empty])").wait_for()
    page.evaluate("() => likeness.setProps('compare-open', { data: 1 })")
    page.evaluate("() => likeness.setProps({ type: 'compare-word', name: 'on' }, { value: 'Smiling' })")
    page.get_by_role("link", name="Compare").first.click()
    page.get_by_role("heading", name="Compare", level=1).wait_for()
    page.evaluate("() => likeness.setProps({ type: 'compare-word', name: 'none' }, { value: 1 })")
    page.evaluate("() => likeness.setProps('shortcuts', { opened: true })")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    assert failed == []


def test_no_script_sets_properties_past_it() -> None:
    past = [path.name for path in SCRIPTS.rglob("*.js") if "dash_clientside.set_props(" in path.read_text("utf-8")]
    assert past == ["set_props.js"]

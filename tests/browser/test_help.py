"""Every control says what it does: by what can be read on it, or by help."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from support.generator_page import GeneratorPage


@pytest.mark.parametrize(("path", "width"), [("/", 1440), ("/", 390), ("/latent-space", 1440)])
def test_every_control_in_sight_says_what_it_does(page: Page, address: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}{path}?face=1:4217;Smiling=2")
    generator = GeneratorPage(page, address)
    generator.wait()
    scope = "body" if path == "/" else "#dock, .lk-header"
    found = page.evaluate(_CONTROLS, scope)
    assert len(found) > 20
    assert [each["name"] for each in found if not each["told"]] == []


_CONTROLS = """(scope) => {
  const KINDS = "button, input, select, textarea, a[href], [role=slider], [role=tab]";
  const inScope = [...document.querySelectorAll(scope)].flatMap((part) => [...part.querySelectorAll(KINDS)]);
  return inScope.filter((each) => each.checkVisibility() && !each.closest("[aria-hidden=true]")).map((each) => {
    // What stands in a row is named after the attribute beside it.
    const row = each.closest(".lk-rail, .lk-value, .lk-within-row") && each.closest(".lk-row, .lk-within-row");
    const label = each.labels?.[0]?.innerText || each.innerText || row?.innerText || "";
    return {
      name: each.getAttribute("aria-label") || label || each.outerHTML.slice(0, 120),
      told: Boolean(label.trim() || each.closest("[data-help]") || each.closest("[title]")?.title),
    };
  });
}"""

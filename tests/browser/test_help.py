"""Every control of the generator page, including those made by scripts, has a help text.

`tests/dashboard/components/test_help_text.py` checks the other pages.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from support.generator_page import GeneratorPage


@pytest.mark.parametrize("width", [1440, 390])
def test_every_control_in_sight_says_what_it_does(page: Page, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/?face=1:4217;Smiling=2")
    generator = GeneratorPage(page, address)
    generator.wait()
    found = page.evaluate(_CONTROLS)
    assert len(found) > 20
    assert [each["name"] for each in found if not each["explained"]] == []


_CONTROLS = """() => {
  const KINDS = "button, input, select, textarea, a[href], [role=slider], [role=tab]";
  const seen = (each) => each.checkVisibility() && !each.closest("[aria-hidden=true]");
  return [...document.querySelectorAll(KINDS)].filter(seen).map((each) => {
    // What stands in a row is named after the attribute beside it.
    const row = each.closest(".lk-rail, .lk-value, .lk-ranges-row") && each.closest(".lk-row, .lk-ranges-row");
    const label = each.labels?.[0]?.innerText || each.innerText || row?.innerText || "";
    return {
      name: each.getAttribute("aria-label") || label || each.outerHTML.slice(0, 120),
      explained: Boolean(label.trim() || each.closest("[data-help]") || each.closest("[title]")?.title),
    };
  });
}"""

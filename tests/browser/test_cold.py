"""First visits: every page of the shipped model in a new browser profile, by every kind of link.

Each test has its own context, so no script is compiled and no storage is filled. Console messages and error answers
fail the test.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import dash
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response
from support.application import shipped_app
from support.every_page import PAGES, SLIDE_DRAWN, TABS
from support.served import served

from dashboard.library.collections import Collections
from dashboard.library.items import Draft
from dashboard.stores.library_database import Store

STATES = (
    "/latent-space?space=block4", "/latent-space?space=scores&method=umap", "/latent-space?view=3d",
    "/latent-space?view=3d&sel=1~scores.pca.1.2~20000~668~2_1_6_1_6_5_2_5",
    "/compare?face=1:1&faces=*!1:2&on=Smiling&steps=5", "/directions?matrix=effect", "/?face=1:23;Smiling=0.1",
)  # fmt: skip
"""Further targets of links."""

IN_THE_BAR = ("latent-space", "directions", "compare", "collections", "models", "demo", "about")

EXPECTED_NOTES = ("GPU stall due to ReadPixels", "Multiple readback operations using getImageData")
"""Messages of Chromium about plotly's WebGL without a graphics card; not errors of a page."""

OTHERS = ("/collections/tour", "/present/tour", "/present/tour?slide=2", "/present/tour?presenter=1")
"""Further addresses, each with its own tab title."""

FIRST_SLIDES = (
    Draft("face", "/?face=1:23;Smiling=1.6", "A face first"),
    Draft("comparison", "/compare?face=1:23&faces=*!1:88", "Two faces first"),
    Draft("sweep", "/compare?face=1:23&faces=*&on=Smiling&steps=5", "A sweep first"),
    Draft("view", "/latent-space?face=1:23", "A view first"),
)
"""Kinds of first slides of a collection."""


@dataclass
class Visit:
    """One new visitor."""

    page: Page
    said: list[str] = field(default_factory=list)

    def listen(self) -> Visit:
        self.page.on("pageerror", lambda error: self.said.append(f"script error: {error}"))
        self.page.on("console", self._console)
        self.page.on("response", self._response)
        self.page.on("requestfailed", self._failed)
        return self

    def settle(self) -> None:
        """Wait until all requests have ended, and expect no errors."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_function("() => document.querySelector('h1')?.textContent.trim()")
        assert not self.said, f"{self.page.url}:\n" + "\n".join(self.said)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(note in message.text for note in EXPECTED_NOTES):
            self.said.append(f"console: {message.text[:400]}")

    def _response(self, response: Response) -> None:
        busy = response.status == 503 and response.headers.get("retry-after")
        if response.status >= 400 and not busy:
            self.said.append(f"{response.status} for {response.url}")

    def _failed(self, request: Request) -> None:
        # A picture that was cancelled because its page was left did not fail.
        if "ERR_ABORTED" not in str(request.failure):
            self.said.append(f"{request.failure} for {request.url}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(shipped_app(tmp_path_factory.mktemp("cold"))) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Visit]:
    context = browser.new_context(**browser_context_args)
    yield Visit(context.new_page()).listen()
    context.close()


def test_every_page_that_there_is_is_visited(site: str) -> None:
    named = {page["path"] for page in dash.page_registry.values() if not page["path"].startswith("/404")}
    assert named <= {*PAGES, "/present/none", "/collections/none"}


@pytest.fixture(scope="module")
def titles() -> dict[str, str]:
    """Return the tab titles so far: address by title."""
    return {}


_AT = """() => (location.pathname + location.search).split("?face=")[0]"""
"""The address; /present redirects to the collection's."""

_HAS_ITS_OWN_TITLE = f"""(titles) => (titles[document.title] ?? ({_AT})()) === ({_AT})()"""
"""Whether no other address has the title of this one."""


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_by_its_address(visit: Visit, site: str, path: str, titles: dict[str, str]) -> None:
    visit.page.goto(f"{site}{path}")
    visit.settle()
    visit.page.wait_for_function(_HAS_ITS_OWN_TITLE, arg=titles)
    titles.update(visit.page.evaluate(f"() => ({{ [document.title]: ({_AT})() }})"))
    visit.page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth + 1")


def test_by_the_bar_of_pages_and_the_tabs(visit: Visit, site: str) -> None:
    titled = "(name) => document.querySelector('h1')?.textContent === name && document.title.includes(name)"
    title_is = "(name) => document.title.startsWith(name)"
    titles: dict[str, str] = {}
    visit.page.goto(f"{site}/")
    visit.settle()
    titles["/"] = visit.page.title()
    for name in IN_THE_BAR:
        visit.page.locator(f"#nav-{name}").click()
        visit.page.wait_for_function(titled, arg=name.replace("-", " ").capitalize())
        visit.settle()
        titles[name] = visit.page.title()
        for number in range(1, visit.page.locator(".lk-tabs a").count()):
            tab = visit.page.locator(".lk-tabs a").nth(number)
            words = tab.text_content()
            tab.click()
            visit.page.wait_for_function(title_is, arg=words)
            visit.settle()
            titles[TABS[number]] = visit.page.title()
    assert len(titles) == 1 + len(IN_THE_BAR) + len(TABS) - 1
    assert len(set(titles.values())) == len(titles), f"two pages have one title: {titles}"


@pytest.mark.parametrize("path", TABS)
def test_the_open_tab_is_in_sight_on_a_phone(visit: Visit, site: str, path: str) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 740})
    visit.page.goto(f"{site}{path}")
    visit.page.wait_for_function(
        """() => {
          const open = document.querySelector('.lk-tabs [aria-current="page"]')?.getBoundingClientRect();
          return open && open.left >= 0 && open.right <= innerWidth && scrollY === 0;
        }"""
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a dashboard with a collection for each kind of first slide."""
    folder = tmp_path_factory.mktemp("made")
    app = shipped_app(folder)
    collections = Collections(Store(folder / "home"))
    for draft in FIRST_SLIDES:
        collections.make(draft.title, (draft, *FIRST_SLIDES))
    with served(app) as address:
        yield address


def visit_first_slide(visit: Visit, site: str, slug: str) -> None:
    """Open slide 1 of a collection by its address, by a reload, and by the link on its page."""
    visit.page.goto(f"{site}/present/{slug}")
    visit.page.wait_for_function(f"() => {SLIDE_DRAWN}")
    visit.settle()
    visit.page.reload()
    visit.page.wait_for_function(f"() => {SLIDE_DRAWN}")
    visit.settle()
    visit.page.goto(f"{site}/collections/{slug}")
    visit.settle()
    visit.page.get_by_role("link", name="Present").click()
    visit.page.wait_for_function(f"() => {SLIDE_DRAWN}")
    visit.settle()


def test_slide_1_of_the_collection_that_ships(visit: Visit, site: str) -> None:
    visit_first_slide(visit, site, "tour")


@pytest.mark.long
def test_slide_1_of_every_collection(browser: Browser, browser_context_args: dict[str, Any], made: str) -> None:
    with urllib.request.urlopen(f"{made}/collections.json") as answer:
        listed = [each["slug"] for each in json.load(answer)]
    assert len(listed) >= len(FIRST_SLIDES)
    for slug in listed:
        context = browser.new_context(**browser_context_args)
        visit_first_slide(Visit(context.new_page()).listen(), made, slug)
        context.close()


@pytest.mark.long
@pytest.mark.parametrize("path", [*PAGES, *STATES])
def test_reloaded_on_a_small_and_on_a_large_screen(visit: Visit, site: str, path: str) -> None:
    for width, height in ((360, 740), (1920, 1080)):
        visit.page.set_viewport_size({"width": width, "height": height})
        visit.page.goto(f"{site}{path}")
        visit.settle()
        visit.page.reload()
        visit.settle()
        assert visit.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth + 1"), (
            f"sideways at {width}"
        )


@pytest.mark.long
@pytest.mark.parametrize("path", STATES)
def test_by_a_link_to_a_state(visit: Visit, site: str, path: str) -> None:
    visit.page.goto(f"{site}{path}")
    visit.settle()

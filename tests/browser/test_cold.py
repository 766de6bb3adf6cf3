"""Cold: every page of the shipped model in a browser that has never been here, by every way in.

A context of its own each time, so nothing is warm: no script is compiled, no storage filled. What a visitor's
console would say fails, and so does any answer that is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import dash
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response
from support.application import shipped_app
from support.served import served

TABS = (
    "/directions",
    "/directions/matrix",
    "/directions/reliability",
    "/directions/bias-audit",
    "/directions/unsupervised",
    "/directions/own",
)
PAGES = ("/", "/latent-space", *TABS, "/compare", "/collections", "/present", "/models", "/demo", "/about")
"""Every address of a page; that it is every one is tested."""

STATES = (
    "/latent-space?space=block4", "/latent-space?space=scores&method=umap", "/latent-space?dim=3",
    "/compare?face=1:1&faces=*!1:2&on=Smiling&steps=5", "/directions?matrix=effect", "/?face=1:23;Smiling=0.1",
)  # fmt: skip
"""What a link leads to besides."""

IN_THE_BAR = ("latent-space", "directions", "compare", "collections", "models", "demo", "about")

DRAWN_IN_SOFTWARE = "GPU stall due to ReadPixels"


@dataclass
class Visit:
    """One visitor, who has never been here."""

    page: Page
    said: list[str] = field(default_factory=list)

    def listen(self) -> Visit:
        self.page.on("pageerror", lambda error: self.said.append(f"script error: {error}"))
        self.page.on("console", self._console)
        self.page.on("response", self._response)
        self.page.on("requestfailed", self._failed)
        return self

    def settle(self) -> None:
        """Wait until nothing is fetched any more, and expect that nothing was wrong on the way."""
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_function("() => document.querySelector('h1')?.textContent.trim()")
        assert not self.said, f"{self.page.url}:\n" + "\n".join(self.said)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and DRAWN_IN_SOFTWARE not in message.text:
            self.said.append(f"console: {message.text[:400]}")

    def _response(self, response: Response) -> None:
        busy = response.status == 503 and response.headers.get("retry-after")
        if response.status >= 400 and not busy:
            self.said.append(f"{response.status} for {response.url}")

    def _failed(self, request: Request) -> None:
        # A picture that nobody waits for any more, as its page was left, is none that failed.
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


@pytest.mark.parametrize("path", PAGES)
def test_by_its_address(visit: Visit, site: str, path: str) -> None:
    visit.page.goto(f"{site}{path}")
    visit.settle()
    assert visit.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth + 1"), "it scrolls sideways"


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

"""A smoke test of all pages in Debian's Firefox: each opens without an error and draws its main content."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.application import shipped_app
from support.every_page import MAIN_THING, PAGES
from support.firefox import FirefoxPage, find_firefox, firefox
from support.served import served

NOTES = (
    "WebGL context was lost", "WEBGL_debug_renderer_info", "GPU stall",  # drawn by the processor
    "was preloaded with link preload", "Layout was forced",  # advice on speed
)  # fmt: skip

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(shipped_app(tmp_path_factory.mktemp("served"))) as address:
        yield address


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirefoxPage]:
    program = find_firefox()
    assert program, "Expected Debian's Firefox. Received: none. Type: sudo apt-get install -y firefox-esr"
    with firefox(program, tmp_path_factory.mktemp("firefox")) as session:
        session.resize(1440, 900)
        yield session


def test_a_script_error_is_heard(page: FirefoxPage, site: str) -> None:
    page.open(f"{site}/healthz")
    page.said.clear()
    page.run("setTimeout(() => nobodyKnowsThis())")
    page.wait("true")
    page.run("new Promise((done) => setTimeout(() => done(1), 200))")
    assert any("nobodyKnowsThis" in line for line in page.said)


def test_what_a_page_says_after_it_was_left_is_not_heard(page: FirefoxPage, site: str) -> None:
    page.open(f"{site}/healthz")
    realm = page.realms()[0]
    page.leave()
    late = {"type": "console", "level": "error", "text": "too late", "timestamp": page.run("Date.now()") + 1000}
    for said_by, heard in ((realm, 0), (page.realms()[0], 1)):
        page.hear({"method": "log.entryAdded", "params": {**late, "source": {"realm": said_by}}})
        assert len(page.said) == heard


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_shows_what_it_is_about(page: FirefoxPage, site: str, path: str) -> None:
    page.leave()
    page.open(f"{site}{path}")
    page.wait(MAIN_THING[path], 60)
    page.run("new Promise((done) => setTimeout(() => done(1), 400))")
    said = [line for line in page.said if not any(note in line for note in NOTES)]
    assert not said, f"{path}:\n" + "\n".join(said)
    assert page.run("document.documentElement.scrollWidth <= innerWidth + 1"), "it scrolls sideways"

"""Behind another web server, with curl and in a browser: who may write, and that the secret never appears."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect
from support.application import runtime_of, tiny_app
from support.audit import assert_accessible
from support.entering import entry_address
from support.nginx import nginx
from support.served import served

from dashboard.settings import ROOT
from dashboard.stores.secret import read_secret

PROXIES = {
    "stock": "",
    "with Host": "proxy_set_header Host $http_host;",
    "with X-Forwarded-For": "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "with both": (
        "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;"
        "proxy_set_header X-Real-IP $remote_addr;"
    ),
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tiny_app(tmp_path_factory.mktemp("hosted"))


@pytest.fixture(scope="module")
def direct(app: Any) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture(params=PROXIES)
def proxied(request: pytest.FixtureRequest, direct: str, tmp_path: Path) -> Iterator[str]:
    with nginx(tmp_path / "nginx", f"location / {{ proxy_pass {direct}; {PROXIES[request.param]} }}") as address:
        yield address


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """Yield a page of a browser that has not signed in."""
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    yield context.new_page()
    context.close()


def curl(*arguments: str) -> str:
    """Return the status of a request."""
    arguments_of = [
        "curl",
        "--silent",
        "--show-error",
        "--max-time",
        "90",
        "--output",
        "/dev/null",
        "--write-out",
        "%{http_code}",
    ]
    return subprocess.run([*arguments_of, *arguments], check=True, capture_output=True, text=True).stdout


SAVE = ("--json", '{"name": "by curl"}')


def test_curl_writes_with_the_secret_only(app: Any, proxied: str, tmp_path: Path) -> None:
    address, jar = f"{proxied}/collections", str(tmp_path / "jar")
    secret = read_secret(runtime_of(app).settings.secret_path)
    assert curl(f"{proxied}/") == "200"
    assert curl(*SAVE, address) == "403"
    assert curl(*SAVE, "-H", "X-Forwarded-For: 127.0.0.1", "-H", "Host: 127.0.0.1", address) == "403"
    assert curl(*SAVE, "-H", f"Authorization: Bearer {secret}x", address) == "403"
    assert curl(*SAVE, "-H", f"Authorization: Bearer {secret}", address) == "200"
    assert curl("--cookie-jar", jar, f"{proxied}/enter?secret={secret}") == "303"
    assert curl(*SAVE, "--cookie", jar, address) == "200"
    assert curl(*SAVE, "--cookie", jar, "-H", "Origin: http://elsewhere.example", address) == "403"


def save_a_collection(page: Page, name: str) -> None:
    field = page.get_by_role("textbox", name="Name of a new collection")
    field.fill(name)
    field.press("Enter")
    page.get_by_role("link", name=name).first.wait_for()


def test_a_browser_enters_and_no_address_ever_holds_the_secret(app: Any, proxied: str, visitor: Page) -> None:
    secret = read_secret(runtime_of(app).settings.secret_path)
    asked: list[tuple[str, str]] = []
    visitor.on("request", lambda request: asked.append((request.url, request.headers.get("referer", ""))))
    visitor.goto(f"{proxied}/collections")
    note = visitor.get_by_role("main").get_by_role("note")
    expect(note).to_contain_text("Viewing needs no secret")
    expect(visitor.get_by_role("textbox", name="Name of a new collection")).to_have_count(0)
    visitor.goto(entry_address(proxied, runtime_of(app).settings))
    assert visitor.url == f"{proxied}/"
    visitor.locator("#frame:not([data-empty])").wait_for()
    visitor.get_by_role("link", name="Collections").first.click()
    save_a_collection(visitor, f"Of a browser at {proxied[-5:]}")
    assert secret not in visitor.content()
    held = [sent for sent in asked if secret in sent[0] + sent[1]]
    assert held == [(f"{proxied}/enter?secret={secret}", "")]
    while visitor.evaluate("() => history.length > 1") and visitor.url != f"{proxied}/collections":
        assert secret not in visitor.url
        visitor.go_back()
    assert secret not in visitor.evaluate(
        "() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    )


def test_the_link_at_the_control_leads_in_and_back(app: Any, direct: str, visitor: Page) -> None:
    visitor.goto(f"{direct}/models?model=tiny")
    visitor.get_by_role("link", name="enter the secret").first.click()
    visitor.wait_for_url("**/enter")
    assert_accessible(visitor, "the page that asks for the secret")
    field = visitor.get_by_label("Secret")
    expect(field).to_be_focused()
    field.fill("not-the-secret-of-this")
    field.press("Enter")
    expect(visitor.get_by_role("alert")).to_contain_text("a wrong secret")
    visitor.get_by_label("Secret").fill(read_secret(runtime_of(app).settings.secret_path))
    visitor.get_by_role("button", name="Enter").click()
    visitor.wait_for_url(f"{direct}/models?model=tiny")
    expect(visitor.locator("#drop")).to_be_visible()


# Below a prefix ---------------------------------------------------------------------------------------------------

PREFIX = "/likeness"
PAGES = (
    "/",
    "/latent-space",
    "/directions",
    "/directions/matrix",
    "/directions/reliability",
    "/directions/bias-audit",
    "/directions/unsupervised",
    "/directions/own",
    "/compare",
    "/collections",
    "/models",
    "/demo",
    "/about",
)


def documented(upstream: str) -> str:
    """Return the nginx block of docs/hosting.md with another dashboard's address."""
    text = (ROOT / "docs/hosting.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- nginx -->\s*```nginx\n(.*?)```\s*<!-- /nginx -->", text, re.DOTALL)
    assert block is not None
    assert "http://127.0.0.1:8050" in block[1]
    return block[1].replace("http://127.0.0.1:8050", upstream)


@pytest.fixture(params=["left", pytest.param("taken off", marks=pytest.mark.long)])
def below(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Any, bool]]:
    app = tiny_app(tmp_path, prefix=PREFIX, proxies=1)
    with served(app) as upstream:
        block = documented(upstream)
        if request.param == "taken off":
            block = block.replace(
                f"proxy_pass {upstream};\n    proxy_set_header Host $http_host",
                f"proxy_pass {upstream}/;\n    proxy_set_header Host $http_host",
            )
            block = block.replace(
                f"enter {{\n    access_log off;\n    proxy_pass {upstream}/;",
                f"enter {{\n    access_log off;\n    proxy_pass {upstream}/enter;",
            )
            assert f"{upstream}/;" in block
        with nginx(tmp_path / "nginx", block) as address:
            yield address, app, request.param == "left"
        secret = read_secret(runtime_of(app).settings.secret_path)
        logged = (tmp_path / "nginx" / "access.log").read_text()
        assert f"GET {PREFIX}/latent-space" in logged
        assert secret not in logged


@pytest.mark.long
def test_every_page_works_below_a_prefix(below: tuple[str, Any, bool], visitor: Page) -> None:
    address, app, left = below
    failed: list[str] = []
    visitor.on("response", lambda answer: failed.append(f"{answer.status} {answer.url}") if wrong(answer) else None)
    visitor.on("request", lambda asked: failed.append(f"outside: {asked.url}") if outside(asked.url) else None)
    visitor.on("pageerror", lambda error: failed.append(str(error)))

    def wrong(answer: Response) -> bool:
        busy = answer.status == 503 and "retry-after" in answer.headers
        return answer.status >= 400 and not busy

    def outside(url: str) -> bool:
        return url.startswith(address) and not url.startswith(f"{address}{PREFIX}/")

    visitor.goto(entry_address(address + PREFIX, runtime_of(app).settings))
    assert visitor.url == f"{address}{PREFIX}/"
    for path in PAGES if left else PAGES[:2]:
        visitor.goto(f"{address}{PREFIX}{path}")
        visitor.locator("h1").first.wait_for()
        visitor.wait_for_load_state("networkidle")
        links = visitor.eval_on_selector_all("a[href^='/']", "all => all.map((each) => each.getAttribute('href'))")
        assert links
        assert [link for link in links if not link.startswith(f"{PREFIX}/")] == [], path
        sources = visitor.eval_on_selector_all("[src^='/']", "all => all.map((each) => each.getAttribute('src'))")
        assert [source for source in sources if not source.startswith(f"{PREFIX}/")] == [], path
    visitor.goto(f"{address}{PREFIX}/?face=1:7")
    visitor.locator("#frame:not([data-empty])").wait_for()
    visitor.keyboard.press("s")
    dialog = visitor.get_by_role("dialog", name="Save")
    dialog.get_by_role("button", name="Save").click()
    visitor.locator(".lk-toast").filter(has_text="Saved").wait_for()
    visitor.get_by_role("link", name="Open collection").click()
    card = visitor.locator("#items > [data-item]").first
    expect(card).to_be_visible()
    assert visitor.url.startswith(f"{address}{PREFIX}/collections/")
    kept = visitor.evaluate("async () => (await fetch(`${location.pathname}.json`)).json()")
    assert kept["items"][0]["address"].startswith("/?face=1:7")
    card.get_by_role("link").first.click()
    visitor.wait_for_url(f"{address}{PREFIX}/?face=1:7*")
    visitor.locator("#frame:not([data-empty])").wait_for()
    visitor.get_by_role("link", name="Compare").first.click()
    visitor.wait_for_url(f"{address}{PREFIX}/compare?*")
    visitor.get_by_role("heading", name="Compare", level=1).wait_for()
    visitor.wait_for_load_state("networkidle")
    visitor.go_back()
    visitor.locator("#frame:not([data-empty])").wait_for()
    assert failed == []

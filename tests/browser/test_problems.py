"""Error messages of the page, and that it keeps working."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from support.application import tiny_app
from support.every_page import PAGES
from support.generator_page import GeneratorPage
from support.served import served
from support.waiting import wait_until

from dashboard.errors import LikenessError
from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.synthesis.model_folder import Model


@pytest.fixture
def generator(page: Page, address: str) -> GeneratorPage:
    return GeneratorPage(page, address)


def sentence(face: str, model: Model) -> str:
    """Return the error message for an invalid face."""
    with pytest.raises(LikenessError) as caught:
        latent_of(parse(face, model.names), model)
    return str(caught.value)


@pytest.mark.parametrize("face", ["1:4217;Smilin=2", "nonsense"])
def test_a_broken_link_says_so_and_shows_the_face_of_a_first_visit(
    generator: GeneratorPage, served_model: Model, face: str
) -> None:
    generator.open(face)
    generator.expect_message("This link is broken", sentence(face, served_model))
    assert generator.face == "1:4217"
    generator.drag("Smiling", 1.0)
    generator.expect_face("1:4217;Smiling=1")
    expect(generator.page.locator("#message")).to_be_empty()


def test_unknown_words_in_the_address_do_no_harm_and_another_model_is_distinguished(generator: GeneratorPage) -> None:
    generator.page.goto(f"{generator.address}/?face=1:7&colour=blue&model=small")
    generator.wait()
    assert generator.face == "1:7"
    expect(generator.page.locator("#message")).to_be_empty()
    generator.drag("Smiling", 1.0)
    assert "colour=blue" in generator.page.url
    generator.page.goto(f"{generator.address}/?face=1:7&model=other")
    generator.wait()
    generator.expect_message("This link is broken", "Received: other.")
    assert generator.face == "1:7", "the base of the link, which this model can make"


def test_contradicting_pins_keep_the_last_face_and_offer_a_fix(generator: GeneratorPage, served_model: Model) -> None:
    generator.open("1:4217;Gray_Hair=2")
    generator.drag("Silver_Hair", -3.0)
    generator.page.wait_for_function("() => !likeness.state.feasible()")
    wrong = "1:4217;Gray_Hair=2;Silver_Hair=-3"
    message = generator.expect_message("Pins that contradict each other", sentence(wrong, served_model))
    assert generator.face == wrong
    last = generator.page.evaluate("() => likeness.state.shown.face")
    assert last != wrong
    assert generator.faces()[-1]["face"] == last
    message.get_by_role("button", name="Release Silver Hair").click()
    generator.expect_face("1:4217;Gray_Hair=2")
    expect(generator.page.locator("#message")).to_be_empty()


def test_a_link_with_contradicting_pins_opens_on_its_base(generator: GeneratorPage, served_model: Model) -> None:
    wrong = "1:99;Gray_Hair=4;Silver_Hair=-4"
    generator.open(wrong)
    message = generator.expect_message("Pins that contradict each other", sentence(wrong, served_model))
    assert generator.page.evaluate("() => likeness.state.shown.face") == "1:99"
    assert generator.coordinates["Gray_Hair"] == 4
    expect(message.get_by_role("button")).to_have_count(2)
    message.get_by_role("button", name="Release Gray Hair").click()
    generator.expect_face("1:99;Silver_Hair=-4")


def test_without_a_server_or_engine_sliders_work_and_the_picture_comes_later(
    generator: GeneratorPage,
) -> None:
    generator.open()
    page = generator.page
    away = lambda route: route.abort()  # noqa: E731
    page.route("**/faces/**", away)
    generator.page.mouse.click(*generator.point("Smiling", 2.0))
    message = generator.expect_message("The server does not answer", "Trying again in")
    assert generator.coordinates["Smiling"] == 2
    fail = lambda route: route.fulfill(status=500, json={"error": "The engine ran out of memory."})  # noqa: E731
    page.route("**/faces/**", fail)  # it goes before the other one
    page.unroute("**/faces/**", away)
    message.get_by_role("button", name=re.compile("Try (now|again)")).click()  # it may have tried by itself
    generator.expect_message("No picture", "The engine ran out of memory.", "The sliders are right")
    page.unroute("**/faces/**", fail)
    message.get_by_role("button", name="Try again").click()
    generator.expect_face("1:4217;Smiling=2")
    expect(page.locator("#message")).to_be_empty()


def test_a_busy_server_is_asked_again_by_itself(generator: GeneratorPage) -> None:
    generator.open()
    answers = iter([503])

    def busy_once(route: Route) -> None:
        if next(answers, None):
            route.fulfill(status=503, headers={"Retry-After": "1"}, json={"error": "Too much is waiting."})
        else:
            route.continue_()

    generator.page.route("**/faces/**", busy_once)
    generator.page.mouse.click(*generator.point("Smiling", 2.0))
    generator.expect_face("1:4217;Smiling=2")
    expect(generator.page.locator("#message")).to_be_empty()


def test_an_address_without_a_page(generator: GeneratorPage) -> None:
    generator.page.goto(f"{generator.address}/nowhere")
    expect(generator.page.get_by_role("heading", name="No such page")).to_be_visible()
    generator.page.get_by_role("link", name="Open the generator").click()
    generator.wait()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tiny_app(tmp_path_factory.mktemp("away"))) as address:
        yield address


# The stage has no links to pages.
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/compare",
        *[pytest.param(path, marks=pytest.mark.long) for path in PAGES if path not in ("/", "/compare", "/present")],
    ],
)
def test_a_server_that_does_not_answer_while_pages_change_is_reported(browser: Browser, site: str, path: str) -> None:
    context = browser.new_context()  # a separate one: Dash logs the missing answer to the console, too
    page = context.new_page()
    page.goto(f"{site}{path}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile(r"\w"))
    page.wait_for_load_state("networkidle")
    before = heading.inner_text()
    name = "About" if before != "About" else "Models"
    context.set_offline(True)
    wait_until(page, "() => fetch('/healthz', { cache: 'no-store' }).then(() => false, () => true)")  # it takes a while
    page.locator(f"#nav-{name.lower()}").click()
    alert = page.get_by_role("alert").filter(has_text="The server does not answer")
    expect(alert).to_contain_text("Trying again in")
    expect(heading).to_have_text(before)
    try_now = alert.get_by_role("button", name="Try now")
    for _ in range(3):  # each time it waits longer, in the end so long that it does not try by itself before the last
        try_now.click()
    expect(alert).to_contain_text(re.compile(r"Trying again in (2\d|30) s"))
    context.set_offline(False)
    try_now.click()
    expect(heading).to_have_text(name)
    expect(alert).to_have_count(0)
    context.close()

"""Appearance: both colour schemes, narrow and zoomed windows, and accessibility."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from support.audit import assert_accessible
from support.generator_page import GeneratorPage
from support.waiting import wait_until

DARK, LIGHT = "rgb(20, 25, 31)", "rgb(246, 247, 249)"
PAGES = (
    "/?face=1:4217;Smiling=2.2;Eyeglasses=3",
    "/models",
    "/demo",
    "/about",
    "/compare?face=1:4217&faces=*!1:88;Smiling=2",
    "/nowhere",
)


@pytest.fixture
def generator(page: Page, address: str) -> GeneratorPage:
    return GeneratorPage(page, address)


def expect_background(page: Page, colour: str) -> None:
    expect(page.locator("body")).to_have_css("background-color", colour)


def laid_out(page: Page) -> None:
    page.get_by_role("heading", level=1).wait_for()
    if page.locator("#frame").count():
        page.locator("#frame:not([data-empty])").wait_for(state="attached")  # Compare shows its own


def test_the_system_chooses_the_scheme_until_a_person_does(generator: GeneratorPage) -> None:
    page = generator.page
    page.emulate_media(color_scheme="dark")
    generator.open()
    expect_background(page, DARK)
    page.get_by_role("button", name="Dark or Light").click()
    page.wait_for_function("() => document.documentElement.dataset.mantineColorScheme === 'light'")
    expect_background(page, LIGHT)
    page.reload()
    generator.wait()
    expect_background(page, LIGHT)
    page.locator("body").press("t")
    page.wait_for_function("() => document.documentElement.dataset.mantineColorScheme === 'dark'")
    expect_background(page, DARK)


def test_the_background_is_dark_before_dash_has_run(browser: Browser, address: str) -> None:
    page = browser.new_page(color_scheme="dark")
    try:
        page.route("**/_dash-component-suites/**", lambda route: route.abort())
        page.goto(address, wait_until="commit")
        expect_background(page, DARK)
    finally:
        page.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_for_everybody_and_fits(generator: GeneratorPage, path: str) -> None:
    page = generator.page
    page.goto(generator.address + path)
    laid_out(page)
    for width in (1440, 1024, 800, 720, 390, 360):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width)
        if width not in (1440, 390):
            continue
        for scheme, colour in (("light", LIGHT), ("dark", DARK)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            expect_background(page, colour)
            assert_accessible(page, f"{path} {scheme} {width}")


def test_axe_finds_nothing_in_what_opens(generator: GeneratorPage) -> None:
    generator.open("1:4217;Smilin=1")
    page = generator.page
    generator.button("of 10 shown").click()
    page.get_by_role("textbox", name="Attributes shown").click()
    page.get_by_role("option").first.wait_for()
    assert_accessible(page, "the list of attributes")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    generator.button("Download").click()
    page.get_by_role("menuitem").first.wait_for()
    assert_accessible(page, "the menu of downloads")
    page.keyboard.press("Escape")
    generator.button("Shortcuts").click()
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    assert_accessible(page, "the shortcuts")


def test_on_a_phone_the_face_shrinks_and_stays_and_the_bar_is_below(generator: GeneratorPage) -> None:
    page = generator.page
    page.set_viewport_size({"width": 390, "height": 700})
    generator.open()
    page.wait_for_function(
        "() => Math.abs(document.getElementById('face-canvas').getBoundingClientRect().width - (700 - 470)) <= 1"
    )
    page.wait_for_function(  # three sliders stand on the first screen
        f"(third) => third.getBoundingClientRect().bottom < ({_BAR})().top",
        arg=generator.thumb(generator.shown[2]).element_handle(),
    )
    page.wait_for_function(
        "() => { const base = document.getElementById('base'); return base.scrollWidth <= base.clientWidth; }"
    )
    page.mouse.move(195, 300)
    page.mouse.wheel(0, 600)
    page.wait_for_function(
        "() => { const { width, height, top } = document.getElementById('face-canvas').getBoundingClientRect();"
        " return width < 201 && top >= 52 && Math.abs(height - width) <= 1; }"
    )
    wait_until(page, _STILL)
    page.wait_for_function(f"() => Math.abs(({_BAR})().bottom - 700) <= 1")
    last = generator.thumb(generator.shown[-1])
    last.focus()
    page.wait_for_function(  # the focused slider is neither under the face nor under the bar
        f"(last) => {{ const {{ top }} = last.getBoundingClientRect(); return top > 252 && top < ({_BAR})().top; }}",
        arg=last.element_handle(),
    )


def test_on_a_phone_the_later_pages_stand_under_more(generator: GeneratorPage) -> None:
    page = generator.page
    page.set_viewport_size({"width": 390, "height": 844})
    generator.open()
    page.get_by_role("navigation").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Light or dark").click()
    page.wait_for_function("() => document.documentElement.dataset.mantineColorScheme === 'dark'")
    page.get_by_role("navigation").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="About").wait_for()
    assert_accessible(page, "More on a phone")
    page.get_by_role("menuitem", name="About").click()
    page.get_by_role("heading", name="About", level=1).wait_for()


def test_a_finger_drags_sliders_and_scrolls_between_them(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    try:
        page = context.new_page()
        generator = GeneratorPage(page, address).open()
        touch = context.new_cdp_session(page)

        def finger(kind: str, *at: float) -> None:
            points = [{"x": at[0], "y": at[1]}] if at else []
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        x, y = generator.point("Smiling", generator.coordinates["Smiling"])
        finger("touchStart", x, y)
        for step in range(1, 6):
            finger("touchMove", x + 12 * step, y)
        finger("touchEnd")
        page.wait_for_function("() => likeness.state.pins.has('Smiling') && location.search.includes('Smiling')")
        x, y = generator.point("Male", 3.0)
        before = page.evaluate("() => window.scrollY")
        finger("touchStart", x, y)
        for step in range(1, 6):
            finger("touchMove", x, y - 20 * step)
        finger("touchEnd")
        page.wait_for_function("(before) => window.scrollY > before + 40", arg=before)
        wait_until(page, _STILL)
        assert "Male" not in generator.face
        far = -2.0 if generator.coordinates["Young"] > 0 else 2.0
        generator.point("Young", far)  # scrolls to it
        wait_until(page, _STILL)
        page.touchscreen.tap(*generator.point("Young", far))
        page.wait_for_function("() => likeness.state.pins.has('Young')")
    finally:
        context.close()


def test_keys_alone_reach_and_work_everything(generator: GeneratorPage) -> None:
    page = generator.page
    generator.open()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(_FOCUSED)
        reached.append(name["name"])
        assert name["visible"], f"no focus ring on {name['name']}"
        if name["name"].startswith("Smiling, in sigma"):
            break
    for control in ("Generator", "Copy link", "Download", "Random face", "Reset all"):
        assert any(control in name for name in reached), f"{control} was not reached: {reached}"
    page.keyboard.press("End")
    generator.expect_face("1:4217;Smiling=4")
    page.keyboard.press("Tab")
    assert page.evaluate(_FOCUSED)["name"].startswith("Smiling, typed value")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    generator.expect_face("1:4217")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def test_single_keys_can_be_switched_off(generator: GeneratorPage) -> None:
    page = generator.page
    generator.open()
    page.locator("body").press("?")
    switch = page.get_by_role("switch", name="Single keys")
    switch.click()
    expect(switch).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(switch).to_be_hidden()
    page.locator("body").press("t")
    generator.thumb("Smiling").focus()
    page.keyboard.press("0")
    assert generator.face == "1:4217"
    expect_background(page, LIGHT)
    page.keyboard.press("ArrowRight")
    assert generator.face.startswith("1:4217;Smiling=")


def test_with_reduced_motion_nothing_glides(generator: GeneratorPage) -> None:
    page = generator.page
    page.emulate_media(reduced_motion="reduce")
    generator.open()
    page.mouse.click(*generator.point("Young", 1.0))
    generator.button("Undo").click()
    expect(generator.thumb("Young")).to_have_css("transition-property", "none")


_BAR = """() => [...document.querySelectorAll("nav")].find((each) => each.checkVisibility()).getBoundingClientRect()"""

_STILL = """async () => {
  const before = window.scrollY;
  await new Promise((done) => setTimeout(done, 100));
  return window.scrollY === before;
}"""

_FOCUSED = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const name = element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent;
  const ring = style.outlineStyle !== "none" || style.boxShadow !== "none" || style.borderColor === "rgb(18, 99, 173)";
  return { name, visible: ring };
}"""

"""Every key that the list of shortcuts names for a page acts on it, and the list marks those that do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from support.application import shipped_app
from support.served import served
from support.waiting import wait_until

from dashboard.components.action_table import ACTIONS
from dashboard.components.shell import NAVIGATION

IN_THE_LIST = [action for action in ACTIONS if action.where in ("face", "everywhere")]
"""Keys of a page. Those of one element, such as a slider, are pressed by the tests of that element."""

PINNED = "() => { likeness.gestures.once(() => likeness.state.pin('Smiling', 1, 'ease')); }"
PIN = "() => likeness.state.pins.get('Smiling') === 1"
NO_PIN = "() => likeness.state.pins.size === 0"


def press_random(page: Page) -> None:
    before = page.evaluate("() => likeness.state.base")
    page.keyboard.press("r")
    page.wait_for_function("(before) => likeness.state.base !== before", arg=before)


def press_hold(page: Page) -> None:
    page.evaluate(PINNED)
    page.keyboard.down("b")
    page.wait_for_function("() => likeness.state.heldPins?.get('Smiling') === 1 && likeness.state.pins.size === 0")
    page.keyboard.up("b")
    page.wait_for_function(PIN)
    page.evaluate("() => { likeness.gestures.once(() => likeness.state.releaseAll()); }")


def press_favourite(page: Page) -> None:
    for pressed in ("true", "false"):
        page.keyboard.press("f")
        expect(page.locator("#favourite")).to_have_attribute("aria-pressed", pressed)


def press_find(page: Page) -> None:
    page.evaluate("() => { if (document.querySelector('.lk-docked:not([data-folded])')) likeness.fold(); }")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#find").blur()


def press_undo(page: Page) -> None:
    page.evaluate(PINNED)
    page.wait_for_function(PIN)
    page.keyboard.press("Control+z")
    page.wait_for_function(NO_PIN)


def press_redo(page: Page) -> None:
    for keys in ("Control+Shift+z", "Control+y"):
        press_undo(page)
        page.keyboard.press(keys)
        page.wait_for_function(PIN)
        page.keyboard.press("Control+z")
        page.wait_for_function(NO_PIN)


def press_save(page: Page) -> None:
    page.keyboard.press("s")
    dialog = page.locator("#save-heading")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def press_copy_link(page: Page) -> None:
    page.evaluate("() => navigator.clipboard.writeText('')")
    page.keyboard.press("k")
    wait_until(page, "async () => (await navigator.clipboard.readText()).startsWith(location.origin)")


def press_download(page: Page) -> None:
    with page.expect_download() as download:
        page.keyboard.press("d")
    assert download.value.suggested_filename.endswith(".png")


def press_scheme(page: Page) -> None:
    before = page.evaluate("() => document.documentElement.dataset.mantineColorScheme")
    for scheme in ({"light": "dark", "dark": "light"}[before], before):
        page.keyboard.press("t")
        page.wait_for_function("(now) => document.documentElement.dataset.mantineColorScheme === now", arg=scheme)


def press_page(page: Page) -> None:
    there = page.locator("h1").inner_text()
    for name in ("Models", there):
        page.keyboard.press(str([title for title, _, _ in NAVIGATION].index(name) + 1))
        expect(page.get_by_role("heading", level=1)).to_have_text(name)


def press_shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


def press_close(page: Page) -> None:
    press_shortcuts(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


EFFECTS: dict[str, Callable[[Page], None]] = {
    "random": press_random,
    "hold": press_hold,
    "favourite": press_favourite,
    "find": press_find,
    "undo": press_undo,
    "redo": press_redo,
    "save": press_save,
    "copy-link": press_copy_link,
    "download": press_download,
    "scheme": press_scheme,
    "shortcuts": press_close,
    "close": press_close,
    "page": press_page,
}
"""What the keys of an action do on a page, in the order in which they are pressed."""

ALWAYS = {"scheme", "shortcuts", "close", "page"}
ON_SLIDERS = {"random", "find", "undo", "redo", "copy-link", "download", "save"} | ALWAYS

LISTED = {
    "/": ON_SLIDERS | {"hold", "favourite"},
    "/latent-space": ON_SLIDERS,
    "/directions": ON_SLIDERS,
    "/compare": ON_SLIDERS,
    "/collections": ALWAYS,
    "/demo": ON_SLIDERS - {"find"},
}
"""The keys that the list offers, of those in IN_THE_LIST."""


def test_every_key_has_an_effect_to_look_for() -> None:
    assert {action.id for action in IN_THE_LIST} == set(EFFECTS)


@pytest.mark.parametrize(
    "path", [path if path in ("/", "/collections") else pytest.param(path, marks=pytest.mark.long) for path in LISTED]
)
def test_the_keys_that_the_list_offers_act(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    title = next(name for name, where, _ in NAVIGATION if where == path)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    if "undo" in LISTED[path]:
        page.wait_for_function("() => likeness.path === likeness.here() && likeness.state?.shown")
    page.wait_for_load_state("networkidle")
    press_shortcuts(page)
    listed = page.locator("[data-shortcut]:not([data-elsewhere])")
    offered = listed.evaluate_all("(rows) => rows.map((row) => row.dataset.shortcut)")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    assert set(offered) & set(EFFECTS) == LISTED[path]
    for name, press in EFFECTS.items():
        if name in LISTED[path]:
            press(page)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(shipped_app(tmp_path_factory.mktemp("shipped"))) as address:
        yield address


@pytest.mark.long
def test_arrows_go_through_the_findings(page: Page, shipped: str) -> None:
    page.goto(f"{shipped}/directions")
    rows = page.locator(".lk-found[data-found]")
    rows.nth(1).wait_for()
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(rows.first).to_be_focused()


def test_keys_of_a_presentation(page: Page, shipped: str) -> None:
    page.goto(f"{shipped}/present/tour")
    count = page.locator("#slide-count")
    expect(count).to_contain_text("1 of ")
    total = int(count.inner_text().rpartition(" ")[2])
    for key, at in (("End", total), ("Home", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("Space", 2), ("PageUp", 1)):
        page.keyboard.press(key)
        expect(count).to_have_text(f"{at} of {total}")
    for black in (True, False):
        page.keyboard.press(".")
        page.wait_for_function(
            "(black) => document.getElementById('present').hasAttribute('data-black') === black", arg=black
        )
    page.wait_for_function("() => likeness.pictureQueue.shownFace")
    saved = page.evaluate("() => likeness.state.face()")
    page.locator("#panel [role=slider]:visible").first.press("End")
    page.wait_for_function("(saved) => likeness.state.face() !== saved", arg=saved)
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("0")
    page.wait_for_function("(saved) => likeness.state.face() === saved", arg=saved)

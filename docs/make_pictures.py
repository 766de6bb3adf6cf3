"""Make the pictures of the page that README and the guide show: `python -m docs.make_pictures`.

Starts the dashboard on the model that `make run` uses, opens it in Chromium and writes docs/pictures/*.png: the pages
that README and the guide show. Run it again when a page or the model has changed; name pictures to make only those.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.settings import WEIGHTS, Settings
from dashboard.stores.secret import read_secret
from dashboard.synthesis.model_folder import open_model

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"

MOST_BYTES = 400_000
"""Bytes of a picture; above, it is kept in as many colours as fit, 256 at most."""

DESK = {"width": 1440, "height": 900}
STAGE = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}
FACE = "1:156;Male=-0.6;Smiling=1.6"
LATENT = f"/latent-space?face={FACE}&sel=1~scores.pca.1.2~20000~1382~2_1_6_1_6_5_2_5"
COMPARE = "/compare?face=1:156&faces=*!1:156;Smiling=2.6!1:156;Young=-2.4&on=Young&steps=5"
TALK = "What a generator knows"
ILLUSTRATE = """async (address) => {
  const { picture, words } = await likeness.figures.still();
  await likeness.upload(`${address}?words=${encodeURIComponent(words)}`, picture, () => {}).done;
}"""
SAVED = (
    ("face", f"/?face={FACE}", "A smile is one direction", "Everything else is free: what came along is grey."),
    (
        "sweep",
        "/compare?face=1:156&faces=*!1:88!1:7&on=Smiling&steps=7",
        "What locking does",
        "Free above, locked below.",
    ),
    ("comparison", "/compare?face=1:156&faces=*!1:156;Smiling=2.6!1:156;Young=-2.4", "One person, three times", ""),
    ("view", LATENT, "Where such faces lie", "Around the first two components of the scores."),
)
"""Kind, address, title and note of what stands in the collection that pictures show."""

SHOTS = (
    ("generator", f"/?face={FACE}", DESK, "light", 1),
    ("generator-dark", f"/?face={FACE}", DESK, "dark", 1),
    ("generator-phone", f"/?face={FACE}", PHONE, "dark", 2),
    ("latent-space", LATENT, DESK, "light", 1),
    ("latent-umap", "/latent-space?method=umap&faces=5000&colour=cluster", DESK, "light", 1),
    ("latent-upload", "/latent-space?space={uploaded}", DESK, "dark", 1),
    ("directions", f"/directions?face={FACE}&cell=Heavy_Makeup,Male", DESK, "light", 1),
    ("reliability", "/directions/reliability?sort=leakage-desc", DESK, "light", 1),
    ("bias-audit", "/directions/bias-audit", DESK, "light", 1),
    ("compare", COMPARE, DESK, "light", 1),
    ("compare-export", COMPARE, DESK, "dark", 1),
    ("collections", "/collections/what-a-generator-knows", DESK, "light", 1),
    ("presentation", "/present/what-a-generator-knows", STAGE, "dark", 1),
    ("presentation-sheet", "/present/what-a-generator-knows?slide=2", STAGE, "light", 1),
    ("presentation-view", "/present/what-a-generator-knows?slide=4", STAGE, "light", 1),
    ("models", "/models", DESK, "light", 1),
    ("demo", "/demo?face=1:156;Male=0.8;Smiling=1.4;Young=1", DESK, "light", 1),
)
"""Name, address, window, scheme and pixels per CSS pixel of each picture; `{uploaded}` is the space of `upload`."""

DRAWN = {
    "compare": ".lk-tiles-tile",
    "directions": ".lk-cell-title",
    "reliability": ".ag-center-cols-container .ag-row",
}
"""Selectors of what comes last on a page, by the name of its picture."""

TILES_ARE_SHOWN = """() => [...document.querySelectorAll("#slide-sheet img, .lk-tiles-tile img")]
  .filter((each) => each.getBoundingClientRect().top < innerHeight)
  .every((each) => each.naturalWidth)"""
"""Whether the pictures of a sheet are there, as far down as the window shows."""

PRESSED = {"compare-export": ("#export-open",)}
"""Selectors of what is clicked before a picture is taken, by its name."""


def main(names: list[str]) -> None:
    """Write the pictures.

    Args:
        names: those to make; none for all.
    """
    PICTURES.mkdir(parents=True, exist_ok=True)
    with dashboard() as (address, entry), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        enter(entry)
        save(browser, address, entry)
        uploaded = upload(address)
        for name, path, window, scheme, ratio in SHOTS:
            if not names or name in names:
                path = path.replace("{uploaded}", uploaded)
                shown_as = (window, scheme, ratio, PRESSED.get(name, ()), DRAWN.get(name, "h1"))
                shoot(browser, entry, address + path, PICTURES / f"{name}.png", *shown_as)
        browser.close()


def shoot(
    browser: Browser,
    entry: str,
    address: str,
    path: Path,
    window: dict[str, int],
    scheme: str,
    ratio: int,
    pressed: tuple[str, ...] = (),
    last: str = "h1",
) -> None:
    """Open a page and keep what a visitor sees.

    Args:
        browser: the browser.
        entry: address that lets the browser in.
        address: of the page.
        path: where to write the PNG.
        window: width and height in CSS pixels.
        scheme: "light" or "dark".
        ratio: pixels per CSS pixel.
        pressed: selectors of what is clicked before, one after the other.
        last: selector of what is waited for.
    """
    context = browser.new_context(viewport=window, color_scheme=scheme, device_scale_factor=ratio)  # type: ignore[arg-type]
    context.add_init_script("localStorage.setItem('likeness-hints', 'told')")  # pictures of a later visit
    context.request.get(entry)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    if page.locator("#frame").count():
        page.locator("#frame:not([data-empty]), .lk-slide-tiles").first.wait_for(state="attached")  # or others
    measure(page)
    await_scatter(page)
    page.locator(last).first.wait_for()
    page.wait_for_function(TILES_ARE_SHOWN)
    page.wait_for_load_state("networkidle")
    for each in pressed:
        page.locator(each).click()
    page.wait_for_timeout(500)  # thumbs have glided to their positions
    page.screenshot(path=path)
    shrink(path)
    context.close()
    print(path.relative_to(ROOT))


def shrink(path: Path) -> None:
    """Keep a picture in fewer colours where it is too large."""
    picture, colours = Image.open(path).convert("RGB"), 256
    while path.stat().st_size > MOST_BYTES and colours >= 16:
        picture.quantize(colours, kmeans=3).save(path, optimize=True)
        colours //= 2


def await_scatter(page: Page) -> None:
    """Wait until a scatter, if the page has one, is drawn with all that stands on it."""
    if page.locator("#scatter-box").count():
        placed = "'face' in box.dataset" if "method=" not in page.url else "'drawn' in box.dataset"
        page.wait_for_function(f"() => {{ const box = document.getElementById('scatter-box'); return {placed}; }}")
        if "sel=" in page.url:
            page.locator(".lk-member[data-shown]").first.wait_for()
        page.wait_for_load_state("networkidle")


def save(browser: Browser, address: str, entry: str) -> None:
    """Begin the collection that pictures show, with what is `SAVED` in it; a view gets the picture of its figure."""
    slug = post(f"{address}/collections", {"name": TALK})["slug"]
    for kind, page, title, note in SAVED:
        item = {"kind": kind, "address": page, "title": title, "note": note}
        kept = post(f"{address}/collections/{slug}/items", item)
        if kind == "view":
            context = browser.new_context(viewport=DESK)  # type: ignore[arg-type]
            context.request.get(entry)
            shown = context.new_page()
            shown.goto(address + page)
            shown.locator("#scatter-box").wait_for()
            await_scatter(shown)
            shown.evaluate(ILLUSTRATE, f"/collections/{slug}/items/{kept['id']}/still")
            context.close()


def upload(address: str) -> str:
    """Upload latents moved along two of the model's directions, labelled by which; gives the name of the space."""
    model, random = open_model(next(WEIGHTS.glob("*/model.json")).parent), np.random.RandomState(5)
    names = ["Smiling", "Young", "neither"]
    lines = []
    for k in range(900):
        name = names[k % 3]
        direction = model.directions[:, model.names.index(name)] if name in model.names else 0.0
        latent = random.randn(model.config.latent_size) + 6.0 * direction
        lines.append(",".join([*(f"{value:.4f}" for value in latent), name.replace("neither", "as drawn")]))
    asked = f"{address}/latent-space/sets?name=Moved+along+two"
    with urllib.request.urlopen(urllib.request.Request(asked, "\n".join(lines).encode()), timeout=60) as answer:
        return str(json.load(answer)["space"])


def enter(entry: str) -> None:
    """Let this process change what the dashboard keeps."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    opener.open(entry, timeout=60).close()
    urllib.request.install_opener(opener)


def post(address: str, value: dict[str, str]) -> dict[str, Any]:
    """Send JSON; gives what is answered."""
    asked = urllib.request.Request(address, json.dumps(value).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return json.load(answer)


def measure(page: Page) -> None:
    """Start the runs that the page waits for, and wait until they are done: minutes, on a few cores."""
    cards = page.locator(":is(#audit-cards, #table-cards, #computing) .lk-job")
    while cards.count():
        name = cards.first.get_attribute("id")
        cards.first.locator("[data-action=job-start]").click()
        page.locator(f"#{name}").wait_for(state="detached", timeout=3_600_000)


@contextmanager
def dashboard() -> Iterator[tuple[str, str]]:
    """Serve the dashboard while the pictures are made; gives its address, and the one that lets a browser in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "dashboard", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "LIKENESS_HOME": home})
        try:
            wait_until_ready(address, server)
            yield address, f"{address}/enter?secret={quote(read_secret(Settings(home=Path(home)).secret_path))}"
        finally:
            server.terminate()
            server.wait(20)


def wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the dashboard has made a face.

    Raises:
        RuntimeError: it ended, or took more than a minute.
    """
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The dashboard did not start: see what it says above.")


def chromium() -> str:
    """Return the browser: LIKENESS_CHROMIUM, or the one that the system has."""
    found = shutil.which(os.environ.get("LIKENESS_CHROMIUM", "chromium"))
    if not found:
        raise SystemExit("Expected Chromium. Received: none. Type: sudo apt-get install -y chromium")
    return found


if __name__ == "__main__":
    main(sys.argv[1:])

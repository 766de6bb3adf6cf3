"""Previews at 1024 px: what a step of a slider takes with them and without, for one visitor and for ten.

python -m benchmarks.preview [--resolution 1024] [--faces 20] [--output docs/benchmarks/preview.md]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.browser import SCREEN, chromium
from benchmarks.machine import describe_machine
from benchmarks.page import drag_on, rate_of
from benchmarks.rivals import write_random_model
from benchmarks.served import Served, served
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.families import pggan_config
from dashboard.synthesis.manifest import Attribute
from dashboard.synthesis.model import Model
from dashboard.synthesis.model_folder import write_model
from dashboard.synthesis.openvino_engine import OpenVINOEngine
from dashboard.synthesis.preview import FACES, HELD_OUT, fit_read_out

VISITORS = 10

MODES = {"whole pictures": "", "previews": "?preview"}


def write_movable_model(path: Path, resolution: int) -> Model:
    """Return a model folder with NVIDIA's own sizes, seeded random weights, and one direction to move along."""
    plain = write_random_model(path, GeneratorConfig(resolution))
    attribute = Attribute("Smiling", "Mouth", "binary", (-3.0, 3.0), {})
    direction = np.eye(plain.config.latent_size)[:, :1]
    return write_model(
        path.with_name("movable"),
        pggan_config(plain.config),
        plain.variables(),
        (attribute,),
        direction,
        licence="CC0-1.0",
        provenance=dict(plain.provenance),
        dtype=np.float32,
    )


def fetched(server: Served, faces: Sequence[str], end: str, visitors: int = 1) -> list[float]:
    """Fetch faces that are new.

    Args:
        server: of the dashboard.
        faces: strings.
        end: of the address.
        visitors: how many ask at a time.

    Returns:
        Milliseconds of each.
    """

    def fetch(face: str) -> float:
        started = time.perf_counter()
        with urllib.request.urlopen(f"{server.pictures}{face}.webp{end}", timeout=120) as answer:
            answer.read()
        return (time.perf_counter() - started) * 1000

    with ThreadPoolExecutor(visitors) as pool:
        return list(pool.map(fetch, faces))


def dragged(server: Served, previews: bool) -> tuple[float, float, float]:
    """Drag in the browser: milliseconds from slider to pixels (median), faces a second, release to the last frame."""
    with chromium() as browser:
        page = browser.new_page(viewport=SCREEN)
        if not previews:
            page.add_init_script(
                "document.addEventListener('pointerdown', () => { likeness.state.model.previews = false; }, true)"
            )
        shown, released = drag_on(page, f"{server.url}/?face=1:{5000 + previews}")
    waits = [f["shownAt"] - f["askedAt"] for f in shown if not f["cache"] and f["shownAt"] <= released]
    return statistics.median(waits), rate_of(shown, released), max(f["shownAt"] for f in shown) - released


def fidelity(model: Model) -> float:
    """Compute the PSNR of previews to whole pictures that the read-out was not fitted on, in decibels."""
    engine = OpenVINOEngine(model, "fast")
    latents = np.random.RandomState(1).randn(FACES, model.config.latent_size)
    found: dict[str, Any] = {name: engine.run(latents, outputs=(name,))[name] for name in ("image", "preview")}
    side, times = found["preview"].shape[1], found["image"].shape[1] // found["preview"].shape[1]
    small = found["image"].reshape(FACES, side, times, side, times, 3).mean((2, 4))
    error = np.clip(found["preview"], -1, 1) - np.clip(small, -1, 1)
    return float(10 * np.log10(4 / np.square(error).mean()))


def report(resolution: int, faces: int) -> str:
    """Measure, and return a page in Markdown.

    Args:
        resolution: of the network, in pixels.
        faces: new ones in each measurement.
    """
    machine = describe_machine(("openvino", "playwright"))
    with tempfile.TemporaryDirectory() as scratch:
        model = write_movable_model(Path(scratch) / "random", resolution)
        decibels = fidelity(model)
        rows = []
        with served(model.path) as server:
            fetched(server, ["1:1"], "?preview")  # its network is compiled, and its read-out fitted
            for number, (title, end) in enumerate(MODES.items()):
                first = 10_000 * (number + 1)
                alone = fetched(server, [f"1:{first + k}" for k in range(faces)], end)
                many = fetched(server, [f"1:{first + 5000 + k}" for k in range(4 * VISITORS)], end, VISITORS)
                seen, rate, last = dragged(server, bool(end))
                rows.append(
                    f"| {title} | {statistics.median(alone):.0f} ms | {statistics.median(many):.0f} ms | "
                    f"{seen:.0f} ms | {rate:.1f} | {last:.0f} ms |"
                )
    lines = [
        "# Previews",
        "",
        f"Written by `python -m benchmarks.preview`: {faces} new faces by one visitor, {4 * VISITORS} by {VISITORS} at "
        "the same time, and a slider dragged for 3 s in headless Chromium, with the server on the same machine.",
        "",
        f"Network: `G_paper` of {resolution} px, fused, with random weights. Machine: {machine}.",
        "",
        f"| while dragging | a face, one visitor | a face, {VISITORS} visitors | slider to pixels "
        "| faces a second | release to the whole picture |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
        f"A preview of this network is {decibels:.0f} dB (PSNR) from the whole picture averaged to its size, on faces "
        f"that the read-out was not fitted on. {_trained()}",
    ]
    return "\n".join(lines) + "\n"


def _trained() -> str:
    """Return how well a read-out does on the trained network that ships, of blocks a half and a quarter of its size."""
    from dashboard.serving.runtime import WEIGHTS
    from dashboard.settings import load_settings
    from dashboard.synthesis.installed_models import find_model
    from dashboard.synthesis.model_folder import open_model
    from dashboard.synthesis.openvino_networks import network_of

    model = open_model(find_model(load_settings().model, (WEIGHTS,)))
    latents = np.random.RandomState(0).randn(FACES, model.config.latent_size).astype(np.float32)
    pictures = OpenVINOEngine(model, "exact").run(latents)["image"]
    lines = []
    for times in (2, 4):
        name = f"block{model.config.resolution // times}"
        run = _core().compile_model(network_of(model).graph((name,), FACES), "CPU")
        activations = np.asarray(run({"latents": latents})[0])
        lines.append(f"{fit_read_out(activations, pictures).psnr:.0f} dB from its {name[5:]} px block")
    return f"Of the trained network `{model.name}@{model.digest8}` ({HELD_OUT} faces held out): {' and '.join(lines)}."


def _core() -> Any:
    import openvino

    return openvino.Core()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.preview", description=__doc__)
    parser.add_argument("--resolution", type=int, default=1024, help="of the network, in pixels (default: 1024)")
    parser.add_argument("--faces", type=int, default=20, help="new faces in each measurement (default: 20)")
    parser.add_argument("--output", type=Path, help="page to write (default: print it)")
    options = parser.parse_args(arguments)
    page = report(options.resolution, options.faces)
    if options.output:
        options.output.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()

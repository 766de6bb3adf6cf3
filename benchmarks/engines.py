"""Milliseconds a face: both engines, and OpenVINO on the graph as in the paper, side by side in one run.

    python -m benchmarks.engines weights/NAME [--rounds 20] [--output docs/benchmarks/engines.md]

The engines alternate, round by round, so that other load affects them equally; the ratios are the result. Before
timing, all must produce the same pictures.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov

from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from dashboard.synthesis.engine import Engine
from dashboard.synthesis.families import pggan_config
from dashboard.synthesis.model_folder import Model, open_model
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.openvino_engine import OpenVINOEngine
from dashboard.synthesis.openvino_graph import GeneratorGraph, convolve, enlarge

BATCHES = (1, 8)
MIN_PSNR = 40.0
"""Smallest PSNR in dB against TensorFlow in float32: a picture below it differs by more than rounding."""


class PlainGraph(GeneratorGraph):
    """The generator as in the paper: enlarge by nearest neighbour, then convolve."""

    def enlarge_and_convolve(self, x: Any, kernel: np.ndarray) -> Any:
        """Compute the convolution that the fused form replaces."""
        return convolve(enlarge(x, 2), kernel[::-1, ::-1].transpose(0, 1, 3, 2))


class PlainEngine(OpenVINOEngine):
    """OpenVINO on the plain graph."""

    def _graph(self, part: str, batch: int) -> ov.Model:
        return PlainGraph(pggan_config(self._model.config), self._model.variables()).graph(("image",), batch)


def contenders(model: Model) -> dict[str, Engine]:
    """Return the engines that are compared; the first is what the others are measured against."""
    return {
        "TensorFlow, float32": open_engine(model, "tensorflow"),
        "OpenVINO, plain graph, exact": PlainEngine(model, "exact"),
        "OpenVINO, plain graph, fast": PlainEngine(model, "fast"),
        "OpenVINO, fused, exact": open_engine(model, "openvino", "exact"),
        "OpenVINO, fused, fast": open_engine(model, "openvino", "fast"),
    }


def check_pictures(engines: Mapping[str, Engine], latents: np.ndarray) -> dict[str, float]:
    """Check that all engines make the same pictures.

    Args:
        engines: by name; the first is the reference.
        latents: (N, L).

    Returns:
        For each but the first, the peak signal to noise ratio against the first, in dB.

    Raises:
        RuntimeError: one makes other pictures.
    """
    pictures = {name: engine.run(latents)["image"] for name, engine in engines.items()}
    (_, reference), *rest = pictures.items()
    ratios = {name: decibels(picture, reference) for name, picture in rest}
    for name, ratio in ratios.items():
        if ratio < MIN_PSNR:
            raise RuntimeError(f"Expected {name} to make the reference's pictures. Received: {ratio:.1f} dB.")
    return ratios


def decibels(picture: np.ndarray, reference: np.ndarray) -> float:
    """Return the peak signal to noise ratio of pictures from -1 to 1, in dB."""
    return float(10 * np.log10(4 / max(np.mean((picture - reference) ** 2), 1e-20)))


def measure(engines: Mapping[str, Engine], latents: np.ndarray, rounds: int) -> dict[str, float]:
    """Time all engines in turns.

    Args:
        engines: by name.
        latents: (N, L), all computed together.
        rounds: timings of each.

    Returns:
        Median milliseconds a face, by name.
    """
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    for engine in engines.values():
        engine.run(latents)
    for _ in range(rounds):
        for name, engine in engines.items():
            started = time.perf_counter()
            engine.run(latents)
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) * 1000 / len(latents) for name, values in seconds.items()}


def first_face(model: Model, kind: str, cache_dir: Path | None) -> tuple[float, float]:
    """Return a new process: open the model, open the engine, make a face.

    Args:
        model: the model folder, verified again by the process.
        kind: "openvino" or "tensorflow".
        cache_dir: compiled networks, or None.

    Returns:
        Seconds from the start of the process to the face, and the process's peak memory in MB (on Linux alone).
    """
    program = f"""
from pathlib import Path
import numpy as np
from dashboard.synthesis.open_engine import open_engine
from dashboard.synthesis.model_folder import open_model
model = open_model(Path({str(model.path)!r}))
cache = {str(cache_dir) if cache_dir else None!r}
engine = open_engine(model, {kind!r}, cache_dir=Path(cache) if cache else None)
engine.run(np.zeros((1, engine.latent_size)))
# Not ru_maxrss: Linux starts it at what the parent had.
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""
    started = time.perf_counter()
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    return seconds, int(done.stdout.split()[-1]) / 1024


def report(model: Model, rounds: int) -> str:
    """Measure everything.

    Args:
        model: a verified model folder.
        rounds: timings of each engine and batch.

    Returns:
        A page in Markdown.
    """
    machine = describe_machine(("openvino", "tensorflow", "tensorflow-cpu", "keras"))
    engines = contenders(model)
    latents = np.random.RandomState(0).randn(max(BATCHES), model.config.latent_size)
    ratios = check_pictures(engines, latents)
    times = {batch: measure(engines, latents[:batch], rounds) for batch in BATCHES}
    slowest = "OpenVINO, plain graph, exact"
    lines = [
        "# Engines",
        "",
        "Written by `python -m benchmarks.engines`; milliseconds per face, median of "
        f"{rounds} rounds. In brackets: speed relative to OpenVINO on the plain graph, exact, in the same run.",
        "",
        f"Model: `{model.name}@{model.digest8}`, {model.config.resolution} px, "
        f"{sum(v.size for v in model.variables().values()):,} parameters.",
        f"Machine: {machine}.",
        "",
        "| engine | numbers | " + " | ".join(f"batch {batch}" for batch in BATCHES) + " | PSNR |",
        "|---|---|" + "---|" * len(BATCHES) + "---|",
    ]
    for name, engine in engines.items():
        cells = [f"{times[batch][name]:.2f} ({times[batch][slowest] / times[batch][name]:.2f}x)" for batch in BATCHES]
        psnr = f"{ratios[name]:.0f} dB" if name in ratios else "reference"
        lines.append(f"| {name} | {engine.numeric} | " + " | ".join(cells) + f" | {psnr} |")
    lines += [
        "",
        "From the start of a process to its first face (start Python, verify the model, open the engine, compile the "
        "network):",
        "",
        "| engine | seconds | peak memory |",
        "|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        cache = Path(scratch) / "compiled"
        for label, kind, folder in [
            ("OpenVINO, nothing cached", "openvino", cache),
            ("OpenVINO, compiled network on disk", "openvino", cache),
            ("TensorFlow", "tensorflow", None),
        ]:
            seconds, megabytes = first_face(model, kind, folder)
            lines.append(f"| {label} | {seconds:.2f} | {megabytes:.0f} MB |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    repeats = ("rounds", 20, "timings of each engine and batch")
    write_report("benchmarks.engines", __doc__ or "", repeats, lambda path, n: report(open_model(path), n), arguments)


if __name__ == "__main__":
    main()

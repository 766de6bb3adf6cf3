"""Milliseconds a face at full size: ours, and the same network in other libraries, side by side in one run.

    python -m benchmarks.rivals [--resolution 1024] [--rounds 7] [--output docs/benchmarks/rivals.md]

Each has a separate process, so that no library's threads meet another's, and as many threads as there are cores. They
take turns, round by round, while all others wait. Before anything is timed, all must have made the same picture.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.command import write_network_report
from benchmarks.engines import MIN_PSNR, PlainEngine, decibels
from benchmarks.machine import describe_machine
from benchmarks.rival_networks import Run, open_onnxruntime, open_tensorflow, open_torch
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.engine import Precision
from dashboard.synthesis.model_folder import Model, open_model, write_model
from dashboard.synthesis.open_engine import numeric_class, open_engine

FIRST = "TensorFlow, as originally written"
PAUSE_S = 0.3
"""Before each turn: some libraries' threads spin for a while after their work."""


@dataclass(frozen=True)
class Goals:
    """How many times as fast as others ours has to be.

    Args:
        first: as the reference, by the class of numbers that the processor has.
        best: as the best of the others in the same class of numbers.
        reference: what the reference is, in words.
    """

    first: Mapping[str, float]
    best: float
    reference: str


GOALS = Goals({"f32": 2.5, "bf16": 5.0}, 1.3, "the network as originally written")


@dataclass(frozen=True)
class Rival:
    """A compared library.

    Args:
        label: its name on the page; labels that begin with "Ours" are the dashboard's own.
        numeric: class of numbers it computes with.
        opener: a function of a model and a number of threads, picklable.
        needs: modules that must be installed.
    """

    label: str
    numeric: Literal["f32", "bf16"]
    opener: partial[Run]
    needs: tuple[str, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether it is the dashboard's own engine."""
        return self.label.startswith("Ours")

    @property
    def installed(self) -> bool:
        """Whether all that it needs can be imported."""
        return all(importlib.util.find_spec(module) for module in self.needs)


def open_ours(model: Model, threads: int, precision: Precision) -> Run:
    """Return the dashboard's engine."""
    engine = open_engine(model, "openvino", precision, threads)
    return lambda latents: engine.run(latents)["image"]


def open_plain(model: Model, threads: int, precision: Precision) -> Run:
    """Open OpenVINO on the graph as in the paper."""
    engine = PlainEngine(model, precision, threads)
    return lambda latents: engine.run(latents)["image"]


def rivals(bf16: bool) -> list[Rival]:
    """Return the compared libraries, the reference first.

    Args:
        bf16: whether the processor multiplies in bfloat16; if not, none is measured in it.
    """
    last = {"channels_last": True}
    runtime = ("onnx", "onnxruntime")
    everyone = [
        Rival(FIRST, "f32", partial(open_tensorflow)),
        Rival("PyTorch", "f32", partial(open_torch), ("torch",)),
        Rival("PyTorch, channels last", "f32", partial(open_torch, **last), ("torch",)),
        Rival("PyTorch, channels last, bfloat16", "bf16", partial(open_torch, **last, bf16=True), ("torch",)),
        Rival("ONNX Runtime", "f32", partial(open_onnxruntime), runtime),
        Rival("OpenVINO, plain graph", "f32", partial(open_plain, precision="exact")),
        Rival("OpenVINO, plain graph, fast", "bf16", partial(open_plain, precision="fast")),
        Rival("Ours, exact", "f32", partial(open_ours, precision="exact")),
        Rival("Ours, fast", "bf16", partial(open_ours, precision="fast")),
    ]
    return [rival for rival in everyone if bf16 or rival.numeric == "f32"]


def write_random_model(path: Path, config: GeneratorConfig) -> Model:
    """Return a model folder with seeded random weights, stored in float32."""
    random = np.random.default_rng(0)
    variables = {name: random.standard_normal(shape, np.float32) for name, shape in config.variables().items()}
    variables["lod"] = np.zeros((), np.float32)
    # ToRGB adds up as many unit features as there are maps: this keeps the picture about black and white.
    spread = np.float32(config.features(config.log2 - 1) ** -0.5)
    variables |= {name: v * spread for name, v in variables.items() if name.startswith("ToRGB")}
    none = np.zeros((config.latent_size, 0))
    provenance = {"made by": "benchmarks/rivals.py"}
    return write_model(path, config, variables, (), none, licence="CC0-1.0", provenance=provenance, dtype=np.float32)


def serve(connection: Connection, rival: Rival, path: Path, latents: np.ndarray, threads: int) -> None:
    """Run a rival's process: it sends its picture, then for each message the seconds that a turn took."""
    run = rival.opener(open_model(path), threads)
    connection.send(run(latents))
    # Once more before anything counts: libraries settle their memory in the second run.
    run(latents)
    while connection.recv():
        time.sleep(PAUSE_S)
        started = time.perf_counter()
        run(latents)
        connection.send(time.perf_counter() - started)


@contextmanager
def started(
    entrants: Sequence[Rival], path: Path, latents: np.ndarray, threads: int
) -> Iterator[dict[str, tuple[Connection, np.ndarray]]]:
    """Yield a process for each, started one after another.

    Yields:
        The connection to each and the picture that it made, by label.
    """
    context = multiprocessing.get_context("spawn")
    running: dict[str, tuple[Connection, np.ndarray]] = {}
    processes = []
    try:
        for rival in entrants:
            here, there = context.Pipe()
            process = context.Process(target=serve, args=(there, rival, path, latents, threads), daemon=True)
            process.start()
            processes.append(process)
            there.close()
            running[rival.label] = here, here.recv()
        yield running
    finally:
        for process in processes:
            process.terminate()
            process.join()


def measure(
    entrants: Sequence[Rival], path: Path, rounds: int, threads: int, least: float | None = None
) -> tuple[dict[str, float], dict[str, float]]:
    """Compute the same face with all libraries, in turns.

    Args:
        entrants: the first is the reference.
        path: the model folder.
        rounds: turns of each.
        threads: of each.
        least: smallest PSNR of a picture of another than ours, in dB; as for ours if None.

    Returns:
        Median milliseconds a face, and dB against the first, by label.

    Raises:
        RuntimeError: one makes another picture.
    """
    latents = np.random.RandomState(0).randn(1, open_model(path).config.latent_size).astype(np.float32)
    seconds: dict[str, list[float]] = {rival.label: [] for rival in entrants}
    with started(entrants, path, latents, threads) as running:
        _, reference = running[entrants[0].label]
        ratios = {label: decibels(picture, reference) for label, (_, picture) in running.items()}
        for rival in entrants:
            ratio = ratios[rival.label]
            if ratio < (MIN_PSNR if rival.ours or least is None else least):
                raise RuntimeError(f"Expected {rival.label} to make the first one's picture. Received: {ratio:.1f} dB.")
        for _ in range(rounds):
            for label, (connection, _) in running.items():
                connection.send(True)
                seconds[label].append(connection.recv())
    return {label: statistics.median(values) * 1000 for label, values in seconds.items()}, ratios


def verdicts(entrants: Sequence[Rival], times: Mapping[str, float], goals: Goals = GOALS) -> list[str]:
    """Return sentences that compare the goals with the measurements.

    Args:
        entrants: all that were measured, the reference first.
        times: milliseconds, by label.
        goals: what they are held against.
    """
    sentences = []
    fastest = min((rival for rival in entrants if rival.ours), key=lambda rival: times[rival.label])
    classes = {rival.numeric for rival in entrants}
    goal = goals.first["bf16" if "bf16" in classes else "f32"]
    ratio = times[entrants[0].label] / times[fastest.label]
    sentences.append(
        f"{fastest.label} against {goals.reference}: {ratio:.2f} times as fast. "
        f"Goal {'with' if 'bf16' in classes else 'without'} bf16: {goal:g}; {_met(ratio, goal)}."
    )
    for mine in (rival for rival in entrants if rival.ours):
        others = [rival.label for rival in entrants if not rival.ours and rival.numeric == mine.numeric]
        if not others:
            continue
        best = min(others, key=lambda label: times[label])
        ratio = times[best] / times[mine.label]
        sentences.append(
            f"{mine.label} against the best of the others in {mine.numeric}, {best}: {ratio:.2f} times as fast. "
            f"Goal: {goals.best:g}; {_met(ratio, goals.best)}."
        )
    return sentences


def table(everyone: Sequence[Rival], times: Mapping[str, float], ratios: Mapping[str, float]) -> list[str]:
    """Return the lines of a table of Markdown.

    Args:
        everyone: all, the reference first; those without a time are not installed.
        times, ratios: milliseconds and dB, by label.
    """
    first = everyone[0].label
    lines = ["| network | numbers | milliseconds | speed relative to the first | PSNR |", "|---|---|---|---|---|"]
    for rival in everyone:
        cells = "not installed | | "
        if rival.label in times:
            psnr = "reference" if rival.label == first else f"{ratios[rival.label]:.0f} dB"
            cells = f"{times[rival.label]:.0f} | {times[first] / times[rival.label]:.2f}x | {psnr}"
        lines.append(f"| {rival.label} | {rival.numeric} | {cells} |")
    return lines


def available_threads() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def report(config: GeneratorConfig, rounds: int) -> str:
    """Measure everything.

    Args:
        config: of the network.
        rounds: turns of each.

    Returns:
        A page in Markdown.
    """
    machine = describe_machine(("openvino", "tensorflow", "tensorflow-cpu", "torch", "onnx", "onnxruntime"))
    threads = available_threads()
    bf16 = numeric_class("openvino", "fast").endswith("bf16")
    everyone = rivals(bf16)
    entrants = [rival for rival in everyone if rival.installed]
    with tempfile.TemporaryDirectory() as scratch:
        model = write_random_model(Path(scratch) / "random", config)
        times, ratios = measure(entrants, model.path, rounds, threads)
    lines = [
        "# Other libraries",
        "",
        f"Written by `python -m benchmarks.rivals`: one face at a time, median of {rounds} rounds. In each round every "
        f"library runs in turn, in its own process with {threads} threads.",
        "",
        f"Network: `G_paper` of {config.resolution} px, not fused, with random weights, "
        f"{sum(int(np.prod(shape)) for shape in config.variables().values()):,} parameters. Machine: {machine}; "
        f"{'with' if bf16 else 'without'} bf16.",
        "",
        *table(everyone, times, ratios),
    ]
    lines += ["", *(f"- {sentence}" for sentence in verdicts(entrants, times))]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""

    def measured(resolution: int, rounds: int) -> str:
        return report(GeneratorConfig(resolution, fused_scale=False), rounds)

    write_network_report("benchmarks.rivals", __doc__ or "", (7, "turns of each"), measured, arguments)


def _met(ratio: float, goal: float) -> str:
    return "met" if ratio >= goal else "not met"


if __name__ == "__main__":
    main()

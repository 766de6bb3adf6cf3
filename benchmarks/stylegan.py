"""Milliseconds a face of StyleGAN2 and StyleGAN3: ours, and the published formulas in other libraries, side by side.

    python -m benchmarks.stylegan [--resolution 1024] [--rounds 6] [--output docs/benchmarks/stylegan.md]

Networks of the published sizes with random weights. As in ``benchmarks.rivals``, each has a separate process, all make
the same picture first, and then take turns. StyleGAN3, whose faces take seconds, is measured alone, in a third of the
rounds: in PyTorch a face of 1024 px needs many gigabytes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.command import write_network_report
from benchmarks.machine import describe_machine
from benchmarks.rival_stylegan import open_onnxruntime, open_openvino, open_torch
from benchmarks.rivals import Goals, Rival, available_threads, measure, open_ours, table, verdicts
from benchmarks.stylegan_networks import Kind, config_of, write_random_stylegan
from dashboard.synthesis.open_engine import numeric_class

FIRST = "PyTorch"
GOALS = Goals({"f32": 2.0, "bf16": 4.0}, 1.0, "PyTorch in float32")
LEAST_PSNR = 25.0
"""Of the others' pictures in dB: PyTorch rounds styles and weights to bfloat16, too."""

ALIAS_FREE: tuple[Kind, ...] = ("config-t", "config-r")


def style_rivals(bf16: bool) -> list[Rival]:
    """Return what computes StyleGAN2, the reference first.

    Args:
        bf16: whether the processor multiplies in bfloat16; if not, none is measured in it.
    """
    torch, exported = ("torch",), ("torch", "onnx")
    runtime = (*exported, "onnxruntime")
    scaled = {"own": False}
    fast = {"channels_last": True, "bf16": True}
    everyone = [
        Rival(FIRST, "f32", partial(open_torch), torch),
        Rival("PyTorch, scaled maps", "f32", partial(open_torch, **scaled, channels_last=True), torch),
        Rival("PyTorch, bfloat16", "bf16", partial(open_torch, **fast), torch),
        Rival("PyTorch, scaled maps, bfloat16", "bf16", partial(open_torch, **scaled, **fast), torch),
        Rival("ONNX Runtime", "f32", partial(open_onnxruntime), runtime),
        Rival("ONNX Runtime, scaled maps", "f32", partial(open_onnxruntime, **scaled), runtime),
        Rival("OpenVINO", "f32", partial(open_openvino), exported),
        Rival("OpenVINO, scaled maps", "f32", partial(open_openvino, **scaled), exported),
        Rival("OpenVINO, fast", "bf16", partial(open_openvino, bf16=True), exported),
        Rival("OpenVINO, scaled maps, fast", "bf16", partial(open_openvino, **scaled, bf16=True), exported),
        *ours(bf16),
    ]
    return [rival for rival in everyone if bf16 or rival.numeric == "f32"]


def ours(bf16: bool) -> list[Rival]:
    """Return the dashboard's own, exact first: as for :func:`style_rivals`."""
    everyone = [
        Rival("Ours, exact", "f32", partial(open_ours, precision="exact")),
        Rival("Ours, fast", "bf16", partial(open_ours, precision="fast")),
    ]
    return [rival for rival in everyone if bf16 or rival.numeric == "f32"]


def report(resolution: int, rounds: int) -> str:
    """Measure everything.

    Args:
        resolution: of the networks, in pixels.
        rounds: turns of each, for StyleGAN2.

    Returns:
        A page in Markdown.
    """
    machine = describe_machine(("openvino", "torch", "onnx", "onnxruntime"))
    bf16 = numeric_class("openvino", "fast").endswith("bf16")
    few = max(rounds // 3, 1)
    lines = [
        "# StyleGAN",
        "",
        f"Written by `python -m benchmarks.stylegan`: one face of {resolution} px at a time, from z to the picture, "
        f"median of {rounds} rounds (StyleGAN3: {few}). In each round everything runs in turn, in its own process with "
        f"{available_threads()} threads. Networks of the published sizes have random weights. Machine: {machine}; "
        f"{'with' if bf16 else 'without'} bf16.",
        "",
        "The others compute the published formulas in PyTorch, or the graph that PyTorch exports from them to ONNX. "
        "Without another word each face has its own weights, as in the original program; *scaled maps* have common "
        "weights between two scalings of the maps, as ours. PSNR is against the first. StyleGAN3 is measured alone: in "
        "PyTorch a face of 1024 px needs many gigabytes.",
    ]
    lines += _section("config-f", resolution, style_rivals(bf16), rounds, GOALS)
    for kind in ALIAS_FREE:
        lines += _section(kind, resolution, ours(bf16), few, None)
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_network_report("benchmarks.stylegan", __doc__ or "", (6, "turns of each"), report, arguments)


def _section(kind: Kind, resolution: int, everyone: Sequence[Rival], rounds: int, goals: Goals | None) -> list[str]:
    entrants = [rival for rival in everyone if rival.installed]
    if everyone[0] not in entrants:
        raise SystemExit("Expected PyTorch, the reference. Received: it is not installed. `make bench` installs it.")
    config = config_of(kind, resolution)
    with tempfile.TemporaryDirectory() as scratch:
        model = write_random_stylegan(Path(scratch) / "random", config)
        times, ratios = measure(entrants, model.path, rounds, available_threads(), LEAST_PSNR)
    title = f"## {config.family.replace('stylegan', 'StyleGAN')}, {kind}"
    said = [] if goals is None else ["", *(f"- {one}" for one in verdicts(entrants, times, goals))]
    return ["", title, "", *table(everyone, times, ratios), *said]


if __name__ == "__main__":
    main()

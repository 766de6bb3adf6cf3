"""Seconds and memory of `models import`: a network file of the official shape, with random weights, in a new process.

    python -m benchmarks.imports [--resolution 1024] [--rounds 3] [--output docs/benchmarks/imports.md]

The files are written as NVIDIA's code writes them: one network as the condensed file holds it, and a tuple of three.
Before each turn a file's pages are dropped from memory where the system allows it.
"""

from __future__ import annotations

import os
import pickle
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.command import write_network_report
from benchmarks.machine import describe_machine
from dashboard.synthesis.config import GeneratorConfig

ROOT = Path(__file__).parents[1]

FORMS = {"one network (condensed)": 1, "G, D, Gs (whole)": 3}
"""How many networks stand in a file. The discriminator is as large as the generator, so another one stands for it."""


@contextmanager
def network_class() -> Iterator[Any]:
    """Yield the class under whose name NVIDIA's code pickles a network, for as long as files are written."""
    module: Any = ModuleType("tfutil")
    module.Network = type("Network", (), {"__module__": "tfutil", "__qualname__": "Network"})
    before = sys.modules.get("tfutil")
    sys.modules["tfutil"] = module
    try:
        yield module.Network
    finally:
        del sys.modules["tfutil"]
        if before is not None:
            sys.modules["tfutil"] = before


def write_file(path: Path, config: GeneratorConfig, networks: int) -> int:
    """Write a network file with random weights.

    Args:
        path: where to.
        config: what networks stand in it.
        networks: 1, or 3 for a tuple.

    Returns:
        Its length in bytes.
    """
    random = np.random.default_rng(0)
    with network_class() as kind:
        made = []
        for _ in range(networks):
            variables = [
                (name, random.standard_normal(shape, np.float32)) for name, shape in config.variables().items()
            ]
            variables = [(name, np.float32(0) if name == "lod" else array) for name, array in variables]
            network = kind()
            vars(network).update(version=2, name="Gs", build_func_name="G_paper", build_module_src="# networks.py\n")
            vars(network).update(static_kwargs=config.as_dict(), variables=variables)
            made.append(network)
        with path.open("wb") as file:
            pickle.dump(made[0] if networks == 1 else tuple(made), file, protocol=3)
            file.flush()
            os.fsync(file.fileno())
    return path.stat().st_size


def forget(path: Path) -> None:
    """Ask the system to drop a file from memory, so that it is read from the disk again."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def import_once(path: Path, home: Path) -> tuple[float, float]:
    """Return a new process that imports a file as the command does.

    Args:
        path: the network file.
        home: LIKENESS_HOME, without a model named "measured".

    Returns:
        Seconds from the start of the process to its end, and its peak memory in MB.
    """
    program = f"""
from benchmarks.command import write_network_report
from benchmarks.machine import peak_memory
from dashboard.cli import main
main(["models", "import", {str(path)!r}, "--name", "measured"], standalone_mode=False)
print(peak_memory())
"""
    environment = {**os.environ, "LIKENESS_HOME": str(home)}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return time.perf_counter() - started, float(done.stdout.split()[-1])


def report(config: GeneratorConfig, rounds: int) -> str:
    """Measure both kinds of file.

    Args:
        config: of the networks.
        rounds: imports of each.

    Returns:
        A page in Markdown.
    """
    machine = describe_machine(("numpy", "safetensors"))
    lines = [
        "# Imports",
        "",
        f"Written by `python -m benchmarks.imports`: `models import` in a new process, median of {rounds}.",
        "",
        f"Networks of {config.resolution} px with random weights. Machine: {machine}.",
        "",
        "| file | bytes | seconds | peak memory |",
        "|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        for label, networks in FORMS.items():
            path = Path(scratch) / "network.pkl"
            length = write_file(path, config, networks)
            turns = []
            for turn in range(rounds):
                forget(path)
                turns.append(import_once(path, Path(scratch) / f"home-{networks}-{turn}"))
            seconds, megabytes = (statistics.median(values) for values in zip(*turns, strict=True))
            lines.append(f"| {label} | {length:,} | {seconds:.2f} | {megabytes:.0f} MB |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""

    def measured(resolution: int, rounds: int) -> str:
        return report(GeneratorConfig(resolution, fused_scale=False), rounds)

    write_network_report("benchmarks.imports", __doc__ or "", (3, "imports of each file"), measured, arguments)


if __name__ == "__main__":
    main()

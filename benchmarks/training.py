"""Training's steps by kind and precision, and Muon against Adam on pairs: faces a second, and how close they come.

    python -m benchmarks.training [--resolution 128] [--faces DIR --init FILE --shown 19200] [--output PAGE]

Steps are of random pictures. The optimisers are compared only where --faces names a data set with its codes, and --init
the training.safetensors from which both continue.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

from benchmarks.machine import describe_machine
from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.scorer_config import ScorerConfig
from dashboard.synthesis.scorer_network import build_scorer, read_scorer_variables
from training.codes import read_codes
from training.label.lesson import SCORER
from training.label.scorer import Scorer
from training.shards import Faces
from training.train.networks import ALONE, Networks
from training.train.recipe import Recipe
from training.train.start import read_start

STEPS = 12
"""Steps a round, after two that compile."""

KINDS = {
    "pairs alone": {"alone": 10**9},
    "pairs alone, with the perceptual distance": {"alone": 10**9, "perceptual": 1.0},
    "pairs with the discriminator": {},
    "pictures alone": {"paired": 0.0},
}

PRECISIONS = {"float32": False, "bfloat16": True}


def random_scorer() -> Scorer:
    """Return a scorer of the published architecture with random weights."""
    config = ScorerConfig(
        size=64, channels=SCORER.channels, attributes=("A",), kinds=("continuous",), residual=SCORER.residual
    )
    return Scorer(config, read_scorer_variables(build_scorer(config)), ("A",), {}, 0)


def recipe_of(resolution: int, **given: float) -> Recipe:
    """Return a run of pairs in batches of 16 at its final resolution, but for what is given."""
    config = GeneratorConfig(resolution, fmap_base=1024, fmap_max=128)
    whole = replace(Recipe(config, start=resolution), batch=16, paired=10.0)
    return replace(whole, **given)


def speeds(resolution: int, rounds: int) -> list[tuple[str, str, float]]:
    """Return the kind of step, precision, and faces a second: the median of rounds, in turn with all others."""
    random, scorer = np.random.default_rng(0), random_scorer()
    real = random.uniform(-1, 1, (16, resolution, resolution, 3)).astype(np.float32)
    codes = random.standard_normal((16, 280)).astype(np.float32)
    turns: dict[tuple[str, str], list[float]] = {}
    made = {
        (kind, precision): Networks(
            recipe_of(resolution, **given), resolution.bit_length() - 1, bf16, scorer  # type: ignore[arg-type]
        )
        for kind, given in KINDS.items()
        for precision, bf16 in PRECISIONS.items()
    }  # fmt: skip
    for turn in range(rounds):
        for key, networks in made.items():
            shown = codes if networks.recipe.paired else None
            if turn == 0:
                networks.set_phase(0)
                _run(networks, real, shown, range(2))
            began = time.perf_counter()
            _run(networks, real, shown, range(2, 2 + STEPS))
            turns.setdefault(key, []).append(STEPS * 16 / (time.perf_counter() - began))
    return [(*key, statistics.median(values)) for key, values in turns.items()]


def _run(networks: Networks, real: np.ndarray, codes: np.ndarray | None, numbers: Iterable[int]) -> None:
    """Run steps of one batch; the numbers of the last one are fetched, so that all of it is done."""
    losses: dict[str, tf.Tensor] = {}
    for number in numbers:
        losses = networks.step(real, codes, number)
    for value in losses.values():
        float(value)


def race(faces: Path, init: Path, resolution: int, shown: int) -> list[tuple[str, float, float]]:
    """Compare optimisers: name, distance over the last tenth of the faces shown, and seconds; both start from the same
    networks.
    """
    found = []
    recipe = recipe_of(resolution, alone=shown, total=shown, squares=2.0)
    start, codes = read_start(init, recipe.config), read_codes(faces, recipe.config.latent_size)
    for name in ("Adam", "Muon"):
        networks = Networks(recipe, resolution.bit_length() - 1, True)
        networks.restore(start.state, optimisers=False)
        if name == "Adam":
            networks.optimisers[ALONE] = keras.optimizers.Adam(recipe.alone_rate, 0.9, recipe.beta2, 1e-8)
            networks.optimisers[ALONE].build(networks.trained("G"))
        data, distances, began = Faces(faces, resolution, recipe.batch, 1, codes), [], time.perf_counter()
        for number in range(shown // recipe.batch):
            networks.set_phase(number * recipe.batch)
            distances.append(networks.step(*data.next(), number)["distance"])
        last = [float(d) for d in distances[-max(len(distances) // 10, 1) :]]
        found.append((name, statistics.fmean(last), time.perf_counter() - began))
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--resolution", type=int, default=128, help="of the pictures, in pixels (default: 128)")
    parser.add_argument("--rounds", type=int, default=5, help="of each kind of step (default: 5)")
    parser.add_argument("--faces", type=Path, help="data set with codes, on which to compare the optimisers")
    parser.add_argument("--init", type=Path, help="training.safetensors from which they go on")
    parser.add_argument("--shown", type=int, default=19_200, help="faces shown to each optimiser (default: 19200)")
    parser.add_argument("--output", type=Path, help="page to write (default: print it)")
    options = parser.parse_args(arguments)
    lines = [
        "# Training",
        "",
        f"Written by `python -m benchmarks.training`: batches of 16 faces of {options.resolution} px.",
        "",
        f"Machine: {describe_machine(('tensorflow', 'tensorflow-cpu', 'keras'))}.",
        "",
        f"Faces per second, median of {options.rounds} rounds of {STEPS} steps, all kinds in turn:",
        "",
        "| step | float32 | bfloat16 |",
        "|---|---|---|",
    ]
    measured = {(kind, precision): value for kind, precision, value in speeds(options.resolution, options.rounds)}
    for kind in KINDS:
        lines.append(f"| {kind} | " + " | ".join(f"{measured[kind, p]:.0f}" for p in PRECISIONS) + " |")
    if options.faces and options.init:
        lines += [
            "",
            f"Both continue from the same networks, with {options.shown:,} faces and a cosine learning rate "
            f"schedule from {Recipe.alone_rate}. The distance is that of pairs over the last tenth of the faces.",
            "",
            "| optimiser | distance | seconds |",
            "|---|---|---|",
        ]
        for name, distance, seconds in race(options.faces, options.init, options.resolution, options.shown):
            lines.append(f"| {name} | {distance:.3f} | {seconds:.0f} |")
    page = "\n".join(lines) + "\n"
    if options.output:
        options.output.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()

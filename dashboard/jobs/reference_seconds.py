"""Seconds of a unit of work of each kind of job, on the reference machine.

`python -m benchmarks.job_durations` measures them and writes `reference_seconds.json` beside this module.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

PATH = Path(__file__).with_suffix(".json")

UNITS = {
    "rescoring": "a million pixels generated and scored",
    "export": "a million pixels generated",
    "export drawn": "a million pixels drawn and encoded",
    "angles": "a thousand million products of latents",
    "activations": "a number of a face's activations",
    "disentanglement": "a face of the bank",
    "umap": "a face and an epoch",
    "umap first": "loading and compiling, once for each process",
    "tsne": "a face, a step and a doubling of the faces",
}
"""Measured figures: the kind of job, and the unit of work that the seconds are for."""


def reference_seconds(name: str) -> float:
    """Return the seconds of a unit of work.

    Args:
        name: a key of `UNITS`.
    """
    return figures()[name]


@functools.cache
def figures() -> dict[str, float]:
    """Return all measured figures, in seconds, by the keys of `UNITS`."""
    return {name: float(seconds) for name, seconds in json.loads(PATH.read_bytes())["seconds"].items()}

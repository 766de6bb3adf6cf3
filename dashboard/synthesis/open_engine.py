"""Choose and open an engine: OpenVINO, or TensorFlow with a GPU."""

from __future__ import annotations

import importlib.metadata
import os
from pathlib import Path
from typing import Literal

from dashboard.synthesis.engine import Engine, EngineKind, Precision
from dashboard.synthesis.model import Model


def open_engine(
    model: Model,
    kind: EngineKind = "auto",
    precision: Precision = "fast",
    threads: int | None = None,
    cache_dir: Path | None = None,
) -> Engine:
    """Load a model into an engine. Never before a fork: engines hold threads.

    Args:
        model: a verified model folder.
        kind: "openvino", "tensorflow", or "auto": TensorFlow if it sees a GPU, else OpenVINO.
        precision: "fast" for display (bf16 if the processor supports it), "exact" (float32) for export and analysis.
        threads: number of compute threads; None for one per core.
        cache_dir: folder for compiled networks, created with mode 0700; None to compile each time.

    Returns:
        The engine; networks are compiled on their first run.
    """
    if resolve_kind(kind) == "tensorflow":
        # Read on import: the network is Keras on TensorFlow, whatever the user's Keras configuration is.
        os.environ["KERAS_BACKEND"] = "tensorflow"
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        from dashboard.synthesis.tensorflow_engine import TensorFlowEngine

        return TensorFlowEngine(model, threads)
    from dashboard.synthesis.openvino_engine import OpenVINOEngine

    return OpenVINOEngine(model, precision, threads, cache_dir)


def numeric_class(kind: EngineKind = "auto", precision: Precision = "fast") -> str:
    """Return the `numeric` of the engine that :func:`open_engine` would give, without opening one.

    Args:
        kind, precision: as for :func:`open_engine`.

    Returns:
        E.g. "openvino-bf16", so that cached entries can be found before anything is computed.
    """
    if resolve_kind(kind) == "tensorflow":
        return "tensorflow-f32"
    from dashboard.synthesis.openvino_engine import numeric_of

    return numeric_of(precision)


def resolve_kind(kind: EngineKind) -> Literal["openvino", "tensorflow"]:
    """Return the engine of "auto": TensorFlow if its GPU build sees a GPU, else OpenVINO."""
    if kind == "auto":
        return "tensorflow" if _gpu_visible() else "openvino"
    return kind


def _gpu_visible() -> bool:
    """Return whether TensorFlow would find a GPU, without importing it, which takes seconds."""
    if os.environ.get("CUDA_VISIBLE_DEVICES", "all") in ("", "-1") or not Path("/dev/nvidiactl").exists():
        return False
    try:
        # The CPU build is a separate distribution, "tensorflow-cpu".
        importlib.metadata.version("tensorflow")
    except importlib.metadata.PackageNotFoundError:
        return False
    return True

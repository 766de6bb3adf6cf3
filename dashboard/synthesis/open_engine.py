"""Choose and open an engine: OpenVINO, or TensorFlow where it has a GPU."""

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
        kind: "openvino", "tensorflow", or "auto": TensorFlow where a GPU is visible to it, else OpenVINO.
        precision: "fast" for what is only looked at (bf16 where the processor has it), "exact" (float32) for what is
            exported or analysed.
        threads: how many compute; None for a thread a core.
        cache_dir: folder that compiled networks are kept in, made with mode 0700; None to compile each time.

    Returns:
        The engine; networks are compiled when they are first run.
    """
    if resolve_kind(kind) == "tensorflow":
        # Read when they are imported: the network is Keras on TensorFlow, whatever else Keras may be set to here.
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
        E.g. "openvino-bf16", so that what is cached can be found before anything is computed.
    """
    if resolve_kind(kind) == "tensorflow":
        return "tensorflow-f32"
    from dashboard.synthesis.openvino_engine import numeric_of

    return numeric_of(precision)


def resolve_kind(kind: EngineKind) -> Literal["openvino", "tensorflow"]:
    """Return which engine "auto" means here: TensorFlow where its GPU build meets a visible GPU, else OpenVINO."""
    if kind == "auto":
        return "tensorflow" if _gpu_visible() else "openvino"
    return kind


def _gpu_visible() -> bool:
    """Return whether TensorFlow would find a GPU, judged without importing it: that takes seconds."""
    if os.environ.get("CUDA_VISIBLE_DEVICES", "all") in ("", "-1") or not Path("/dev/nvidiactl").exists():
        return False
    try:
        # The CPU build has a name of its own, "tensorflow-cpu".
        importlib.metadata.version("tensorflow")
    except importlib.metadata.PackageNotFoundError:
        return False
    return True

"""The CPU engine: OpenVINO, compiled from the model's own arrays, without TensorFlow."""

from __future__ import annotations

import io
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import openvino as ov

from dashboard.synthesis.compiled_networks import CompiledCache
from dashboard.synthesis.engine import Precision, available_outputs, check_request, labels_of, latent_shape
from dashboard.synthesis.model import Model
from dashboard.synthesis.openvino_graph import scorer_graph
from dashboard.synthesis.openvino_networks import OpenVINONetwork, network_of
from dashboard.synthesis.preview import FACES, ReadOut, fit_read_out, preview_block
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

log = logging.getLogger(__name__)

BATCH = 8
"""Batch size for many faces; fewer are computed one by one, at nearly the same cost each."""

MAX_BATCHED_RESOLUTION = 256
"""Above this a single face uses every core, and a batch of eight would take gigabytes."""

GRAPH_VERSION = 3
"""Increased whenever the graph changes, so that older compiled networks are not used."""

Feed = Callable[[int, int], Mapping[str, np.ndarray]]
"""Function that returns the inputs of a network for some faces: their first number, and their count."""

_PARTS = {
    "picture": ("image",),
    "preview": ("preview",),
    "activations": ("block4", "block8"),
    "scorer": ("scores", "features"),
}


class OpenVINOEngine:
    """A model on OpenVINO's CPU device; see :class:`dashboard.synthesis.engine.Engine`.

    Networks, each compiled when first asked for: the generator, its first blocks alone, as many as previews need, and
    the scorer, which looks at the generator's pictures.

    Args:
        model: a verified model folder.
        precision: "fast" or "exact".
        threads: number of compute threads; None for one per core.
        cache_dir: folder for compiled networks, or None.
    """

    name = "openvino"

    def __init__(
        self, model: Model, precision: Precision = "fast", threads: int | None = None, cache_dir: Path | None = None
    ) -> None:
        self.numeric = numeric_of(precision)
        self.latent_size, self.label_size = model.config.latent_size, model.config.label_size
        self.resolution = model.config.resolution
        self._preview_block = preview_block(model.config)
        previews = ("preview",) if self._preview_block else ()
        self.outputs = (*available_outputs(model.config, model.has_scorer), *previews)
        self._read_out: ReadOut | None = None
        self.config = model.config
        self._model = model
        self._network: OpenVINONetwork = network_of(model)
        self._cache = CompiledCache(cache_dir)
        self._core = ov.Core()
        self._options: dict[str, str | int | bool] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "bf16" if self.numeric.endswith("bf16") else "f32",
            # Pinned threads wait for their core while another program uses it.
            "ENABLE_CPU_PINNING": False,
        }
        if threads is not None:
            self._options["INFERENCE_NUM_THREADS"] = threads
        self._requests: dict[tuple[str, int], ov.InferRequest] = {}
        self._lock = threading.Lock()

    def run(
        self,
        latents: np.ndarray,
        labels: np.ndarray | None = None,
        outputs: Sequence[str] = ("image",),
        options: DrawingOptions = PLAIN,
    ) -> dict[str, np.ndarray]:
        """Compute outputs for latents; see :meth:`dashboard.synthesis.engine.Engine.run`."""
        shape = latent_shape(self.config, options)
        labels = labels_of(options, labels, len(latents), self.label_size)
        latents, labels = check_request(self, latents, labels, outputs, shape)
        count = len(latents)

        def feed(start: int, size: int) -> Mapping[str, np.ndarray]:
            return self._network.feed(latents[start : start + size], labels[start : start + size], options)

        wanted = {part for part, names in _PARTS.items() if set(names) & set(outputs)}
        computed: dict[str, np.ndarray] = {}
        with self._lock:
            if "activations" in wanted:
                computed |= self._run_part("activations", count, feed)
            if "preview" in wanted:
                computed["preview"] = self._previews(count, feed)
            if "picture" in wanted or "scorer" in wanted:
                computed |= self._run_part("picture", count, feed)
            if "scorer" in wanted:
                pictures = computed["image"]
                computed |= self._run_part("scorer", count, lambda a, size: {"image": pictures[a : a + size]})
        return {name: computed[name] for name in outputs}

    def _previews(self, count: int, feed: Feed) -> np.ndarray:
        """Return previews, or full pictures if previews are too different."""
        if self._read_out is None:
            self._read_out = self._fit_read_out()
        if not self._read_out.faithful:
            return self._run_part("picture", count, feed)["image"]
        return self._read_out(self._run_part("preview", count, feed)[str(self._preview_block)])

    def _fit_read_out(self) -> ReadOut:
        key = self._key("read-out", 1)
        if (kept := self._cache.load(key)) is not None and (found := ReadOut.read(kept)) is not None:
            return found
        latents = np.random.RandomState(0).randn(FACES, self.latent_size).astype(np.float32)
        labels = np.zeros((FACES, self.label_size), np.float32)

        def feed(start: int, size: int) -> Mapping[str, np.ndarray]:
            return self._network.feed(latents[start : start + size], labels[start : start + size], PLAIN)

        pictures = self._run_part("picture", FACES, feed)["image"]
        fitted = fit_read_out(self._run_part("preview", FACES, feed)[str(self._preview_block)], pictures)
        self._cache.save(key, fitted.written())
        return fitted

    def _run_part(self, part: str, count: int, feed: Feed) -> dict[str, np.ndarray]:
        chunks: list[dict[str, np.ndarray]] = []
        start = 0
        while start < count:
            size = BATCH if count - start >= BATCH and self.resolution <= MAX_BATCHED_RESOLUTION else 1
            request = self._request(part, size)
            given = feed(start, size)
            wanted = [one.any_name for one in request.model_inputs]
            request.infer({name: given[name] for name in wanted}, share_inputs=True)
            names = self._names(part)
            # Copied: the request writes its next results to the same memory.
            chunks.append({name: request.get_output_tensor(i).data.copy() for i, name in enumerate(names)})
            start += size
        if len(chunks) == 1:
            return chunks[0]
        return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}

    def _names(self, part: str) -> tuple[str, ...]:
        if part == "preview":
            return (str(self._preview_block),)
        return tuple(name for name in _PARTS[part] if name in self.outputs)

    def _request(self, part: str, batch: int) -> ov.InferRequest:
        if (part, batch) not in self._requests:
            self._requests[part, batch] = self._compile(part, batch).create_infer_request()
        return self._requests[part, batch]

    def _compile(self, part: str, batch: int) -> ov.CompiledModel:
        key = self._key(part, batch)
        if (blob := self._cache.load(key)) is not None:
            try:
                return self._core.import_model(blob, "CPU", self._options)
            except RuntimeError as error:
                log.warning("A compiled network could not be used and is made again: %s", error)
                self._cache.drop(key)
        compiled = self._core.compile_model(self._graph(part, batch), "CPU", self._options)
        if self._cache.folder is not None:
            stream = io.BytesIO()
            compiled.export_model(stream)
            self._cache.save(key, stream.getvalue())
        return compiled

    def _graph(self, part: str, batch: int) -> ov.Model:
        model = self._model
        if part == "scorer":
            assert model.scorer is not None
            return scorer_graph(model.scorer, model.scorer_variables(), self.resolution, batch)
        return self._network.graph(self._names(part), batch)

    def _key(self, part: str, batch: int) -> str:
        device = self._core.get_property("CPU", "FULL_DEVICE_NAME")
        abilities = self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        network = self._model.files["scorer.safetensors"] if part == "scorer" else self._model.digest
        return repr(
            (GRAPH_VERSION, ov.__version__, device, abilities, os.cpu_count(), network, part, batch, self._options)
        )


def numeric_of(precision: Precision) -> str:
    """Return the numeric type of a precision on this processor.

    Args:
        precision: "fast" is bf16 if OpenVINO would choose it, that is, if the processor multiplies in it.

    Returns:
        "openvino-bf16" or "openvino-f32".
    """
    if precision == "exact":
        return "openvino-f32"
    chosen = ov.Core().get_property("CPU", "INFERENCE_PRECISION_HINT")
    return "openvino-bf16" if chosen == ov.Type.bf16 else "openvino-f32"

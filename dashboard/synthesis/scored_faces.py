"""Faces scored by several scorers: bf16 pictures if the processor supports it, scores in float32."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import openvino as ov

from dashboard.synthesis.model import Model
from dashboard.synthesis.openvino_engine import BATCH, numeric_of
from dashboard.synthesis.openvino_graph import scorer_graph
from dashboard.synthesis.openvino_networks import network_of
from dashboard.synthesis.scorer_config import ScorerConfig
from dashboard.synthesis.stylegan.options import DrawingOptions


@dataclass(frozen=True)
class ScorerNetwork:
    """Interface of a network that scores faces.

    Args:
        config: of the network.
        variables: by name.
    """

    config: ScorerConfig
    variables: Mapping[str, np.ndarray]


class ScoredFaces:
    """Compute faces of a model and score them with one or more scorers.

    Args:
        model: a verified model folder.
        scorers: the networks.
        threads: number of compute threads; None for one per core.
    """

    def __init__(self, model: Model, scorers: Sequence[ScorerNetwork], threads: int | None = None) -> None:
        self.numeric = numeric_of("fast")
        precise = "bf16" if self.numeric.endswith("bf16") else "f32"
        side = model.config.resolution
        self._labels = np.zeros((BATCH, model.config.label_size), np.float32)
        self._model, self._network = model, network_of(model)
        self._generator = _compiled(self._network.graph(("image",), BATCH), precise, threads)
        self._inputs = [one.any_name for one in self._generator.model_inputs]
        self._scorers = [
            _compiled(scorer_graph(each.config, dict(each.variables), side, BATCH), "f32", threads) for each in scorers
        ]

    def _drawn(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, DrawingOptions]:
        latents, options = self._model.drawn(points)
        return latents, self._labels, options

    def scores(self, latents: np.ndarray, scorers: Sequence[int]) -> np.ndarray:
        """Compute faces and score them.

        Args:
            latents: (N, L) points of the model.
            scorers: indices of the scorers to use.

        Returns:
            (N, S) float32: their scores, concatenated.
        """
        found = []
        for first in range(0, len(latents), BATCH):
            part = np.asarray(latents[first : first + BATCH], np.float32)
            whole = np.concatenate([part, np.repeat(part[-1:], BATCH - len(part), axis=0)])
            given = self._network.feed(*self._drawn(whole))
            self._generator.infer({name: given[name] for name in self._inputs}, share_inputs=True)
            image = self._generator.get_output_tensor(0).data
            rows = []
            for scorer in scorers:
                self._scorers[scorer].infer([image], share_inputs=True)
                rows.append(self._scorers[scorer].get_output_tensor(0).data.copy())
            found.append(np.concatenate(rows, axis=1)[: len(part)])
        return np.concatenate(found)


def _compiled(graph: ov.Model, precise: str, threads: int | None) -> ov.InferRequest:
    options: dict[str, str | int | bool] = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": precise,
        "ENABLE_CPU_PINNING": False,
        **({} if threads is None else {"INFERENCE_NUM_THREADS": threads}),
    }
    return ov.Core().compile_model(graph, "CPU", options).create_infer_request()

"""Muon for convolutions: the optimiser of training on pairs, and of the scorers.

Source: Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024); Liu et al., "Muon is scalable
for LLM training" (2025), whose scale lets it share Adam's learning rate.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


class Muon(keras.optimizers.Muon):
    """Keras's Muon, which supports dense layers only, extended to kernels of convolutions.

    A kernel (h, w, in, out) is treated as a matrix (h * w * in, out). Adam updates biases and the 1x1 convolutions to
    and from colours, which are a network's first or last layer.

    Args:
        rate: learning rate, or a Keras schedule of it; for Adam's part too.
        beta2: Adam's second moment.
        dtype: of the products that make a step orthogonal; "bfloat16" is enough (Jordan et al.).
    """

    def __init__(self, rate: Any, beta2: float, dtype: str) -> None:
        decay: dict[str, Any] = {"weight_decay": None, "adam_weight_decay": None}
        super().__init__(rate, adam_beta_2=beta2, epsilon=1e-8, **decay)
        self.products = dtype

    def _should_use_adamw(self, variable: keras.Variable) -> bool:
        return len(variable.shape) < 2 or tuple(variable.shape[:2]) == (1, 1)

    def _muon_update_step(self, gradient: Any, variable: keras.Variable, lr: Any, m: keras.Variable) -> None:
        self.assign_add(m, gradient + m * (self.momentum - 1))
        matrix = ops.reshape(gradient + self.momentum * m, (-1, variable.shape[-1]))
        turn = self.zeropower_via_newtonschulz5(ops.cast(matrix, self.products), self.ns_steps)
        step = self.lr_adjust(lr * ops.cast(turn, variable.dtype))
        self.assign_sub(variable, ops.reshape(step, variable.shape))

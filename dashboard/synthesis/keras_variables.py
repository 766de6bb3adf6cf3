"""Variables of a Keras network in and out as arrays, by the names that files have."""

from __future__ import annotations

from collections.abc import Mapping

import keras
import numpy as np


def assign(variables: Mapping[str, keras.Variable], arrays: Mapping[str, np.ndarray]) -> None:
    """Set variables, all or none.

    Args:
        variables: by name.
        arrays: one for each of them, by name; converted to float32. Others are ignored, since a file may hold more than
            a network with fewer outputs needs.

    Raises:
        ValueError: a variable is missing or of a wrong shape.
    """
    if missing := sorted(set(variables) - set(arrays)):
        raise ValueError(f"Expected the variables {', '.join(sorted(variables))}. Missing: {', '.join(missing)}.")
    for name, variable in variables.items():
        if tuple(arrays[name].shape) != tuple(variable.shape):
            raise ValueError(
                f"Expected {name} of shape {tuple(variable.shape)}. Received: {tuple(arrays[name].shape)}."
            )
    for name, variable in variables.items():
        variable.assign(np.asarray(arrays[name], np.float32))


def read(variables: Mapping[str, keras.Variable]) -> dict[str, np.ndarray]:
    """Return the variables as float32 arrays, by name."""
    return {name: np.asarray(variable.numpy(), np.float32) for name, variable in variables.items()}

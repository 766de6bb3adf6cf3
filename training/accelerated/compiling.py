"""Compile a stage in a thread while the one before it is trained."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from dashboard.synthesis.scorer_config import ScorerConfig
from training.accelerated.course import Course, Now
from training.accelerated.pool import Pool
from training.accelerated.steps import State, Steps

KEY = jax.ShapeDtypeStruct((2,), jnp.uint32)


class Compiled:
    """A stage's steps, compiled.

    Args:
        course, number, scorer, precision: as in :class:`Steps`.
        pool: whose shapes are compiled for.
        state: the networks' arrays, for their shapes.
    """

    def __init__(
        self, course: Course, number: int, scorer: ScorerConfig | None, precision: str, pool: Pool, state: State
    ) -> None:
        started = time.monotonic()
        self.steps = steps = Steps(course, number, scorer, precision)
        shapes = jax.tree.map(_shape, _with_optimisers(steps, state))
        now = {name: jax.ShapeDtypeStruct((), jnp.float32) for name in Now._fields}
        self.step: dict[str, Callable[..., tuple[State, dict[str, Any]]]] = {}
        names = ("pairs",) if steps.critic is None else ("judge", "penalise", "please")
        for name in names:
            compiled = jax.jit(getattr(steps, name), donate_argnums=0)
            self.step[name] = compiled.lower(shapes, pool.shapes(), KEY, now).compile()
        latents = jax.ShapeDtypeStruct((steps.stage.batch, course.config.latent_size), jnp.float32)
        drawing = jax.jit(steps.draw).lower(shapes["Gs"], latents, jax.ShapeDtypeStruct((), jnp.float32))
        self._draw = drawing.compile()
        self.seconds = time.monotonic() - started

    def draw(self, arrays: dict[str, Any], latents: np.ndarray, lod: float = 0.0) -> np.ndarray:
        """Return the faces uint8 (n, R, R, 3) of latents (n, L)."""
        batch, found = self.steps.stage.batch, []
        for first in range(0, len(latents), batch):
            part = latents[first : first + batch].astype(np.float32)
            full = np.concatenate([part, np.zeros((batch - len(part), part.shape[1]), np.float32)])
            found.append(np.asarray(self._draw(arrays, full, np.float32(lod)))[: len(part)])
        return np.concatenate(found)


TOGETHER = threading.Semaphore(2)
"""Number of stages that are compiled at the same time."""


class Ahead:
    """Compiles in a thread; :meth:`result` waits for it, and raises what it raised."""

    def __init__(self, make: Callable[[], Compiled]) -> None:
        self.made: Compiled | None = None
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, args=(make,), daemon=True)
        self.thread.start()

    def result(self) -> Compiled:
        """Return the compiled stage."""
        self.thread.join()
        if self.error is not None:
            raise self.error
        assert self.made is not None
        return self.made

    def _run(self, make: Callable[[], Compiled]) -> None:
        try:
            with TOGETHER:
                self.made = make()
        except BaseException as error:
            self.error = error


def _with_optimisers(steps: Steps, state: State) -> State:
    critic = steps.critic_optimiser
    return {
        **{name: state[name] for name in ("G", "Gs", "D")},
        "G optimiser": steps.optimiser.first(),
        "D optimiser": critic.first() if critic is not None else [],
        "eye": [v.value for v in steps.eye.non_trainable_variables] if steps.eye is not None else [],
    }


def _shape(array: Any) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(np.shape(array), jnp.asarray(array).dtype if np.ndim(array) == 0 else array.dtype)

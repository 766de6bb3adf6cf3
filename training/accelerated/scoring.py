"""Scorer and judge in JAX: the lesson of ``training/label``, by the clock, many steps in one call."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from dashboard.synthesis.scorer_config import ScorerConfig
from dashboard.synthesis.scorer_network import build_scorer, read_scorer_variables
from training.accelerated.augment import augment
from training.label.lesson import (
    BATCH,
    FIRST,
    PEAK,
    PRECISIONS,
    WARM,
    Lesson,
    load_scorer,
    loss_of,
    measure,
    optimiser_of,
)
from training.label.scorer import Scorer, held_out
from training.label.truth import Truth

TOGETHER = 8
"""Steps in one call of the device."""

MEASURED = 512
"""Number of faces scored together."""


def teach(
    images: np.ndarray,
    numbers: np.ndarray,
    truth: Truth,
    lesson: Lesson,
    seconds: float,
    report: Callable[[str], object] = lambda line: None,
) -> Scorer:
    """Train an attribute network on renders and measure it on held-out ones.

    Args:
        images: uint8 (n, S, S, 3), S = 4 * 2**len(channels).
        numbers: (n,), indices of the faces in the data set.
        truth: labels of the whole data set.
        lesson: settings. Training ends after its epochs or when the time is up; the learning rate is then 0.
        seconds: at most, without compiling.
        report: called with a line of text.

    Returns:
        The scorer, with R2 or AUC of each attribute on the held-out faces.
    """
    keras.utils.set_random_seed(lesson.seed)
    own = replace(truth, values=truth.values[numbers])
    held = held_out(len(truth.values), lesson.held)[numbers]
    rows, binary = np.flatnonzero(~held), truth.binary
    config = ScorerConfig(
        size=images.shape[1], channels=lesson.channels, attributes=truth.names, kinds=truth.kinds,
        residual=lesson.residual,
    )  # fmt: skip
    model = build_scorer(config, dtype=PRECISIONS[lesson.precision])
    optimiser = optimiser_of(PEAK, lesson.precision)
    optimiser.build(model.trainable_variables)
    rate_index = next(k for k, v in enumerate(optimiser.variables) if v is optimiser._learning_rate)
    pictures = jnp.asarray(images[rows])
    wanted = jnp.asarray(np.stack([own.targets(~held), own.targets(~held, mirrored=True)])[:, rows])

    def step(carry: tuple[Any, Any], key: Any, rate: Any, pictures: Any, wanted: Any) -> tuple[Any, Any]:
        values, state = carry
        chosen, turned, worse = jax.random.split(key, 3)
        picked = jax.random.randint(chosen, (BATCH,), 0, len(pictures))
        mirrored = jax.random.bernoulli(turned, 0.5, (BATCH,)).astype(jnp.int32)
        x = pictures[picked].astype(jnp.float32) / 127.5 - 1.0
        x = augment(jnp.where(mirrored[:, None, None, None] == 1, x[:, :, ::-1], x), worse)
        targets = wanted[mirrored, picked]

        def loss(values: Any) -> Any:
            return loss_of(model.stateless_call(values, [], x)[0]["scores"], targets, binary)

        found, gradients = jax.value_and_grad(loss)(values)
        state = list(state)
        state[rate_index] = rate
        values, state = optimiser.stateless_apply(state, gradients, values)
        return (values, list(state)), found

    @partial(jax.jit, donate_argnums=(0, 1))
    def steps(values: Any, state: Any, key: Any, rate: Any, pictures: Any, wanted: Any) -> tuple[Any, Any, Any]:
        each = jax.random.split(key, TOGETHER)
        (values, state), losses = jax.lax.scan(
            lambda carry, k: step(carry, k, rate, pictures, wanted), (values, state), each
        )
        return values, state, losses.mean()

    values = [jnp.array(v.value, copy=True) for v in model.trainable_variables]
    state = [jnp.array(v.value, copy=True) for v in optimiser.variables]
    key, last = jax.random.PRNGKey(lesson.seed), max(int(lesson.epochs * len(rows) / BATCH / TOGETHER), 1)
    done, begun, found = 0, 0.0, jnp.float32(0.0)
    while done < last:
        part = max(done / last, (time.monotonic() - begun) / seconds if done else 0.0)
        if part >= 1.0:
            break
        rate = np.float32(rate_at(part))
        values, state, found = steps(values, state, jax.random.fold_in(key, done), rate, pictures, wanted)
        found.block_until_ready()
        begun, done = begun or time.monotonic(), done + 1
    epochs = done * TOGETHER * BATCH / max(len(rows), 1)
    for variable, value in zip(model.trainable_variables, values, strict=True):
        variable.assign(value)
    trained = Scorer(config, read_scorer_variables(model), truth.groups, {}, lesson.held)
    # Measured in float32, as it is served.
    scores = predicted(trained, images[held])
    trained = replace(trained, figures=measure(truth, own.targets(~held)[held], scores))
    report(
        f"{epochs:.1f} epochs of {len(rows)} faces in {time.monotonic() - begun:.0f} s, loss {float(found):.4f}, "
        f"{len(scores)} held out: {brief(trained)}"
    )
    return trained


def rate_at(part: float) -> float:
    """Return the learning rate after a share ``part`` of the lesson: up to PEAK, then to 0 on a cosine schedule."""
    if part < WARM:
        return FIRST + (PEAK - FIRST) * part / WARM
    return PEAK * 0.5 * (1.0 + np.cos(np.pi * (part - WARM) / (1.0 - WARM)))


def predicted(scorer: Scorer, images: np.ndarray) -> np.ndarray:
    """Return the scores float32 (n, F) of uint8 pictures (n, S, S, 3)."""
    model = load_scorer(scorer)
    values = [v.value for v in model.variables]
    score = jax.jit(lambda x: model.stateless_call(values, [], x.astype(jnp.float32) / 127.5 - 1.0)[0]["scores"])
    found = []
    for first in range(0, len(images), MEASURED):
        part = images[first : first + MEASURED]
        full = np.concatenate([part, np.zeros((MEASURED - len(part), *part.shape[1:]), np.uint8)])
        found.append(np.asarray(score(full))[: len(part)])
    return np.concatenate(found) if found else np.zeros((0, len(scorer.config.attributes)), np.float32)


def brief(scorer: Scorer) -> str:
    """Return a short text with a scorer's weakest figures."""
    values = [(value, name) for name, figures in scorer.figures.items() for value in figures.values()]
    values = sorted((v, n) for v, n in values if np.isfinite(v))
    if not values:
        return "no figures"
    middle = float(np.median([v for v, _ in values]))
    return f"median {middle:.3f}, least " + ", ".join(f"{name} {value:.2f}" for value, name in values[:3])

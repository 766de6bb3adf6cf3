"""The compiled steps of a stage: on pairs alone, or discriminator, its penalty, and generator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import keras

from dashboard.synthesis.scorer_config import ScorerConfig
from dashboard.synthesis.scorer_network import build_scorer, read_scorer_variables
from training.accelerated.course import Course, Stage
from training.accelerated.networks import DTYPES, Function, Optimiser, critic_at, generator_at
from training.label.scorer import Scorer
from training.muon import Muon
from training.train.losses import (
    band_distance,
    detail_distance,
    discriminator_loss,
    generator_loss,
    matching_distance,
    perceptual_distance,
    pyramid_distance,
    reduced,
)
from training.train.pairs import FIRST_LAYER, eye_of, frame_of, of_code

State = dict[str, Any]
"""Arrays: "G", "Gs", "D" by variable; "G optimiser", "D optimiser" and "eye", the scorer's, as lists."""


@dataclass(frozen=True)
class Batch:
    """Source of a step's faces: the pool on the device.

    Args:
        images: uint8 (capacity, S, S, 3). codes: float32 (capacity, K). count: how many of them are there.
    """

    images: Any
    codes: Any
    count: Any


jax.tree_util.register_dataclass(Batch, data_fields=["images", "codes", "count"], meta_fields=[])


class Steps:
    """The compiled steps of a stage.

    Args:
        course: of the run.
        number: of the stage.
        scorer: what network the pairs are compared through, or None; what it has learnt is in the state.
        precision: "bf16" or "float32".
    """

    def __init__(self, course: Course, number: int, scorer: ScorerConfig | None, precision: str) -> None:
        self.course, self.stage = course, course.stages[number]
        stage: Stage = self.stage
        self.generator = generator_at(course.config, stage.resolution, precision)
        self.frame = frame_of(course.config.latent_size)
        self.precision = precision
        looks = scorer is not None and stage.kind == "pairs" and course.perceptual
        self.eye = self._eye(unlearnt(scorer)) if looks and scorer is not None else None
        if stage.kind == "pairs":
            self.optimiser = Optimiser(Muon(course.alone_rate, course.beta2, _products(precision)), self.generator)
            self.critic = self.critic_optimiser = None
        else:
            self.optimiser = Optimiser(_adam(course), self.generator)
            critic = course.critic_config(course.config.resolution)
            self.critic: Function | None = critic_at(critic, stage.resolution, stage.batch, precision)
            self.critic_optimiser: Optimiser | None = Optimiser(_adam(course), self.critic)

    def begin(self, state: State, scorer: Scorer | None) -> State:
        """Return the state as the stage begins: optimisers again; an adversarial one continues from the average.

        Args:
            state: "G", "Gs" and "D".
            scorer: through which pairs are compared from now on.
        """
        eye = self._eye(scorer) if self.eye is not None and scorer is not None else None
        begun = {
            **state,
            "G optimiser": self.optimiser.first(),
            "eye": [v.value for v in eye.non_trainable_variables] if eye else [],
        }
        if self.critic_optimiser is not None:
            begun |= {"D optimiser": self.critic_optimiser.first(), "G": dict(state["Gs"])}
        else:
            begun["D optimiser"] = []
        return jax.tree.map(lambda a: jnp.array(a, copy=True), begun)

    def latents(self, key: Any, codes: Any) -> Any:
        """Return the latents (n, L) of codes (n, K): the rest is noise, and all of it is turned."""
        n, k = codes.shape
        rest = jax.random.normal(key, (n, self.course.config.latent_size - k))
        return jnp.concatenate([codes, rest], axis=1) @ jnp.asarray(self.frame)

    def faces(self, key: Any, batch: Batch, lod: Any) -> tuple[Any, Any]:
        """Return the random faces of the pool, float32 (n, R, R, 3) in [-1, 1], as coarse as the generator's, and their
        codes.
        """
        rows = jax.random.randint(key, (self.stage.batch,), 0, batch.count)
        images = self.shown(jnp.take(batch.images, rows, axis=0, mode="clip"))
        coarse = reduced(images, self.stage.resolution // 2).repeat(2, axis=1).repeat(2, axis=2)
        return images + (coarse - images) * lod, jnp.take(batch.codes, rows, axis=0, mode="clip")

    def shown(self, images: Any) -> Any:
        """Return uint8 pictures as the networks see them: float32 in [-1, 1], reduced to the stage's resolution."""
        return reduced(images.astype(jnp.float32) / 127.5 - 1.0, self.stage.resolution)

    def pairs(self, state: State, batch: Batch, key: Any, now: dict[str, Any]) -> tuple[State, dict[str, Any]]:
        """Return one step on pairs alone."""
        chosen, noise = jax.random.split(key)
        real, codes = self.faces(chosen, batch, now["lod"])
        latents = self.latents(noise, codes)

        def loss(arrays: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            made = self.generator(arrays, latents, now["lod"])["image"]
            losses = {"distance": pyramid_distance(made, real, now["squares"])}
            losses["detail"] = self.course.detail * detail_distance(made, real)
            losses["bands"] = now["bands"] * band_distance(made, real)
            if self.eye is not None:
                ours, theirs = (self.eye.stateless_call([], state["eye"], x)[0] for x in (made, real))
                losses["perceptual"] = self.course.perceptual * perceptual_distance(ours, theirs)
            return sum(losses.values()), losses  # type: ignore[return-value]

        gradients, losses = jax.grad(loss, has_aux=True)(state["G"])
        return self._changed(state, gradients, now, codes.shape[1]), losses

    def judge(self, state: State, batch: Batch, key: Any, now: dict[str, Any]) -> tuple[State, dict[str, Any]]:
        """Return one step of the discriminator."""
        critic, optimiser = self._critic()
        chosen, noise = jax.random.split(key)
        real, codes = self.faces(chosen, batch, now["lod"])
        made = self.generator(state["G"], self._half_paired(noise, codes), now["lod"])["image"]

        def loss(arrays: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            theirs, ours = (critic(arrays, [x, now["lod"]]) for x in (real, made))
            losses = {"D loss": discriminator_loss("logistic", theirs["score"], ours["score"])}
            losses["D patches"] = discriminator_loss("logistic", theirs["patches"], ours["patches"])
            total = losses["D loss"] + self.course.patches * losses["D patches"]
            return total, {**losses, "real score": theirs["score"].mean(), "fake score": ours["score"].mean()}

        gradients, losses = jax.grad(loss, has_aux=True)(state["D"])
        kept, arrays = optimiser.step(state["D optimiser"], state["D"], gradients, now["critic_rate"])
        return {**state, "D": arrays, "D optimiser": kept}, losses

    def penalise(self, state: State, batch: Batch, key: Any, now: dict[str, Any]) -> tuple[State, dict[str, Any]]:
        """Return one step on R1 alone, for all the steps since the last one."""
        critic, optimiser = self._critic()
        real, _ = self.faces(key, batch, now["lod"])

        def judged(images: Any, arrays: dict[str, Any]) -> Any:
            found = critic(arrays, [images, now["lod"]])
            # The mean of a face's patches, as in the loss: gradients of overlapping patches add up in their sum.
            patches = found["patches"][0].size
            return jnp.sum(found["score"]) + self.course.patches * jnp.sum(found["patches"]) / patches

        def loss(arrays: dict[str, Any]) -> tuple[Any, Any]:
            slope = jax.grad(judged)(real, arrays)
            size = 0.5 * jnp.mean(jnp.sum(jnp.square(slope), axis=(1, 2, 3)))
            return self.course.r1 * self.course.r1_every * size, size

        gradients, size = jax.grad(loss, has_aux=True)(state["D"])
        kept, arrays = optimiser.step(state["D optimiser"], state["D"], gradients, now["critic_rate"])
        return {**state, "D": arrays, "D optimiser": kept}, {"penalty": size}

    def please(self, state: State, batch: Batch, key: Any, now: dict[str, Any]) -> tuple[State, dict[str, Any]]:
        """Return one step of the generator against the discriminator, held to its pairs."""
        critic, _ = self._critic()
        chosen, noise = jax.random.split(key)
        real, codes = self.faces(chosen, batch, now["lod"])
        latents, half = self._half_paired(noise, codes), self.stage.batch // 2
        wanted = critic(state["D"], [real, now["lod"]])["seen"]

        def loss(arrays: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            made = self.generator(arrays, latents, now["lod"])["image"]
            found = critic(state["D"], [made, now["lod"]])
            losses = {"G loss": generator_loss("logistic", found["score"])}
            losses["G patches"] = self.course.patches * generator_loss("logistic", found["patches"])
            ours, theirs = (reduced(x[:half], self.course.coarse) for x in (made, real))
            losses["distance"] = self.course.paired * pyramid_distance(ours, theirs)
            losses["bands"] = now["bands"] * band_distance(made[:half], real[:half])
            seen = [[x[:half] for x in every] for every in (found["seen"], wanted)]
            losses["matched"] = self.course.matched * matching_distance(*seen)
            return sum(losses.values()), losses  # type: ignore[return-value]

        gradients, losses = jax.grad(loss, has_aux=True)(state["G"])
        return self._changed(state, gradients, now), losses

    def draw(self, arrays: dict[str, Any], latents: Any, lod: Any) -> Any:
        """Return the faces uint8 (n, R, R, 3) of latents (n, L)."""
        images = self.generator(arrays, latents, lod)["image"]
        return jnp.clip(jnp.round((images + 1.0) * 127.5), 0, 255).astype(jnp.uint8)

    def _eye(self, scorer: Scorer) -> keras.Model | None:
        return eye_of(scorer, self.stage.resolution, DTYPES[self.precision])

    def _half_paired(self, key: Any, codes: Any) -> Any:
        """Return the latents of which the first half are of codes: the discriminator judges latents that no face has,
        too.
        """
        filled, free = jax.random.split(key)
        half = codes.shape[0] // 2
        others = jax.random.normal(free, (codes.shape[0] - half, self.course.config.latent_size))
        return jnp.concatenate([self.latents(filled, codes[:half]), others])

    def _critic(self) -> tuple[Function, Optimiser]:
        assert self.critic is not None
        assert self.critic_optimiser is not None
        return self.critic, self.critic_optimiser

    def _changed(self, state: State, gradients: dict[str, Any], now: dict[str, Any], code: int = 0) -> State:
        """Return the state after a step of the generator; its average follows. With `code`, the numbers of a code, the
        first layer reads nothing else.
        """
        optimiser, arrays = self.optimiser.step(state["G optimiser"], state["G"], gradients, now["rate"])
        if code:
            arrays = {**arrays, FIRST_LAYER: of_code(arrays[FIRST_LAYER], jnp.asarray(self.frame), code)}
        average = dict(state["Gs"])
        for name in self.generator.learns:
            average[name] = arrays[name] + (average[name] - arrays[name]) * now["kept"]
        return {**state, "G": arrays, "Gs": average, "G optimiser": optimiser}


def _adam(course: Course) -> keras.optimizers.Optimizer:
    return keras.optimizers.Adam(course.rate, beta_1=0.0, beta_2=course.beta2, epsilon=1e-8)


def _products(precision: str) -> str:
    return "bfloat16" if precision == "bf16" else "float32"


def unlearnt(config: ScorerConfig) -> Scorer:
    """Return a scorer that has learnt nothing."""
    return Scorer(config, read_scorer_variables(build_scorer(config)), (), {}, 0)

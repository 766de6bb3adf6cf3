"""Everything that is trained at one resolution: generator, its moving average, discriminator, optimisers; one step."""

# TensorFlow's own annotations refuse what its documentation asks for.
# pyright: reportArgumentType=false, reportCallIssue=false, reportOptionalOperand=false

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from dashboard.synthesis.pggan import (
    GeneratorLayer,
    assign_variables,
    build_generator,
    named_variables,
    read_variables,
)
from training.label.scorer import Scorer
from training.muon import Muon
from training.train.discriminator import build_critic, build_discriminator
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
from training.train.names import from_top, is_finer
from training.train.pairs import FIRST_LAYER, eye_of, frame_of, of_code
from training.train.penalties import gradient_penalty, r1_penalty
from training.train.recipe import Recipe

ALONE = "alone"
"""Name of the generator's optimiser before the discriminator joins."""

NETWORKS = ("G", "D", "Gs")
"""Generator, discriminator, averaged generator, by NVIDIA's names."""


def _fuse(generator: keras.Model) -> None:
    """Compile the activations of each layer to one loop; TensorFlow alone takes a pass per operation."""
    for layer in generator.layers:
        if isinstance(layer, GeneratorLayer):
            layer.act = tf.function(layer.act, jit_compile=True)


def without_head(state: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return a state without the patch head, which looks at a layer of fixed size in pixels: at each resolution, at
    another block's.
    """
    return {name: array for name, array in state.items() if not name.startswith("D/Patches/")}


class Networks:
    """Everything that is trained, at block ``r``.

    Args:
        recipe: of the run.
        r: block that is trained, 2**r pixels.
        bf16: compute in bfloat16 with float32 weights.
        scorer: in whose layers pairs are compared, if the recipe says so.
    """

    def __init__(self, recipe: Recipe, r: int, bf16: bool, scorer: Scorer | None = None) -> None:
        self.recipe, self.r = recipe, r
        config = replace(recipe.config, resolution=2**r)
        dtype = "mixed_bfloat16" if bf16 else "float32"
        keras.utils.set_random_seed(recipe.seed + r)
        self.judges_more = bool(recipe.patches or recipe.matched)
        build = build_critic if self.judges_more else build_discriminator
        self.models = {
            "G": build_generator(config, dtype=dtype),
            "D": build(recipe.critic_config(2**r), recipe.batch, dtype=dtype),
            "Gs": build_generator(config),
        }
        assign_variables(self.models["Gs"], read_variables(self.models["G"]))
        if bf16:
            _fuse(self.models["G"])
        self.lod, self.kept, self.squares, self.bands = (tf.Variable(0.0, trainable=False) for _ in range(4))
        adam = {"beta_1": 0.0, "beta_2": recipe.beta2, "epsilon": 1e-8}
        self.optimisers: dict[str, keras.optimizers.Optimizer] = {
            name: keras.optimizers.Adam(recipe.rate, **adam) for name in ("G", "D")
        }
        if recipe.alone:
            self.optimisers[ALONE] = Muon(recipe.alone_rate, recipe.beta2, "bfloat16" if bf16 else "float32")
        for name, optimiser in self.optimisers.items():
            optimiser.build(self.trained("D" if name == "D" else "G"))
        self.eye = eye_of(scorer, 2**r, dtype) if scorer and recipe.perceptual else None
        self.frame = tf.constant(frame_of(recipe.config.latent_size))
        # Compiled per instance, so that a new resolution traces its own graphs.
        self._plain = tf.function(lambda real, codes: self._discriminate(real, codes, False))
        self._penalised = tf.function(lambda real, codes: self._discriminate(real, codes, True))
        self._generator_step = tf.function(self._generate)
        self._paired_step = tf.function(self._generate_pairs)

    def trained(self, name: str) -> list[keras.Variable]:
        """Return the variables that gradients change: all but ``lod`` and unused ToRGB or FromRGB layers."""
        r = self.r
        unused = [f"ToRGB_lod{k}." for k in range(2, r - 1)] + ["lod"]
        return [v for v in self.models[name].trainable_variables if not v.name.startswith(tuple(unused))]

    def step(self, real: np.ndarray, codes: np.ndarray | None, number: int) -> dict[str, tf.Tensor]:
        """Train on one batch: the discriminator, the generator, then the average.

        Args:
            real: float32 (batch, H, W, C) in [-1, 1].
            codes: float32 (batch, K) of these faces, if the recipe is for pairs.
            number: of the step; decides whether the lazy penalty is due.

        Returns:
            Scalars by name, not yet fetched: "D loss", "G loss", "real score", "fake score", "penalty" when due, and
            "distance" with pairs, and by the recipe, weighted, "detail", "bands", "perceptual", "matched", "D patches"
            and "G patches".
        """
        images, pairs = tf.convert_to_tensor(real), None if codes is None else tf.convert_to_tensor(codes)
        if pairs is not None and number * self.recipe.batch < self.recipe.alone:
            return self._paired_step(images, pairs)
        due = self.recipe.loss == "wgan-gp" or number % self.recipe.r1_every == 0
        losses = (self._penalised if due else self._plain)(images, pairs)
        return {**losses, **self._generator_step(images, pairs)}

    def set_phase(self, shown: int) -> None:
        """Update what depends on the faces shown: fading, the average, learning rate, squares."""
        lod = self.recipe.phase(shown).lod
        self.lod.assign(lod)
        self.kept.assign(0.5 ** (self.recipe.batch / self.recipe.half_life_at(shown)))
        if ALONE in self.optimisers:
            self.optimisers[ALONE].learning_rate = self.recipe.alone_rate * self.recipe.ahead(shown)
        for name, rate in (("G", self.recipe.rate_at(shown)), ("D", self.recipe.critic_rate_at(shown))):
            self.optimisers[name].learning_rate = rate
        self.squares.assign(self.recipe.squares * self.recipe.ahead(shown))
        self.bands.assign(self.recipe.bands_at(shown))
        for name in ("G", "Gs"):
            named_variables(self.models[name])["lod"].assign(lod)

    def _latents(self, codes: tf.Tensor | None = None) -> tf.Tensor:
        """Return the latents (batch, L): random ones, or those of the codes (n, K) and random ones after them."""
        free = tf.random.normal((self.recipe.batch, self.recipe.config.latent_size))
        if codes is None:
            return free
        n, k = codes.shape
        own = tf.concat([codes, free[:n, k:]], axis=1) @ self.frame
        return tf.concat([own, free[n:]], axis=0)

    def _discriminate(self, real: tf.Tensor, codes: tf.Tensor | None, penalised: bool) -> dict[str, tf.Tensor]:
        recipe = self.recipe
        fake = self.models["G"](self._latents(self._half(codes)))["image"]
        weight = recipe.penalty(self.r) * (recipe.r1_every if recipe.loss == "logistic" else 1)
        penalty = tf.constant(0.0)
        with tf.GradientTape() as tape:
            theirs, ours = self._judged(real), self._judged(fake)
            losses = {"D loss": discriminator_loss(recipe.loss, theirs["score"], ours["score"])}
            if recipe.patches:
                apart = discriminator_loss(recipe.loss, theirs["patches"], ours["patches"])
                losses["D patches"] = recipe.patches * apart
            total = tf.add_n(list(losses.values()))
            if penalised:
                penalty = (
                    r1_penalty(self._scores, real)
                    if recipe.loss == "logistic"
                    else gradient_penalty(self._scores, real, fake)
                )
                total += weight * penalty
        self._apply("D", tape, total)
        losses |= {"real score": tf.reduce_mean(theirs["score"]), "fake score": tf.reduce_mean(ours["score"])}
        return {**losses, "penalty": penalty} if penalised else losses

    def _judged(self, images: tf.Tensor) -> dict[str, Any]:
        """Return the discriminator's "score" of faces, and by the recipe "patches" and "seen"."""
        found = self.models["D"]([images, self.lod])
        return found if self.judges_more else {"score": found}

    def _scores(self, images: tf.Tensor) -> tf.Tensor:
        """Return the scores of faces, of whose sum R1 takes the gradient; a face's patches count as in the loss, by the
        mean of their scores.

        In their sum the gradients of overlapping patches add up: at 256 px, with 1,024 of them, R1 then outweighed the
        loss of the patches, and the head did not learn.
        """
        found = self._judged(images)
        if not self.recipe.patches:
            return found["score"]
        return found["score"] + self.recipe.patches * tf.reduce_mean(found["patches"], axis=(1, 2))

    def _half(self, batch: tf.Tensor | None) -> tf.Tensor | None:
        """Judge, with pairs, random latents in the free half of a batch too."""
        return None if batch is None else batch[: self.recipe.batch // 2]

    def _generate(self, real: tf.Tensor, codes: tf.Tensor | None) -> dict[str, tf.Tensor]:
        codes, recipe = self._half(codes), self.recipe
        wanted = self._judged(real)["seen"] if recipe.matched else []
        with tf.GradientTape() as tape:
            images = self.models["G"](self._latents(codes))["image"]
            found = self._judged(images)
            losses = {"G loss": generator_loss(recipe.loss, found["score"])}
            if recipe.patches:
                losses["G patches"] = recipe.patches * generator_loss(recipe.loss, found["patches"])
            total = tf.add_n(list(losses.values()))
            if codes is not None:
                n = codes.shape[0]
                apart = self._apart(images[:n], real[:n], joined=True)
                total += recipe.paired * tf.add_n(list(apart.values()))
                held = {"bands": self.bands * band_distance(images[:n], real[:n])} if recipe.bands else {}
                if recipe.matched:
                    seen = [[x[:n] for x in layers] for layers in (found["seen"], wanted)]
                    held["matched"] = recipe.matched * matching_distance(*seen)
                total = tf.add_n([total, *held.values()])
                losses |= apart | held
        self._apply("G", tape, total)
        self._follow()
        return losses

    def _generate_pairs(self, real: tf.Tensor, codes: tf.Tensor) -> dict[str, tf.Tensor]:
        with tf.GradientTape() as tape:
            made = self.models["G"](self._latents(codes))["image"]
            apart = self._apart(made, real, joined=False)
            if self.recipe.detail:
                apart["detail"] = self.recipe.detail * detail_distance(made, real)
            if self.recipe.bands:
                apart["bands"] = self.bands * band_distance(made, real)
            total = tf.add_n(list(apart.values()))
        self._apply("G", tape, total, by=ALONE)
        first = named_variables(self.models["G"])[FIRST_LAYER]
        first.assign(of_code(first.value, self.frame, codes.shape[1]))
        self._follow()
        return apart

    def _apart(self, made: tf.Tensor, real: tf.Tensor, joined: bool) -> dict[str, tf.Tensor]:
        """Return the distances of made faces from the rendered ones.

        Args:
            made, real: the pictures.
            joined: whether the discriminator has joined: then at up to ``coarse`` pixels, and with feature matching not
                through the scorer.

        Returns:
            "distance", and with a scorer "perceptual" times the recipe's weight.
        """
        side = self.recipe.coarse if joined and self.recipe.coarse else 2**self.r
        found = {"distance": pyramid_distance(reduced(made, side), reduced(real, side), self.squares)}
        if self.eye is not None and not (joined and self.recipe.matched):
            seen, wanted = self.eye(made), self.eye(real)
            found["perceptual"] = self.recipe.perceptual * perceptual_distance(seen, wanted)
        return found

    def _follow(self) -> None:
        """Move the average towards the generator."""
        for name, average in named_variables(self.models["Gs"]).items():
            if name != "lod":
                now = named_variables(self.models["G"])[name]
                average.assign(now.value + (average.value - now.value) * self.kept)

    def _apply(self, name: str, tape: tf.GradientTape, loss: tf.Tensor, by: str | None = None) -> None:
        variables = self.trained(name)
        gradients = tape.gradient(loss, [v.value for v in variables], unconnected_gradients="zero")
        self.optimisers[by or name].apply(gradients, variables)

    def state(self) -> dict[str, np.ndarray]:
        """Return all trained values as arrays: "G/...", "D/..." and "Gs/..." under the final resolution's names,
        "Adam...".
        """
        arrays = {f"{n}/{k}": v for n in NETWORKS for k, v in read_variables(self.models[n]).items()}
        arrays = {self._final(k): v for k, v in arrays.items()}
        for name, optimiser in self.optimisers.items():
            arrays |= {f"Adam {name}/{i}": np.asarray(v.numpy()) for i, v in enumerate(optimiser.variables)}
        return arrays

    def finer(self, state: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the part of a state that belongs to blocks above these networks."""
        behind = self.recipe.config.log2 - self.r
        return {name: array for name, array in state.items() if is_finer(name, self.r, behind)}

    def restore(self, state: Mapping[str, np.ndarray], optimisers: bool) -> None:
        """Load a result of :meth:`state`, of this resolution or a lower one.

        Args:
            state: arrays by name; variables that it lacks, as those of a new block, keep their initial values.
            optimisers: load the optimisers' moments too; after a block was added they do not fit.
        """
        for name in NETWORKS:
            mine = read_variables(self.models[name])
            found = {k: state[key] for k in mine if (key := self._final(f"{name}/{k}")) in state}
            assign_variables(self.models[name], {**mine, **found})
        if not all(self._final(f"Gs/{k}") in state for k in read_variables(self.models["Gs"])):
            self._begin_average(state)
        if optimisers:
            for name, optimiser in self.optimisers.items():
                for i, variable in enumerate(optimiser.variables):
                    variable.assign(state[f"Adam {name}/{i}"])

    def _begin_average(self, state: Mapping[str, np.ndarray]) -> None:
        """Start the average of a new block at the generator's own values."""
        now = read_variables(self.models["G"])
        old = {k: v for k, v in read_variables(self.models["Gs"]).items() if self._final(f"Gs/{k}") in state}
        assign_variables(self.models["Gs"], {**now, **old})

    def _final(self, name: str) -> str:
        return from_top(name, self.recipe.config.log2 - self.r)

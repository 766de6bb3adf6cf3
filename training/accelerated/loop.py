"""The loop of an accelerated run: timed stages, compiled ahead, with checkpoints."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jax
import numpy as np

from dashboard.synthesis.scorer_config import ScorerConfig
from training.accelerated.compiling import Ahead, Compiled
from training.accelerated.course import Course
from training.accelerated.kept import LISTS, on_host, read_state, write_networks, write_state
from training.accelerated.networks import first_values
from training.accelerated.pool import Pool
from training.accelerated.report import Report, own_codes
from training.accelerated.steps import State
from training.label.scorer import Scorer

AHEAD_OF_DEVICE = 4
"""Steps that are queued on the device before the loop waits for the first of them."""

LOGGED = 8.0
"""Seconds between two lines of the log."""

FETCHED = 4
"""Steps between two reads of the losses for the log."""

LOOKED_AT = 64
"""Held-out faces measured for a line of the log; at the end of a stage all of them are measured."""

KEPT_SECONDS = 60.0
"""Seconds between two checkpoints."""

LEAST = 1000
"""Faces in the pool before training starts."""


class Training:
    """A run.

    Args:
        course: of the run.
        pool: of its faces.
        looks: network in whose layers pairs are compared, or None.
        precision: "bf16" or "float32".
        folder: of the run: state, log, sheets.
        out: folder for the networks at the end of each stage.
        deadline: on the monotonic clock; all stages are shortened by the same factor to meet it.
        stopped: called after every step; true ends the run.
        report: called with a line of text.
    """

    def __init__(
        self, course: Course, pool: Pool, looks: ScorerConfig | None, precision: str, folder: Path, out: Path,
        deadline: float = math.inf, stopped: Callable[[], bool] = lambda: False,
        report: Callable[[str], object] = lambda line: None,
    ) -> None:  # fmt: skip
        self.course, self.pool, self.looks, self.precision = course, pool, looks, precision
        self.folder, self.out, self.deadline, self.stopped, self.say = folder, out, deadline, stopped, report
        folder.mkdir(parents=True, exist_ok=True)
        kept = read_state(folder, course)
        batch = course.stages[-1].batch
        config = course.config
        self.state: State = kept[0] if kept else first_values(
            config, course.critic_config(config.resolution), batch, course.seed
        )  # fmt: skip
        self.kept = kept is not None
        done = kept[1] if kept else {"stage": 0, "elapsed": 0.0, "shown": 0, "total": 0, "alone": 0}
        self.done: dict[str, Any] = dict(done)
        self.report = Report(folder, folder / "sheets", config.latent_size)
        self.compiling: dict[int, Ahead] = {}

    def prepare(self) -> None:
        """Start compiling the remaining stages, each in a thread."""
        state = {name: self.state[name] for name in ("G", "Gs", "D")}
        shapes = jax.tree.map(lambda a: jax.ShapeDtypeStruct(np.shape(a), np.float32), state)
        for number in range(int(self.done["stage"]), len(self.course.stages)):
            make = partial(Compiled, self.course, number, self.looks, self.precision, self.pool, shapes)
            self.compiling[number] = Ahead(make)

    def run(self, scorer: Scorer | None, ended: Callable[[], object] = lambda: None) -> bool:
        """Run the remaining stages; return whether all were completed.

        Args:
            scorer: in whose layers pairs are compared.
            ended: called at the end of each stage.
        """
        first = int(self.done["stage"])
        if not self.compiling:
            self.prepare()
        for number in range(first, len(self.course.stages)):
            waiting = time.monotonic()
            compiled = self.compiling.pop(number).result()
            self.say(f"{self._name(number)}: compiled in {compiled.seconds:.0f} s, waited for "
                      f"{time.monotonic() - waiting:.0f} s")  # fmt: skip
            going_on = self.kept and number == first and len(self.state["G optimiser"])
            if not going_on:
                self.state = compiled.steps.begin(self.state, scorer)
            else:
                self.state = jax.tree.map(jax.numpy.asarray, self.state)
            if not self._stage(number, compiled):
                return False
            self.done |= {"stage": number + 1, "elapsed": 0.0, "shown": 0}
            self.state = {**on_host(self.state), **{name: [] for name in LISTS}}
            self._keep()
            ended()
        return True

    def _stage(self, number: int, compiled: Compiled) -> bool:
        stage, done = self.course.stages[number], self.done
        self.pool.wait(min(LEAST, self.pool.capacity // 2), 300.0)
        left = self.deadline - time.monotonic()
        wanted = sum(s.seconds for s in self.course.stages[number:]) - float(done["elapsed"])
        # Seconds of the course per second of the clock: more than one if the run is late.
        pace = max(wanted / max(left, 1.0), 1.0)
        begun, before = time.monotonic(), float(done["elapsed"])
        waiting: deque[Any] = deque()
        logged = saved = time.monotonic()
        step, since, sums = int(done["shown"]) // stage.batch, 0, {}
        key = jax.random.PRNGKey(self.course.seed * 1000 + number)
        while True:
            elapsed = before + (time.monotonic() - begun) * pace
            over, stop = elapsed >= stage.seconds, self.stopped()
            now = self.course.now(number, elapsed, step * stage.batch)
            if over or stop or time.monotonic() - logged > LOGGED:
                if sums:
                    line = {name: float(np.mean([float(x) for x in values])) for name, values in sums.items()}
                    rate = since * stage.batch / (time.monotonic() - logged)
                    line |= {"rate": now.rate, "lod": now.lod, "faces in pool": self.pool.count}
                    line |= {"faces a second": rate, "faces": int(done["total"]), "elapsed": elapsed}
                    self._tell(number, compiled, line, now.lod)
                logged, since, sums = time.monotonic(), 0, {}
            done |= {"elapsed": elapsed, "shown": step * stage.batch}
            if over:
                break
            if stop or time.monotonic() - saved > KEPT_SECONDS:
                jax.block_until_ready(self.state["G"])
                self._keep()
                saved = time.monotonic()
                if stop:
                    self._take_home(stage.name, number)
                    return False
            self.pool.take_in()
            losses = self._step(compiled, now._asdict(), jax.random.fold_in(key, step), step)
            for name, value in losses.items() if step % FETCHED == 0 else ():
                sums.setdefault(name, []).append(value)
            waiting.append(next(iter(losses.values())))
            if len(waiting) > AHEAD_OF_DEVICE:
                jax.block_until_ready(waiting.popleft())
            step, since = step + 1, since + 1
            done["total"] += stage.batch
            done["alone"] += stage.batch if stage.kind == "pairs" else 0
        jax.block_until_ready(self.state["G"])
        self._take_home(stage.name, number)
        self._sheets(number, compiled)
        return True

    def _step(self, compiled: Compiled, now: dict[str, float], key: Any, step: int) -> dict[str, Any]:
        numbers = {name: np.float32(value) for name, value in now.items()}
        batch, losses = self.pool.batch(), {}
        for index, (name, run) in enumerate(compiled.step.items()):
            if name == "penalise" and step % self.course.r1_every:
                continue
            self.state, found = run(self.state, batch, jax.random.fold_in(key, index), numbers)
            losses |= found
        return losses

    def _tell(self, number: int, compiled: Compiled, line: dict[str, float], lod: float) -> None:
        images, codes = self.pool.held_out()
        if len(images):
            found = own_codes(compiled, self.state["Gs"], images[:LOOKED_AT], codes[:LOOKED_AT], lod)
            line |= {"own-code PSNR": found.psnr, "own-code PSNR at 128": found.psnr_at_128}
        self.report.line(self._name(number), line)
        shown = ("distance", "detail", "bands", "perceptual", "matched", "D loss", "G loss", "own-code PSNR at 128")
        values = ", ".join(f"{name} {line[name]:.3f}" for name in shown if name in line)
        self.say(
            f"{self._name(number)} {line['elapsed']:.0f} s, {line['faces a second']:.0f} faces/s, "
            f"{self.pool.count} in pool, {values}"
        )

    def _sheets(self, number: int, compiled: Compiled) -> None:
        images, codes = self.pool.held_out()
        found = own_codes(compiled, self.state["Gs"], images, codes) if len(images) else None
        self.report.sheets(self._name(number), compiled, self.state["Gs"], found)
        if found is not None:
            self.say(f"{self._name(number)} ended: own-code PSNR at 128 px {found.psnr_at_128:.2f} dB on held-out "
                      f"faces, {found.psnr:.2f} dB at {self.course.stages[number].resolution} px")  # fmt: skip

    def _take_home(self, name: str, number: int) -> None:
        """Write networks as files of at most 16 MiB: the average under the stage's name, the rest in another."""
        state = on_host({key: self.state[key] for key in ("G", "Gs", "D")})
        stage = self.course.stages[number]
        if stage.resolution == self.course.config.resolution:
            write_networks(self.out, f"average-{name}", {"Gs": state["Gs"]})
            write_networks(self.out, "training", {"G": state["G"], "D": state["D"]})

    def _keep(self) -> None:
        write_state(self.folder, on_host(self.state), self.course, self.done)

    def _name(self, number: int) -> str:
        return self.course.stages[number].name

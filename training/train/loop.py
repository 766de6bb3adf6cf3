"""The training loop: grows by the recipe's schedule, writes checkpoints, networks of stages and sheets, can be stopped
and resumed."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import numpy as np
from tqdm import tqdm

from dashboard.synthesis.config import GeneratorConfig
from dashboard.synthesis.pixels import to_bytes
from training.codes import read_codes
from training.label.scorer import Scorer
from training.shards import Faces
from training.train.checkpoint import read_checkpoint, write_checkpoint
from training.train.logs import Log, sheet
from training.train.networks import Networks, without_head
from training.train.recipe import Recipe
from training.train.stages import stage_name, write_stage

SHEET = 64
"""Faces per sample sheet, always of the same latents: rows of ``RandomState(0)``."""

SHOWN_LOSSES = ("D loss", "G loss", "distance", "perceptual")
"""Values that the progress bar shows."""

KEPT_SECONDS = 300
"""Time between two checkpoints: the most that a power cut loses."""


class Stop:
    """Set by SIGTERM or Ctrl-C, so that the current step ends and a checkpoint is written."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Stop:
        self.before = {number: signal.signal(number, self._ask) for number in (signal.SIGTERM, signal.SIGINT)}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def train(
    recipe: Recipe,
    faces: Path,
    folder: Path,
    *,
    bf16: bool,
    start: dict[str, np.ndarray] | None = None,
    scorer: Scorer | None = None,
    every: int = 10_000,
    progress: bool = True,
) -> int:
    """Train until the recipe's total, or until a stop is requested.

    At the end of a stage, and of the run, the folder has its networks in a file that another run can start from.

    Args:
        recipe: of the run; a run that is resumed has the same.
        faces: folder of the data set.
        folder: of the run: checkpoint, log, sheets.
        bf16: compute in bfloat16.
        start: networks to start from if the folder has no checkpoint yet, as :meth:`Networks.state` names them;
            optimisers and average then start as they do after growth. Blocks above the recipe's start are kept until
            the network grows to them.
        scorer: in whose layers pairs are compared, if the recipe says so.
        every: faces between two sample sheets.
        progress: show a progress bar.

    Returns:
        Faces shown in all; less than the total if stopped.

    Raises:
        TrainingError: the data set is missing, malformed or too small.
    """
    kept = read_checkpoint(folder)
    shown, r, state = kept or (0, recipe.phase(0).r, start)
    networks = Networks(recipe, r, bf16, scorer)
    above: dict[str, np.ndarray] = {}
    if state is not None:
        networks.restore(state, optimisers=kept is not None)
        above = networks.finer(state)
    codes = read_codes(faces, recipe.config.latent_size) if recipe.paired else None
    data = Faces(faces, 2**r, recipe.batch, recipe.seed + shown, codes)
    if kept is None and start is not None:
        networks.set_phase(0)
        draw(networks, recipe.config, folder / "sheet-00000000.png")
    log, saved, step = Log(folder, shown), time.monotonic(), shown // recipe.batch
    bar = tqdm(total=recipe.total, initial=shown, unit=" faces", disable=not progress, smoothing=0.1)
    # The next batch is prepared in a thread while the networks train on this one.
    with Stop() as stop, ThreadPoolExecutor(1) as ahead:
        phase = recipe.phase(shown)
        batch = ahead.submit(data.next, phase.lod)
        while shown < recipe.total and not stop.asked:
            if shown and stage_name(recipe, shown, networks.r) != stage_name(recipe, shown + recipe.batch, phase.r):
                write_stage(folder, recipe, shown, networks.r, networks.state())
            if phase.r != networks.r:
                state = {**above, **networks.state()}
                write_checkpoint(folder, shown, networks.r, state)
                networks = Networks(recipe, phase.r, bf16, scorer)
                networks.restore(without_head(state), optimisers=False)
                data = Faces(faces, 2**phase.r, recipe.batch, recipe.seed + shown, codes)
                batch = ahead.submit(data.next, phase.lod)
            networks.set_phase(shown)
            real, following = batch.result(), recipe.phase(shown + recipe.batch)
            batch = ahead.submit(data.next, following.lod)
            log.add(networks.step(*real, step))
            step, shown = step + 1, shown + recipe.batch
            bar.update(recipe.batch)
            if step % 64 == 0:
                line = log.write(shown, 2**networks.r, phase.lod)
                losses = ", ".join(f"{name} {line[name]:.2f}" for name in SHOWN_LOSSES if name in line)
                bar.set_postfix_str(f"{2**networks.r} px, lod {phase.lod:.2f}, {losses}")
            if shown // every != (shown - recipe.batch) // every:
                draw(networks, recipe.config, folder / f"sheet-{shown // every * every:08d}.png")
            if time.monotonic() - saved > KEPT_SECONDS:
                write_checkpoint(folder, shown, networks.r, {**above, **networks.state()})
                saved = time.monotonic()
            phase = following
    bar.close()
    state = networks.state()
    write_checkpoint(folder, shown, networks.r, {**above, **state})
    if shown:
        write_stage(folder, recipe, shown, networks.r, state)
    return shown


def draw(networks: Networks, config: GeneratorConfig, path: Path) -> None:
    """Draw a sheet of the averaged generator's faces, with the same latents in every sheet."""
    latents = np.random.RandomState(0).randn(SHEET, config.latent_size).astype(np.float32)
    images = np.asarray(networks.models["Gs"](latents)["image"])
    sheet(to_bytes(images), columns=8).save(path)

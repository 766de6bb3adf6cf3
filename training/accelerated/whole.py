"""A whole accelerated run: rendering in the background, a first scorer, the generator, scorer and judge."""

from __future__ import annotations

import io
import json
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType

import jax
import jax.numpy as jnp
import numpy as np

from dashboard.synthesis.scorer_config import ScorerConfig
from training.accelerated.course import Course, Kind, Stage
from training.accelerated.kept import NETWORKS, named, on_host, recipe_of, write_run
from training.accelerated.loop import Training
from training.accelerated.pool import Pool
from training.accelerated.scoring import teach
from training.codes import NAME as CODES
from training.codes import read_codes
from training.errors import TrainingError
from training.kept import digest
from training.label.lesson import JUDGE, SCORER, Lesson
from training.label.scorer import Scorer
from training.label.truth import Truth, read_truth
from training.train.losses import reduced

SCORER_SIDE = 64
"""Input size of scorer and judge, in pixels a side."""

FIRST_SCORER, EACH_SCORER, REST = 25.0, 35.0, 60.0
"""Seconds for the first scorer; for scorer and judge at the end, each; for starting, compiling and packing."""

SHARES: tuple[tuple[Kind, int, float], ...] = (
    ("pairs", 4, 0.14),
    ("pairs", 2, 0.20),
    ("pairs", 1, 0.28),
    ("adversarial", 1, 0.38),
)
"""Kind of each stage, by how much its pictures are smaller than the final ones, and its share of the time."""

FIRST_FACES = 2000
"""Faces on which the first scorer is trained, at least."""


@dataclass(frozen=True)
class Rendering:
    """Options of the render step."""

    assets: Path
    faces: Path
    count: int
    seed: int
    size: int
    drawn: int
    processes: int
    shard: int

    def words(self) -> list[str]:
        """Return the command that renders."""
        return [
            *(sys.executable, "-m", "training", "render", "--assets", str(self.assets), "--out", str(self.faces)),
            *("--faces", str(self.count), "--seed", str(self.seed), "--size", str(self.size)),
            *("--render", str(self.drawn), "--processes", str(self.processes), "--shard", str(self.shard)),
        ]


@dataclass(frozen=True)
class Settings:
    """Settings of a run.

    Args:
        course: stages and networks.
        rendering: of its faces.
        folder: of the run. out: of what is downloaded.
        precision: "bf16" or "float32".
        deadline: on the monotonic clock.
        shorter: factor by which the scorers' times are shortened.
        thinner: factor by which scorer and judge have fewer feature maps than the published ones, for a rehearsal.
    """

    course: Course
    rendering: Rendering
    folder: Path
    out: Path
    precision: str
    deadline: float
    shorter: float
    thinner: int = 1


def stages_until(seconds: float, shorter: float, resolution: int, batch: int) -> tuple[Stage, ...]:
    """Return stages that leave time for everything else in the given seconds."""
    left = max(seconds - FIRST_SCORER - 2 * EACH_SCORER - REST, 0.1 * seconds) * shorter
    return tuple(
        Stage(f"{kind}-{resolution // times}", kind, resolution // times, left * share, batch)
        for kind, times, share in SHARES
        if resolution // times >= 16
    )


def whole(settings: Settings, report: Callable[[str], object]) -> bool:
    """Render, train and store results; return whether everything was done. A late failure loses no earlier result.

    Args:
        settings: of the run.
        report: called with lines for people, each with the seconds since the start.
    """
    begun, lines, stop = time.monotonic(), [], {"asked": False}
    settings.folder.mkdir(parents=True, exist_ok=True)
    settings.out.mkdir(parents=True, exist_ok=True)

    def say(line: str) -> None:
        lines.append(f"{time.monotonic() - begun:6.1f} {line}")
        report(lines[-1])
        (settings.folder / "messages.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop["asked"] = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    rendering = _start(settings.rendering.words(), settings.folder / "render.log")
    pool = None
    try:
        say(f"{jax.devices()[0].device_kind}: {', '.join(s.name for s in settings.course.stages)}, "
            f"{sum(s.seconds for s in settings.course.stages):.0f} s in all")  # fmt: skip
        pool = open_pool(settings, rendering, say)
        return _train(settings, pool, say, lambda: stop["asked"])
    except Exception as error:
        say(f"Failed: {type(error).__name__}: {error}")
        say(traceback.format_exc())
        if rendering.poll() not in (None, 0):
            say((settings.folder / "render.log").read_text(encoding="utf-8", errors="replace")[-2000:])
        return False
    finally:
        if pool is not None:
            pool.close()
        if rendering.poll() is None:
            rendering.terminate()
        pack(settings)
        try:
            rendering.wait(30)
        except subprocess.TimeoutExpired:
            rendering.kill()
        for number, handler in before.items():
            signal.signal(number, handler)


def open_pool(settings: Settings, rendering: subprocess.Popen[bytes], say: Callable[[str], object]) -> Pool:
    """Return the pool of faces as soon as their codes and labels exist."""
    faces = settings.rendering.faces
    _wait(faces / "dataset.json", rendering)
    if not (faces / CODES).is_file():
        words, log = [sys.executable, "-m", "training", "codes", "--faces", str(faces)], settings.folder / "codes.log"
        if _start(words, log).wait(300):
            raise TrainingError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
    _wait(faces / "labels.csv", rendering)
    codes = np.asarray(read_codes(faces, settings.course.config.latent_size))
    say(f"codes of {len(codes)} faces, {codes.shape[1]} numbers each")
    return Pool(faces, codes, settings.rendering.count)


def _train(settings: Settings, pool: Pool, say: Callable[[str], object], stopped: Callable[[], bool]) -> bool:
    course, folder = settings.course, settings.folder
    truth = read_truth(settings.rendering.faces)
    side = min(SCORER_SIDE, course.config.resolution)
    lessons = {
        name: fitting(lesson, side, settings.precision, settings.thinner)
        for name, lesson in (("scorer", SCORER), ("judge", JUDGE))
    }
    ends = settings.deadline - (2 * EACH_SCORER + 15.0) * min(settings.shorter, 1.0)
    looks = ScorerConfig(
        size=side, channels=lessons["scorer"].channels, attributes=truth.names, kinds=truth.kinds,
        residual=lessons["scorer"].residual,
    )  # fmt: skip
    training = Training(course, pool, looks, settings.precision, folder, settings.out, ends, stopped, say)
    training.prepare()
    pool.wait(FIRST_FACES if pool.capacity > 2 * FIRST_FACES else pool.capacity // 2, 300.0)
    say(f"{pool.count} faces are there")
    if (folder / "first-scorer" / "scorer.json").is_file():
        first = Scorer.read(folder / "first-scorer")
    else:
        first = taught(pool, truth, lessons["scorer"], FIRST_SCORER * settings.shorter, "first scorer", say)
        first.write(folder / "first-scorer")
    done, looked = training.done, digest(first.variables)

    def keep() -> None:
        recipe = recipe_of(course, int(done["total"]), int(done["alone"]), looked)
        state = on_host({name: training.state[name] for name in NETWORKS})
        write_run(folder / "train", recipe, recipe.total, named(state))
        pack(settings)

    if not training.run(first, keep):
        say("stopped")
        return False
    say(f"{done['total']} faces shown, {done['alone']} of them on pairs alone")
    good = True
    for name, lesson in lessons.items():
        if (folder / name / "scorer.json").is_file() or stopped():
            continue
        left = max(settings.deadline - time.monotonic() - 8.0, 3.0)
        seconds = min(EACH_SCORER * settings.shorter, left / (2 if name == "scorer" else 1))
        try:
            taught(pool, truth, lesson, seconds, name, say).write(folder / name)
        except Exception as error:
            say(f"Failed: {name}: {error}\n{traceback.format_exc()}")
            good = False
    return good and not stopped()


def fitting(lesson: Lesson, side: int, precision: str, thinner: int = 1) -> Lesson:
    """Return a lesson for pictures of ``side`` pixels, with enough convolutions to reduce them to 4 px."""
    count = side.bit_length() - 3
    channels = tuple(width // thinner for width in lesson.channels[-count:])
    return replace(lesson, channels=channels, precision=precision)


def taught(pool: Pool, truth: Truth, lesson: Lesson, seconds: float, name: str, say: Callable[[str], object]) -> Scorer:
    """Train a scorer on all faces of the pool and return it."""
    while pool.take_in():
        pass
    side = 4 * 2 ** len(lesson.channels)
    numbers = np.concatenate(pool.numbers)
    images = [np.asarray(_small(pool.images, first, side, pool.shard)) for first in range(0, pool.count, pool.shard)]
    images = np.concatenate(images)[: pool.count]
    return teach(images, numbers, truth, lesson, seconds, lambda line: say(f"{name}: {line}"))


@partial(jax.jit, static_argnums=(2, 3))
def _small(images: jax.Array, first: int, side: int, count: int) -> jax.Array:
    part = jax.lax.dynamic_slice_in_dim(images, first, count).astype(jnp.float32)
    return jnp.round(reduced(part, side)).astype(jnp.uint8)


def pack(settings: Settings) -> None:
    """Pack small files into one archive: logs, sheets, scorers, the recipe. Networks are kept next to it."""
    folder, out = settings.folder, settings.out
    settings.course.write(folder / "course.json")
    names = [
        "messages.txt",
        "log.csv",
        "render.log",
        "codes.log",
        "course.json",
        "train/recipe.json",
        "faces/dataset.json",
    ]
    names += [f"{name}/scorer.{kind}" for name in ("scorer", "judge") for kind in ("json", "safetensors")]
    part = out / "record.tar.part"
    with tarfile.open(part, "w") as tar:
        for name in names:
            if (folder / name).is_file():
                tar.add(folder / name, name)
        for path in sorted((folder / "sheets").glob("*.webp")):
            tar.add(path, f"sheets/{path.name}")
        counts = json.dumps({"faces": len(list((folder / "faces").glob("images-*.npy")))}).encode()
        entry = tarfile.TarInfo("shards.json")
        entry.size = len(counts)
        tar.addfile(entry, io.BytesIO(counts))
    part.replace(out / "record.tar")


def _start(words: list[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a step in the background at a lower priority than this process, because the device waits for it."""
    with log.open("ab") as file:
        return subprocess.Popen(
            ["nice", *words] if shutil.which("nice") else words, stdout=file, stderr=subprocess.STDOUT
        )


def _wait(path: Path, process: subprocess.Popen[bytes], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not path.is_file():
        if process.poll() not in (None, 0) or time.monotonic() > end:
            raise TrainingError(f"Expected {path.name} of the render step. Received: none. Look into its log.")
        time.sleep(0.1)

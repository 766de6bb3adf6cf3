"""Rendering processes: each takes shards from one list, and stops on request or when its parent has ended."""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import numpy as np

from training.render.dataset import CACHE, Plan, write_shard
from training.render.errors import DatasetError, RenderError

POLL = 0.5  # seconds between checks that the processes are running


def render_shards(
    assets: Path, folder: Path, plan: Plan, shards: list[int], processes: int, advance: Callable[[int], None]
) -> bool:
    """Render shards with several processes.

    Args:
        assets: The asset folder.
        folder: The data set.
        plan: Of the data set.
        shards: Which shards are to be rendered.
        processes: How many processes.
        advance: Called with the number of faces done since the last call.

    Returns:
        True when all are done; False when SIGTERM or Ctrl-C came first.

    Raises:
        DatasetError: A process failed; the message says why.
    """
    context = multiprocessing.get_context("spawn")
    todo: Any = context.Queue()
    done: Any = context.Queue()
    stop = context.Event()
    for shard in shards:
        todo.put(shard)
    arguments = (assets, folder, plan, todo, done, stop, os.getpid())
    workers = [context.Process(target=_work, args=arguments, daemon=True) for _ in range(min(processes, len(shards)))]
    for worker in workers:
        worker.start()
    previous = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        remaining = sum(len(plan.indices(shard)) for shard in shards)
        while remaining and not stop.is_set():
            try:
                news = done.get(timeout=POLL)
            except queue.Empty:
                if not any(worker.is_alive() for worker in workers):
                    raise DatasetError(
                        "Expected the rendering processes to finish. Received: all died. Try again."
                    ) from None
                continue
            if isinstance(news, str):
                raise DatasetError(news)
            remaining -= news
            advance(news)
        return remaining == 0
    finally:
        stop.set()
        for worker in workers:
            worker.join(timeout=30)
            if worker.is_alive():
                worker.terminate()
        for number, handler in previous.items():
            signal.signal(number, handler)
        todo.cancel_join_thread()


def _work(assets: Path, folder: Path, plan: Plan, todo: Any, done: Any, stop: Event, parent: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # the parent tells by `stop`
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else lambda *_: stop.set())
    try:
        from training.render.kit import load_kit
        from training.render.renderer import Renderer, reduce

        renderer = Renderer(load_kit(assets), plan.render, folder / CACHE)
        while not stop.is_set():
            try:
                shard = todo.get(timeout=POLL)
            except queue.Empty:
                return
            indices = plan.indices(shard)
            pictures = np.empty((len(indices), plan.size, plan.size, 3), np.uint8)
            for row, index in enumerate(indices):
                if stop.is_set() or os.getppid() != parent:
                    return
                pictures[row] = reduce(renderer.render(plan.person(index)), plan.size)
                if row + 1 < len(indices):
                    done.put(1)
            write_shard(folder, shard, pictures)
            done.put(1)
    except RenderError as error:
        done.put(str(error))
    except Exception as error:
        done.put(f"Expected a rendering process to go on. Received: {type(error).__name__}: {error}.")

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import correlated_directions

from dashboard.errors import Busy, EngineError, ModelError
from dashboard.synthesis.core import Core
from dashboard.synthesis.pixels import to_bytes
from dashboard.synthesis.stylegan.options import PLAIN, DrawingOptions

DIRECTIONS = correlated_directions(64, 4)


class Hold:
    """An engine's `before_run` that blocks until it is released, and reports when a run is blocked."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, _count: int) -> None:
        self.reached.set()
        assert self.open.wait(60)


def latents(count: int, seed: int = 0) -> np.ndarray:
    return np.random.RandomState(seed).randn(count, 64).astype(np.float32)


@pytest.fixture
def cores() -> Iterator[Callable[..., Core]]:
    """Yield a function that makes cores around an engine; close them afterwards."""
    made: list[Core] = []

    def make(engine: FakeEngine, **options: int) -> Core:
        made.append(Core(lambda: engine, **options))
        return made[-1]

    yield make
    for core in made:
        core.close()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited for a minute"
        time.sleep(0.001)


def test_a_face_is_the_engines_picture_in_bytes(cores: Callable[..., Core]) -> None:
    engine = FakeEngine(DIRECTIONS)
    z = latents(1)
    picture = cores(engine).image(z[0])
    assert picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, to_bytes(engine.run(z)["image"][0]))


def test_outputs_are_those_of_one_face(cores: Callable[..., Core]) -> None:
    engine = FakeEngine(DIRECTIONS)
    z = latents(1)
    received = cores(engine).compute(z[0], ("scores", "block4"))
    expected = engine.run(z, outputs=("scores", "block4"))
    assert list(received) == ["scores", "block4"]
    for name, values in received.items():
        np.testing.assert_array_equal(values, expected[name][0])


def test_labels_reach_the_engine(cores: Callable[..., Core]) -> None:
    seen: list[np.ndarray | None] = []

    class Labelled(FakeEngine):
        def run(self, latents, labels=None, outputs=("image",), options=PLAIN):
            seen.append(labels)
            return super().run(latents, labels, outputs)

    core = cores(Labelled(DIRECTIONS, label_size=2))
    core.image(latents(1)[0], np.array([0.0, 1.0]))
    core.image(latents(1)[0])
    assert seen[0] is not None
    np.testing.assert_array_equal(seen[0], [[0.0, 1.0]])
    assert seen[1] is None


def test_options_reach_the_engine(cores: Callable[..., Core]) -> None:
    seen: list[DrawingOptions] = []

    class Drawn(FakeEngine):
        def run(self, latents, labels=None, outputs=("image",), options=PLAIN):
            seen.append(options)
            return super().run(latents, labels, outputs)

    core = cores(Drawn(DIRECTIONS))
    core.image(latents(1)[0], options=DrawingOptions(psi=0.5))
    core.image(latents(1)[0])
    assert [options.psi for options in seen] == [0.5, 1.0]


def test_each_of_many_threads_gets_its_own_face_from_one_worker(cores: Callable[..., Core]) -> None:
    workers: set[int] = set()
    engine = FakeEngine(DIRECTIONS, before_run=lambda _: workers.add(threading.get_ident()))
    core = cores(engine)
    z = latents(60)
    with ThreadPoolExecutor(12) as pool:
        pictures = list(pool.map(core.image, z))
    assert len(workers) == 1
    assert threading.get_ident() not in workers
    for latent, picture in zip(z, pictures, strict=True):
        np.testing.assert_array_equal(picture, to_bytes(engine.run(latent[None])["image"][0]))


def test_what_waits_is_computed_together_up_to_the_largest_batch(cores: Callable[..., Core]) -> None:
    hold = Hold()
    engine = FakeEngine(DIRECTIONS, before_run=hold)
    core = cores(engine, max_batch=4)
    z = latents(11)
    with ThreadPoolExecutor(11) as pool:
        first = pool.submit(core.image, z[0])
        assert hold.reached.wait(60)
        rest = [pool.submit(core.image, latent) for latent in z[1:]]
        wait_until(lambda: core.waiting == 10)
        hold.open.set()
        pictures = [future.result(60) for future in [first, *rest]]
    assert engine.runs == [1, 4, 4, 2]
    for latent, picture in zip(z, pictures, strict=True):
        np.testing.assert_array_equal(picture, to_bytes(engine.run(latent[None])["image"][0]))


def test_urgent_ones_go_first_and_kinds_are_not_mixed(cores: Callable[..., Core]) -> None:
    hold = Hold()
    done: list[str] = []

    class Recorder(FakeEngine):
        def run(self, latents, labels=None, outputs=("image",), options=PLAIN):
            result = super().run(latents, labels, outputs)
            done.append(f"{len(latents)} {outputs[0]}")
            return result

    core = cores(Recorder(DIRECTIONS, before_run=hold))
    z = latents(7)
    with ThreadPoolExecutor(7) as pool:
        futures: list[Future] = [pool.submit(core.image, z[0])]
        assert hold.reached.wait(60)
        for i, (outputs, urgent) in enumerate(
            [(("image",), False), (("scores",), False), (("image",), False), (("image",), True), (("image",), True)], 1
        ):
            futures.append(pool.submit(core.compute, z[i], outputs, None, urgent))
            wait_until(lambda expected=i: core.waiting == expected)
        hold.open.set()
        for future in futures:
            future.result(60)
    # The blocked one; both urgent ones; then in the sequence of arrival, with those of their kind.
    assert done == ["1 image", "2 image", "2 image", "1 scores"]


def test_an_urgent_one_is_computed_before_earlier_ones_that_are_not(cores: Callable[..., Core]) -> None:
    hold = Hold()
    seen: list[np.ndarray] = []

    class Recorder(FakeEngine):
        def run(self, latents, labels=None, outputs=("image",), options=PLAIN):
            seen.extend(latents)
            return super().run(latents, labels, outputs)

    core = cores(Recorder(DIRECTIONS, before_run=hold), max_batch=1)
    z = latents(4)
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(core.image, z[0])]
        assert hold.reached.wait(60)
        for i, urgent in enumerate([False, False, True], 1):
            futures.append(pool.submit(core.image, z[i], None, urgent))
            wait_until(lambda expected=i: core.waiting == expected)
        hold.open.set()
        for future in futures:
            future.result(60)
    np.testing.assert_array_equal(seen, z[[0, 3, 1, 2]])


def test_a_request_past_the_queue_limit_is_refused_immediately(cores: Callable[..., Core]) -> None:
    hold = Hold()
    core = cores(FakeEngine(DIRECTIONS, before_run=hold), max_queue=3)
    z = latents(5)
    with ThreadPoolExecutor(5) as pool:
        futures = [pool.submit(core.image, z[0])]
        assert hold.reached.wait(60)
        futures += [pool.submit(core.image, latent) for latent in z[1:4]]
        wait_until(lambda: core.waiting == 3)
        with pytest.raises(Busy, match="at most 3") as caught:
            core.image(z[4])
        assert caught.value.retry_after >= 1
        hold.open.set()
        assert all(future.result(60).shape == (32, 32, 3) for future in futures)
    assert core.image(z[4]).shape == (32, 32, 3)


def test_a_failing_engine_fails_its_batch_and_is_started_again(caplog: pytest.LogCaptureFixture) -> None:
    hold, starts = Hold(), []

    def before_run(count: int) -> None:
        hold(count)
        if len(starts) == 1:
            raise RuntimeError("device lost")

    def open_engine() -> FakeEngine:
        starts.append(time.monotonic())
        return FakeEngine(DIRECTIONS, before_run=before_run)

    core = Core(open_engine)
    z = latents(3)
    with caplog.at_level(logging.ERROR), ThreadPoolExecutor(3) as pool:
        first = pool.submit(core.image, z[0])
        assert hold.reached.wait(60)
        rest = [pool.submit(core.image, latent) for latent in z[1:]]
        wait_until(lambda: core.waiting == 2)
        hold.open.set()
        with pytest.raises(EngineError, match="RuntimeError") as caught:
            first.result(60)
        # Those that waited behind it are computed, by a new engine.
        assert all(future.result(60).shape == (32, 32, 3) for future in rest)
    assert isinstance(caught.value.__cause__, RuntimeError)
    assert "device lost" in caplog.text
    assert len(starts) == 2
    core.close()


def test_a_request_that_the_engine_cannot_take_fails_alone(cores: Callable[..., Core]) -> None:
    hold = Hold()
    engine = FakeEngine(DIRECTIONS, before_run=hold)
    core = cores(engine)
    z = latents(3)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(core.image, z[0])
        assert hold.reached.wait(60)
        good = [pool.submit(core.image, latent) for latent in z[1:]]
        bad = pool.submit(core.image, np.zeros(63, np.float32))
        wait_until(lambda: core.waiting == 3)
        hold.open.set()
        with pytest.raises(EngineError, match="ValueError"):
            bad.result(60)
        for future in [first, *good]:
            assert future.result(60).shape == (32, 32, 3)


def test_a_model_that_fails_to_open_says_so_each_time_and_is_tried_again() -> None:
    tries = []

    def open_engine() -> FakeEngine:
        tries.append(1)
        if len(tries) < 3:
            raise ModelError("Expected generator.safetensors. Received: no such file. Restore it.")
        return FakeEngine(DIRECTIONS)

    core = Core(open_engine)
    for _ in range(2):
        with pytest.raises(ModelError, match=r"generator\.safetensors"):
            core.image(latents(1)[0])
    assert core.image(latents(1)[0]).shape == (32, 32, 3)
    core.close()


def test_no_engine_is_created_and_no_thread_started_before_the_first_request() -> None:
    threads: list[str] = []

    def open_engine() -> FakeEngine:
        threads.append(threading.current_thread().name)
        return FakeEngine(DIRECTIONS)

    before = set(threading.enumerate())  # some of which may end meanwhile
    core = Core(open_engine)
    assert set(threading.enumerate()) <= before
    assert threads == []
    core.image(latents(1)[0])
    core.image(latents(1)[0])
    assert threads == ["likeness-core"]
    core.close()
    assert set(threading.enumerate()) <= before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a system without fork cannot fork a core")
def test_a_core_made_before_a_fork_works_after_it() -> None:
    core = Core(lambda: FakeEngine(DIRECTIONS))
    # fork() in a program with threads is warned of; this core has none yet, which is what is tested.
    child = os.fork()
    if child == 0:
        os._exit(0 if core.image(latents(1)[0]).shape == (32, 32, 3) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_face_that_takes_too_long_is_given_up_and_not_computed_later(cores: Callable[..., Core]) -> None:
    hold = Hold()
    engine = FakeEngine(DIRECTIONS, before_run=hold)
    core = cores(engine)
    z = latents(3)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(core.image, z[0])
        assert hold.reached.wait(60)
        with pytest.raises(EngineError, match=r"within 0\.05 seconds"):
            core.image(z[1], timeout=0.05)
        hold.open.set()
        first.result(60)
    core.image(z[2])
    assert engine.runs == [1, 1]


def test_closing_finishes_what_is_computed_and_refuses_the_rest(cores: Callable[..., Core]) -> None:
    hold = Hold()
    core = cores(FakeEngine(DIRECTIONS, before_run=hold))
    z = latents(2)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(core.image, z[0])
        assert hold.reached.wait(60)
        second = pool.submit(core.image, z[1])
        wait_until(lambda: core.waiting == 1)
        closing = pool.submit(core.close)
        with pytest.raises(Busy, match="stopping"):
            second.result(60)
        hold.open.set()
        closing.result(60)
        assert first.result(60).shape == (32, 32, 3)
    with pytest.raises(Busy, match="stopping"):
        core.image(z[0])


def test_a_retired_core_lets_its_engine_go_and_still_serves() -> None:
    engines = []
    z = latents(3)

    def open_engine() -> FakeEngine:
        engines.append(FakeEngine(DIRECTIONS))
        return engines[-1]

    core = Core(open_engine)
    core.image(z[0])
    core.retire()
    wait_until(lambda: core._worker is None and core._engine is None)
    assert len(engines) == 1
    first = core.image(z[1])
    wait_until(lambda: core._worker is None and core._engine is None)
    assert len(engines) == 2
    assert (core.image(z[1]) == first).all()
    core.close()
    with pytest.raises(Busy):
        core.image(z[2])

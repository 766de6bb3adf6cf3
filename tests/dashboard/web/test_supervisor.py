"""The supervisor with processes that do nothing: who is replaced, when a restart is abandoned, and how it ends."""

import os
import signal
import subprocess
import sys

import pytest
from support.jobs import wait_until
from support.running import is_running, running_children

from dashboard.settings import ROOT

DRIVER = """
import logging, os, sys
from dashboard.web.supervisor import Supervisor, bind
logging.basicConfig(level="INFO", format="%(message)s")
command = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
sys.exit(Supervisor(bind("127.0.0.1", 0), 2, command, dict(os.environ), lambda: print("announced", flush=True)).run())
"""

WORKER = """
import os, signal, sys
_, report, lifeline, _, _ = map(int, os.environ["LIKENESS_WORKER"].split(","))
if os.path.exists(sys.argv[1]):
    sys.exit(7)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
os.write(report, b"l")
os.write(report, b"r")
open(f"{sys.argv[1]}.{os.getpid()}", "w").close()
os.read(lifeline, 1)
"""


class Driver:
    """A supervisor of its own."""

    def __init__(self, folder):
        self.broken = folder / "broken"
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-c", DRIVER, WORKER, str(self.broken)],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )

    def workers(self):
        """Return the ids of the processes that run and are ready."""
        there = running_children(self.running.pid)
        return {pid for pid in there if self.broken.with_name(f"broken.{pid}").exists()}

    def logged(self, words):
        return words in self.log.read_text()


@pytest.fixture
def driver(tmp_path):
    made = Driver(tmp_path)
    yield made
    made.running.kill()
    made.running.wait()


def test_what_dies_is_replaced_and_a_restart_replaces_all(driver):
    wait_until(lambda: len(driver.workers()) == 2)
    first = driver.workers()
    assert driver.log.read_text().count("announced") == 1
    os.kill(min(first), signal.SIGKILL)
    wait_until(lambda: len(driver.workers()) == 2 and min(first) not in driver.workers())
    second = driver.workers()
    assert max(first) in second
    driver.running.send_signal(signal.SIGHUP)
    wait_until(lambda: len(driver.workers()) == 2 and not driver.workers() & second)
    driver.running.send_signal(signal.SIGTERM)
    assert driver.running.wait(60) == 0
    assert driver.workers() == set()


def test_a_restart_whose_first_process_fails_leaves_the_old_ones(driver):
    wait_until(lambda: len(driver.workers()) == 2)
    before = driver.workers()
    driver.broken.touch()
    driver.running.send_signal(signal.SIGHUP)
    wait_until(lambda: driver.logged("The restart is abandoned"))
    assert driver.workers() == before
    driver.broken.unlink()
    driver.running.send_signal(signal.SIGHUP)
    wait_until(lambda: len(driver.workers()) == 2 and not driver.workers() & before)


def test_an_application_that_cannot_start_ends_with_its_status(tmp_path):
    (tmp_path / "broken").touch()
    driver = Driver(tmp_path)
    assert driver.running.wait(60) == 7
    assert not driver.logged("announced")


def test_processes_end_with_their_supervisor(driver):
    wait_until(lambda: len(driver.workers()) == 2)
    workers = driver.workers()
    driver.running.kill()
    driver.running.wait()
    wait_until(lambda: not any(map(is_running, workers)))

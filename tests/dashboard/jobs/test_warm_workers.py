"""The worker process that stays for its next job."""

import os
import time

import pytest
from support.jobs import PATIENCE

from dashboard.jobs.job_context import JobSpec
from dashboard.jobs.warm_workers import WarmWorkers
from dashboard.stores.result import Origin


@pytest.fixture
def spec(tmp_path):
    origin = Origin("none", 1, ("d",), {})
    return JobSpec("dashboard.jobs.registry:nothing", origin, str(tmp_path), "auto", None, None, True)


def ended(process):
    for line in process.stdout:
        if '"end"' in line:
            return line
    return ""


def test_a_second_job_is_done_in_the_same_process(spec, tmp_path):
    workers = WarmWorkers()
    first = workers.start(spec, tmp_path)
    assert "failed" in ended(first)  # there is no such function: reported, and the process stays
    workers.give_back(first)
    second = workers.start(spec, tmp_path)
    assert second is first
    assert "failed" in ended(second)
    workers.give_back(second)
    workers.close()
    assert first.poll() is not None


def test_it_ends_after_a_while_and_when_the_server_has_gone(spec, tmp_path):
    workers = WarmWorkers(stays=0.2)
    process = workers.start(spec, tmp_path)
    ended(process)
    workers.give_back(process)
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert process.poll() is not None
    orphan = WarmWorkers().start(spec, tmp_path)
    ended(orphan)
    assert orphan.stdin
    assert orphan.stdout
    orphan.stdin.close()
    assert orphan.wait(PATIENCE) == 3
    orphan.stdout.close()


def test_of_two_that_are_given_back_one_stays(spec, tmp_path):
    workers = WarmWorkers()
    both = [workers.start(spec, tmp_path) for _ in range(2)]
    assert both[0].pid != both[1].pid != os.getpid()
    for process in both:
        ended(process)
        workers.give_back(process)
    assert [process.poll() is None for process in both] == [True, False]
    workers.close()

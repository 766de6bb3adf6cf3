"""Jobs of two processes, which share a table."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from support.adapters import runner_of_a_table
from support.jobs import KIND, alive, wait, wait_until

from dashboard.errors import Busy
from dashboard.jobs.table_runner import RUNNING
from dashboard.settings import ROOT
from dashboard.stores.process_database import ProcessDatabase

OWNER = """
import sys, time
from pathlib import Path
from support.adapters import runner_of_a_table
from support.jobs import KIND, small_kind
from dashboard.synthesis.model_folder import open_model

home, model, until = map(Path, sys.argv[1:])
with small_kind(), runner_of_a_table(home) as jobs:
    print(jobs.start(KIND, open_model(model), {"number": 5, "until": str(until)}).id, flush=True)
    time.sleep(600)
"""


pytestmark = pytest.mark.usefixtures("kind")


@pytest.fixture
def two(tmp_path):
    with runner_of_a_table(tmp_path, per_visitor=2) as one, runner_of_a_table(tmp_path, per_visitor=2) as other:
        yield one, other


def test_a_job_of_one_process_is_followed_joined_and_cancelled_at_another(tmp_path, model, two):
    one, other = two
    params = {"number": 3, "until": str(tmp_path / "go")}
    job = one.start(KIND, model, params)
    wait_until(lambda: other.find(job.id).progress.stage == 1)
    assert other.result(job.id)["number"].tolist() == [3]
    joined = other.start(KIND, model, params)
    pid = int((tmp_path / "go.pid").read_text())
    assert other.cancel(job.id).progress.state == "cancelled"
    assert one.find(joined.id).progress.state == "running"
    one.cancel(joined.id)
    assert other.find(joined.id).progress.state == "cancelled"
    wait_until(lambda: not alive(pid))


def test_limits_are_of_all_processes_together(tmp_path, model, two):
    started = []
    for k in range(RUNNING + 1):
        started.append(two[k % 2].start(KIND, model, {"number": k, "until": str(tmp_path / "go")}, f"visitor {k}"))
    wait_until(lambda: two[0].counts() == {(KIND, "running"): RUNNING, (KIND, "queued"): 1})
    two[0].start(KIND, model, {"number": 90, "until": str(tmp_path / "go")}, "visitor 0")
    with pytest.raises(Busy, match="one visitor"):
        two[1].start(KIND, model, {"number": 91, "until": str(tmp_path / "go")}, "visitor 0")
    (tmp_path / "go").touch()
    assert all(wait(two[0], job).progress.state == "done" for job in started)


def test_a_process_that_ends_hands_its_jobs_over(tmp_path, model):
    with runner_of_a_table(tmp_path) as other:
        with runner_of_a_table(tmp_path) as one:
            other._stop.set()  # it takes no jobs yet
            other._looking.join()
            job = one.start(KIND, model, {"number": 4, "until": str(tmp_path / "go")})
            wait_until(lambda: one.find(job.id).progress.stage == 1)
        assert other.find(job.id).progress.state == "queued"
        (tmp_path / "go").touch()
        with runner_of_a_table(tmp_path) as later:
            assert wait(later, job).progress.state == "done"
            assert other.result(job.id)["number"].tolist() == [4]


def test_a_job_of_a_process_that_was_killed_is_taken_over(tmp_path, model):
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    owner = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(OWNER), str(tmp_path), str(model.path), str(tmp_path / "go")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        assert owner.stdout is not None
        job_id = owner.stdout.readline().strip()
        wait_until(lambda: (tmp_path / "go.pid").exists() and (tmp_path / "go.pid").read_text())
        child = int((tmp_path / "go.pid").read_text())
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        wait_until(lambda: not alive(child))
        (tmp_path / "go").touch()
        with ProcessDatabase(tmp_path).use() as base:
            base.execute("UPDATE jobs SET lease = 0")  # as if it had run out
        with runner_of_a_table(tmp_path) as jobs:
            wait_until(lambda: jobs.find(job_id).progress.state == "done")
            assert jobs.result(job_id)["number"].tolist() == [5]
    finally:
        owner.kill()
        owner.communicate()


def test_a_process_that_was_only_paused_stores_nothing(tmp_path, model):
    with runner_of_a_table(tmp_path) as jobs:
        job = jobs.start(KIND, model, {"number": 6, "until": str(tmp_path / "go")})
        wait_until(lambda: jobs.find(job.id).progress.stage == 1)
        with ProcessDatabase(tmp_path).use() as base:  # its process stood still, and another one took the job over
            base.execute("UPDATE jobs SET epoch = epoch + 1, owner = 'another'")
        child = int((tmp_path / "go.pid").read_text())
        (tmp_path / "go").touch()
        wait_until(lambda: not alive(child))
        wait_until(lambda: not jobs._computing)
        assert jobs.find(job.id).progress.state == "running", "the other worker's"
        assert jobs.kept(KIND, model, {"number": 6, "until": str(tmp_path / "go")}) is None

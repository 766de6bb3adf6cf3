"""The contract of jobs, run on every runner in support.adapters."""

from pathlib import Path

import pytest
from support.adapters import RUNNERS, SERVERS
from support.jobs import KIND, alive, wait, wait_until

from dashboard.errors import Forbidden, InputError, NotFound

pytestmark = pytest.mark.usefixtures("kind")


@pytest.fixture(params=list(RUNNERS))
def jobs(request, tmp_path):
    server = SERVERS.get(request.param)
    where = (tmp_path, request.getfixturevalue(server)) if server else (tmp_path,)
    with RUNNERS[request.param](*where) as jobs:
        yield jobs


def pid_of(mark: Path) -> int:
    """Return the process that waits for a file."""
    pid_file = mark.parent / f"{mark.name}.pid"
    wait_until(lambda: pid_file.exists() and pid_file.read_text())
    return int(pid_file.read_text())


def test_a_result_is_computed_once_and_kept(model, jobs):
    assert jobs.kept(KIND, model, {"number": 7}) is None
    job = wait(jobs, jobs.start(KIND, model, {"number": 7}, "ann"))
    assert (job.kind, job.progress.state, job.progress.fraction, job.progress.stage) == (KIND, "done", 1.0, 2)
    assert jobs.result(job.id)["number"].tolist() == [7]
    assert jobs.file(job.id, "answer.txt").read_text() == "7 on tiny"
    with pytest.raises(NotFound):
        jobs.file(job.id, "other.txt")
    again = jobs.start(KIND, model, {"number": 7})
    assert (again.progress.state, again.id == job.id) == ("done", False)
    assert jobs.result(again.id)["number"].tolist() == [7]
    assert jobs.kept(KIND, model, {"number": 7}).params["number"] == 7
    assert jobs.look(KIND, model, {"number": 7}).duration.seconds == 0
    assert jobs.look(KIND, model, {"number": 8}).duration.measured


def test_a_partial_result_can_be_read(tmp_path, model, jobs):
    job = jobs.start(KIND, model, {"number": 3, "until": str(tmp_path / "go")})
    wait_until(lambda: jobs.find(job.id).progress.stage == 1)
    assert jobs.result(job.id)["whole"].item() is False
    progress = jobs.find(job.id).progress
    assert (progress.state, progress.fraction, progress.step) == ("running", 0.5, "Half of it")
    assert jobs.counts() == {(KIND, "running"): 1}
    with pytest.raises(NotFound, match="running"):
        jobs.file(job.id, "answer.txt")
    (tmp_path / "go").touch()
    wait(jobs, job, "done")
    assert jobs.result(job.id)["whole"].item() is True
    wait_until(lambda: jobs.counts() == {})


def test_callers_share_the_work_which_ends_when_nobody_waits(tmp_path, model, jobs):
    params = {"until": str(tmp_path / "go")}
    first, second = (jobs.start(KIND, model, params) for _ in range(2))
    seen = jobs.look(KIND, model, params).job
    pid = pid_of(tmp_path / "go")
    assert jobs.cancel(first.id).progress.state == "cancelled"
    assert jobs.find(second.id).progress.state == "running"
    assert jobs.find(seen.id).progress.state == "running"
    assert jobs.cancel(second.id).progress.state == "cancelled"
    assert jobs.find(seen.id).progress.state == "cancelled"
    wait_until(lambda: not alive(pid))
    (tmp_path / "go").touch()
    assert wait(jobs, jobs.start(KIND, model, params)).progress.state == "done", "and can be started again"


@pytest.mark.parametrize(("ends", "sentence"), [("refused", "Expected another number"), ("killed", "signal 9")])
def test_a_failure_is_a_sentence(model, jobs, ends, sentence):
    job = wait(jobs, jobs.start(KIND, model, {"ends": ends}))
    assert job.progress.state == "failed"
    assert sentence in job.progress.error
    assert jobs.result(job.id) == {}


def test_what_is_refused(model, jobs):
    for kind, params in (("nothing", {}), (KIND, {"number": "x"})):
        with pytest.raises(InputError):
            jobs.start(kind, model, params)
        with pytest.raises(InputError):
            jobs.look(kind, model, params)
    for asked in (jobs.find, jobs.cancel, jobs.result, jobs.remove):
        with pytest.raises(NotFound):
            asked("unknown")


def test_a_result_is_deleted_by_its_maker(model, jobs):
    job = wait(jobs, jobs.start(KIND, model, {"number": 7}, "ann"))
    other = jobs.start(KIND, model, {"number": 7}, "bob")
    with pytest.raises(Forbidden):
        jobs.remove(other.id, "bob")
    jobs.remove(job.id, "ann")
    with pytest.raises(NotFound):
        jobs.find(job.id)
    with pytest.raises(NotFound):
        jobs.result(other.id)
    assert jobs.kept(KIND, model, {"number": 7}) is None

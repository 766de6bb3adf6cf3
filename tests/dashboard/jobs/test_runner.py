import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from support.jobs import KIND, alive, small_runner, wait, wait_until

from dashboard.errors import Busy, Forbidden, InputError, NotFound
from dashboard.jobs import runner as bounds
from dashboard.settings import ROOT

pytestmark = pytest.mark.usefixtures("kind")


@pytest.fixture
def jobs(tmp_path):
    jobs = small_runner(tmp_path / "jobs")
    yield jobs
    jobs.close()


def kept(folder: Path) -> list[str]:
    """Return the names of the entries of a folder of results, without locks."""
    return sorted(entry.name for entry in folder.iterdir() if entry.suffix != ".lock")


def pid_of(mark: Path) -> int:
    """Return the process that waits for a file."""
    pid_file = mark.parent / f"{mark.name}.pid"
    wait_until(lambda: pid_file.exists() and pid_file.read_text())
    return int(pid_file.read_text())


def test_a_result_is_kept_for_the_next_visitor_and_the_next_server(tmp_path, model, jobs):
    job = wait(jobs, jobs.start(KIND, model, {"number": 7}))
    assert (job.progress.state, job.progress.fraction, job.progress.step, job.progress.stage) == (
        ("done", 1.0, "Half of it", 2)
    )
    arrays = jobs.result(job.id)
    assert (arrays["number"].tolist(), arrays["whole"].item(), arrays["name"].tolist()) == ([7], True, ["Smiling"])
    assert jobs.file(job.id, "answer.txt").read_text() == "7 on tiny"
    again = jobs.start(KIND, model, {"number": 7})
    assert again.progress.state == "done"
    assert again.id != job.id
    other = small_runner(tmp_path / "jobs")
    found = other.start(KIND, model, {"number": 7})
    assert found.progress.state == "done"
    assert other.result(found.id)["number"].tolist() == [7]
    other.close()


def test_what_there_is_so_far_can_be_read_and_time_left_is_not_made_up(tmp_path, model, jobs):
    job = wait(jobs, jobs.start(KIND, model, {"number": 3, "until": str(tmp_path / "go")}), "running")
    wait_until(lambda: jobs.find(job.id).progress.stage == 1)
    assert jobs.result(job.id)["whole"].item() is False
    with pytest.raises(NotFound, match="running"):
        jobs.file(job.id, "answer.txt")
    (tmp_path / "go").touch()
    wait(jobs, job, "done")
    assert jobs.result(job.id)["whole"].item() is True


def test_two_who_ask_share_the_work_and_it_ends_when_neither_waits(tmp_path, model, jobs):
    params = {"until": str(tmp_path / "go")}
    first, second = (jobs.start(KIND, model, params) for _ in range(2))
    pid = pid_of(tmp_path / "go")
    assert jobs.cancel(first.id).progress.state == "cancelled"
    assert jobs.find(second.id).progress.state == "running"
    assert alive(pid)
    assert jobs.cancel(second.id).progress.state == "cancelled"
    wait_until(lambda: not alive(pid))
    wait_until(lambda: not kept(tmp_path / "jobs"))


def test_an_onlooker_sees_the_work_and_does_not_keep_it_going(tmp_path, model, jobs):
    params = {"until": str(tmp_path / "go")}
    before = jobs.look(KIND, model, params)
    assert (before.job, before.duration.measured) == (None, False)
    assert before.duration.seconds == pytest.approx(101.5), "the kind's own estimate"
    asked = jobs.start(KIND, model, params)
    seen = jobs.look(KIND, model, params).job
    assert seen.id != asked.id
    wait_until(lambda: jobs.find(seen.id).progress.stage == 1)
    assert jobs.result(seen.id)["whole"].item() is False, "the rough result"
    jobs.cancel(seen.id)
    assert jobs.find(asked.id).progress.state == "running", "an onlooker ends nothing"
    again = jobs.look(KIND, model, params).job
    jobs.cancel(asked.id)
    assert jobs.find(again.id).progress.state == "cancelled"
    assert jobs.look(KIND, model, params).job is None


def test_how_long_a_job_takes_is_learnt(tmp_path, model, jobs):
    wait(jobs, jobs.start(KIND, model, {"number": 1}))
    assert jobs.look(KIND, model, {"number": 1}).duration.seconds == 0, "it is kept"
    other = jobs.look(KIND, model, {"number": 2})
    assert (other.job, other.duration.measured) == (None, True)
    assert other.duration.seconds < 60
    job = wait(jobs, jobs.start(KIND, model, {"number": 2, "until": str(tmp_path / "go")}), "running")
    assert job.progress.seconds_left is not None, "from the first look on"


def test_a_job_that_is_cancelled_can_be_started_again(tmp_path, model, jobs):
    params = {"until": str(tmp_path / "go")}
    jobs.cancel(jobs.start(KIND, model, params).id)
    (tmp_path / "go").touch()
    assert wait(jobs, jobs.start(KIND, model, params)).progress.state == "done"


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ("refused", "Expected another number"),
        ("broken", "KeyError"),
        ("killed", "signal 9"),
    ],
)
def test_a_failure_is_a_sentence_and_removes_the_result(tmp_path, model, jobs, ends, sentence):
    job = wait(jobs, jobs.start(KIND, model, {"ends": ends}))
    assert job.progress.state == "failed"
    assert sentence in job.progress.error
    wait_until(lambda: not kept(tmp_path / "jobs"))


def test_a_result_that_is_damaged_is_computed_anew(tmp_path, model, jobs):
    first = wait(jobs, jobs.start(KIND, model, {"number": 1}))
    (folder,) = (tmp_path / "jobs" / name for name in kept(tmp_path / "jobs"))
    arrays = next(folder.glob("*.npz"))
    spoiled = bytearray(arrays.read_bytes())
    spoiled[-1] ^= 1
    arrays.write_bytes(spoiled)
    with pytest.raises(NotFound, match="damaged"):
        jobs.result(first.id)
    second = jobs.start(KIND, model, {"number": 1})
    assert second.progress.state != "done"
    wait(jobs, second, "done")
    assert jobs.result(second.id)["number"].tolist() == [1]


def test_wishes_are_bounded_and_wait_their_turn(tmp_path, model, jobs, monkeypatch):
    monkeypatch.setattr(bounds, "WAITING", 1)
    go = {"until": str(tmp_path / "go")}
    running = [jobs.start(KIND, model, {"number": k, **go}) for k in range(bounds.RUNNING)]
    for job in running:
        wait(jobs, job, "running")
    last = jobs.start(KIND, model, {"number": 10, **go})
    assert (last.progress.state, last.progress.step) == ("queued", "Waits for its turn")
    with pytest.raises(Busy, match="at most 1 jobs"):
        jobs.start(KIND, model, {"number": 11, **go})
    assert jobs.start(KIND, model, {"number": 10, **go}).progress.state == "queued"
    (tmp_path / "go").touch()
    wait(jobs, last, "done")


def test_what_is_wrong_starts_nothing(model, jobs):
    with pytest.raises(InputError, match="kind of job"):
        jobs.start("unheard", model, {})
    with pytest.raises(InputError, match="whole"):
        jobs.start(KIND, model, {"number": "x"})
    with pytest.raises(NotFound):
        jobs.find("nobody's")


def test_without_a_home_results_last_as_long_as_the_process(model):
    jobs = small_runner(None)
    job = wait(jobs, jobs.start(KIND, model, {"number": 2}))
    folder = jobs.file(job.id, "answer.txt").parents[2]
    assert jobs.result(job.id)["number"].tolist() == [2]
    jobs.close()
    assert not folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_job_dies_with_its_server_and_its_leftovers_are_swept(tmp_path, model):
    program = """
        import sys, time
        from pathlib import Path
        from support.jobs import KIND, small_kind, small_runner
        from dashboard.synthesis.model_folder import open_model
        folder = Path(sys.argv[1])
        with small_kind():
            small_runner(folder / "jobs").start(KIND, open_model(Path(sys.argv[2])), {"until": str(folder / "go")})
            time.sleep(600)
    """
    server = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(tmp_path), str(model.path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{ROOT}"},
    )
    pid = pid_of(tmp_path / "go")
    wait_until(lambda: list((tmp_path / "jobs").glob("*.part/result.json")))
    server.kill()
    server.wait()
    wait_until(lambda: not alive(pid))
    assert [name.endswith(".part") for name in kept(tmp_path / "jobs")] == [True]
    jobs = small_runner(tmp_path / "jobs")
    assert kept(tmp_path / "jobs") == []
    jobs.close()


def test_a_visitors_second_job_waits_behind_anothers_first(tmp_path, model, jobs, monkeypatch):
    monkeypatch.setattr(bounds, "RUNNING", 1)
    begun = []
    names = {number: f"{who}{k}" for number, (who, k) in enumerate((w, k) for w in "abc" for k in (1, 2, 3))}

    def start(number):
        params = {"number": number, "until": str(tmp_path / names[number])}
        begun.append((number, jobs.start(KIND, model, params, names[number][0])))

    for number in (0, 1, 2, 3, 6, 4):  # a1 a2 a3 b1 c1 b2
        start(number)
    order = []
    for _ in begun:
        wait_until(lambda: any(jobs.find(job.id).progress.state == "running" for _, job in begun))
        number = next(number for number, job in begun if jobs.find(job.id).progress.state == "running")
        order.append(names[number])
        (tmp_path / names[number]).touch()
        job = dict(begun)[number]
        wait(jobs, job)
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_a_visitor_has_so_many_jobs_at_a_time(tmp_path, model):
    jobs = small_runner(tmp_path / "jobs", per_visitor=1)
    first = jobs.start(KIND, model, {"until": str(tmp_path / "go")}, "ann")
    with pytest.raises(Busy, match="of one visitor"):
        jobs.start(KIND, model, {"number": 2}, "ann")
    joined = jobs.start(KIND, model, {"until": str(tmp_path / "go")}, "ann")
    assert jobs.start(KIND, model, {"number": 3}, "bob").progress.state in ("queued", "running")
    jobs.cancel(first.id)
    jobs.cancel(joined.id)
    wait_until(lambda: not jobs._active or jobs.counts() == {})
    assert wait(jobs, jobs.start(KIND, model, {"number": 2}, "ann")).progress.state == "done"
    jobs.close()


def test_a_result_is_deleted_by_who_started_its_job(tmp_path, model, jobs):
    job = wait(jobs, jobs.start(KIND, model, {"number": 8}, "ann"))
    found = jobs.start(KIND, model, {"number": 8}, "bob")
    for visitor in ("bob", ""):
        with pytest.raises(Forbidden):
            jobs.remove(found.id, visitor)
    assert kept(tmp_path / "jobs")
    jobs.remove(job.id, "ann")
    assert kept(tmp_path / "jobs") == []
    with pytest.raises(NotFound):
        jobs.find(job.id)
    with pytest.raises(NotFound):
        jobs.remove("guessed")


def test_an_administrator_deletes_what_anybody_started(tmp_path, model, jobs):
    job = wait(jobs, jobs.start(KIND, model, {"number": 9}, "ann"))
    jobs.remove(job.id, "cem", anyones=True)
    assert kept(tmp_path / "jobs") == []

import os
import threading
import time

import numpy as np

from dashboard.library.latent_sets import LatentSets
from dashboard.serving.retention import DAY, Retention
from dashboard.stores.result import Origin
from dashboard.stores.result_writer import Writer
from dashboard.stores.results import Results


def finished_result(results, number):
    origin = Origin("kind", 1, ("model",), {"number": number})
    part = results.begin(origin)
    writer = Writer(part, origin)
    writer.keep(number=np.array([number]))
    writer.done()
    results.finish(part, origin)
    return origin


def test_results_that_nobody_used_go(tmp_path):
    results = Results(tmp_path)
    old, new = finished_result(results, 1), finished_result(results, 2)
    long_ago = time.time() - 3 * DAY
    os.utime(tmp_path / old.key, (long_ago, long_ago))
    kept = Retention(2, (results.expire,))
    kept.close()
    assert kept.sweep() in (0, 1)  # its own thread may have been sooner
    assert results.find(old) is None
    assert results.find(new) is not None
    results.close()


def test_uploads_go_after_their_days(tmp_path):
    sets = LatentSets(tmp_path)
    for name, days in (("a" * 32, 1), ("b" * 32, 5)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "set.json").write_text("{}")
        then = time.time() - days * DAY
        os.utime(tmp_path / name / "set.json", (then, then))
    (tmp_path / "something-else").mkdir()
    assert sets.expire(2 * DAY) == 1
    assert sorted(os.listdir(tmp_path)) == ["a" * 32, "something-else"]
    assert LatentSets(None).expire(1.0) == 0


def test_without_days_nothing_goes_and_no_thread_runs():
    before = set(threading.enumerate())
    kept = Retention(0, (lambda _: 7,))
    assert kept.sweep() == 0
    assert set(threading.enumerate()) <= before


def test_a_disk_that_refuses_ends_nothing(caplog):
    tried = threading.Event()

    def refuses(_):
        tried.set()
        raise OSError(5, "Input/output error")

    kept = Retention(1, (refuses,))
    assert tried.wait(60)
    kept.close()

"""scipy is imported by one thread at a time."""

from __future__ import annotations

import re
import subprocess
import sys

from dashboard.settings import ROOT

AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from dashboard.analysis.lazy_scipy import scipy_part
names = ["special", "spatial", "cluster.hierarchy", "spatial.distance"] * 4
ready = Barrier(len(names))
def first(name):
    ready.wait()
    return scipy_part(name).__name__
with ThreadPoolExecutor(len(names)) as pool:
    assert list(pool.map(first, names)) == [f"scipy.{name}" for name in names]
"""


def test_many_threads_may_need_it_first() -> None:
    done = subprocess.run([sys.executable, "-c", AT_ONCE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_imports_it_past_that() -> None:
    sources = (ROOT / "dashboard").rglob("*.py")
    past = {path.name for path in sources if re.search(r"^\s*(?:from|import) scipy\b", path.read_text("utf-8"), re.M)}
    assert past == set()

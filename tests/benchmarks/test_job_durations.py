"""Every kind of job has a measured reference, from which the pages say how long it will take."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from benchmarks.job_durations import RUNS, amounts, solve
from benchmarks.pages import page_of, shipped_model
from dashboard.jobs.reference_seconds import PATH, UNITS, figures, reference_seconds
from dashboard.jobs.registry import KINDS


def works() -> np.ndarray:
    model, kinds = shipped_model(), [kind for kind, _ in RUNS]
    firsts = [kind not in kinds[:k] for k, kind in enumerate(kinds)]
    return np.stack([amounts(*run, model, first) for run, first in zip(RUNS, firsts, strict=True)])


def test_every_kind_is_timed_and_has_a_figure() -> None:
    assert {kind for kind, _ in RUNS} == set(KINDS)
    assert {name.split()[0] for name in UNITS} == set(KINDS)
    assert {f"{name} first" for name, kind in KINDS.items() if kind.stays} <= set(UNITS)
    assert set(figures()) == set(UNITS)
    assert all(reference_seconds(name) > 0 for name in UNITS)


def test_the_figures_follow_from_the_times() -> None:
    work = works()
    assert np.linalg.matrix_rank(work / work.max(axis=0)) == len(UNITS)
    true = np.array([reference_seconds(name) for name in UNITS])
    assert list(solve(work, work @ true).values()) == pytest.approx(true, rel=0.01)


def test_a_busy_machine_s_figures_are_refused() -> None:
    work = works()
    with pytest.raises(SystemExit, match="idle machine"):
        solve(work, -np.ones(len(work)))


def test_the_page_and_the_dashboard_s_figures_are_of_one_run() -> None:
    text, kept = page_of("job_durations").read_text(encoding="utf-8"), json.loads(PATH.read_bytes())
    assert kept["machine"] in text
    assert kept["model"] in text
    rows = re.findall(r"^\| [^|]+ \| (.+) \| (\S+) \|$", text, re.MULTILINE)
    listed = [float(value) for unit, value in rows if unit in UNITS.values()]
    assert listed == pytest.approx([kept["seconds"][name] for name in UNITS], rel=0.01)

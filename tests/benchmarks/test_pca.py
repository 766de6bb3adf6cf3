from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import pca as module


def found(seconds: float, megabytes: float = 100, variances: tuple[float, ...] = (2.0, 1.0)) -> module.Found:
    return module.Found(seconds, megabytes, np.array(variances), np.eye(2))


def test_all_solvers_find_the_components_in_float64(tmp_path: Path) -> None:
    module.write_rows(tmp_path / "rows.npy", 9000, 16)
    answers = {label: module.solve(name, tmp_path / "rows.npy") for label, name in module.SOLVERS.items()}
    all_found = {label: module.Found(seconds, 1.0, *arrays) for label, (seconds, *arrays) in answers.items()}
    for label, one in all_found.items():
        assert one.seconds > 0
        variances, axes = one.errors(all_found[module.REFERENCE])
        assert variances < (1e-5 if label == module.OURS else 1e-3)
        assert axes < (1e-4 if label == module.OURS else 1e-2)


def test_each_solver_takes_its_turns_in_a_process_of_its_own_and_has_a_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SOLVERS", dict.fromkeys(module.SOLVERS, "ours"))
    output = tmp_path / "docs" / "pca.md"
    module.main(["--rows", "500", "--columns", "8", "--rounds", "1", "--output", str(output)])
    page = output.read_text()
    assert page in capsys.readouterr().out
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("| ")]
    assert [row[0] for row in rows[1:]] == list(module.SOLVERS)
    assert all(20 < float(row[2].split()[0]) < 200 for row in rows[1:])
    assert all(float(row[3]) == 0 for row in rows[1:-1])


def test_the_sign_of_a_component_is_no_error() -> None:
    other = module.Found(1.0, 1.0, np.array([2.2]), np.array([[-1.0, 0.0]]))
    assert other.errors(found(1.0)) == (pytest.approx(0.1), 0.0)


def test_ours_is_held_against_the_fastest_exact_one() -> None:
    measured = {
        module.OURS: found(13.0, variances=(2.1, 1.0)),
        "scikit-learn, covariance": found(10.0),
        "scikit-learn, full": found(20.0),
        "scikit-learn, randomised": found(1.0),
        module.REFERENCE: found(30.0),
    }
    time, memory, exact = module.verdicts(measured)
    assert "covariance: 1.30 times its time. Goal: at most 1.2; not met" in time
    assert "100 MB. Goal: under 1,500 MB; met" in memory
    assert "not met" in exact

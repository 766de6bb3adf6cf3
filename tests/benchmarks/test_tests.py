"""The page of slow tests says how they ended, and keeps the rows of files that did not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import tests as module

GOOD = "import pytest\n@pytest.mark.long\ndef test_a(): pass\ndef test_quick(): pass\n"
MIXED = (
    "import pytest\n@pytest.mark.long\n@pytest.mark.parametrize('k', [1, 2, 3])\n"
    "def test_b(k):\n    if k == 2: pytest.skip('no')\n    assert k == 1\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = long: slow\n")
    (tmp_path / "test_good.py").write_text(GOOD)
    (tmp_path / "test_mixed.py").write_text(MIXED)
    (tmp_path / "test_none.py").write_text("def test_quick(): pass\n")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take longer to load than these tests
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "PAGE", tmp_path / "tests.md")
    return tmp_path


def test_every_file_with_slow_tests_has_a_row_and_those_that_failed_are_named(project: Path) -> None:
    assert module.main([]) == 1
    rows = {row.file: (row.passed, row.failed, row.skipped, row.wrong) for row in module.read_rows(module.PAGE)}
    assert rows == {"test_good.py": (1, 0, 0, ()), "test_mixed.py": (1, 1, 1, ("test_b[3]",))}
    assert "2 passed, 1 failed" in module.PAGE.read_text()


def test_a_file_run_alone_leaves_the_rows_of_the_others(project: Path) -> None:
    module.main([])
    (project / "test_mixed.py").write_text(MIXED.replace("k == 1", "k"))
    assert module.main(["test_mixed.py"]) == 0
    assert [(row.file, row.passed) for row in module.read_rows(module.PAGE)] == [
        ("test_good.py", 1),
        ("test_mixed.py", 2),
    ]
    assert "Failed" not in module.PAGE.read_text()


def test_a_file_that_cannot_be_read_has_failed(project: Path) -> None:
    (project / "test_good.py").write_text("nonsense(")
    assert module.main(["test_good.py"]) == 1
    assert "0 passed, 1 failed" in module.PAGE.read_text()


def test_of_a_long_failure_what_was_expected_is_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "test_good.py").write_text(
        GOOD.replace("pass", "raise ValueError('expected this' + '\\n a page' * 3000)", 1)
    )
    module.main(["test_good.py"])
    said = capsys.readouterr().out
    assert "expected this" in said
    assert "1 failed" in said
    assert len(said) < 12_000

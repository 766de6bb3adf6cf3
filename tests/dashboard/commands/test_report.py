from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from support.models import write_tiny_model

from dashboard.commands.report import report
from dashboard.errors import NotFound


def test_a_model_without_measured_effects_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "home"))
    model = write_tiny_model(tmp_path / "tiny")
    answer = CliRunner().invoke(report, [str(model.path), "--out", str(tmp_path / "r.md")])
    assert isinstance(answer.exception, NotFound)
    assert "Run python -m dashboard results" in str(answer.exception)
    assert not (tmp_path / "r.md").exists()
    wrong = CliRunner().invoke(report, [str(model.path), "--out", str(tmp_path / "r.pdf")])
    assert wrong.exit_code == 2
    assert "Expected a file .html or .md" in wrong.output

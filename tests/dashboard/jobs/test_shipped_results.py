"""Results in a model's folder: computed by the dashboard's own jobs, found by the pages, verified for this model."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support.models import write_tiny_model

from dashboard.entanglement.bias_audit import targets_of
from dashboard.entanglement.rescoring_results import KIND, measured_of, rescoring_params
from dashboard.jobs.registry import kind_of
from dashboard.jobs.runner import Runner
from dashboard.jobs.shipped_results import DirectWork, compute, missing, tasks_of, versions
from dashboard.library.collection_files import read_carried
from dashboard.library.shipped_collection import FILE
from dashboard.settings import WEIGHTS
from dashboard.spaces.computed_results import layout_of
from dashboard.spaces.layouts import layout_params
from dashboard.stores.result import Origin, model_parts
from dashboard.stores.results import Results
from dashboard.stores.shipped_results import FOLDER, find_shipped, narrowed, ship, stale_results
from dashboard.synthesis.installed_models import model_folders
from dashboard.synthesis.model_folder import Model, open_model

BASES = 24
MOST_BYTES = 48_000_000
"""Of a model folder that ships, with its results."""


def results(folder: Path, *words: str) -> tuple[int, str]:
    """Run the command in its own process, as users do: return its exit status and output."""
    command = [sys.executable, "-m", "dashboard", "results", str(folder), "--bases", str(BASES), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def shipped(tiny_model: Model, tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Return the small model with all results that its pages show."""
    folder = tmp_path_factory.mktemp("shipped") / tiny_model.name
    shutil.copytree(tiny_model.path, folder)
    model = open_model(folder)
    heard: list[float] = []
    for task in tasks_of(model, BASES, BASES):
        assert missing(task, model)
        if task.title.startswith(("UMAP", "Components")):  # minutes long, and tested with their own jobs
            ship(task.origins[0], {"points": np.zeros((48, 2), np.float32)}, model)
        else:
            compute(task, model, lambda share, _: heard.append(share))
        assert not missing(task, model)
    assert max(heard) > 0.9
    return model


def test_pages_find_what_came_with_the_model_before_anything_is_computed(shipped: Model, tmp_path: Path) -> None:
    runner = Runner(Results(tmp_path / "jobs"), "openvino", None)
    try:
        kept = runner.kept(KIND, shipped, rescoring_params(()))
        assert kept is not None, "the pages ask for 500 bases and take what came"
        measured = measured_of(kept.arrays(), shipped)
        assert measured is not None
        assert measured.bases == BASES
        job = runner.start("umap", shipped, {"space": "scores"})
        assert job.progress.state == "done", "nothing is started for it"
    finally:
        runner.close()
    assert layout_of(shipped, "umap", layout_params("umap", {"space": "scores"}, shipped)) is not None


def test_a_judge_scores_the_free_run_and_that_of_the_audit_and_no_other(tmp_path: Path) -> None:
    """What it would say of the runs of few faces does not fit into a model folder."""
    model = write_tiny_model(tmp_path / "judged", judge=True)
    measured = [task for task in tasks_of(model, BASES, BASES) if task.title.startswith("Measured effects")]
    judged = [task.title for task in measured if any(origin.params.get("by") for origin in task.origins)]
    held = ", ".join(target.name for target in targets_of(model))
    assert judged == ["Measured effects, everything free", f"Measured effects, {held} locked"]
    assert len(measured) > len(judged)


def test_slopes_and_ends_say_what_all_scores_say(shipped: Model) -> None:
    held = [target.name for target in targets_of(shipped)]
    params = {"bases": BASES, "locked": held, "seed": 0}
    kind = kind_of(KIND)
    origin = Origin(KIND, kind.version, model_parts(shipped), kind.canonical(params, shipped))
    kept = find_shipped(origin, shipped)
    assert kept is not None
    work = DirectWork(origin, shipped, lambda *_: None)
    from dashboard.jobs.kinds.rescoring import run

    run(work)  # type: ignore[arg-type]
    small, whole = measured_of(kept.arrays(), shipped), measured_of(work.arrays, shipped)
    assert small is not None
    assert whole is not None
    assert small.run.scores.shape[2] == 2
    np.testing.assert_allclose(small.found.matrix, whole.found.matrix, atol=0.02)
    mean, low, high = small.curve(0, 0)
    assert len(mean) == 2
    assert (low <= high).all()


def test_a_result_of_another_model_or_version_is_reported_and_not_used(shipped: Model, tmp_path: Path) -> None:
    folder = tmp_path / shipped.name
    shutil.copytree(shipped.path, folder)
    model = open_model(folder)
    assert stale_results(model, versions()) == []
    raised = {**versions(), "umap": versions()["umap"] + 1}
    assert [line.split()[0] for line in stale_results(model, raised)] == ["umap"]
    other = replace(model, digest="0" * 64)
    assert len(stale_results(other, versions())) == len(list((folder / FOLDER).iterdir()))
    assert all(missing(task, other) for task in tasks_of(other, BASES, BASES))
    index = next((folder / FOLDER).glob("*/result.json"))
    index.write_text(json.dumps({**json.loads(index.read_text()), "params": {}}))
    assert len(stale_results(model, versions())) == 1
    status, output = results(folder, "--check")
    assert status == 1
    assert "another name than its own" in output
    assert "not there" in output


def test_the_command_computes_what_is_missing_and_leaves_the_rest(shipped: Model, tmp_path: Path) -> None:
    folder = tmp_path / shipped.name
    shutil.copytree(shipped.path, folder)
    gone = next(index.parent for index in (folder / FOLDER).glob("*/result.json") if "rescoring" in index.read_text())
    shutil.rmtree(gone)
    status, output = results(folder)
    assert status == 0, output
    assert "1 of 1: " in output
    assert gone.is_dir()
    assert results(folder, "--check")[0] == 0
    carried = read_carried((folder / FILE).read_bytes())
    assert len(carried.drafts) == 8
    assert list(carried.pictures) == [4, 5]
    assert "/directions/bias-audit" in [draft.address for draft in carried.drafts]


def test_a_number_that_half_precision_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="larger ones"):
        narrowed(np.array([1e6]))
    assert np.isnan(narrowed(np.array([np.nan]))).all()


@pytest.mark.parametrize("folder", model_folders([WEIGHTS]), ids=lambda folder: folder.name)
def test_the_results_of_models_that_ship_are_theirs_and_small(folder: Path) -> None:
    model = open_model(folder)
    assert stale_results(model, versions()) == [], "type: python -m dashboard results " + folder.name
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) <= MOST_BYTES

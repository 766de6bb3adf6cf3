from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from support.fake_engine import FakeEngine
from support.models import write_tiny_model

from dashboard.analysis.rescoring import traverse
from dashboard.entanglement.findings import findings, sentence
from dashboard.entanglement.report import REFERENCES, packed, report
from dashboard.entanglement.rescoring_results import measured_of


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_report_says_what_was_found_how_and_with_what_and_asks_nothing_of_the_network(
    tmp_path: Path, form: str
) -> None:
    model = write_tiny_model(tmp_path / "tiny", correlation=0.6)
    engine = FakeEngine(model.directions, noise=0.2)
    latents = np.random.RandomState(0).randn(60, model.config.latent_size)
    run = traverse(lambda z: engine.run(z, outputs=("scores",))["scores"], latents, model.directions)
    free = measured_of({"steps": run.steps, "scores": run.scores, "feasible": run.feasible}, model)
    assert free is not None
    text = report(model, free, free, "9.9.9", form)
    listed = findings(model, free, free).listed
    assert listed
    for fact in (model.digest, "9.9.9", np.__version__, "Benjamini and Hochberg 1995", REFERENCES[0], "## Methods"):
        assert fact in text or (form == "html" and fact.startswith("#"))
    assert sentence(listed[0], ["perceived gender", "perceived age"]).split(";")[0] in text
    if form == "html":
        assert text.count("<svg") == 3
        assert text.count("<rect") > 64
    else:
        files = packed(model, free, free, "9.9.9")
        named = re.findall(r"\]\((figures/[a-z]+\.svg)\)", text)
        assert set(named) == set(files) - {"tiny-report.md"} != set()
        for name in named:
            assert ElementTree.fromstring(files[name]).tag.endswith("svg")
    assert not re.search(r"(src|href)=|url\(|<script", text)
    assert "cause" not in text

"""``python -m benchmarks``: measures all there is to measure and writes all pages of docs/benchmarks/."""

from __future__ import annotations

from pathlib import Path

from benchmarks import (
    coverage,
    engines,
    export_while_dragging,
    hosting,
    imports,
    latent_page,
    page,
    pca,
    rescoring,
    rivals,
    servers,
    service,
    sheet,
    training,
    wire,
)
from dashboard.serving.runtime import WEIGHTS
from dashboard.settings import load_settings
from dashboard.synthesis.installed_models import find_model

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Run every benchmark, one after another: they would slow each other down side by side."""
    model = str(find_model(load_settings().model, (WEIGHTS,)))
    served = (engines, service, page, sheet, export_while_dragging, latent_page, rescoring, wire, servers, hosting)
    for benchmark in served:
        name = benchmark.__name__.rsplit(".", 1)[1].replace("_", "-")
        benchmark.main([model, "--output", str(ROOT / "docs" / "benchmarks" / f"{name}.md")])
    for benchmark in (coverage, imports, rivals, pca, training):
        name = benchmark.__name__.rsplit(".", 1)[1].replace("_", "-")
        benchmark.main(["--output", str(ROOT / "docs" / "benchmarks" / f"{name}.md")])


if __name__ == "__main__":
    main()

"""The pages of docs/benchmarks: which benchmark writes which, of which model each is, and which are stale."""

from __future__ import annotations

import re
from pathlib import Path

from dashboard.serving.runtime import WEIGHTS
from dashboard.settings import load_settings
from dashboard.synthesis.installed_models import find_model
from dashboard.synthesis.model_folder import Model, open_model

FOLDER = Path(__file__).parents[1] / "docs" / "benchmarks"

OF_A_MODEL = (
    "engines", "service", "page", "sheet", "export_while_dragging", "latent_page", "directions_tabs", "rescoring",
    "wire", "servers", "hosting", "processes", "workers", "brought", "bulk", "job_durations",
)  # fmt: skip
"""Benchmarks that measure a model; their pages name it and its digest."""

OF_NONE = ("coverage", "imports", "rivals", "stylegan", "pca", "preview", "training")
"""Benchmarks that measure random networks or plain arrays: no model makes their pages stale."""

STALE = "> **Stale.** "
"""Begins the third line of a page that is of another model than the one that ships."""

_MODEL = re.compile(r"^Model: `(?P<name>[^`@]+)@(?P<digest>[0-9a-f]{8})`", re.MULTILINE)


def page_of(benchmark: str) -> Path:
    """Return the page that a benchmark writes."""
    return FOLDER / f"{benchmark.replace('_', '-')}.md"


def default_model() -> Path:
    """Return the folder of the model that is measured unless another is named: the one that `make run` shows."""
    return find_model(load_settings().model, (WEIGHTS,))


def shipped_model() -> Model:
    """Return the model that ships."""
    return open_model(find_model("", (WEIGHTS,)))


def measured_model(page: str) -> tuple[str, str] | None:
    """Return name and digest of the model that a page describes; None if it describes none."""
    found = _MODEL.search(page)
    return (found["name"], found["digest"]) if found else None


def marked(page: str, shipped: tuple[str, str]) -> str:
    """Return a page that says in its first lines whether it is of another model than the one that ships.

    Args:
        page: as a benchmark wrote it, marked or not.
        shipped: name and the first eight digits of the digest of the model that ships.
    """
    lines = [line for line in page.split("\n") if not line.startswith(STALE)]
    while lines[1:3] == ["", ""]:
        del lines[1]
    measured = measured_model(page)
    if measured is None or measured == shipped:
        return "\n".join(lines)
    said = (
        f"{STALE}Measured on `{'@'.join(measured)}`; the model that ships now is `{'@'.join(shipped)}`. "
        "`make bench` measures it."
    )
    return "\n".join([lines[0], "", said, *lines[1:]])


def mark_pages() -> list[str]:
    """Mark every page that is of another model than the one that ships, unmark the others; return the stale ones."""
    model = shipped_model()
    shipped = (model.name, model.digest8)
    stale = []
    for path in map(page_of, OF_A_MODEL):
        page = path.read_text(encoding="utf-8")
        path.write_text(marked(page, shipped), encoding="utf-8")
        stale += [path.name] if measured_model(page) != shipped else []
    return stale

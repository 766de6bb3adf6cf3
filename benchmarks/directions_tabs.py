"""The tabs of the Directions page that show statistics: each computed first by a server that has just started.

python -m benchmarks.directions_tabs weights/NAME [--starts 3] [--output docs/benchmarks/directions-tabs.md]
"""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.command import write_report
from benchmarks.machine import describe_machine
from benchmarks.served import Served, served
from dashboard.entanglement.rescoring_results import BASES
from dashboard.synthesis.model_folder import open_model

SETTLE = 2.0
"""Seconds between the server's first face and the visitor: the time in which a browser loads the page's scripts."""

FILTERS = {
    **{
        "filter-about": "any",
        "filter-on": "any",
        "filter-least": "0.05",
        "filter-false": "0.05",
        "filter-by": "effect",
    },
    **{"filter-gender": "all", "filter-age": "all", "filter-tone": "all", "filter-judge": "scorer"},
}
"""Values of the fields of a first visit, by id."""


@dataclass(frozen=True)
class Tab:
    """A tab.

    Args:
        title: of the tab.
        address: of its page.
        output: of the callback that computes the statistics.
        store: id of the store with the model's name.
        shown: text that the answer has if it shows statistics.
    """

    title: str
    address: str
    output: str
    store: str
    shown: str


TABS = (
    Tab("Findings", "/directions", "findings.children", "findings-model", "lk-found-number"),
    Tab("Bias audit", "/directions/bias-audit", "audit.children", "audit-model", "lk-audit-table"),
    Tab("Reliability", "/directions/reliability", "table-rows.data", "table-model", "dependency"),
)


def request_of(tab: Tab, callbacks: Sequence[dict[str, Any]], model: str) -> bytes:
    """Return the request that a browser sends for a tab.

    Args:
        tab: the tab.
        callbacks: the callbacks of the application, as Dash lists them for the browser.
        model: name of the model.
    """
    values = {**FILTERS, "scheme-now": "light", tab.store: model}
    found = next(each for each in callbacks if tab.output in each["output"].strip(".").split("..."))
    outputs = [part.rsplit(".", 1) for part in found["output"].strip(".").split("...")]

    def filled(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"id": one["id"], "property": one["property"], "value": values.get(one["id"])} for one in parts]

    body = {
        "output": found["output"],
        "outputs": [{"id": name, "property": part} for name, part in outputs],
        "inputs": filled(found["inputs"]),
        "state": filled(found["state"]),
        "changedPropIds": ["scheme-now.data"],
    }
    return json.dumps(body).encode()


def seconds_of(server: Served, tab: Tab, body: bytes) -> float:
    """Return the seconds from the request to the whole answer.

    Raises:
        RuntimeError: the answer shows no statistics.
    """
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"{server.url}/_dash-update-component", body, headers, method="POST")
    started = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=120) as answer:
        text = answer.read().decode()
    seconds = time.perf_counter() - started
    if tab.shown not in text:
        raise RuntimeError(f"Expected the statistics of {tab.title}. Received: {text[:200]}")
    return seconds


def open_tab(path: Path, tab: Tab) -> tuple[float, float]:
    """Start a server and open a tab twice; return the seconds of both answers."""
    with served(path) as server:
        time.sleep(SETTLE)
        for address in (tab.address, "/_dash-layout"):
            urllib.request.urlopen(server.url + address, timeout=120).read()
        with urllib.request.urlopen(f"{server.url}/_dash-dependencies", timeout=120) as answer:
            body = request_of(tab, json.load(answer), open_model(path).name)
        return seconds_of(server, tab, body), seconds_of(server, tab, body)


def report(path: Path, starts: int) -> str:
    """Measure everything.

    Args:
        path: a model folder with its results.
        starts: of the server, for each tab.

    Returns:
        A page in Markdown.
    """
    machine, model = describe_machine(("dash", "numpy", "scipy")), open_model(path)
    rows = []
    for tab in TABS:
        first, again = zip(*(open_tab(path, tab) for _ in range(starts)), strict=True)
        rows.append(
            f"| {tab.title} | {statistics.median(first):.2f} s | {max(first):.2f} s | 1 s | "
            f"{statistics.median(again):.2f} s |"
        )
    lines = [
        "# Tabs of the Directions page",
        "",
        f"Written by `python -m benchmarks.directions_tabs`: {len(model.names)} attributes, {BASES} people. Each tab "
        f"is the first that a server computes after its start ({starts} starts each): it reads the raw scores that "
        "come with the model, computes every statistic of the tab and answers the request. Nothing is measured, "
        "and nothing is kept from an earlier run.",
        "",
        f"Model: `{model.name}@{model.digest8}`. Machine: {machine}.",
        "",
        "| tab | request to answer, median | worst | goal | again |",
        "|---|---|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark from the command line."""
    write_report("benchmarks.directions_tabs", __doc__ or "", ("starts", 3, "starts of the server"), report, arguments)


if __name__ == "__main__":
    main()

"""The benchmark sends the request that a browser would send."""

from __future__ import annotations

from pathlib import Path

from support.application import runtime_of, tiny_app

from benchmarks.directions_tabs import TABS, request_of


def test_each_tab_is_asked_for_by_the_callback_that_computes_its_statistics(tmp_path: Path) -> None:
    app = tiny_app(tmp_path)
    client = app.server.test_client()
    try:
        callbacks = client.get("/_dash-dependencies").json
        for tab in TABS:
            body = request_of(tab, callbacks, "tiny")
            answer = client.post("/_dash-update-component", data=body, content_type="application/json")
            assert answer.status_code == 200, answer.text
            name, part = tab.output.split(".")
            assert part in answer.json["response"][name]
    finally:
        runtime_of(app).close()

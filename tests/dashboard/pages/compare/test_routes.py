from __future__ import annotations

from pathlib import Path

from support.application import runtime_of, tiny_app


def test_a_sheet_gives_every_cell_a_face_and_makes_none(tmp_path: Path) -> None:
    app = tiny_app(tmp_path)
    client = app.server.test_client()
    answer = client.get("/compare/sheet.json?on=Male&steps=3&faces=1:4!1:5").get_json()
    assert answer["columns"] == ["−4", "0", "+4"]
    assert [row["note"] for row in answer["rows"]] == ["everything free", "others locked"] * 2
    assert answer["rows"][0]["cells"][2] == {
        "face": "1:4;Male=4",
        "words": "Face of seed 4 with Male +4.00",
        "reason": "",
    }
    assert runtime_of(app).core.waiting == 0
    for query in ("", "faces=1:4&steps=1", "faces=1:4&on=Nose", "faces=1:4&sheet=mix"):
        refused = client.get(f"/compare/sheet.json?{query}")
        assert refused.status_code == 400
        assert "Expected" in refused.get_json()["error"]
    runtime_of(app).close()

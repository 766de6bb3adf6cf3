from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from support.application import tiny_app
from support.fake_engine import FakeEngine
from support.jobs import wait

from dashboard.analysis.pins import coordinates
from dashboard.exports.export_request import read_export
from dashboard.exports.image_export import SheetLayout
from dashboard.faces.bases import latent_of
from dashboard.faces.face import parse
from dashboard.jobs.computations import EXTENSION as JOBS
from dashboard.jobs.kinds.export import check, is_brief, run
from dashboard.jobs.registry import KINDS
from dashboard.library.extra_directions import EXTENSION as LIBRARY
from dashboard.serving.runtime import EXTENSION as RUNTIME
from dashboard.synthesis.model_folder import Model

TWO = "1:7;Smiling=2!1:8"


def make(model: Model, folder: Path, **params: Any) -> tuple[Path, list[float], dict[str, Any]]:
    """Do an export in this process, with pictures that are given functions of the latent."""
    engine, fractions = FakeEngine(model.directions, resolution=model.config.resolution), []
    checked = check(params, model)
    assert check(checked, model) == checked  # the process that does it reads them again
    work = SimpleNamespace(
        params=checked,
        model=lambda: model,
        engine=lambda precision: engine,
        progress=lambda fraction, step="": fractions.append(fraction),
        file=lambda name: folder / name,
    )
    run(work)  # type: ignore[arg-type]
    (made,) = folder.iterdir()
    return made, fractions, {"engine": engine}


def test_an_image_has_every_face_where_the_layout_says(tiny_model: Model, tmp_path: Path) -> None:
    words = {"on": "Male", "steps": "3", "runs": "free"}
    made, fractions, used = make(tiny_model, tmp_path, form="png", faces=TWO, words=words, size=64)
    assert made.name == "likeness-sweep.png"
    assert fractions == sorted(fractions)
    image = np.asarray(Image.open(made))
    export = read_export({"faces": TWO, "words": words}, tiny_model)
    layout = SheetLayout(export.sheet(tiny_model), 64)
    assert image.shape == (layout.extent[1], layout.extent[0], 3)
    third = tiny_model.names.index("Male")
    for column, value in enumerate((-4, 0, 4)):
        x, y = layout.corner(1, column)
        at_column = int((third + 0.5) * 64 / len(tiny_model.names))
        assert image[y + 10, x + at_column, 0] == pytest.approx(127.5 * (1 + np.tanh(value / 2)), abs=6)
    assert (image[:20] == 255).all()
    assert sum(used["engine"].runs) == 6


def test_a_table_has_states_coordinates_and_scores(tiny_model: Model, tmp_path: Path) -> None:
    made, *_ = make(tiny_model, tmp_path, form="csv", what="faces", faces=TWO)
    rows = list(csv.DictReader(io.StringIO(made.read_text(encoding="utf-8-sig"))))
    assert [row["face"] for row in rows] == ["1:7;Smiling=2", "1:8"]
    at = coordinates(latent_of(parse("1:8"), tiny_model), tiny_model.directions)
    np.testing.assert_allclose([float(rows[1][name]) for name in tiny_model.names], at, atol=1e-4)
    scores = tiny_model.bank().scores
    measured = (at - scores.mean(axis=0)) / scores.std(axis=0)
    np.testing.assert_allclose([float(rows[1][f"score {name}"]) for name in tiny_model.names], measured, atol=1e-3)


@pytest.mark.parametrize("form", ["mp4", "webp"])
def test_an_animation_goes_there_and_back_in_time(tiny_model: Model, tmp_path: Path, form: str) -> None:
    made, fractions, used = make(
        tiny_model, tmp_path, form=form, what="faces", faces=TWO, size=64, seconds=1, rate=5, back=True
    )
    assert sum(used["engine"].runs) == 5  # the way back shows the same faces again
    if form == "mp4":
        with av.open(str(made)) as file:
            shown = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
            assert file.streams.video[0].average_rate == 5
    else:
        with Image.open(made) as image:
            shown = []
            for at in range(image.n_frames):  # type: ignore[attr-defined]
                image.seek(at)
                shown.append(np.asarray(image.convert("RGB")))
                assert image.info["duration"] == 200
            assert image.info["loop"] == 0
    assert len(shown) == 8
    assert len(fractions) == 9
    apart = [np.abs(frame.astype(int) - shown[0]).mean() for frame in shown]
    assert np.argmax(apart) == 4
    np.testing.assert_allclose(apart[1:4], apart[:4:-1], atol=1)


def test_a_page_needs_nothing_from_anywhere_and_leads_back(tiny_model: Model, tmp_path: Path) -> None:
    site = "https://likeness.example:8050"
    made, *_ = make(
        tiny_model, tmp_path, form="html", faces=TWO, words={"on": "Male", "steps": "2"}, size=64, site=site
    )
    text = made.read_text(encoding="utf-8")
    assert text.count('src="data:image/webp;base64,') == text.count("<img") == 8
    assert f'href="{site}/?face=1:7;Male=-4;Smiling=2&amp;model=tiny"' in text
    assert f"{site}/compare?face=1:7;Smiling=2&amp;faces=*!1:8&amp;sheet=sweep" in text
    assert "<script" not in text
    assert "content=\"default-src 'none'; img-src data:;" in text


def test_a_short_export_is_done_by_its_answer_and_a_long_one_is_not(tmp_path: Path, tiny_model: Model) -> None:
    app = tiny_app(tmp_path)
    client = app.server.test_client()

    def start(**params: Any) -> dict[str, Any]:
        return client.post("/jobs", json={"kind": "export", "params": {"faces": TWO, **params}}).get_json()

    for form in ("png", "csv", "html"):
        done = start(form=form, what="faces")
        assert done["state"] == "done"
        assert client.get(f"/jobs/{done['id']}/files/likeness-faces.{form}").status_code == 200
    for params in ({"form": "webp", "seconds": 30}, {"form": "png", "size": 512}):
        assert not is_brief(check({"faces": TWO, **params}, tiny_model), tiny_model)
    # While the server is at another one, a job does it.
    with app.server.extensions[JOBS]._hand:
        assert start(form="csv")["state"] in ("queued", "running")
    app.server.extensions[RUNTIME].close()


def test_a_short_export_that_finds_no_room_leaves_the_next_one_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tiny_app(tmp_path)
    jobs = app.server.extensions[JOBS]

    def full(origin: Any) -> Path:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(jobs._results, "begin", full)
        app.server.test_client().post("/jobs", json={"kind": "export", "params": {"faces": TWO, "form": "csv"}})
    assert not jobs._hand.locked()
    app.server.extensions[RUNTIME].close()


def test_a_process_of_its_own_knows_own_directions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "export", replace(KINDS["export"], brief=""))
    app = tiny_app(tmp_path)
    server = app.server
    model = server.extensions[RUNTIME].model
    name = server.extensions[LIBRARY].user_directions.keep(
        "Mine", model.directions[:, 0] + model.directions[:, 1], model, {}
    )
    client = server.test_client()
    request_body = {"kind": "export", "params": {"form": "csv", "what": "faces", "faces": f"1:7;own~{name}=2"}}
    job = client.post("/jobs", json=request_body).get_json()
    jobs = server.extensions[JOBS]
    assert wait(jobs, jobs.find(job["id"])).progress.state == "done"
    answer = client.get(f"/jobs/{job['id']}/files/likeness-faces.csv")
    assert f"1:7;own~{name}=2" in answer.get_data(as_text=True)
    assert client.post("/jobs", json=request_body).get_json()["state"] == "done"  # it is kept
    refused = client.post("/jobs", json={"kind": "export", "params": {"form": "gif", "faces": "1:7"}})
    assert refused.status_code == 400
    server.extensions[RUNTIME].close()

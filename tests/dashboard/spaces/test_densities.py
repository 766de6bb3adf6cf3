"""Density pictures of sets with more points than are drawn one by one."""

import io

import numpy as np
import pytest
from PIL import Image
from support.application import runtime_of, tiny_app

from dashboard.analysis.density import HIGH, WIDE, cell_counts
from dashboard.errors import InputError
from dashboard.figures.density import density_picture
from dashboard.spaces import colours, densities
from dashboard.spaces import selection as selected
from dashboard.spaces.densities import is_dense, read_window
from dashboard.spaces.projections import projection_of
from dashboard.spaces.sample import space_of

ROWS = np.random.RandomState(1).randn(60, 512).astype(np.float32)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = tiny_app(tmp_path_factory.mktemp("dense"))
    yield app
    runtime_of(app).close()


@pytest.fixture(scope="module")
def space(app):
    stream = io.BytesIO()
    np.save(stream, ROWS)
    name = app.server.test_client().post("/latent-space/sets?name=Many", data=stream.getvalue()).json["space"]
    return space_of(name, runtime_of(app).model)


def test_cells_are_counted_as_numpy_does():
    points = np.random.RandomState(0).randn(5000, 2)
    window = (-1.0, 2.0, -2.5, 0.5)
    expected, _, _ = np.histogram2d(points[:, 1], points[:, 0], (HIGH, WIDE), ((-2.5, 0.5), (-1.0, 2.0)))
    np.testing.assert_array_equal(cell_counts(points, window), expected)


def test_a_picture_is_upright_transparent_where_nobody_is_and_goes_with_the_logarithm():
    counts = np.zeros((HIGH, WIDE), int)
    counts[0, :3] = 1, 10, 100
    picture = np.asarray(Image.open(io.BytesIO(density_picture(counts, "light"))).convert("RGBA"))
    assert picture.shape == (HIGH, WIDE, 4)
    assert (picture[-1, :3, 3] == 255).all()
    assert picture[..., 3].sum() == 3 * 255
    indices = np.asarray(Image.open(io.BytesIO(density_picture(counts, "dark"))))[-1, :3]
    assert indices.tolist() == [1, 128, 255]


@pytest.mark.parametrize(
    "text", ["", "1_2_3", "2_1_0_1", "0_1_0_nan", "0_inf_0_1", "0_1_0_1_2", "0_1e9_0_1", "a" * 999]
)
def test_what_is_no_window_is_refused(text):
    with pytest.raises(InputError, match="Expected a window"):
        read_window(text)


def test_a_window_is_answered_by_its_address(app, space):
    client = app.server.test_client()
    points = projection_of(runtime_of(app).model, space).points[:, :2]
    window = f"{np.median(points[:, 0])}_99_-99_99"
    body = client.get(f"/latent-space/density.json?space={space.name}&window={window}").json
    assert body["inside"] == 30
    answer = client.get(f"/latent-space/density.png?space={space.name}&window={window}&scheme=dark")
    assert answer.mimetype == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (WIDE, HIGH)
    again = client.get(answer.request.full_path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/latent-space/density.gif?space={space.name}&window={window}").status_code == 404
    assert client.get(f"/latent-space/density.png?space={space.name}&window=x").status_code == 400


def test_of_many_points_the_density_is_all_that_is_offered(app, space, monkeypatch):
    model = runtime_of(app).model
    assert not is_dense(space)
    for module in (densities, colours, selected):
        monkeypatch.setattr(module, "MOST_POINTS", 50)
    assert is_dense(space)
    assert [item["value"] for group in colours.choices(model, space) for item in group["items"]] == ["density"]
    assert colours.default_colour(model, space) == "density"
    client = app.server.test_client()
    refused = client.get(f"/latent-space/points.csv?space={space.name}")
    assert (refused.status_code, "Take NPZ" in refused.json["error"]) == (400, True)
    assert client.get(f"/latent-space/points.npz?space={space.name}").status_code == 200
    outline = f"1~{space.name}.pca.1.2~60~60~-99_-99_99_-99_99_99_-99_99"
    assert "at most 50 points" in client.get(f"/latent-space/selection.csv?sel={outline}").json["error"]

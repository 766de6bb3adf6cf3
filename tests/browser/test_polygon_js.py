"""assets/js/latent_space/polygon.js against dashboard/analysis/selection.py, to the bit."""

from pathlib import Path

import numpy as np

from dashboard.analysis.selection import MAX_CORNERS, inside_polygon, parse_selection

SCRIPT = Path(__file__).parents[2] / "assets" / "js" / "latent_space" / "polygon.js"

OUTLINES = """([outlines, points]) => outlines.map((outline) => {
  const polygon = likenessPolygon.simplified(outline);
  const written = likenessPolygon.written(polygon);
  const rows = likenessPolygon.inside(likenessPolygon.read(written), ...points);
  return { corners: polygon.length, written, rows: [...rows] };
})"""


def test_both_find_the_same_faces_inside_the_polygon_of_a_link(browser):
    random = np.random.default_rng(5)
    points = random.normal(size=(4000, 2)).astype(np.float32).astype(np.float64)
    outlines = [random.normal(size=(size, 2)) * scale for size, scale in ((3, 1.0), (9, 1e-3), (200, 2.0), (64, 300.0))]
    outlines.append(np.round(points[:12], 1))  # corners on the points' own lines
    page = browser.new_page()
    page.add_script_tag(path=SCRIPT)
    answers = page.evaluate(OUTLINES, [[o.tolist() for o in outlines], points.T.tolist()])
    page.close()
    found = 0
    for answer in answers:
        assert answer["corners"] <= MAX_CORNERS
        selection = parse_selection(f"1~z.pca.1.2~4000~1~{answer['written']}")
        assert inside_polygon(selection.corners, points).astype(int).tolist() == answer["rows"]
        found += sum(answer["rows"])
    assert found > 100

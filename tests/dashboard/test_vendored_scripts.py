"""assets/vendor/plotly.min.js is built from the plotly.js that the installed plotly package brings."""

import re
import runpy
from pathlib import Path

import plotly

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "assets" / "vendor" / "plotly.min.js"


def test_the_bundle_is_of_this_plotly():
    installed = re.search(
        r"plotly\.js v([\d.]+)", (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text()[:2000]
    )
    built = re.search(r"plotly\.js ([\d.]+) ", BUNDLE.read_text()[:200])
    assert installed is not None
    assert built is not None
    assert built[1] == installed[1], "Type: python docs/make_plotly.py"


def test_the_bundle_is_built_as_the_command_says_now():
    recipe = runpy.run_path(str(ROOT / "docs" / "make_plotly.py"))["recipe"]()
    assert f"recipe {recipe}." in BUNDLE.read_text()[:300], "Type: python docs/make_plotly.py"


def test_the_bundle_draws_what_figures_draw():
    used = {
        name.lower()
        for path in (ROOT / "dashboard").rglob("*.py")
        for name in re.findall(r"\bgo\.([A-Z]\w+)\(", path.read_text(encoding="utf-8"))
    } - {"figure", "layout"}
    text = BUNDLE.read_text()
    assert used <= {"scatter", "scattergl", "scatter3d", "heatmap"}
    assert all(f'moduleType:"trace",name:"{name}"' in text for name in used)

"""The WebGL programs of assets/vendor/plotly_gl.js are those of the plotly that is installed."""

import re
from pathlib import Path

import plotly

ROOT = Path(__file__).parents[2]


def test_the_programs_are_of_this_plotly():
    bundle = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text()[:2000]
    installed = re.search(r"plotly\.js v([\d.]+)", bundle)
    written = re.search(r"plotly\.js ([\d.]+);", (ROOT / "assets" / "vendor" / "plotly_gl.js").read_text()[:1000])
    assert installed is not None
    assert written is not None
    assert written[1] == installed[1], "Type: python docs/make_plotly_gl.py"

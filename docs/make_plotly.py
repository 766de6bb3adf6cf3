"""Write assets/vendor/plotly.min.js again: `python docs/make_plotly.py`. Needed when plotly has another version.

plotly.js as it comes draws 50 kinds of traces; figures/ uses four. This builds one with these and no others, in the
form that compiles no text in the browser (its "strict" points by WebGL): half the size, half the time to start. It
needs npm, and fetches plotly.js and esbuild from its registry. Why: docs/decisions/plotly-bundle.md.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from pathlib import Path

import plotly

ROOT = Path(__file__).resolve().parents[1]
BUNDLE = ROOT / "assets" / "vendor" / "plotly.min.js"
TRACES = ("./heatmap", "../src/traces/scattergl/strict")
"""Besides scatter, which is always there, and scatter3d, whose code runs at the first figure in three dimensions."""
TOOLS = (
    "esbuild@0.28.1",
    "esbuild-plugin-environment@0.5.0",
    "esbuild-plugin-glsl@1.4.2",
    "esbuild-plugin-inline-css@0.0.1",
    "buffer@6.0.3",
    "stream-browserify@3.0.0",
    "assert@2.1.0",
)
NPM = ("npm", "install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts")

ENTRY = """'use strict';
var Plotly = require('./core');
Plotly.register([%s]);
var deep = false;
['newPlot', 'react'].forEach(function (name) {
    var draw = Plotly[name];
    Plotly[name] = function (gd, data) {
        var traces = Array.isArray(data) ? data : (data && data.data) || [];
        if (!deep && traces.some(function (trace) { return trace.type === 'scatter3d'; })) {
            deep = true;
            Plotly.register([require('./scatter3d')]);
        }
        return draw.apply(this, arguments);
    };
});
module.exports = Plotly;
"""

# As in plotly.js' own esbuild-config.js.
BUILD = """
const { environmentPlugin } = require('esbuild-plugin-environment');
const { glsl } = require('esbuild-plugin-glsl');
const styles = require('esbuild-plugin-inline-css');
require('esbuild').build({
  entryPoints: ['./lib/likeness.js'], outfile: './likeness.min.js', format: 'iife', globalName: 'Plotly', bundle: true,
  minify: true, legalComments: 'none', target: 'es2020', logLevel: 'error',
  plugins: [styles(), glsl({ minify: true }), environmentPlugin({ NODE_DEBUG: false })],
  alias: { regl: '@plotly/regl', stream: 'stream-browserify' },
  define: { global: 'window', 'define.amd': 'false' },
});
"""

# Changes to plotly.js: (file, text, what replaces it). Why: docs/decisions/plotly-bundle.md.
PATCHES = (
    # Points: colours are computed as numbers, not written as text and parsed for each point.
    (
        "src/lib/gl_format_color.js",
        "sclFunc = Colorscale.makeColorScaleFuncFromTrace(containerIn);",
        "sclFunc = Colorscale.makeColorScaleFuncFromTrace(containerIn, {returnArray: true});",
    ),
    (
        "src/lib/gl_format_color.js",
        "cOpts.colorscale === undefined ? sclFunc(c[i]) : Color.normalize(sclFunc(c[i]));",
        "cOpts.colorscale === undefined ? sclFunc(c[i]) : ofScale(sclFunc(c[i]));",
    ),
    (
        "src/lib/gl_format_color.js",
        "function formatColor(",
        """function ofScale(color) {
    return Array.isArray(color) ? [color[0] / 255, color[1] / 255, color[2] / 255, color[3]] : Color.normalize(color);
}

function formatColor(""",
    ),
)

HEAD = """/* plotly.js %s (MIT licence, Copyright 2012-2026 Plotly, Inc.): scatter, scattergl, scatter3d, heatmap.
   Made by docs/make_plotly.py. */
"""


def installed_version() -> str:
    """Return the version of plotly.js that the installed plotly package brings."""
    head = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")[:2000]
    found = re.search(r"plotly\.js v([\d.]+)", head)
    assert found
    return found[1]


def main() -> None:
    """Build it."""
    version = installed_version()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # As plotly.js is installed where somebody works on it: its own folder, not below node_modules.
        subprocess.run(["npm", "pack", f"plotly.js@{version}"], cwd=folder, check=True, capture_output=True)
        subprocess.run(["tar", "xzf", f"plotly.js-{version}.tgz"], cwd=folder, check=True)
        package = folder / "package"
        described = json.loads((package / "package.json").read_text(encoding="utf-8"))
        del described["devDependencies"]  # hundreds, for its own tests
        (package / "package.json").write_text(json.dumps(described))
        subprocess.run([*NPM, *TOOLS], cwd=package, check=True)
        (package / "lib" / "likeness.js").write_text(ENTRY % ", ".join(f"require('{trace}')" for trace in TRACES))
        for path, before, after in PATCHES:
            source = (package / path).read_text(encoding="utf-8")
            if source.count(before) != 1:
                raise SystemExit(f"Expected once in {path} of plotly.js {version}: {before}. Received: another text.")
            (package / path).write_text(source.replace(before, after), encoding="utf-8")
        (package / "build.cjs").write_text(BUILD)
        subprocess.run(["node", "build.cjs"], cwd=package, check=True)
        BUNDLE.write_text(HEAD % version + (package / "likeness.min.js").read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{BUNDLE.relative_to(ROOT)}: {BUNDLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

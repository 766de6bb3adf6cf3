"""Write assets/vendor/plotly.min.js again: `python docs/make_plotly.py`. Needed when plotly has another version.

plotly.js as it comes draws 50 kinds of traces; figures/ uses four. This builds one with these and no others, in the
form that compiles no text in the browser (its "strict" points by WebGL): half the size, half the time to start. It
needs npm, and fetches plotly.js and esbuild from its registry. Why: docs/decisions/plotly-bundle.md.
"""

from __future__ import annotations

import hashlib
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
    # Points: one form and, where no border is drawn, one colour of it for all, not a list with an entry for each.
    (
        "src/traces/scattergl/convert.js",
        "var borderColors = formatColor(optsIn.line, optsIn.opacity, count);",
        """var bordered = multiLineColor || multiSymbol || multiLineWidth || isOpen || optsIn.line.width > 0;
        var borderColors = formatColor(optsIn.line, bordered ? optsIn.opacity : 1, count);
        var unseen = borderColors;""",
    ),
    (
        "src/traces/scattergl/convert.js",
        "optsOut.borderColors = borderColors;",
        "optsOut.borderColors = bordered ? borderColors : unseen;",
    ),
    (
        "src/traces/scattergl/convert.js",
        "optsOut.markers = new Array(count);\n        for (i = 0; i < count; i++) {",
        """if (!multiSymbol && !multiAngle) {
            optsOut.marker = getSymbolSdf({ mx: optsIn.symbol, ma: optsIn.angle }, trace);
        } else optsOut.markers = new Array(count);
        for (i = 0; optsOut.markers && i < count; i++) {""",
    ),
    # Points that are new are handed to WebGL once, not twice.
    (
        "src/traces/scattergl/plot.js",
        "// thus unsetting markerUnselectedOptions from selection\n        if(scene.scatter2d) {",
        "// thus unsetting markerUnselectedOptions from selection\n        if(scene.scatter2d && !scene.dirty) {",
    ),
    # The second canvas, for selected points, gets its WebGL when points are selected.
    (
        "src/lib/prepare_regl.js",
        "module.exports = function prepareRegl(gd, extensions, reglPrecompiled) {",
        "module.exports = function prepareRegl(gd, extensions, reglPrecompiled, selecting) {",
    ),
    (
        "src/lib/prepare_regl.js",
        "// only parcoords needs pick layer",
        """if(!d.context && !d.pick && !selecting && !fullLayout._has('parcoords')) return;
        // only parcoords needs pick layer""",
    ),
    (
        "src/traces/scattergl/plot.js",
        "scene.select2d = createScatter(fullLayout._glcanvas.data()[1].regl);",
        """prepareRegl(gd, ['ANGLE_instanced_arrays', 'OES_element_index_uint'], reglPrecompiled, true);
            scene.select2d = createScatter(fullLayout._glcanvas.data()[1].regl);""",
    ),
    # The shader of points smooths their edges itself, and the canvas has two pixels for each of the page.
    ("src/lib/prepare_regl.js", "antialias: !d.pick,", "antialias: false,"),
    # Annotations have to be measured, that is drawn twice, only for axes that make room for them.
    (
        "src/components/annotations/calc_autorange.js",
        "if(annotationList.length && gd._fullData.length) {",
        """var making = Axes.list(gd).some(function(ax) { return ax.autorange; });
    if(making && annotationList.length && gd._fullData.length) {""",
    ),
    # The first drawing of a figure marked `data-drawing` (assets/js/plotly.js) takes several tasks.
    (
        "src/plot_api/plot_api.js",
        "// even if everything we did was synchronous, return a promise\n"
        "    // so that the caller doesn't care which route we took\n",
        "if (gd.dataset.drawing) seq = apart(seq);\n",
    ),
    (
        "src/plot_api/plot_api.js",
        "function emitAfterPlot(gd) {",
        """// Put a rest before each step: the first, and any once steps have taken a while, begins a task of its own;
// that never comes where the figure has left the page.
function apart(seq) {
    var began = 0;
    function rest(gd) {
        if (performance.now() - began < 20) return;
        return new Promise(function (resolve) {
            setTimeout(function () {
                began = performance.now();
                if (gd.isConnected) resolve();
            });
        });
    }
    return seq.flatMap(function (step) { return [rest, step]; });
}

function prepareWebGL(gd) {
    if (gd.dataset.drawing && gd._fullLayout._has('regl')) Registry.modules.scattergl._module.plot.prepare(gd);
}

function emitAfterPlot(gd) {""",
    ),
    (
        "src/plot_api/plot_api.js",
        "subroutines.drawData,\n        subroutines.finalDraw,\n        initInteractions,",
        "prepareWebGL, subroutines.drawTraces, subroutines.drawOver, subroutines.finalDraw, initInteractions,",
    ),
    (
        "src/plot_api/subroutines.js",
        "exports.drawData = function(gd) {",
        """exports.drawData = function(gd) {
    exports.drawTraces(gd);
    return exports.drawOver(gd);
};

exports.drawTraces = function(gd) {""",
    ),
    (
        "src/plot_api/subroutines.js",
        "    // styling separate from drawing\n",
        """};

exports.drawOver = function(gd) {
    var fullLayout = gd._fullLayout;

    // styling separate from drawing
""",
    ),
    (
        "src/traces/scattergl/plot.js",
        "exports.reglPrecompiled = reglPrecompiled;",
        """exports.reglPrecompiled = reglPrecompiled;

exports.prepare = function(gd) {
    return prepareRegl(gd, ['ANGLE_instanced_arrays', 'OES_element_index_uint'], reglPrecompiled);
};""",
    ),
    (
        "src/plots/plots.js",
        "if(!gd.layout || (gd.layout.width && gd.layout.height) || Lib.isHidden(gd)) {",
        "if(!gd.layout || gd.dataset.drawing || (gd.layout.width && gd.layout.height) || Lib.isHidden(gd)) {",
    ),
)

HEAD = """/* plotly.js %s (MIT licence, Copyright 2012-2026 Plotly, Inc.): scatter, scattergl, scatter3d, heatmap.
   Made by docs/make_plotly.py, recipe %s. */
"""


def recipe() -> str:
    """Return 16 hexadecimal digits that stand for all that is done here with plotly.js."""
    return hashlib.sha256(repr((TRACES, TOOLS, ENTRY, BUILD, PATCHES)).encode()).hexdigest()[:16]


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
        built = (package / "likeness.min.js").read_text(encoding="utf-8")
        BUNDLE.write_text(HEAD % (version, recipe()) + built, encoding="utf-8")
    print(f"{BUNDLE.relative_to(ROOT)}: {BUNDLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

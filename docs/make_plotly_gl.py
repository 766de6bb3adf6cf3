"""Write assets/vendor/plotly_gl.js anew: `python docs/make_plotly_gl.py`. Needed when plotly has another version.

plotly draws points by WebGL through regl, which writes the programs that it runs as text and has the browser compile
them: eval, which our content security policy refuses. This opens plotly in Chromium without a policy, keeps what it
compiles, and writes that down as functions. Why: docs/decisions/webgl-without-eval.md.
"""

from __future__ import annotations

import json
from pathlib import Path

import plotly
from make_pictures import chromium
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "assets" / "vendor" / "plotly_gl.js"
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

RECORD = """() => {
  window.compiled = [];
  Function.apply = (self, words) => {
    window.compiled.push(words);
    return Function.prototype.apply.call(Function, self, words);
  };
}"""

DRAW = """async () => {
  const [x, y] = [[1, 2, 3, 4], [1, 3, 2, 4]];
  const markers = [{}, { color: [1, 2, 3, 4], size: 5 }, { color: [1, 2, 3, 4], size: [3, 4, 5, 6], symbol: "square" }];
  for (const marker of markers) {
    await Plotly.newPlot("graph", [{ type: "scattergl", mode: "markers", x, y, marker }]);
    await Plotly.restyle("graph", { selectedpoints: [[1, 2]] }, [0]);
    Plotly.purge("graph");
  }
  return [Plotly.version, window.compiled];
}"""

HEAD = """/* The programs that plotly's WebGL points run, written down: nothing is compiled from text in the browser.

   Made by docs/make_plotly_gl.py from plotly.js %s; the numbers are hashes of the texts that regl would have compiled
   (regl 2, MIT licence). Loaded before plotly, which finds them where it would call Function. */
(function () {
  "use strict";
  const programs = new Map();
"""

TAIL = """
  /** cyrb53 (public domain, bryc): 53 bits of a text. */
  function hash(text) {
    let [a, b] = [0xdeadbeef, 0x41c6ce57];
    for (let k = 0; k < text.length; k += 1) {
      const letter = text.charCodeAt(k);
      a = Math.imul(a ^ letter, 2654435761);
      b = Math.imul(b ^ letter, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return 4294967296 * (2097151 & b) + (a >>> 0);
  }

  // regl calls Function.apply(null, [names of arguments..., text]): only that one call finds this property.
  Object.defineProperty(Function, "apply", {
    configurable: true,
    value: (self, words) => programs.get(hash(words.join())) || Function.prototype.apply.call(Function, self, words),
  });
})();
"""


def main() -> None:
    """Write the script."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content('<div id="graph" style="width: 600px; height: 400px"></div>')
        page.add_script_tag(path=PLOTLY)
        page.evaluate(RECORD)
        version, compiled = page.evaluate(DRAW)
        named = {}
        for *names, text in compiled:
            number = page.evaluate(f"({_hash_function()})({json.dumps(','.join([*names, text]))})")
            named[number] = f"  programs.set({number}, function ({', '.join(names)}) {{\n{text}\n  }});\n"
        browser.close()
    SCRIPT.write_text(HEAD % version + "".join(named.values()) + TAIL)
    print(f"{len(named)} programs of plotly.js {version}: {SCRIPT.relative_to(ROOT)}, {SCRIPT.stat().st_size:,} bytes")


def _hash_function() -> str:
    first = TAIL.index("function hash")
    return TAIL[first : TAIL.index("\n  }\n", first) + 4]


if __name__ == "__main__":
    main()

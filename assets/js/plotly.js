/* Loads our build of plotly when the first figure needs it (docs/decisions/plotly-bundle.md).

   Dash sets the address of the complete plotly.js at its start; that one is never requested. A page that opens with a figure
   fetches plotly as soon as the scripts are loaded, before React has laid the figure out. */
(function () {
  "use strict";
  const address = new URL("../vendor/plotly.min.js", /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => address, set: () => {} });

  // Dash has every figure laid out again as soon as it is drawn, in case its box has changed meanwhile: if it has not,
  // that would draw it a second time.
  /** @type {Plotly | undefined} */
  let plotly;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => plotly,
    set: (/** @type {Plotly} */ loaded) => {
      plotly = loaded;
      const { resize } = loaded.Plots;
      loaded.Plots.resize = (plot) => (fits(plot) ? Promise.resolve(plot) : resize(plot));
    },
  });

  /** Return whether a figure has the size of its box.
   * @param {Plot} plot */
  function fits(plot) {
    const drawn = plot?._fullLayout;
    if (!drawn?.autosize || !plot.layout) return false;
    const { width, height } = getComputedStyle(plot);
    return Math.abs(parseFloat(width) - drawn.width) < 1 && Math.abs(parseFloat(height) - drawn.height) < 1;
  }

  const WITH_FIGURES = /\/(latent-space|directions)(\/|$)/;
  if (WITH_FIGURES.test(window.location.pathname)) {
    fetch(address).then((answer) => answer.arrayBuffer()).catch(() => {}); // into the browser's cache; the script that needs it reports failures
  }
})();

/* Loads our build of plotly when the first figure needs it (docs/decisions/plotly-bundle.md).

   Dash sets the address of the complete plotly.js at its start; that one is never requested. A page that opens with a figure
   fetches plotly as soon as the scripts are loaded, before React has laid the figure out. */
(function () {
  "use strict";
  const address = new URL("../vendor/plotly.min.js", /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => address, set: () => {} });

  // Dash draws a figure that is empty as yet, draws the one that comes for it, and has that laid out again in case its box
  // has changed meanwhile. Here a figure is drawn once: in a task of its own, so that the hand is heard in between; only
  // the newest of those that wait; and laid out again only where its box has changed.
  /** @type {any} */
  let plotly;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => plotly,
    set: (loaded) => {
      plotly = loaded;
      const { resize } = loaded.Plots;
      loaded.Plots.resize = (/** @type {any} */ plot) => (fits(plot) ? Promise.resolve(plot) : resize(plot));
      for (const name of ["newPlot", "react"]) loaded[name] = inTurn(loaded[name]);
    },
  });

  /** @type {WeakMap<object, {done?: Promise<any>}>} */
  const waiting = new WeakMap(); // element -> what is to be drawn into it

  /** The same way of drawing, in a task of its own.
   * @param {(plot: any, ...given: any[]) => Promise<any>} draw */
  function inTurn(draw) {
    return (/** @type {any} */ plot, /** @type {any[]} */ ...given) => {
      /** @type {{done?: Promise<any>}} */
      const mine = {};
      waiting.set(plot, mine);
      mine.done = new Promise((resolve) => setTimeout(resolve)).then(() => {
        const newest = waiting.get(plot);
        if (newest !== mine) return newest?.done;
        return plot.isConnected ? draw(plot, ...given) : plot;
      });
      return mine.done;
    };
  }

  /** Whether a figure is drawn for the box that it has.
   * @param {any} plot */
  function fits(plot) {
    const drawn = plot?._fullLayout;
    if (!drawn?.autosize || !plot.layout) return false;
    const { width, height } = getComputedStyle(plot);
    return Math.abs(parseFloat(width) - drawn.width) < 1 && Math.abs(parseFloat(height) - drawn.height) < 1;
  }

  const WITH_FIGURES = /\/(latent-space|directions)(\/|$)/;
  if (WITH_FIGURES.test(window.location.pathname)) {
    fetch(address).then((answer) => answer.arrayBuffer()).catch(() => {}); // into the browser's cache; whoever needs it tells of failures
  }
})();

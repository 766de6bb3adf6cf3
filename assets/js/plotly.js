/* Loads our build of plotly when the first figure needs it (docs/decisions/plotly-bundle.md).

   Dash sets the address of the complete plotly.js at its start; that one is never requested. A page that opens with a figure
   fetches plotly as soon as the scripts are loaded, before React has laid the figure out.

   A figure is drawn once: not before it has data (components/figure_card.py lays out empty ones), and again only in a box of
   another size. One that asks for it (figures/base.py) is first drawn in several tasks, so that the page answers meanwhile,
   and may let the page's main figure go first; `data-drawing` marks it. */
(function () {
  "use strict";
  const address = new URL("../vendor/plotly.min.js", /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => address, set: () => {} });

  const LATEST = 2000; // milliseconds that a figure waits for others

  /** @type {Plotly | undefined} */
  let plotly;
  /** @type {WeakMap<Plot, Promise<Plot>>} */
  const drawing = new WeakMap(); // figures that are drawn for the first time: a change waits
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => plotly,
    set: (/** @type {Plotly} */ loaded) => {
      plotly = loaded;
      const { react } = loaded;
      loaded.react = (plot, figure) => {
        const before = drawing.get(plot);
        const next = () => loaded.react(plot, figure);
        if (before) return before.then(next, next);
        if (plot._fullLayout) return react(plot, figure);
        if (!figure.data?.length) return Promise.resolve(waiting(plot));
        const { tasks, afterwards } = figure.layout?.meta || {};
        const draw = () => {
          const { heard = [] } = plot;
          if (tasks) plot.dataset.drawing = "true";
          const drawn = react(plot, figure);
          for (const listener of heard) plot.on(...listener);
          return drawn;
        };
        const drawn = (afterwards ? turn(waiting(plot)).then(draw) : draw()).finally(() => {
          delete plot.dataset.drawing;
          drawing.delete(plot);
          if (plot.isConnected) loaded.Plots.resize(plot); // the box may have changed
        });
        drawing.set(plot, drawn);
        return drawn;
      };
      // Dash has every figure laid out again as soon as it is drawn, in case its box has changed meanwhile.
      const { resize } = loaded.Plots;
      loaded.Plots.resize = (plot) => (fits(plot) ? Promise.resolve(plot) : resize(plot));
    },
  });

  /** Let a figure that is not drawn yet keep the listeners that Dash adds to it.
   * @param {Plot} plot */
  function waiting(plot) {
    if (plot.heard) return plot;
    /** @type {Parameters<Plot["on"]>[]} */
    const heard = [];
    return Object.assign(plot, { heard, on: (/** @type {Parameters<Plot["on"]>} */ ...listener) => heard.push(listener) });
  }

  /** Wait until the page has drawn its other figures and has nothing to do, a few seconds at most; for ever where the figure
   * has left the page.
   * @param {Plot} plot */
  async function turn(plot) {
    const end = performance.now() + LATEST;
    do await idle(); while (document.querySelector("[data-drawing]") && performance.now() < end);
    if (!plot.isConnected) await new Promise(() => {});
  }
  const idle = () => new Promise((then) => (window.requestIdleCallback ? window.requestIdleCallback(then, { timeout: LATEST }) : setTimeout(then, 50)));

  /** Return whether a figure has the size of its box, or is not drawn.
   * @param {Plot} plot */
  function fits(plot) {
    const drawn = plot?._fullLayout;
    if (plot?.heard && !drawn || plot?.dataset.drawing) return true;
    if (!drawn?.autosize || !plot.layout) return false;
    const { width, height } = getComputedStyle(plot);
    return Math.abs(parseFloat(width) - drawn.width) < 1 && Math.abs(parseFloat(height) - drawn.height) < 1;
  }

  const WITH_FIGURES = /\/(latent-space|directions)(\/|$)/;
  if (WITH_FIGURES.test(window.location.pathname)) {
    fetch(address).then((answer) => answer.arrayBuffer()).catch(() => {}); // into the browser's cache; the script that needs it reports failures
  }
})();

/* Loads our build of plotly when the first figure needs it (docs/decisions/plotly-bundle.md).

   Dash sets the address of the complete plotly.js at its start; that one is never requested. A page that opens with a figure
   fetches plotly as soon as the scripts are loaded, before React has laid the figure out. */
(function () {
  "use strict";
  const address = new URL("../vendor/plotly.min.js", /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => address, set: () => {} });

  const WITH_FIGURES = /\/(latent-space|directions)(\/|$)/;
  if (WITH_FIGURES.test(window.location.pathname)) {
    fetch(address).then((answer) => answer.arrayBuffer()).catch(() => {}); // into the browser's cache; whoever needs it tells of failures
  }
})();

/* Where plotly is fetched from, when the first figure needs it: our own build of it (docs/decisions/plotly-bundle.md).

   Dash writes the address of the whole plotly.js here when it starts; that one is not asked for. */
(function () {
  "use strict";
  const address = new URL("../vendor/plotly.min.js", /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => address, set: () => {} });
})();

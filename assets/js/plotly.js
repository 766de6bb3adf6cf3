/* Where plotly is fetched from, when the first figure needs it: our own build of it (docs/decisions/plotly-bundle.md).

   Dash writes the address of the whole plotly.js here when it starts; that one is not asked for. A page that opens with
   a figure has it fetched as soon as the scripts are there, not only once React has laid the figure out. */
(function () {
  "use strict";
  const address = new URL("../vendor/plotly.min.js", /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => address, set: () => {} });

  const WITH_FIGURES = /\/(latent-space|directions)(\/|$)/;
  if (WITH_FIGURES.test(window.location.pathname)) {
    fetch(address).then((answer) => answer.arrayBuffer()).catch(() => {}); // into the browser's cache; whoever needs it tells of failures
  }
})();

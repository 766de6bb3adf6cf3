/* Exports a figure as a picture: as on the screen, with its overlays, on the background of the page. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const SCALE = 2; // pixels of a PNG per CSS pixel
  const STILL = { scale: 3, longest: 2400 }; // of the preview picture of a saved view

  /** Download the figure of a card, as "png" or "svg".
   * @param {string} name
   * @param {"png" | "svg"} format */
  async function take(name, format) {
    const plot = /** @type {Plot | null} */ (document.querySelector(`#${CSS.escape(name)} .js-plotly-plot`));
    if (!plot) return likeness.messages.toast("The figure is not drawn yet. Try again in a moment.", "error");
    const scale = format === "png" ? SCALE : 1;
    await window.Plotly.downloadImage(onBackground(plot, name), { ...extent(plot), format, scale, filename: `likeness-${name}` });
  }

  /** Return a figure with its overlays, on the background of the page.
   * @param {Plot} plot
   * @param {string} name */
  function onBackground(plot, name) {
    const paper = getComputedStyle(document.documentElement).getPropertyValue("--lk-surface").trim();
    const shapes = [...(plot.layout.shapes || []), ...(likeness.overlays?.[name]?.() || [])];
    return { data: plot.data, layout: { ...plot.layout, paper_bgcolor: paper, shapes }, config: {} };
  }

  /** @param {PageElement} plot */
  function extent(plot) {
    const { width, height } = plot.getBoundingClientRect();
    return { width: Math.round(width), height: Math.round(height) };
  }

  /** Return the page's first visible figure; null where there is none, or it is not drawn yet.
   * @returns {Plot | null} */
  function main() {
    const graph = [...document.querySelectorAll(".lk-figure-card .lk-graph")].find((each) => each.checkVisibility());
    const plot = /** @type {Plot | null | undefined} */ (graph?.querySelector(".js-plotly-plot:not([data-drawing])"));
    return plot?.data?.length ? plot : null;
  }

  /** @param {PageElement} plot */
  const nameOf = (plot) => plot.closest(".lk-graph").id;

  function title() {
    const plot = main();
    return plot ? document.getElementById(`${nameOf(plot)}-title`).textContent.trim() : "";
  }

  /** Return that figure as a picture: {picture, words}; null where there is none. */
  async function still() {
    const plot = main();
    if (!plot) return null;
    const name = nameOf(plot);
    const { width, height } = extent(plot);
    const scale = Math.min(STILL.scale, STILL.longest / Math.max(width, height));
    const options = { format: "webp", width, height, scale, imageDataOnly: true };
    const bytes = atob(await window.Plotly.toImage(onBackground(plot, name), options));
    const picture = new Blob([Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))], { type: "image/webp" });
    const words = ["title", "caption"].map((part) => document.getElementById(`${name}-${part}`)?.textContent.trim());
    return { picture, words: words.filter(Boolean).join(": ") };
  }

  likeness.figures = { still, title, png: (element) => take(element.dataset.figure, "png"), svg: (element) => take(element.dataset.figure, "svg") };
})();

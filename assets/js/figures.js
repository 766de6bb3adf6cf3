/* A figure taken away as a picture: as it is on the screen, with what stands over it, on the paper's colour. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const SCALE = 2; // pixels of a PNG per CSS pixel

  /** Download the figure of a card, as "png" or "svg". */
  async function take(name, format) {
    const plot = document.querySelector(`#${CSS.escape(name)} .js-plotly-plot`);
    if (!plot) return likeness.messages.toast("The figure is not drawn yet. Try again in a moment.", "error");
    const { width, height } = plot.getBoundingClientRect();
    const paper = getComputedStyle(document.documentElement).getPropertyValue("--lk-surface").trim();
    const layout = { ...plot.layout, paper_bgcolor: paper, shapes: [...(plot.layout.shapes || []), ...(likeness.overlays?.[name]?.() || [])] };
    await window.Plotly.downloadImage(
      { data: plot.data, layout, config: {} },
      { format, width: Math.round(width), height: Math.round(height), scale: format === "png" ? SCALE : 1, filename: `likeness-${name}` },
    );
  }

  likeness.figures = { png: (element) => take(element.dataset.figure, "png"), svg: (element) => take(element.dataset.figure, "svg") };
})();

/* Sticky names of the matrix: if its cells would be smaller than 16 px, the box of the figure scrolls, and copies of plotly's
   tick labels stay at its edges. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const SVG = "http://www.w3.org/2000/svg";
  const PAST = 6; // pixels between the longest name and the edge of its label area

  /** @param {HTMLElement} box */
  const scrolls = (box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;

  /**
   * Draw the sticky labels again, or remove them if everything fits.
   * @param {HTMLElement} box
   * @param {Plot} plot
   */
  function draw(box, plot) {
    box.querySelectorAll(":scope > .lk-fixed").forEach((strip) => strip.remove());
    box.toggleAttribute("data-scrolls", scrolls(box));
    if (!scrolls(box)) return;
    const { xaxis: x, yaxis: y, width, height } = plot._fullLayout;
    const named = widest(plot) + PAST;
    const left = x._offset - named;
    box.append(
      strip("columns", plot.querySelector(".xaxislayer-above"), { left: 0, top: 0, width, height: y._offset }),
      strip("rows", plot.querySelector(".yaxislayer-above"), { left, top: 0, width: named, height }),
      strip("corner", null, { left, top: 0, width: named, height: y._offset }),
    );
  }

  /**
   * Return the width of the longest row name in pixels.
   * @param {HTMLElement} plot
   */
  const widest = (plot) => {
    const names = plot.querySelectorAll(".yaxislayer-above text");
    return Math.max(0, ...[...names].map((name) => name.getBBox().width));
  };

  /**
   * Create a sticky label area in the figure, with a copy of the labels.
   * @param {string} kind
   * @param {Element | null} labels
   * @param {{ left: number, top: number, width: number, height: number }} place
   */
  function strip(kind, labels, { left, top, width, height }) {
    const made = document.createElement("div");
    made.className = `lk-fixed lk-fixed-${kind}`;
    made.setAttribute("aria-hidden", "true");
    Object.assign(made.style, { width: `${width}px`, height: `${height}px`, marginLeft: `${left}px`, marginTop: `${top}px` });
    if (!labels) return made;
    const drawing = document.createElementNS(SVG, "svg");
    drawing.style.left = `${-left}px`;
    drawing.append(labels.cloneNode(true));
    made.append(drawing);
    return made;
  }

  /**
   * Scroll a cell so that the names do not cover it.
   * @param {HTMLElement} box
   * @param {Plot} plot
   * @param {{ x: number, y: number, width: number, height: number }} place in the figure, in pixels
   */
  function reveal(box, plot, { x, y, width, height }) {
    if (!scrolls(box)) return;
    const [left, top] = [widest(plot) + PAST, plot._fullLayout.yaxis._offset];
    const [across, down] = [box.scrollLeft, box.scrollTop];
    if (x < across + left) box.scrollLeft = x - left;
    else if (x + width > across + box.clientWidth) box.scrollLeft = x + width - box.clientWidth;
    if (y < down + top) box.scrollTop = y - top;
    else if (y + height > down + box.clientHeight) box.scrollTop = y + height - box.clientHeight;
  }

  likeness.fixedNames = { draw, reveal };
})();

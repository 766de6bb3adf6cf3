/* Matrix of the Directions page: marks the open cell, the cell under the pointer or the keys, and the pinned rows, in an SVG
   over plotly's figure. Keeps the view in the address (query_parameters.js): matrix, of, less, order, locked, after, false,
   judge, hold, cell. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const SVG = "http://www.w3.org/2000/svg";
  /** A cell by its row and column index. @typedef {[row: number, column: number]} Cell */
  /** The moved attribute and the observed one. @typedef {[moved: string, seen: string]} Names */
  /** @type {Record<string, string>} */
  const CONTROLS = {
    matrix: "matrix-kind", of: "matrix-of", less: "matrix-less", order: "matrix-order", locked: "matrix-locked", after: "matrix-after", false: "matrix-false",
    judge: "matrix-judge", hold: "matrix-hold",
  };

  /** @type {object | null} */
  let heard = null; // the graph's event emitter that this script listens to
  /** @type {Cell | null} */
  let at = null; // under the pointer or the keyboard cursor
  /** @type {Names | null} */
  let open = null;
  /** @type {string | null} */
  let moved = null; // the attribute that the user moved last
  /** @type {Map<string, number>} */
  let before = new Map(); // previous pins
  /** @type {Record<string, string>} */
  let plain = {}; // default values of the controls: left out of the address
  let quiet = 0; // undo or redo has just set the controls: their values are not another step

  /** @param {string} id @param {Record<string, unknown>} props */
  const set = (id, props) => likeness.setProps(id, props);
  const isHere = () => document.getElementById("directions-matrix") !== null;
  const box = () => document.getElementById("matrix-box");
  /** @returns {Plot} */
  const plot = () => /** @type {Plot} */ (document.querySelector("#matrix .js-plotly-plot"));
  /** @returns {string[]} */
  const order = () => plot()?.layout?.meta?.keys || []; // names of the rows
  /** @param {number} place */
  const nameAt = (place) => order()[place];
  /** @param {string} name */
  const rowOf = (name) => order().indexOf(name);
  const frame = () => new Promise(requestAnimationFrame);

  // The figure -------------------------------------------------------------------------------------------------------

  /** Receive every new figure of the matrix from Dash. */
  async function takeMatrix() {
    for (let tries = 0; tries < 600 && !(plot()?._fullLayout?.xaxis && order().length && likeness.state.shown); tries += 1) {
      if (!isHere()) return "gone";
      await frame();
    }
    if (!plot()?._fullLayout?.xaxis) return "none";
    listen();
    redraw();
    return "drawn";
  }

  function listen() {
    if (heard === plot()._ev) return;
    heard = plot()._ev;
    plot().on("plotly_afterplot", redraw);
    plot().on("plotly_hover", ({ points }) => hover(points[0]));
    plot().on("plotly_unhover", () => point(null));
    plot().on("plotly_click", ({ points }) => points[0]?.z !== undefined && openCell(points[0].y, points[0].x));
    const holder = box();
    holder.tabIndex = 0;
    holder.setAttribute("role", "application");
    holder.setAttribute("aria-label", "Matrix of directions");
    holder.setAttribute("aria-describedby", "matrix-help");
    holder.addEventListener("keydown", press);
    holder.addEventListener("focus", () => at || point(cellOf(open) || [0, 0], true));
    holder.addEventListener("blur", () => point(null));
  }

  /** @param {PlotPoint} spot */
  const hover = (spot) => spot?.z !== undefined && point([spot.y, spot.x]);
  /** @param {Names | null} names @returns {Cell | null} */
  const cellOf = (names) => {
    const cell = names?.map(rowOf);
    return cell && cell.every((place) => place >= 0) ? /** @type {Cell} */ (cell) : null;
  };

  /** @param {Cell | null} cell @param {boolean} [told] */
  function point(cell, told = false) {
    at = cell;
    if (told && cell) document.getElementById("matrix-cell").textContent = plot().data[0].text[cell[0]][cell[1]];
    draw();
    if (told && cell) likeness.fixedNames.reveal(box(), plot(), boxOf(...cell));
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const count = order().length;
    const [row, column] = at || cellOf(open) || [0, 0];
    const { which } = likeness.keys;
    const to = [[row, column - 1], [row, column + 1], [row - 1, column], [row + 1, column]][which(event, "matrix-move")] ?? [[row, 0], [row, count - 1]][which(event, "matrix-ends")];
    if (which(event, "matrix-open") >= 0) openCell(row, column);
    else if (to) point(/** @type {Cell} */ (to.map((place) => Math.min(count - 1, Math.max(0, place)))), true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} row @param {number} column */
  function openCell(row, column) {
    show([nameAt(row), nameAt(column)]);
  }

  /** Open the cell of a pair, and write it to the address.
   * @param {Names} names */
  function show(names) {
    if (!names[0] || !names[1]) return;
    likeness.words.set({ cell: names.join(",") });
    set("cell", { data: names });
    likeness.state.settle();
  }

  // Overlay ----------------------------------------------------------------------------------------------------------

  function redraw() {
    draw();
    if (box() && plot()?._fullLayout?.xaxis?._length) likeness.fixedNames.draw(box(), plot());
  }

  function draw() {
    const holder = box();
    const layout = plot()?._fullLayout;
    if (!holder || !layout?.xaxis?._length) return;
    const [leastWidth, leastHeight] = plot()?.layout.meta?.least || [];
    if (leastWidth) {
      holder.style.setProperty("--least-width", `${leastWidth}px`);
      holder.style.setProperty("--least-height", `${leastHeight}px`);
    }
    const over = holder.querySelector(".lk-over") || holder.appendChild(document.createElementNS(SVG, "svg"));
    over.setAttribute("class", "lk-over");
    over.setAttribute("aria-hidden", "true");
    const count = order().length;
    /** @type {SVGRectElement[]} */
    const marks = [];
    /**
     * @param {string} kind
     * @param {number} row
     * @param {number} column
     * @param {number} [rows]
     * @param {number} [columns]
     */
    const rect = (kind, row, column, rows = 1, columns = 1) => {
      const mark = document.createElementNS(SVG, "rect");
      const given = { class: kind, ...boxOf(row, column, rows, columns) };
      for (const [key, value] of Object.entries(given)) mark.setAttribute(key, String(value));
      marks.push(mark);
    };
    for (const name of likeness.state.pins.keys()) {
      const row = rowOf(name);
      if (row >= 0) rect(name === moved ? "lk-row-moved" : "lk-row-pinned", row, 0, 1, count);
    }
    if (at) {
      rect("lk-cell-line", at[0], 0, 1, count);
      rect("lk-cell-line", 0, at[1], count, 1);
      rect("lk-cell-at", at[0], at[1]);
    }
    const opened = cellOf(open);
    if (opened) rect("lk-cell-open", ...opened);
    over.replaceChildren(...marks);
    holder.dataset.marked = [...likeness.state.pins.keys()].filter((name) => rowOf(name) >= 0).join(",");
  }

  /**
   * Return where cells are in the figure, in pixels.
   * @param {number} row
   * @param {number} column
   * @param {number} [rows]
   * @param {number} [columns]
   */
  function boxOf(row, column, rows = 1, columns = 1) {
    const { xaxis: x, yaxis: y } = plot()._fullLayout;
    const [wide, high] = [x._length / order().length, y._length / order().length];
    return { x: x._offset + column * wide, y: y._offset + row * high, width: columns * wide, height: rows * high };
  }

  /** Add the open cell to an exported picture of the figure. */
  likeness.overlays = Object.assign(likeness.overlays || {}, {
    matrix: () => {
      const cell = cellOf(open);
      if (!cell) return [];
      const ink = getComputedStyle(document.documentElement).getPropertyValue("--lk-ink").trim();
      return [{ type: "rect", x0: cell[1] - 0.5, x1: cell[1] + 0.5, y0: cell[0] - 0.5, y1: cell[0] + 0.5, line: { color: ink, width: 2 } }];
    },
  });

  // The face: mark the row of the moved slider immediately.
  events.addEventListener("likeness:change", () => {
    const pins = likeness.state.pins;
    for (const [name, value] of pins) if (before.get(name) !== value) moved = name;
    if (moved !== null && !pins.has(moved)) moved = null;
    before = new Map(pins);
    if (isHere()) draw();
  });

  // The open cell --------------------------------------------------------------------------------------------

  /** Receive the cell that the panel shows from Dash.
   * @param {Names | null} names */
  function takeCell(names) {
    open = names;
    if (isHere() && plot()) draw();
    return (names || []).join(",");
  }

  /** @param {PageElement} element */
  async function openFace(element) {
    const sentence = await likeness.state.go(element.dataset.face);
    sentence ? likeness.messages.toast(sentence, "error") : likeness.state.settle();
  }

  // Extra directions -------------------------------------------------------------------------------

  let rows = ""; // those that the server has

  /** Add a row for every direction among the sliders. */
  function addRows() {
    if (!isHere()) return;
    const added = [...document.querySelectorAll("#panel .lk-row[data-added]:not([data-removed])")].map((row) => row.dataset.name);
    if (added.join() === rows) return;
    rows = added.join();
    set("matrix-added", { data: added });
  }

  events.addEventListener("likeness:open", () => {
    rows = likeness.state.model.attributes.filter(({ title }) => title).map(({ name }) => name).join();
  });
  events.addEventListener("likeness:added", addRows);

  // The view in the address ------------------------------------------------------------------------------------------

  /** @param {string | string[] | number} value @returns {string} */
  const written = (value) => (Array.isArray(value) ? value.join(",") : String(value));

  /** @param {...(string | string[] | number | null | Record<string, string>)} values */
  function takeView(...values) {
    plain = /** @type {Record<string, string>} */ (values.pop());
    const now = Object.fromEntries(Object.keys(CONTROLS).map((word, place) => [word, written(/** @type {string | string[] | number} */ (values[place] ?? ""))]));
    if (quiet > 0) {
      quiet -= 1;
      return "quiet";
    }
    if (!likeness.words || !likeness.state.shown) return "early";
    const words = Object.entries(now).map(([word, value]) => [word, value === plain[word] ? null : value]);
    if (likeness.words.set(Object.fromEntries(words))) likeness.state.settle();
    return "told";
  }

  events.addEventListener("likeness:words", ({ detail }) => {
    // When the page opens, the server has rendered the valid parameters.
    if (!isHere() || !detail.restored || detail.opened || !("matrix" in plain)) return;
    quiet = 1;
    setTimeout(() => (quiet = 0), 400);
    for (const [word, id] of Object.entries(CONTROLS)) {
      const value = likeness.words.get(word) ?? plain[word];
      set(id, { value: word === "locked" ? value.split(",").filter(Boolean) : value });
    }
    set("cell", { data: likeness.words.get("cell")?.split(",") ?? null });
  });

  /** @param {string | null} sentence */
  function takeProblem(sentence) {
    if (sentence) likeness.messages.toast(sentence, "error");
    return String(Boolean(sentence));
  }

  likeness.actions = Object.assign(likeness.actions || {}, {
    "swap-cell": () => open && show([open[1], open[0]]),
    "open-face": openFace,
  });
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.directions = { matrix: takeMatrix, cell: takeCell, view: takeView, problem: takeProblem };
})();

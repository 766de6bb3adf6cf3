/* The scatter: overlays of the points (this face, its path, the outline, the tooltip), and gestures.

   plotly draws the points once. Marks that move with the sliders are in a separate SVG, positioned from the axes' ranges: moving
   one takes well under a millisecond for any number of points, while plotly would redraw all of
   them. This script sends `likeness:picked` when a point was clicked, `likeness:outlined` when an outline was drawn in two
   dimensions, and `likeness:cleared` when a double click removed the selection. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  /** @typedef {number[]} Point */

  const SVG = "http://www.w3.org/2000/svg";
  const STEPS = 24; // points of a path
  const THUMB = 84;
  const MANY = 30_000; // number of points above which they are not redrawn during a drag
  const HERE = "this face";
  const LATE = 60; // ms between two plotly redraws in three dimensions

  /** @type {Sample} */
  let sample; // data from the page
  /** @type {Follower | null} */
  let follower = null; // projected_point.js
  /** @type {object | null} */
  let heard = null; // the graph's event emitter that this script listens to
  /** @type {Uint8Array | null} */
  let selected = null; // Uint8Array of rows, or null
  /** @type {Polygon | null} */
  let outline = null; // polygon on the shown axes, or null
  /** @type {{timer: ReturnType<typeof setTimeout> | null, at: number}} */
  let deep = { timer: null, at: 0 };

  /** @returns {Plot} */
  const graph = () => /** @type {Plot} */ (document.querySelector("#scatter .js-plotly-plot:not([data-drawing])"));
  const box = () => document.getElementById("scatter-box");
  const { send } = likeness;
  const isDeep = () => graph()?._fullLayout?.scene !== undefined;

  /** Open a sample and its figure, once that is drawn; false if the user has left the page.
   * @param {Sample & {place: Projection | null}} given */
  async function open(given) {
    sample = given;
    follower = given.place ? likeness.projectedPoint.follow(given.place, draw) : given.method === "pca" ? null : among(given);
    while (!graph()?._fullLayout || !graph().data) {
      if (!box()) return false;
      await frame();
    }
    listen();
    highlight();
    draw();
    return true;
  }

  /** Follow the face if it is in the sample: a layout has no other positions.
   * @param {Sample} sample
   * @returns {Follower} */
  function among(sample) {
    const at = () => {
      const points = graph()?._fullData?.[0];
      if (!points) return null; // another figure is loading
      const { x, y, z } = points;
      const face = likeness.state.face();
      const row = face === faceOf(0) ? 0 : Number(face.slice(faceOf(0).length + 1));
      return row < sample.n && face === faceOf(row) ? [x, y, ...(z ? [z] : [])].map((values) => numbers(values)[row]) : null;
    };
    return { at, path: () => [] };
  }

  const frame = () => new Promise(requestAnimationFrame);

  function listen() {
    const plot = graph();
    if (heard === plot._ev) return;
    heard = plot._ev;
    plot.on("plotly_afterplot", draw);
    plot.on("plotly_relayouting", draw);
    plot.on("plotly_hover", hover);
    plot.on("plotly_unhover", unhover);
    plot.on("plotly_click", ({ points }) => points[0]?.curveNumber === 0 && send("likeness:picked", { row: points[0].pointNumber }));
    plot.on("plotly_selected", drawn);
    plot.on("plotly_doubleclick", () => plot._fullLayout.dragmode !== "pan" && send("likeness:cleared", null));
    box().addEventListener("pointerleave", unhover);
  }

  // Overlays --------------------------------------------------------------------------------------

  function layer() {
    const there = document.getElementById("scatter-over");
    if (there?.parentElement === box()) return there;
    const svg = /** @type {PageElement & SVGSVGElement} */ (/** @type {unknown} */ (document.createElementNS(SVG, "svg")));
    svg.id = "scatter-over";
    svg.setAttribute("class", "lk-over");
    svg.setAttribute("aria-hidden", "true");
    svg.innerHTML =
      '<clipPath id="scatter-clip"><rect/></clipPath>' +
      '<g clip-path="url(#scatter-clip)"><polygon class="lk-outline"/><polyline class="lk-path"/><circle class="lk-start" r="4.5"/></g>' +
      '<g class="lk-here"><rect class="lk-here-background"/><circle r="7.5"/><text>this face</text></g>';
    box().append(svg);
    return svg;
  }

  /** Draw a background below a text, so that it is readable over points.
   * @param {PageElement} paper @param {PageElement} text */
  const underlay = (paper, text) => {
    const { x, y, width, height } = text.getBBox();
    for (const [key, value] of Object.entries({ x: x - 4, y: y - 1, width: width + 8, height: height + 2, rx: 3 })) paper.setAttribute(key, String(value));
  };

  /** @param {PlotAxis} axis @param {number} value */
  const scaled = (axis, value) => axis._offset + ((value - axis.range[0]) / (axis.range[1] - axis.range[0])) * axis._length;
  /** @param {PlotAxis} axis @param {number} value */
  const flipped = (axis, value) => axis._offset + (1 - (value - axis.range[0]) / (axis.range[1] - axis.range[0])) * axis._length;

  function draw() {
    const plot = graph();
    if (!plot?._fullLayout || !sample || !box()) return;
    ease(plot);
    if (plot.calcdata?.length) box().toggleAttribute("data-drawn", true); // the placeholder picture is no longer needed
    const svg = layer();
    for (const button of document.querySelectorAll('.lk-tools [data-tool]:not([data-tool="pan"])')) button.toggleAttribute("data-off", isDeep());
    if (isDeep()) {
      svg.setAttribute("hidden", "");
      return drawDeep();
    }
    svg.removeAttribute("hidden");
    if (sample.density) likeness.density.draw(plot, sample.density);
    const { xaxis, yaxis } = plot._fullLayout;
    /** @param {Point} at */
    const to = ([x, y]) => /** @type {Point} */ ([scaled(xaxis, x), flipped(yaxis, y)]);
    const rect = svg.querySelector("clipPath rect");
    rect.setAttribute("x", xaxis._offset);
    rect.setAttribute("y", yaxis._offset);
    rect.setAttribute("width", xaxis._length);
    rect.setAttribute("height", yaxis._length);
    svg.querySelector("polygon").setAttribute("points", (outline || []).map(to).join(" "));
    drawFace(svg, to, xaxis, yaxis);
  }

  /** @param {PageElement} svg @param {(at: Point) => Point} to @param {PlotAxis} xaxis @param {PlotAxis} yaxis */
  function drawFace(svg, to, xaxis, yaxis) {
    const now = follower?.at();
    const [here, way, start] = [svg.querySelector(".lk-here"), svg.querySelector("polyline"), svg.querySelector(".lk-start")];
    here.toggleAttribute("hidden", !now);
    start.toggleAttribute("hidden", !now);
    if (!now) return way.setAttribute("points", "");
    const path = likeness.state.pins.size && follower ? follower.path(STEPS) : [];
    way.setAttribute("points", path.map(to).join(" "));
    start.toggleAttribute("hidden", path.length === 0);
    if (path.length) setPosition(start, to(path[0]));
    const at = to(now);
    const [left, top] = [xaxis._offset, yaxis._offset];
    const held = [Math.min(Math.max(at[0], left + 8), left + xaxis._length - 8), Math.min(Math.max(at[1], top + 8), top + yaxis._length - 8)];
    const outside = Math.hypot(held[0] - at[0], held[1] - at[1]) > 1;
    here.toggleAttribute("data-outside", outside);
    setPosition(here, held);
    const text = here.querySelector("text");
    const toLeft = held[0] > left + xaxis._length - 110;
    text.setAttribute("x", toLeft ? -13 : 13);
    text.setAttribute("y", 4);
    text.setAttribute("text-anchor", toLeft ? "end" : "start");
    const words = outside ? "this face, outside the view" : "this face";
    if (text.textContent !== words) text.textContent = words;
    underlay(here.querySelector("rect"), text);
    box().dataset.face = now.slice(0, 2).map((value) => value.toFixed(4)).join(" ");
  }

  /** Move the picture of many points with the axes while the user pans; draw them again on release. Without a
   * graphics card, drawing 100,000 of them is too slow for a drag.
   * @param {Plot} plot */
  function ease(plot) {
    const scene = sample.n > MANY && plot._fullLayout._plots.xy?._scene;
    if (!scene || scene.eased || plot._dragging) return;
    const holder = plot.querySelector(".gl-container");
    const panned = () => plot._dragging && plot._fullLayout.dragmode === "pan";
    const corner = () => [plot._fullLayout.xaxis.range[0], plot._fullLayout.yaxis.range[0]];
    let drawn = corner();
    const draw = scene.draw;
    scene.eased = true;
    scene.draw = function (...given) {
      const { xaxis, yaxis, _size: margin } = plot._fullLayout;
      const [x, y] = panned() ? [scaled(xaxis, drawn[0]) - xaxis._offset, flipped(yaxis, drawn[1]) - yaxis._offset - yaxis._length] : [0, 0];
      holder.style.transform = x || y ? `translate(${x}px, ${y}px)` : "";
      const [left, top] = [margin.l - x, margin.t - y];
      const corners = [[left, top], [left + margin.w, top], [left + margin.w, top + margin.h], [left, top + margin.h]];
      holder.style.clipPath = x || y ? `polygon(${corners.map((at) => at.map((side) => `${side}px`).join(" "))})` : "";
      if (panned()) return;
      draw.apply(this, given);
      drawn = corner();
    };
    for (const canvas of holder.querySelectorAll("canvas")) {
      const regl = /** @type {PageElement & {__data__?: {regl: Regl}}} */ (canvas).__data__?.regl;
      if (!regl || regl.eased) continue;
      const clear = regl.clear;
      regl.eased = true;
      regl.clear = (/** @type {unknown[]} */ ...given) => panned() || clear(...given);
    }
  }

  /** @type {(element: Element, at: number[]) => void} */
  const setPosition = (element, [x, y]) => element.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);

  /** Draw the face in three dimensions with plotly, in the last two traces of the figure. */
  function drawDeep() {
    if (deep.timer) return;
    const wait = Math.max(0, deep.at + LATE - performance.now());
    deep.timer = setTimeout(async () => {
      deep = { timer: null, at: performance.now() };
      const plot = graph();
      const now = follower?.at();
      if (!plot?.data || !isDeep()) return;
      const path = likeness.state.pins.size && follower ? follower.path(STEPS) : [];
      const here = now ? [now] : [];
      const key = path.concat(here).flat().map((value) => value.toFixed(4)).join(" ");
      if (plot.dataset.deep === key) return; // drawing calls this function again
      plot.dataset.deep = key;
      const coordinatesOf = (/** @type {number} */ k) => [path, here].map((points) => points.map((point) => point[k]));
      const count = plot.data.length;
      const data = { x: coordinatesOf(0), y: coordinatesOf(1), z: coordinatesOf(2) };
      await window.Plotly.update(plot, data, { "scene.annotations": annotations(plot, now) }, [count - 2, count - 1]);
    }, wait);
  }

  /** Return the names of the arrows and, last and on top, this face with its name.
   * @param {Plot} plot @param {Numbers | null | undefined} now */
  function annotations(plot, now) {
    const others = (plot.layout.scene?.annotations || []).filter((each) => each.name !== HERE);
    if (!now) return others;
    const colour = (/** @type {string} */ token) => getComputedStyle(document.documentElement).getPropertyValue(token).trim();
    const [x, y, z] = now;
    const words = { text: `\u25cf ${HERE}`, xanchor: "left", xshift: -7, font: { size: 12, color: colour("--lk-accent") } };
    return [...others, { name: HERE, x, y, z, showarrow: false, bgcolor: colour("--lk-surface"), borderpad: 1, ...words }];
  }

  events.addEventListener("likeness:change", draw);

  // Tooltip ----------------------------------------------------------------------------------------------------------

  function tooltip() {
    const there = document.getElementById("scatter-tip");
    if (there?.parentElement === box()) return there;
    const element = /** @type {PageElement} */ (/** @type {HTMLElement} */ (document.createElement("div")));
    element.id = "scatter-tip";
    element.className = "lk-tip";
    element.hidden = true;
    element.innerHTML = '<div class="lk-thumbnail"></div><div><p class="lk-tip-name"></p><p class="lk-tip-text"></p><p class="lk-tip-help"></p></div>';
    box().append(element);
    return element;
  }

  /** @param {PlotEvents["plotly_hover"]} event */
  function hover({ points, event }) {
    const point = points[0];
    if (!sample || !point || point.curveNumber !== 0) return unhover();
    const row = point.pointNumber;
    const element = tooltip();
    showThumbnail(element.querySelector(".lk-thumbnail"), row);
    element.querySelector(".lk-tip-name").textContent = nameOf(row);
    element.querySelector(".lk-tip-text").textContent = lines(point, row).join("\n");
    element.querySelector(".lk-tip-help").textContent = "Click to open";
    element.hidden = false;
    const area = box().getBoundingClientRect();
    const size = element.getBoundingClientRect();
    const left = event.clientX - area.left + 16;
    const top = event.clientY - area.top + 16;
    element.style.left = `${left + size.width > area.width ? Math.max(0, left - size.width - 32) : left}px`;
    element.style.top = `${top + size.height > area.height ? Math.max(0, top - size.height - 32) : top}px`;
    element.dataset.row = String(row);
  }

  function unhover() {
    const element = document.getElementById("scatter-tip");
    if (element) element.hidden = true;
  }

  const isSet = () => sample.stem.startsWith("latent~");
  /** @param {number} row */
  const nameOf = (row) => (isSet() ? `Row ${row + 1}` : `Face ${sample.stem}.${row}`);

  /** @param {PlotPoint} point @param {number} row */
  function lines(point, row) {
    const told = [];
    const colour = graph().data[0].marker?.color;
    if (sample.ink.title && colour !== undefined && typeof colour !== "string") {
      const value = numbers(graph()._fullData[0].marker.color)[row];
      told.push(sample.ink.groups.length ? `${sample.ink.title}: ${sample.ink.groups[value]}` : `${sample.ink.title} ${likeness.signed(value)}`);
    }
    const at = [point.x, point.y, point.z].filter((value) => value !== undefined);
    told.push(at.map((value, k) => `${sample.axes[k]} ${likeness.signed(value)}`).join(" \u00b7 "));
    return told;
  }

  /** @param {TraceNumbers} array */
  const numbers = (array) => array?._inputArray || array || [];

  /** Return the face string of a row of the sample.
   * @param {number} row */
  const faceOf = (row) => `1:${sample.stem}${row || isSet() ? `.${row}` : ""}`;

  /** Show a thumbnail: from the atlas where it has the face, otherwise by the picture's address.
   * @param {HTMLElement} element
   * @param {number} row
   * @param {number} [side] */
  function showThumbnail(element, row, side = THUMB) {
    const face = faceOf(row);
    const { atlas } = sample;
    if (atlas && row < atlas.count) {
      const [column, line] = [row % atlas.columns, Math.floor(row / atlas.columns)];
      element.style.backgroundImage = `url("${atlas.address}")`;
      element.style.backgroundSize = `${atlas.columns * side}px`;
      element.style.backgroundPosition = `-${column * side}px -${line * side}px`;
    } else {
      element.style.backgroundImage = `url("${likeness.state.model.address}${face}.webp")`;
      element.style.backgroundSize = "100%";
      element.style.backgroundPosition = "0 0";
    }
  }

  // Lasso and box ----------------------------------------------------------------------------------------------------

  /** @param {PlotEvents["plotly_selected"]} event */
  function drawn(event) {
    const { lassoPoints: lasso, range: box } = event ?? {};
    /** @type {Polygon} */
    const points = lasso ? lasso.x.map((x, k) => [x, lasso.y[k]]) : box ? [[0, 0], [1, 0], [1, 1], [0, 1]].map(([i, k]) => [box.x[i], box.y[k]]) : [];
    if (points.length < 3) return;
    const polygon = likenessPolygon.simplified(points);
    const { x, y } = graph()._fullData[0];
    send("likeness:outlined", { polygon, rows: likenessPolygon.inside(polygon, numbers(x), numbers(y)) });
  }

  /** Show which rows are selected, and the outline if it was drawn on the shown axes.
   * @param {Uint8Array | null} rows
   * @param {Polygon | null} polygon */
  function select(rows, polygon) {
    selected = rows;
    outline = polygon;
    highlight();
    draw();
  }

  /** Return flags of the drawn faces: a layout may have only the first of the sample.
   * @param {Uint8Array} rows */
  const fitted = (rows) => (rows.length === sample.n ? rows : Uint8Array.from({ length: sample.n }, (_, row) => rows[row] || 0));

  /** @type {Uint8Array | null} */
  let lit = null;
  async function highlight() {
    const plot = graph();
    if (!plot?.data?.length || !sample || sample.density) return;
    // Remove plotly's own outline: ours is the one in the link.
    if (plot.layout.selections?.length) await window.Plotly.relayout(plot, { selections: [] });
    if (isDeep()) return highlightDeep(plot);
    const rows = selected && fitted(selected);
    if (lit === rows && plot.data[0].selectedpoints === undefined && !rows) return;
    lit = rows;
    /** @type {number[]} */
    const points = [];
    rows?.forEach((on, row) => on && points.push(row));
    await window.Plotly.restyle(plot, { selectedpoints: rows ? [points] : [null] }, [0]);
  }

  /** Draw selected points again, larger: plotly does not dim points in three dimensions.
   * @param {Plot} plot */
  async function highlightDeep(plot) {
    const place = plot.data.length - 3;
    const { x, y, z } = plot._fullData[0];
    /** @type {number[][]} */
    const chosen = [[], [], []];
    selected?.forEach((on, row) => on && row < sample.n && [x, y, z].forEach((values, k) => chosen[k].push(numbers(values)[row])));
    if (!chosen[0].length && !plot.data[place].x?.length) return;
    const count = chosen[0].length;
    const named = { name: [`selected, ${count.toLocaleString("en")}`], showlegend: [count > 0] };
    await window.Plotly.restyle(plot, { x: [chosen[0]], y: [chosen[1]], z: [chosen[2]], ...named }, [place]);
  }

  /** Set the drag mode: "pan", "lasso" or "select".
   * @param {string} mode */
  function tool(mode) {
    const plot = graph();
    if (!plot) return;
    if (sample?.density && mode !== "pan") return likeness.messages.toast("Too many rows to select: this picture shows only their density. Upload fewer rows.", "error");
    if (isDeep() && mode !== "pan") return likeness.messages.toast("Faces are selected in two dimensions. Choose 2-D, then draw.", "error");
    for (const button of document.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === mode));
    if (!isDeep()) window.Plotly.relayout(plot, { dragmode: mode });
  }

  /** Reset the axes. */
  function fit() {
    const plot = graph();
    if (!plot || !sample) return;
    if (isDeep()) return window.Plotly.relayout(plot, { "scene.camera": null });
    const [x, y] = sample.limits;
    window.Plotly.relayout(plot, { "xaxis.range": x.slice(), "yaxis.range": y.slice() });
  }

  likeness.scatter = { open, select, tool, fit, showThumbnail, faceOf, draw, get sample() { return sample ?? null; } };
})();

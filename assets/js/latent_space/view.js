/* Latent space page: handles the callbacks' data (sample, projected point, selection, component) and gestures.

   The view is in the address as words (query_parameters.js): space, x, y, z, view, colour, categories, pc, and sel, the
   selection in the form of dashboard/analysis/selection.py:
     1~SPACE.METHOD.X.Y~SAMPLE~COUNT~x_y_x_y... */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  /** The value of a control, and its value in an address. @typedef {string | number | null} Written @typedef {Written | string[]} ViewValue */
  /** @type {Record<string, string>} */
  const CONTROLS = {
    space: "space", method: "method", x: "axis-x", y: "axis-y", z: "axis-z", view: "dimensions",
    neighbours: "layout-neighbours", distance: "layout-distance", perplexity: "layout-perplexity",
    faces: "layout-faces", seed: "layout-seed", colour: "colour", categories: "categories", pc: "traverse",
  };

  // Several values are separated by commas in the address, each escaped (dashboard/spaces/colours.py).
  /** @param {ViewValue} value @returns {Written} */
  const written = (value) => (Array.isArray(value) ? value.map(encodeURIComponent).join(",") : value);
  /** @param {string} name @param {Written} text */
  const readBack = (name, text) => (name === "categories" ? String(text || "").split(",").filter(Boolean).map(unescaped) : text);
  /** @param {string} part */
  const unescaped = (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part; // invalid escapes: the server reports the error
    }
  };

  /** @type {Sample | null} */
  let sample = null;
  /** @type {Projection | null} */
  let place = null;
  /** @type {{page: PageElement, now: Record<string, Written>} | null} */
  let first = null; // values of the controls for an address without them: left out of it
  /** @type {Record<string, Written>} */
  let current = {}; // their current values
  let quiet = 0; // controls just set by undo or redo: their values are not another step

  /** @param {string} id @param {Record<string, unknown>} props */
  const set = (id, props) => likeness.setProps(id, props);
  const isHere = () => document.getElementById("latent-space") !== null;

  // From the server --------------------------------------------------------------------------------------------------

  /** @param {Sample | null} data */
  function takeSample(data) {
    sample = data;
    if (data) join();
    if (data) showMembers(); // the members of a link may be rendered before the sample with their thumbnails arrives
    return "true";
  }

  /** @param {Projection | null} data */
  function takeProjectedPoint(data) {
    place = data;
    if (data) join();
    return "true";
  }

  /** Open the scatter once there is a sample; the face appears when its position on the same components has been computed. */
  function join() {
    if (!sample) return;
    const { space, components, method, note: told } = sample;
    const mine = place && method === "pca" && place.key.join() === [space, ...components].join() ? place : null;
    likeness.scatter.open({ ...sample, place: mine }).then((here) => {
      if (!here) return;
      const note = document.getElementById("scatter-note") || noteBelow();
      note.textContent = mine ? mine.words : told || "";
      if (mine || method !== "pca") showSelection();
    });
  }

  /** Show the card of a computation instead of the scatter until it is done.
   * @param {unknown} card */
  function takeComputing(card) {
    if (card) requestAnimationFrame(likeness.jobs.refresh);
    return String(Boolean(card));
  }

  events.addEventListener("likeness:job", ({ detail }) => {
    if (!isHere() || detail.state !== "done" || !detail.card?.startsWith("computing-")) return;
    set("computed", { data: detail.id });
  });

  function noteBelow() {
    const note = document.createElement("p");
    note.id = "scatter-note";
    note.className = "lk-scatter-note";
    document.getElementById("scatter-box").append(note);
    return note;
  }

  /** @param {string | null} sentence */
  function takeProblem(sentence) {
    if (sentence) likeness.messages.toast(sentence, "error");
    return String(Boolean(sentence));
  }

  // The view in the address ------------------------------------------------------------------------------------------

  /** Receive the values of all controls from Dash, in the order of CONTROLS, and those of an address without any.
   * @param {...(ViewValue | Record<string, string>)} given */
  function takeView(...given) {
    const values = /** @type {ViewValue[]} */ (given.slice(0, -1));
    const plain = /** @type {Record<string, string>} */ (given.at(-1));
    const now = Object.fromEntries(Object.keys(CONTROLS).map((name, place) => [name, written(values[place]) ?? ""]));
    const page = document.getElementById("latent-space");
    if (!first || page !== first.page) {
      const asked = new URLSearchParams(window.location.search);
      first = { page, now: { ...now, ...Object.fromEntries(Object.entries(plain).filter(([name]) => asked.has(name))) } };
    }
    current = { ...now };
    if (quiet > 0) {
      quiet -= 1;
      return "quiet";
    }
    if (!likeness.words || !likeness.state.shown) return "early";
    /** @type {Record<string, Written>} */
    const words = {};
    for (const [name, value] of Object.entries(now)) {
      // Leave out values that were never changed; keep those that the address already has.
      words[name] = String(value) === String(first.now[name]) && likeness.words.get(name) === null ? null : value;
      if (name === "categories" && !value) words[name] = null;
      if (name === "z" && now.view !== "3d" && likeness.words.get("z") === null) words[name] = null;
    }
    if (likeness.words.set(words)) likeness.state.settle();
    return "told";
  }

  // Undo or redo: restore the controls.
  events.addEventListener("likeness:words", ({ detail }) => {
    drawChip();
    if (!isHere() || !detail.restored || !first) return;
    const { now } = first;
    // Do not set unchanged values: Dash would run all their callbacks.
    // Nor on opening: if a parameter is invalid or refers to something removed, the server has rendered a valid view.
    const moved = detail.opened ? [] : Object.entries(CONTROLS).map(([name, id]) => ({ name, id, value: likeness.words.get(name) ?? now[name] ?? "" })).filter(({ name, value }) => String(value) !== String(current[name]));
    if (moved.length) {
      quiet = 1;
      setTimeout(() => (quiet = 0), 400);
      for (const { name, id, value } of moved) {
        current[name] = value; // Dash answers later, and an undo may come before
        set(id, { value: readBack(name, value) });
      }
    }
    if (likeness.words.get("sel") !== told) tell(likeness.words.get("sel"));
  });

  // Selection --------------------------------------------------------------------------------------------------------

  /** @type {Uint8Array | null} */
  let rows = null;
  /** @type {string | null} */
  let told = null; // the selection that Dash has, also before its callbacks have answered

  /** Tell Dash the selection.
   * @param {string | null} text */
  function tell(text) {
    told = text;
    set("selected", { data: text });
  }

  /** Receive the selected rows from Dash, one bit each, and the text of the selection.
   * @param {string | null} bits
   * @param {string} text */
  function takeSelected(bits, text) {
    told = text || null;
    if (!bits) {
      rows = null;
    } else {
      const bytes = Uint8Array.from(atob(bits), (letter) => letter.charCodeAt(0));
      rows = Uint8Array.from({ length: Number(text.split("~")[2]) }, (_, row) => (bytes[row >> 3] >> (7 - (row & 7))) & 1);
    }
    showSelection();
    showMembers();
    return String(Boolean(bits));
  }

  /** Show the selection; its outline only on the axes on which it was drawn. */
  function showSelection() {
    if (!sample) return;
    const text = likeness.words.get("sel");
    if (!rows || !text) return likeness.scatter.select(null, null);
    const [, drawnOn, , , corners] = text.split("~");
    const same = drawnOn === [sample.space, sample.method, ...sample.components.slice(0, 2)].join(".") && sample.components.length === 2;
    likeness.scatter.select(rows, same ? likenessPolygon.read(corners) : null);
  }

  events.addEventListener("likeness:outlined", ({ detail }) => {
    const count = detail.rows.reduce((sum, on) => sum + on, 0);
    if (!sample) return;
    if (!count) return likeness.messages.toast("No faces are selected. Draw around some faces.", "error");
    const drawnOn = [sample.space, sample.method, ...sample.components].join(".");
    const text = `1~${drawnOn}~${sample.n}~${count}~${likenessPolygon.written(detail.polygon)}`;
    rows = detail.rows;
    likeness.words.set({ sel: text });
    showSelection();
    likeness.state.settle();
    tell(text);
  });

  function clear() {
    if (likeness.words.get("sel") === null) return;
    likeness.words.set({ sel: null });
    rows = null;
    if (isHere()) {
      likeness.scatter.select(null, null);
      tell(null);
    }
    likeness.state.settle();
  }
  events.addEventListener("likeness:cleared", clear);

  /** Add thumbnails to the rendered members of a selection. */
  async function showMembers() {
    for (let tries = 0; tries < 60; tries += 1) {
      await new Promise(requestAnimationFrame);
      const members = document.querySelectorAll(".lk-member");
      if (!members.length || !sample) continue;
      for (const member of members) {
        member.dataset.shown = "";
        likeness.scatter.showThumbnail(member, Number(member.dataset.row), member.clientWidth || 44);
      }
      if (members.length) return;
    }
  }

  /** @type {Record<string, string[]>} */
  const MADE_WITH = { umap: ["neighbours", "distance", "faces", "seed"], tsne: ["perplexity", "faces", "seed"] };

  /** Return the parameters of the layout of a selection, "umap-15-10-5000-0", as dashboard/spaces/layouts.py writes it.
   * @param {string} [written] */
  function madeWith(written = "") {
    const [method, ...numbers] = written.split("-");
    const words = (MADE_WITH[method] || []).map((name, place) => `&${name}=${name === "distance" ? Number(numbers[place]) / 100 : numbers[place]}`);
    return words.length ? `&method=${method}${words.join("")}` : "";
  }

  /** Draw the selection chip in the header of every page until the selection is removed. */
  function drawChip() {
    const holder = document.getElementById("selection-chip");
    if (!holder) return;
    const text = likeness.words.get("sel");
    if (!text) return holder.replaceChildren();
    const count = Number(text.split("~")[3]);
    const link = document.createElement("a");
    // The view on which it was drawn, so that its outline is shown.
    const [space, method, x, y] = (text.split("~")[1] || "").split(".");
    link.href = likeness.to(`/latent-space?${likeness.history.pageQuery(likeness.state.face())}&space=${space}&x=${x}&y=${y}${madeWith(method)}`);
    link.textContent = `${count.toLocaleString("en")} ${count === 1 ? "face" : "faces"}`;
    link.title = "The selection on the Latent space page";
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.action = "clear-selection";
    button.setAttribute("aria-label", "Clear the selection");
    button.innerHTML = '<span class="lk-icon lk-icon-x" aria-hidden="true"></span>';
    holder.replaceChildren(link, button);
  }

  events.addEventListener("likeness:settle", drawChip); // the face of its link has changed

  // Faces ------------------------------------------------------------------------------------------------------------

  /** @param {number} row */
  async function openRow(row) {
    const { base } = likenessPins.parseFace(likeness.scatter.faceOf(row));
    const sentence = await likeness.state.go(likenessPins.formatFace(base, [], likeness.state.options));
    sentence ? likeness.messages.toast(sentence, "error") : likeness.state.settle();
  }
  events.addEventListener("likeness:picked", ({ detail }) => openRow(detail.row));

  likeness.latent = {
    openRow: (element) => openRow(Number(element.dataset.row)),
    tool: (element) => likeness.scatter.tool(element.dataset.tool),
    fit: () => likeness.scatter.fit(),
    arrows: () => {
      const on = !document.getElementById("arrows-entry").hasAttribute("data-off");
      document.getElementById("arrows-entry").toggleAttribute("data-off", on);
      set("arrows", { data: !on });
    },
    clear,
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.latent = {
    sample: takeSample, "projected-point": takeProjectedPoint, traversal: (/** @type {{name: string, component: number} | null} */ data) => likeness.traverse.take(data), selected: takeSelected, problem: takeProblem, view: takeView,
    method: (/** @type {string} */ name) => [name, name],
    computing: takeComputing,
  };
})();

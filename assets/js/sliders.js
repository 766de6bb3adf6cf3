/* The rows: draws every attribute's position on its rail, at every frame, from the state alone.

   Each mark is moved by a style, in hundredths of the rail's width, so that nothing is laid out again. The row gets
   data-pinned, data-trail, data-down, data-past and data-cut, which css/sliders.css draws. A position is not a CSS variable:
   variables are inherited and make the browser match all rules again. A hidden mark stays where it was. Rows never wait for
   the picture. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const LEAST_DRIFT = 0.1; // smaller drifts are neither drawn nor announced
  const STRONG_DRIFT = 0.4;
  const EASE = 160; // ms; css/sliders.css has the same number

  /** @typedef {"thumb" | "pin" | "seed" | "trail" | "reach" | "bubble"} Mark */
  /**
   * A row: its parts, and in `last` what was drawn last, so that nothing is drawn twice.
   * @typedef {Record<Mark | "element" | "number" | "drift" | "lock" | "release", PageElement>
   *   & {name: string, index: number, label: string, low: number, high: number, last: Record<string, string | boolean>}} Row
   */
  /** @type {Row[]} */
  let rows = [];
  /** @type {Set<string>} */
  let chosen = new Set();
  let wanted = ""; // the search text
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let easing;

  /** Find the rows of the new page. */
  function open() {
    wanted = document.getElementById("find")?.value.trim().toLowerCase() || "";
    for (const holder of document.querySelectorAll("#panel .lk-row .lk-input:empty")) holder.append(field(holder.closest(".lk-row").dataset.shownName));
    rows = [...document.querySelectorAll("#panel .lk-row")].map((element) => ({
      element,
      name: element.dataset.name,
      index: Number(element.dataset.index),
      label: element.dataset.shownName,
      low: Number(element.style.getPropertyValue("--clo")),
      high: Number(element.style.getPropertyValue("--chi")),
      thumb: element.querySelector(".lk-thumb"),
      number: element.querySelector(".lk-number"),
      drift: element.querySelector(".lk-drift"),
      bubble: element.querySelector(".lk-bubble"),
      lock: element.querySelector(".lk-lock"),
      release: element.querySelector(".lk-release"),
      seed: element.querySelector(".lk-seed"),
      pin: element.querySelector(".lk-pin"),
      trail: element.querySelector(".lk-trail"),
      reach: element.querySelector(".lk-reach"),
      last: {},
    }));
  }

  /** Create the field for typed values; slider_gestures.js reads it.
   * @param {string} label */
  function field(label) {
    const input = document.createElement("input");
    Object.assign(input, { type: "text", inputMode: "decimal", autocomplete: "off" });
    input.setAttribute("aria-label", `${label}, typed value in sigma`);
    return input;
  }

  /** Set which attributes are visible; pinned ones always are.
   * @param {string[]} names */
  function show(names) {
    chosen = new Set(names);
    sight();
    likeness.send("likeness:rows", null);
  }

  /** Show only attributes whose names contain the text, chosen or not; for an empty text all chosen ones.
   * @param {string} text */
  function find(text) {
    wanted = text.trim().toLowerCase();
    sight();
  }

  document.addEventListener("input", (event) => event.target.id === "find" && find(event.target.value));

  function sight() {
    if (!rows.length || !likeness.state.shown) return; // `open` will draw
    let count = 0;
    let moved = false;
    for (const row of rows) {
      const added = "added" in row.element.dataset && !("removed" in row.element.dataset);
      const { pins, heldPins } = likeness.state;
      const held = pins.has(row.name) || Boolean(heldPins?.has(row.name));
      const seen = wanted ? row.label.toLowerCase().includes(wanted) : chosen.has(row.name) || added || held;
      if (row.element.hidden === seen) {
        row.element.hidden = !seen;
        moved = true;
      }
      count += Number(seen);
    }
    if (moved) for (const group of document.querySelectorAll("#panel .lk-group")) group.hidden = !group.querySelector(".lk-row:not([hidden])");
    const counter = document.getElementById("shown-count");
    const words = `${count} of ${rows.length} shown`;
    if (counter && counter.textContent !== words) counter.textContent = words;
  }

  events.addEventListener("likeness:change", ({ detail }) => {
    ease(detail.motion);
    draw(detail.motion === "drag");
  });
  events.addEventListener("likeness:settle", () => draw());

  /** Move thumbs immediately in a drag, and animate them after a jump.
   * @param {Motion} motion */
  function ease(motion) {
    const panel = document.getElementById("panel");
    if (!panel) return; // a page with a face and no rows
    clearTimeout(easing);
    if (motion === "drag") {
      panel.removeAttribute("data-ease");
    } else {
      panel.setAttribute("data-ease", "");
      easing = setTimeout(() => panel.removeAttribute("data-ease"), 2 * EASE);
    }
  }

  /** Draw every row. Button names are updated after a drag: nobody points at them during one.
   * @param {boolean} [dragging] */
  function draw(dragging = false) {
    if (!rows.length || !rows[0].element.isConnected) return;
    sight();
    const reaches = likeness.state.reaches();
    for (const row of rows) {
      drawRow(row, reaches[row.index]);
      if (!dragging) nameButtons(row);
    }
  }

  /** @param {Row} row @param {Interval | null} reach */
  function drawRow(row, reach) {
    const { state, signed } = likeness;
    const pinned = state.pins.has(row.name);
    const value = state.value(row.name);
    const base = state.seedValue(row.name);
    const drift = value - base;
    const [low, high] = reach ? [Math.max(-4, reach[0]), Math.min(4, reach[1])] : [0, 0];
    const past = pinned && (value < row.low - 1e-9 || value > row.high + 1e-9);
    const text = signed(value);

    const held = state.heldPins?.get(row.name);
    const drifted = Math.abs(drift) >= LEAST_DRIFT;
    setPosition(row, "thumb", clamp(value));
    if (pinned || held !== undefined) setPosition(row, "pin", clamp(held ?? value));
    setPosition(row, "seed", clamp(base));
    if (drifted) stretch(row, "trail", clamp(Math.min(value, base)), clamp(Math.max(value, base)));
    span(row, "reach", low, Math.max(low, high));
    flag(row, "data-pinned", pinned);
    flag(row, "data-was-pinned", Boolean(state.heldPins?.has(row.name)));
    flag(row, "data-trail", Math.abs(drift) >= LEAST_DRIFT);
    flag(row, "data-down", drift < 0);
    flag(row, "data-past", past);
    flag(row, "data-cut", low > -4 || high < 4);
    flag(row, "data-strong", !pinned && Math.abs(drift) >= STRONG_DRIFT);

    if (row.last.text !== text || row.last.pinned !== pinned || row.last.past !== past) {
      const held = `${pinned ? ", pinned" : ""}${past ? ", past the calibrated range" : ""}`;
      write(row.number, signed(value, likeness.decimals));
      row.thumb.setAttribute("aria-valuetext", `${text} sigma${held}`);
    }
    if (row.element.hasAttribute("data-dragging")) say(row, `${text} \u03c3`);
    else if (row.element.hasAttribute("data-told")) row.element.removeAttribute("data-told");
    const now = value.toFixed(4);
    if (row.last.now !== now) row.thumb.setAttribute("aria-valuenow", now);
    const told = !pinned && Math.abs(drift) >= LEAST_DRIFT ? signed(drift) : "";
    if (row.last.told !== told) write(row.drift, told);
    Object.assign(row.last, { text, pinned, past, now, told });
  }

  /** @param {Row} row */
  function nameButtons(row) {
    const text = likeness.signed(likeness.state.value(row.name));
    name(row, "lock", `Hold ${row.label} at ${text}`);
    name(row, "release", `Release ${row.label} from ${text}`);
    name(row, "seed", `Put ${row.label} back to ${likeness.signed(likeness.state.seedValue(row.name))} and hold it`);
    row.lock.setAttribute("aria-pressed", String(likeness.state.pins.has(row.name)));
  }

  /** Set a button's accessible name and its help.
   * @param {Row} row
   * @param {"lock" | "release" | "seed"} button
   * @param {string} words */
  function name(row, button, words) {
    if (row[button].title === words) return;
    row[button].setAttribute("aria-label", words);
    row[button].title = words;
  }

  // The bubble over a thumb shows the value during a drag, and the causes of a drift on hover.
  document.addEventListener("pointerover", (event) => {
    const element = event.target.closest?.(".lk-row");
    const row = element && rows.find((each) => each.element === element);
    if (!row || element.hasAttribute("data-dragging") || event.buttons) return;
    const because = row.last.told ? likeness.state.because(row.name) : "";
    element.toggleAttribute("data-told", because !== "");
    if (because) say(row, because);
  });

  /** @param {Row} row @param {string} words */
  function say(row, words) {
    write(row.bubble, words);
    setPosition(row, "bubble", clamp(likeness.state.value(row.name)));
  }

  /** Change the text of an element with a single text node; replacing the node would cost a new layout.
   * @param {PageElement} element
   * @param {string} words */
  function write(element, words) {
    if (element.firstChild instanceof Text) element.firstChild.data = words;
    else element.append(words);
  }

  /** @param {number} value */
  const clamp = (value) => Math.min(4, Math.max(-4, value));

  /** @param {number} values */
  const share = (values) => (values * 12.5).toFixed(3);

  /** @param {Row} row @param {Mark} mark @param {number} value */
  function setPosition(row, mark, value) {
    style(row, mark, "translate", `${share(value + 4)}cqw`);
  }

  /** Stretch a mark as wide as the rail from one value to another.
   * @param {Row} row
   * @param {Mark} mark
   * @param {number} low
   * @param {number} high */
  function stretch(row, mark, low, high) {
    setPosition(row, mark, low);
    style(row, mark, "scale", `${((high - low) / 8).toFixed(5)} 1`);
  }

  /** @param {Row} row @param {Mark} mark @param {number} low @param {number} high */
  function span(row, mark, low, high) {
    style(row, mark, "left", `${share(low + 4)}%`);
    style(row, mark, "width", `${share(high - low)}%`);
  }

  /**
   * @param {Row} row
   * @param {Mark} mark
   * @param {"translate" | "scale" | "left" | "width"} name
   * @param {string} text
   */
  function style(row, mark, name, text) {
    const key = mark + name;
    if (row.last[key] === text) return;
    row.last[key] = text;
    row[mark].style[name] = text;
  }

  /** @param {Row} row @param {string} name @param {boolean} on */
  function flag(row, name, on) {
    if (row.last[name] === on) return;
    row.last[name] = on;
    row.element.toggleAttribute(name, on);
  }

  likeness.rows = { open, show, draw, find };
})();

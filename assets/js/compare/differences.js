/* Differences: every attribute on a shared axis, one letter per face, the largest differences first. */
(function () {
  "use strict";
  const likeness = window.likeness;
  const { events } = likeness;

  const SMALL = 0.25; // sigma: rows with smaller differences are collapsed
  const STRONG = 1; // differences from this size on are bold
  const REST = 200; // ms after which scores are requested

  let all = false;
  let waiting = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  /** The scores of a face by attribute, or the error message. @typedef {{scores: Record<string, number>, sentence?: undefined} | {scores?: undefined, sentence: string}} Scored */
  /** The values of a face, in the order of the attributes. @typedef {{values?: (number | null)[], sentence?: string}} Values */
  /** @typedef {{name: string, values: (number | null)[], apart: (number | null)[], most: number}} Line */
  /** @type {Map<string, Scored>} */
  const scores = new Map(); // by face

  /** @param {number} value */
  const positionOf = (value) => `${((Math.max(-4, Math.min(4, value)) + 4) / 8) * 100}%`;

  events.addEventListener("likeness:compared", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (likeness.compare.isOpen()) draw();
    });
  });

  function draw() {
    const { compare } = likeness;
    const what = compare.word("what");
    const names = likeness.state.model.attributes.map(({ name }) => name);
    const found = compare.faces.map((face) => valuesOf(face, what, names));
    const sentence = found.find((each) => each?.sentence)?.sentence;
    const ref = compare.reference;
    const rows = names.map((name, at) => {
      const values = found.map((each) => each?.values?.[at] ?? null);
      const from = values[ref];
      const apart = values.map((value, face) => (face === ref || value === null || from === null ? null : value - from));
      const some = values.some((value) => value !== null);
      // With "pins", a row is shown if any face pins it.
      const most = what === "pins" ? (some ? 9 : 0) + Math.max(0, ...apart.map((each) => Math.abs(each ?? 0))) : Math.max(0, ...apart.map((each) => Math.abs(each ?? 0)));
      return { name, values, apart, most };
    });
    const gone = what === "coordinates" ? likeness.compare.stand(compare.faces[ref])?.sentence : undefined;
    const order = rows.sort((a, b) => b.most - a.most);
    const large = order.filter((row) => row.most >= SMALL);
    head(compare, ref);
    document.getElementById("differs").replaceChildren(...(sentence || gone ? [compare.part("li", "lk-differs-message", sentence || "The reference cannot be shown. Make another face the reference, or remove this one.")] : (all ? order : large).map((row) => line(row, compare))));
    foot(order.length, large.length, what, sentence || gone);
  }

  /** @param {string} face @param {string} what @param {string[]} names @returns {Values | null} */
  function valuesOf(face, what, names) {
    const pins = new Map(likenessPins.parseFace(face).pins);
    if (what === "pins") return { values: names.map((name) => pins.get(name) ?? null) };
    if (what === "coordinates") {
      const stands = likeness.compare.stand(face);
      return stands?.s ? { values: [...stands.s] } : null;
    }
    const kept = scores.get(face);
    if (!kept) return later(), null;
    const { scores: read, sentence } = kept;
    return read ? { values: names.map((name) => read[name] ?? null) } : { sentence };
  }

  /** Fetch scores when the user pauses: the server computes them from the pictures. */
  function later() {
    clearTimeout(resting);
    resting = setTimeout(async () => {
      const { model } = likeness.state;
      for (const face of likeness.compare.faces.filter((each) => !scores.has(each))) {
        /** @type {Reply<ScoresAnswer>} */
        const { body, sentence } = await likeness.ask(`${model.address}${encodeURIComponent(face)}.scores.json`);
        if (scores.size > 300) scores.clear();
        scores.set(face, sentence ? { sentence } : { scores: body.scores || {} });
      }
      if (likeness.compare.isOpen()) draw();
    }, REST);
  }

  /** @param {Comparison} compare @param {number} ref */
  function head(compare, ref) {
    const columns = compare.faces.map((_, at) => at).filter((at) => at !== ref);
    const axis = compare.part("span", "lk-differs-ticks", "");
    for (const [text, at] of /** @type {[string, number][]} */ ([["\u22124", -4], ["\u22122", -2], ["0", 0], ["+2", 2], ["+4", 4]])) {
      const tick = compare.part("span", "", text);
      tick.style.left = positionOf(at);
      axis.append(tick);
    }
    const titles = columns.map((at) => compare.part("span", "lk-differs-number", `${compare.LETTERS[at]} \u2212 ${compare.LETTERS[ref]}`));
    const holder = document.getElementById("differs-head");
    holder.replaceChildren(compare.part("span", "", "\u03c3"), axis, ...titles);
    document.getElementById("compare-side").style.setProperty("--faces", String(columns.length));
  }

  /** @param {Line} row @param {Comparison} compare */
  function line({ name, values, apart }, compare) {
    const row = compare.part("li", "lk-differs-row", "");
    const rail = compare.part("span", "lk-differs-rail", "");
    const known = values.filter((value) => value !== null);
    if (known.length > 1) {
      const span = compare.part("span", "lk-differs-span", "");
      span.style.left = positionOf(Math.min(...known));
      span.style.right = `calc(100% - ${positionOf(Math.max(...known))})`;
      rail.append(span);
    }
    values.forEach((value, at) => {
      if (value === null) return;
      const mark = compare.part("span", "lk-letter", compare.LETTERS[at]);
      mark.dataset.letter = compare.LETTERS[at];
      mark.style.left = positionOf(value);
      mark.title = `${compare.LETTERS[at]}: ${likeness.signed(value)}`;
      const pinned = likenessPins.parseFace(compare.faces[at]).pins.some(([pin]) => pin === name);
      mark.toggleAttribute("data-pinned", pinned);
      rail.append(mark);
    });
    row.append(compare.part("span", "lk-differs-name", likeness.display(name)), rail);
    apart.forEach((each, at) => {
      if (at === compare.reference) return;
      const number = compare.part("span", "lk-differs-number", each === null ? "\u00b7" : Math.abs(each) < 0.005 ? "\u00b7" : likeness.signed(each));
      number.toggleAttribute("data-strong", Math.abs(each ?? 0) >= STRONG);
      row.append(number);
    });
    return row;
  }

  /** @param {number} count @param {number} large @param {string} what @param {string | undefined} sentence */
  function foot(count, large, what, sentence) {
    const folded = count - large;
    const are = folded === 1 ? "is" : "are";
    const told = document.getElementById("differs-folded");
    const words = sentence || !folded ? "" : what === "pins" ? `${folded} more ${are} pinned in no face` : `${folded} more ${are} less than ${SMALL} \u03c3 from the reference`;
    if (told.textContent !== words) told.textContent = words;
    const button = document.getElementById("differs-all");
    button.hidden = Boolean(sentence) || !folded;
    button.textContent = all ? "Show what differs" : `Show all ${count}`;
    const hand = document.getElementById("compare-hand");
    const { compare } = likeness;
    const together = compare.faces.length > 1 && likeness.words.get("sliders") !== "apart";
    hand.textContent = together ? `Face ${compare.LETTERS[compare.active]}; the others move with it` : `Face ${compare.LETTERS[compare.active]} alone`;
  }

  likeness.actions["compare-all"] = () => {
    all = !all;
    draw();
  };
})();

/* Measured scores: a tick below each rail for the score of the picture, when the user pauses. The server computes

   its position on the slider's scale (dashboard/faces/expected.py), in a bar of the expected range. A pinned row whose tick
   is outside its bar gets a warning, and the largest miss suggests remedies. Nothing runs per frame: a change restarts
   a timer and hides the ticks. The scores have an address like the picture (`FACE.scores.json`), so they are computed once
   and then come from the cache. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const REST = 150; // ms without a change

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  let flying = false;
  let marked = false;

  events.addEventListener("likeness:change", () => {
    if (marked) mark(false);
    clearTimeout(resting);
    if (likeness.state.model.measurable) resting = setTimeout(measure, REST);
  });

  events.addEventListener("likeness:open", () => panel()?.toggleAttribute("data-unmeasured", !likeness.state.model.measurable));

  const panel = () => document.getElementById("panel");

  /** @param {boolean} on */
  function mark(on) {
    marked = on;
    panel()?.toggleAttribute("data-measured", on);
  }

  /** Request the scores of the newest face; one request at a time. */
  async function measure() {
    if (flying || !panel()) return;
    flying = true;
    const { model, shown } = likeness.state;
    const { face } = shown;
    await draw(face, model);
    flying = false;
    const now = likeness.state;
    clearTimeout(resting);
    if ((now.model !== model || now.shown.face !== face) && now.model.measurable) resting = setTimeout(measure, REST);
  }

  /** @param {string} face @param {Model} asked */
  async function draw(face, asked) {
    try {
      const answer = await fetch(`${asked.address}${face}.scores.json`);
      if (!answer.ok) return; // the picture queue shows the error
      /** @type {ScoresAnswer} */
      const told = await answer.json();
      if (asked === likeness.state.model && likeness.state.shown.face === face) show(told);
    } catch (error) {
      // No answer: the picture queue shows the error.
    }
  }

  /** @param {ScoresAnswer} told */
  function show({ scores, ticks }) {
    const rows = [...document.querySelectorAll("#panel .lk-row")];
    for (const row of rows) drawRow(row, placed(row.dataset.name, scores, ticks));
    if (ticks) warn(rows.filter((row) => row.hasAttribute("data-apart")), ticks);
    mark(true);
  }

  /** Return the position of a score on its slider: from the model's curves; without them in standard deviations, with no expected range.
   * @param {string} name
   * @param {Record<string, number>} scores
   * @param {ScoresAnswer["ticks"]} ticks
   * @returns {Tick | undefined} */
  function placed(name, scores, ticks) {
    if (ticks) return ticks[name];
    return scores[name] === undefined ? undefined : { at: scores[name], low: null, high: null, outside: false };
  }

  /** @param {Tick} tick @returns {tick is TickAnswer} */
  const isExpected = (tick) => tick.low !== null;

  /** @param {number} value */
  const clamp = (value) => Math.min(4, Math.max(-4, value));

  /** @param {PageElement} row @param {Tick | undefined} tick */
  function drawRow(row, tick) {
    const { state, signed } = likeness;
    const { name, shownName } = row.dataset;
    const apart = Boolean(tick?.outside && state.pins.has(name));
    const expected = Boolean(tick && isExpected(tick));
    row.toggleAttribute("data-read", Boolean(tick));
    row.toggleAttribute("data-expected", expected);
    row.toggleAttribute("data-apart", apart);
    const doubt = row.querySelector(".lk-doubt");
    doubt.tabIndex = apart ? 0 : -1;
    doubt.title = apart && tick && isExpected(tick) ? sentence(shownName, state.value(name), tick) : "";
    if (!tick) return;
    const at = clamp(tick.at);
    row.querySelector(".lk-measured").style.setProperty("--at", at.toFixed(4));
    if (isExpected(tick)) {
      const bar = row.querySelector(".lk-expected");
      bar.style.setProperty("--lo", clamp(tick.low).toFixed(4));
      bar.style.setProperty("--hi", clamp(tick.high).toFixed(4));
    }
    const line = row.querySelector(".lk-apart");
    const value = state.value(name);
    line.style.setProperty("--lo", Math.min(at, value).toFixed(4));
    line.style.setProperty("--hi", Math.max(at, value).toFixed(4));
    const thumb = row.querySelector(".lk-thumb");
    const words = (thumb.getAttribute("aria-valuetext") ?? "").replace(/, measured .*$/, "");
    const range = isExpected(tick) ? `, to expect ${signed(tick.low)} to ${signed(tick.high)}` : "";
    thumb.setAttribute("aria-valuetext", `${words}, measured ${signed(tick.at)}${range}`);
  }

  /** @param {string} shownName @param {number} value @param {TickAnswer} tick */
  function sentence(shownName, value, tick) {
    const { signed } = likeness;
    if (tick.at >= tick.low && tick.at <= tick.high) // where the curve has ended, a coordinate means nothing
      return `${shownName} asked ${signed(value)}, scored ${signed(tick.score)}. To expect: ${signed(tick.least)} to ${signed(tick.most)}.`;
    return `${shownName} asked ${signed(value)}, measured ${signed(tick.at)}. To expect: ${signed(tick.low)} to ${signed(tick.high)}.`;
  }

  /** Show one notice at a time, below the row with the largest miss, with remedies.
   * @param {PageElement[]} rows
   * @param {Record<string, TickAnswer>} ticks */
  function warn(rows, ticks) {
    document.getElementById("apart-notice")?.remove();
    /** @param {PageElement} row */
    const miss = (row) => {
      const { at, low, high } = ticks[row.dataset.name];
      return Math.max(low - at, at - high, 0);
    };
    const row = rows.sort((a, b) => miss(b) - miss(a))[0];
    if (!row) return;
    const { state } = likeness;
    const { name, shownName } = row.dataset;
    const strip = document.createElement("div");
    strip.id = "apart-notice";
    strip.className = "lk-apart-notice";
    strip.setAttribute("role", "status");
    const words = document.createElement("span");
    words.append(strong("The picture does not follow. "), sentence(shownName, state.value(name), ticks[name]));
    strip.append(words, ...remedies(name, shownName));
    row.after(strip);
  }

  /** @param {string} words */
  function strong(words) {
    const element = document.createElement("strong");
    element.textContent = words;
    return element;
  }

  /** Make the remedies: release another pin, pin at the measured value, restore the attribute.
   * @param {string} name
   * @param {string} shownName */
  function remedies(name, shownName) {
    const { state } = likeness;
    const other = [...state.pins.keys()].find((pinned) => pinned !== name);
    return [
      other !== undefined && remedy(`Release ${likeness.display(other)}`, () => state.release(other)),
      Math.abs(state.value(name)) > 0.05 && remedy("Ask for less", () => state.pin(name, state.value(name) / 2, "ease")),
      remedy(`Put ${shownName} back`, () => state.release(name)),
    ].filter((button) => button !== false);
  }

  /** @param {string} words @param {() => void} done */
  function remedy(words, done) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => likeness.gestures.once(done));
    return button;
  }

  events.addEventListener("likeness:change", () => document.getElementById("apart-notice")?.remove());

  likeness.measured = { placed, sentence };
})();

/* Random in ranges: attributes with a range each, the number of matching faces, and one of them
   (pages/generator/attribute_ranges.py).

   The ranges are the word `within` of the address: `Smiling:1:4,Young:-4:-1`. They are written with the drawn face, as one
   step. Matching faces are counted when the user pauses. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const WORD = "within";
  /** @type {Interval} */
  const FIRST = [1, 4]; // initial range of a chosen attribute: above most faces
  const LIMIT = 4;
  const REST = 150; // ms
  const NUMBERS = 2 ** 32;
  const ROOM = "(min-width: 768px)"; // on narrower screens the ranges cover the face

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  let asked = 0;

  const counter = () => document.getElementById("ranges-count");
  /** @param {Map<string, Interval>} ranges */
  const text = (ranges) => [...ranges].map(([name, [low, high]]) => `${name}:${low}:${high}`).join(",");

  /** Return the valid ranges of the address: {name: [low, high]}.
   * @returns {Map<string, Interval>} */
  function ranges() {
    const parts = (likeness.words.get(WORD) || "").split(",").map((part) => part.split(":"));
    const whole = parts.filter(([name, low, high]) => name && isEnd(low) && isEnd(high) && Number(low) < Number(high));
    return new Map(whole.map(([name, low, high]) => [name, /** @type {Interval} */ ([Number(low), Number(high)])]));
  }

  /** @param {string | undefined} end */
  const isEnd = (end) => end !== undefined && end !== "" && Math.abs(Number(end)) <= LIMIT;

  /** @param {Map<string, Interval>} changed */
  function keep(changed) {
    likeness.words.set({ [WORD]: text(changed) });
    clearTimeout(resting);
    resting = setTimeout(count, REST);
  }

  /** Receive the chosen attributes from Dash, and return their rows.
   * @param {string[] | null} names */
  function chooseRanges(names) {
    const before = ranges();
    const chosen = new Map((names || []).map((name) => [name, before.get(name) || FIRST]));
    if (likeness.state?.model) keep(chosen);
    return [...chosen].map(([name, range]) => row(name, range));
  }

  /** @param {string} name @param {Interval} range */
  function row(name, range) {
    const shown = likeness.display(name);
    const head = [element("html", "Span", { children: shown }), element("html", "Span", { children: words(range), className: "lk-ranges-range" })];
    const slider = element("mantine", "RangeSlider", {
      id: { type: "ranges", name }, min: -LIMIT, max: LIMIT, step: 0.1, minRange: 0.1, value: range, label: null, size: 4,
      updatemode: "drag", name, marks: [{ value: 0 }], thumbSize: 14,
      thumbFromLabel: `${shown}, from, in sigma`, thumbToLabel: `${shown}, to, in sigma`,
    });
    return element("html", "Div", { children: [element("html", "Div", { children: head, className: "lk-ranges-head" }), slider], className: "lk-ranges-row", "data-name": name });
  }

  /**
   * @param {"html" | "mantine"} library
   * @param {string} type
   * @param {Record<string, unknown>} props
   * @returns {Component}
   */
  const element = (library, type, props) => ({ namespace: library === "html" ? "dash_html_components" : "dash_mantine_components", type, props });

  /** @param {Interval} range */
  const words = ([low, high]) => {
    if (low <= -LIMIT && high >= LIMIT) return "any";
    if (low <= -LIMIT) return `up to ${likeness.signed(high)} \u03c3`;
    return high >= LIMIT ? `${likeness.signed(low)} \u03c3 and more` : `${likeness.signed(low)} to ${likeness.signed(high)} \u03c3`;
  };

  /** Receive a moved end from Dash: the callback context has every row's id and value. */
  function moveRange() {
    const rows = /** @type {PatternInput<number[]>[]} */ (window.dash_clientside.callback_context.inputs_list[0] || []);
    if (!rows.length || !likeness.state?.model) return "";
    const moved = new Map(rows.map(({ id, value }) => [id.name, /** @type {Interval} */ (value.map((end) => Math.round(end * 10) / 10))]));
    for (const each of document.querySelectorAll("#ranges-rows .lk-ranges-row")) {
      const range = moved.get(each.dataset.name);
      if (range) each.querySelector(".lk-ranges-range").textContent = words(range);
    }
    keep(moved);
    return "";
  }

  /** @param {string} [more] */
  const address = (more = "") => likeness.to(`/find/within.json?model=${encodeURIComponent(likeness.state.model.name)}&within=${text(ranges())}${more}`);

  /** Show how many faces match. */
  async function count() {
    if (!counter()) return;
    const turn = ++asked;
    if (!ranges().size) return tell("Choose attributes, such as Young down and Smiling up.", false);
    /** @type {Reply<RangesAnswer>} */
    const { body, sentence } = await likeness.ask(address());
    if (turn === asked && counter()) sentence ? tell(sentence, false) : tellCount(body);
  }

  /** @param {RangesAnswer} found @returns {{words: string, possible: boolean}} */
  function countText({ matches, of, by, widen }) {
    const found = `${matches.toLocaleString("en")} of ${of.toLocaleString("en")} faces match, by their ${by}.`;
    if (matches || !widen) return { words: found, possible: matches > 0 };
    const way = widen.matches
      ? `widen ${likeness.display(widen.name)}: without it, ${widen.matches.toLocaleString("en")} do.`
      : "widen more than one range.";
    return { words: `0 of ${of.toLocaleString("en")} faces match; ${way}`, possible: false };
  }

  /** @param {RangesAnswer} found */
  function tellCount(found) {
    const { words, possible } = countText(found);
    tell(words, possible);
  }

  /** @param {string} words @param {boolean} possible */
  function tell(words, possible) {
    counter().textContent = words;
    document.getElementById("ranges-draw").setAttribute("aria-disabled", String(!possible));
  }

  /** Show a face in the ranges, and write them to its link. */
  async function draw() {
    const number = Math.floor(Math.random() * NUMBERS);
    const turn = ++asked;
    /** @type {Reply<RangesAnswer>} */
    const { body, sentence } = await likeness.ask(address(`&draw=${number}&now=${encodeURIComponent(likeness.state.base ?? "")}`));
    if (turn !== asked || !counter()) return; // another wish since, or the user has left the page
    if (sentence) return likeness.messages.toast(sentence, "error");
    tellCount(body);
    if (!body.base) return;
    likeness.gestures.endBurst();
    const problem = await likeness.state.go(likenessPins.formatFace(body.base, [], likeness.state.options));
    if (problem) return likeness.messages.toast(problem, "error");
    likeness.state.settle();
    if (!window.matchMedia(ROOM).matches) likeness.setProps("ranges", { opened: false });
  }

  const open = () => likeness.setProps("ranges", { opened: true });

  const clear = () => likeness.setProps("ranges-names", { value: [] });

  /** Show the rows of the ranges of an address or an undo step. */
  events.addEventListener("likeness:words", ({ detail }) => {
    if (!detail.restored || !counter()) return;
    const names = [...ranges().keys()];
    likeness.setProps("ranges-names", { value: names });
  });

  Object.assign((likeness.actions = likeness.actions || {}), { "open-ranges": open, "draw-ranges": draw, "clear-ranges": clear });
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.likeness = Object.assign({}, window.dash_clientside.likeness, { chooseRanges, moveRange });
})();

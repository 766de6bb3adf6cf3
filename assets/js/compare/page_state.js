/* Values of the Compare page's controls, as words of the address beside the faces (comparison.js).

   Words with the default value are left out. */
(function () {
  "use strict";
  const likeness = window.likeness;

  const NUMBERS = ["from", "to", "steps"];
  const CONTROLS = ["view", "what", "sheet", "on", "by", "runs", "people", "layers", ...NUMBERS];
  const RANGES = ["all", "coarse", "middle", "fine"];
  const TYPED = "layers-typed"; // the field of layers by number: the same word as the named ranges

  /** @param {string} name @returns {string} */
  const word = (name) => likeness.words.get(name) ?? plain(name);
  const { isOpen } = likeness.compare;

  /** Return the directions that a sheet moves first: the model's own, or the components of a model without any, or added ones,
   * as dashboard/faces/initial_face.py. Added sliders may be before the components. */
  function moved() {
    const { attributes } = likeness.state.model;
    const names = attributes.map(({ name }) => name);
    const own = names.filter((_, k) => !attributes[k].title);
    const components = names.filter((name) => /^pc~w\.[1-8]$/.test(name)).sort();
    return [own, components, names].find(({ length }) => length) ?? [];
  }

  /** Return the value that an address without the word means.
   * @param {string} name */
  function plain(name) {
    const names = moved();
    /** @type {Record<string, string>} */
    const first = { view: "pictures", what: "coordinates", sheet: "sweep", on: names[0], by: names[1] ?? names[0], from: "-4", to: "4", runs: "both", people: "", layers: "coarse" };
    return name === "steps" ? (word("sheet") === "grid" ? "5" : "9") : first[name];
  }

  /** @param {string} name */
  function showWord(name) {
    const value = word(name);
    if (name === "layers") return showLayers(value);
    likeness.setProps({ type: "compare-word", name }, { value: NUMBERS.includes(name) ? Number(value) : value });
  }

  /** @param {string} value */
  function showLayers(value) {
    if (!document.querySelector(".lk-compare-layers")) return; // a model without layers
    const named = RANGES.includes(value);
    likeness.setProps({ type: "compare-word", name: "layers" }, { value: named ? value : "" });
    likeness.setProps({ type: "compare-word", name: TYPED }, { value: named ? "" : value });
  }

  /** Take the values of the controls from Dash; those that the user has just set become words of the address. */
  function takeWords() {
    if (!isOpen()) return "early"; // they already have the values of the address
    /** @type {Record<string, string | number | boolean | null>} */
    const changes = {};
    for (const { prop_id: id, value } of window.dash_clientside.callback_context.triggered) {
      const control = JSON.parse(id.slice(0, id.lastIndexOf("."))).name;
      const name = control === TYPED ? "layers" : control;
      if (name === "layers" && !value) {
        if (control === TYPED && !RANGES.includes(word(name))) showWord(name);
        continue; // otherwise the other control has the value
      }
      if (value === null || (value === "" && NUMBERS.includes(name))) showWord(name); // an empty field keeps its previous value
      else if (String(value) !== String(word(name))) changes[name] = String(value) === String(plain(name)) ? null : value;
    }
    if ("sheet" in changes) changes.steps = null; // each kind has its own value
    say(changes);
    if ("sheet" in changes) showWord("steps");
    if ("layers" in changes) showWord("layers");
    return window.dash_clientside.no_update;
  }

  /** @param {Record<string, string | number | boolean | null>} changes */
  function say(changes) {
    const changed = likeness.words.set(changes);
    likeness.compare.send(); // first, since the user is waiting for the sheet
    if (changed) likeness.state.settle();
  }

  // Handle Enter in the seeds field here: Dash would report the same value later.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !isOpen() || !event.target.closest?.(".lk-compare-people")) return;
    event.stopPropagation();
    say({ people: event.target.value });
  }, true);

  // Update Dash afterwards; without the update it could not reset the value.
  likeness.events.addEventListener("likeness:sheet", () => showWord("people"));

  /** @param {boolean[]} checked */
  function together([checked]) {
    if (isOpen() && likeness.words.set({ sliders: checked ? null : "apart" })) likeness.state.settle();
    return String(checked);
  }

  /** @param {string} value */
  function tab(value) {
    document.getElementById("compare-side")?.setAttribute("data-tab", value);
    return value;
  }

  likeness.events.addEventListener("likeness:words", ({ detail }) => {
    if (!detail.restored || !isOpen()) return;
    for (const name of CONTROLS) showWord(name);
    likeness.setProps({ type: "compare-switch", name: "together" }, { checked: !likeness.compare.apart() });
  });

  likeness.compare.word = word;
  Object.assign(window.dash_clientside.compare, { word: takeWords, together, tab });
})();

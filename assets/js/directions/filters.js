/* Filters of a tab of the Directions page: keeps the fields and the address parameters (query_parameters.js) in sync. The
   store `filters` names the fields: {word: [id, default value]}. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  /** @type {Record<string, [string, string]>} */
  let fields = {};
  /** @type {Record<string, string>} */
  let current = {};
  let quiet = 0; // undo or redo has just set the fields: their values are not another step

  /** When a page opens, the server has rendered the valid parameters: report the invalid one. */
  function checkWords() {
    const wrong = Object.keys(current).find((word) => document.getElementById(fields[word][0]) && ![null, current[word]].includes(likeness.words.get(word)));
    if (wrong) likeness.messages.toast(`Expected a value of ${wrong} that can be chosen here. Received: ${likeness.words.get(wrong)}. Choose another.`, "error");
  }

  /** Receive the values of the fields from Dash, in the order of the store, and the store.
   * @param {...(string | number | null | Record<string, [string, string]>)} values */
  function takeView(...values) {
    fields = /** @type {Record<string, [string, string]>} */ (values.pop() || {});
    if (quiet > 0) {
      quiet -= 1;
      return "quiet";
    }
    current = Object.fromEntries(Object.keys(fields).map((word, place) => [word, String(values[place] ?? "")]));
    if (!likeness.words || !likeness.state.shown) return "early";
    const words = Object.entries(fields).map(([word, [, plain]], place) => [word, values[place] === plain ? null : values[place]]);
    if (likeness.words.set(Object.fromEntries(words))) likeness.state.settle();
    return "told";
  }

  events.addEventListener("likeness:words", ({ detail }) => {
    if (detail.opened) return checkWords();
    const here = Object.entries(fields).filter(([, [id]]) => document.getElementById(id));
    if (!detail.restored || !here.length) return;
    quiet = 1;
    setTimeout(() => (quiet = 0), 400);
    for (const [word, [id, plain]] of here) likeness.setProps(id, { value: likeness.words.get(word) ?? plain });
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.filters = { view: takeView };
})();

/* Words of the address besides the face and its model: what a page shows, and what is selected.

   A page sets them (`set`); history.js writes them with the next step, and restores them with an earlier one (`restore`).
   This script sends `likeness:words` when they have changed; `restored` says that they came from a step, `opened` that a
   page starts with them, which the server has already read. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const OF_FACE = /^(face|model)$/;
  const GLOBAL = ["sel"]; // parameters that links to other pages keep

  /** @type {Map<string, string>} */
  let words = new Map();

  /** @param {boolean} restored @param {boolean} [opened] */
  const sendChanged = (restored, opened = false) => likeness.send("likeness:words", { restored, opened });

  /** Read the words of an address's query, without those of the face.
   * @param {string} search */
  function read(search) {
    return new Map([...new URLSearchParams(search)].filter(([name]) => !OF_FACE.test(name)));
  }

  /** Start with the parameters that the page was opened with. */
  function open() {
    words = read(window.location.search);
    sendChanged(true, true);
  }

  /** Change some parameters; null removes one. The caller that ends a gesture calls state.settle.
   * @param {Record<string, string | number | boolean | null | undefined>} changes
   * @returns {boolean} */
  function set(changes) {
    const before = text();
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") words.delete(name);
      else words.set(name, String(value));
    }
    if (text() !== before) sendChanged(false);
    return text() !== before;
  }

  const PLAIN = /%(2C|3A|3B|3D)/g; // , : ; = have no meaning in a query value, and face strings contain many

  /** Write words as in an address, sorted, so that equal words give equal addresses.
   * @param {string[]} [names]
   * @param {Map<string, string>} [from]
   * @returns {string} */
  function text(names = [...words.keys()], from = words) {
    return names
      .filter((name) => from.has(name))
      .sort()
      .map((name) => `${name}=${encodeURIComponent(from.get(name) ?? "").replace(PLAIN, decodeURIComponent)}`)
      .join("&");
  }

  /** Write the words of an address's query in the same form.
   * @param {string} search
   * @returns {string} */
  function textOf(search) {
    const found = read(search);
    return text([...found.keys()], found);
  }

  /** Show the words of a step.
   * @param {string} kept */
  function restore(kept) {
    if (kept === text()) return;
    words = read(kept);
    sendChanged(true);
  }

  likeness.words = {
    open, set, text, textOf, restore,
    get: (name) => words.get(name) ?? null,
    /** Return the parameters that links to another page keep. */
    travelling: () => text(GLOBAL),
  };
})();

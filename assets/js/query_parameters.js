/* What an address says besides the face and its model: what a page looks at, and what is selected.

   Words are kept as strings by name. A page sets them (`set`), history.js writes them with the next step and gives them
   back when a step is taken again (`restore`). On `likeness.events` this script sends
     likeness:words      detail {restored}: the words have changed; restored when they came from a step, not from a hand */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const events = (likeness.events = likeness.events || new EventTarget());

  const OF_FACE = /^(face|model)$/;
  const GLOBAL = ["sel"]; // what goes along to the other pages

  let words = new Map();

  const send = (restored) => events.dispatchEvent(new CustomEvent("likeness:words", { detail: { restored } }));

  /** The words of an address's query, the face's own left out. */
  function read(search) {
    return new Map([...new URLSearchParams(search)].filter(([name]) => !OF_FACE.test(name)));
  }

  /** Begin with the words that the page was opened with. */
  function open() {
    words = read(window.location.search);
    send(true);
  }

  /** Change some words; null takes one away. Whoever ends a gesture calls state.settle. */
  function set(changes) {
    const before = text();
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") words.delete(name);
      else words.set(name, String(value));
    }
    if (text() !== before) send(false);
    return text() !== before;
  }

  const PLAIN = /%(2C|3A|3B|3D)/g; // , : ; = mean nothing in a word of a query, and faces are full of them

  /** As they stand in an address: sorted, so that the same words are the same address. */
  function text(names = [...words.keys()], from = words) {
    return names
      .filter((name) => from.has(name))
      .sort()
      .map((name) => `${name}=${encodeURIComponent(from.get(name)).replace(PLAIN, decodeURIComponent)}`)
      .join("&");
  }

  /** The same of an address's query. */
  function textOf(search) {
    const found = read(search);
    return text([...found.keys()], found);
  }

  /** Show the words of a step. */
  function restore(kept) {
    if (kept === text()) return;
    words = read(kept);
    send(true);
  }

  likeness.words = {
    open, set, text, textOf, restore,
    get: (name) => words.get(name) ?? null,
    /** What goes along to another page. */
    travelling: () => text(GLOBAL),
  };
})();

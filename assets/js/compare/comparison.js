/* The compared faces: their list, the chosen face, and the reference.

   The chosen face is the one of state.js, so that sliders, steps and address work as on other pages. The others are in the
   word `faces`: face strings separated by "!", with "*" for the chosen one. Other words of the page: ref, view, what,
   sliders and those of the sheet; words with the default value are left out. positions.js computes the coordinates,
   page_state.js handles the controls. This script sends `likeness:compared` when the faces, or how they are shown, have
   changed. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const MOST = 6;
  const LETTERS = "ABCDEF";
  const KEPT = "likeness-compare"; // sessionStorage key of this tab's comparison, including faces added on other pages
  const LONGEST = 3900; // a request line holds 4,094 bytes
  const MOVED = 2; // sigma, of "one attribute different"

  /** @type {string[]} */
  let faces = [];
  let active = 0;
  /** @type {number | null} */
  let choosing = null; // the position that is about to be selected
  /** @type {Map<string, number>} */
  let before = new Map(); // pins of the chosen face when last seen
  /** @type {Map<string, string>} */
  let layersBefore = new Map();

  const isHere = () => document.getElementById("compare") !== null;
  const isOpen = () => isHere() && faces.length > 0;
  const apart = () => likeness.words.get("sliders") === "apart";
  const reference = () => Math.max(0, Math.min(faces.length - 1, LETTERS.indexOf(likeness.words.get("ref") || "A")));
  const send = () => likeness.send("likeness:compared", null);
  /** @param {string} face */
  const parse = (face) => likenessPins.parseFace(face);

  // Opening ----------------------------------------------------------------------------------------------------------

  /** @param {PageOpening} data */
  async function open(data) {
    faces = [];
    await window.dash_clientside.likeness.open(data);
    read();
    if (likeness.words.get("faces") === null) takeRemembered();
    remind();
    send();
    return "true";
  }

  /** Continue with the comparison of this tab where the address has none. */
  function takeRemembered() {
    const kept = remembered();
    if (kept.length === 0 || kept.join() === faces.join()) return;
    const here = kept.indexOf(faces[0]);
    faces = here >= 0 ? kept : [...kept, faces[0]].slice(-MOST);
    active = here >= 0 ? here : faces.length - 1;
    write();
    likeness.history.amend();
  }

  function read() {
    const listed = (likeness.words.get("faces") || "*").split("!").slice(0, MOST);
    const now = likeness.state.face();
    if (!listed.includes("*")) listed.length < MOST ? listed.push("*") : (listed[MOST - 1] = "*");
    active = listed.indexOf("*");
    faces = listed.map((text) => (text === "*" ? now : text)).filter(isFace);
    active = Math.min(active, faces.length - 1);
  }

  /** @param {string} text */
  function isFace(text) {
    try {
      return Boolean(parse(text));
    } catch (error) {
      likeness.messages.toast(`A face of this link is broken. ${/** @type {Error} */ (error).message}`, "error");
      return false;
    }
  }

  /** @returns {string[]} */
  function remembered() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
      return kept && kept.model === likeness.state.model.name ? kept.faces.slice(0, MOST) : [];
    } catch (error) {
      return []; // no storage, or an invalid value
    }
  }

  /** @param {string[]} list */
  function remember(list) {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ model: likeness.state.model.name, faces: list }));
    } catch (error) {
      // The address still has it.
    }
  }

  // Changes ----------------------------------------------------------------------------------------------------------

  function write() {
    const others = faces.map((face, place) => (place === active ? "*" : face));
    likeness.words.set({ faces: faces.length > 1 ? others.join("!") : null });
    remember(faces);
  }

  /** Set the list of faces, as one undo step.
   * @param {string[]} list
   * @param {number} [chosen]
   * @param {number} [ref] */
  function change(list, chosen = active, ref = reference()) {
    const next = Math.max(0, Math.min(chosen, list.length - 1));
    const then = () => {
      faces = list.slice(0, MOST);
      active = next;
      likeness.words.set({ ref: ref ? LETTERS[Math.min(ref, faces.length - 1)] : null });
      write();
      likeness.state.settle();
      send();
      if (likeness.history.query().length > LONGEST) {
        likeness.messages.toast("This comparison is too long for a link. Release some pins, or remove a face.", "error");
      }
    };
    if (list[next] === likeness.state.face()) return then();
    return goTo(list[next], next).then((done) => done && then());
  }

  /** @param {string} face @param {number} place */
  async function goTo(face, place) {
    choosing = place;
    const sentence = await likeness.state.go(face);
    choosing = null;
    if (sentence) likeness.messages.toast(sentence, "error");
    return !sentence;
  }

  /** Select the face that the sliders move. It is not an undo step: only the selection changes.
   * @param {number} place */
  async function choose(place) {
    if (place === active || !faces[place]) return;
    if (await goTo(faces[place], place)) {
      active = place;
      write();
      send();
    }
  }

  events.addEventListener("likeness:change", ({ detail }) => {
    if (!isOpen()) return;
    const place = choosing ?? active;
    faces[place] = likeness.state.face();
    if (detail.motion !== "step" && choosing === null && !apart() && faces.length > 1) moveOthers();
    remind();
    if (choosing === null) write();
    send();
  });

  /** Keep the pins and layers of the chosen face, to see what changes next. */
  function remind() {
    before = new Map(likeness.state.pins);
    layersBefore = likenessPins.layersOf(likeness.state.options);
  }

  /** Move the sliders together: apply the change of the chosen face's pins and layers to all faces. */
  function moveOthers() {
    const now = likeness.state.pins;
    const layers = likenessPins.layersOf(likeness.state.options);
    const moved = [...now].filter(([name, value]) => before.get(name) !== value);
    const released = [...before.keys()].filter((name) => !now.has(name));
    const placed = [...new Set([...layersBefore.keys(), ...layers.keys()])].filter((name) => layersBefore.get(name) !== layers.get(name));
    if (!moved.length && !released.length && !placed.length) return;
    faces = faces.map((face, place) => {
      if (place === active) return face;
      const { base, pins, options } = parse(face);
      const kept = new Map(pins);
      for (const name of released) kept.delete(name);
      for (const [name, value] of moved) kept.set(name, value);
      const ranges = likenessPins.layersOf(options);
      for (const name of placed) ranges.set(name, layers.get(name) ?? "all");
      return likenessPins.formatFace(base, [...kept], placed.length ? { ...options, layers: likenessPins.writtenLayers(ranges) } : options);
    });
  }

  events.addEventListener("likeness:words", ({ detail }) => {
    if (!detail.restored || !isOpen()) return;
    choosing = null;
    read();
    remember(faces);
    send();
  });

  /** Return "Seed 4217", or the text of the base.
   * @param {string} face */
  function nameOf(face) {
    const { base } = parse(face);
    return /^[0-9.]+$/.test(base) ? `Seed ${base}` : base;
  }

  // Button actions ----------------------------------------------------------------------------------------------

  /** @param {PageElement} element */
  const cardIndex = (element) => Number(element.closest(".lk-compare-card").dataset.index);
  const seed = () => String(Math.floor(Math.random() * 1_000_000));

  /** @param {string} face @param {string} [told] */
  function more(face, told) {
    if (faces.length >= MOST) return likeness.messages.toast("Six faces are compared already. Remove one first.", "error");
    change([...faces, face], faces.length);
    if (told) likeness.messages.toast(told, "good");
  }

  /** Add a face from any page: to the comparison on the page, or to the one stored for this tab.
   * @param {string} face */
  function add(face) {
    if (isOpen()) return more(face);
    const kept = remembered();
    if (kept.includes(face)) return likeness.messages.toast("This face is in the comparison already.", "good");
    if (kept.length >= MOST) return likeness.messages.toast("Six faces are compared already. Remove one on the Compare page.", "error");
    remember([...kept, face]);
    const count = kept.length + 1;
    likeness.messages.toast(`Added to compare: ${count} ${count === 1 ? "face" : "faces"}`, "good");
  }

  /** Add the reference with one attribute moved by 2 sigma towards 0: the first in which no face differs. */
  function attribute() {
    const from = faces[reference()];
    const { base, pins, options } = parse(from);
    const own = new Map(pins);
    const taken = new Set(faces.flatMap((face) => parse(face).pins.filter(([name, at]) => own.get(name) !== at).map(([name]) => name)));
    const place = likeness.state.model.attributes.findIndex(({ name }) => !taken.has(name) && !own.has(name));
    const found = likeness.compare.stand(from);
    if (place < 0 || !found?.s) return likeness.messages.toast("No attribute is left to change. Release a pin first.", "error");
    const { name } = likeness.state.model.attributes[place];
    const value = Math.round((found.s[place] + (found.s[place] > 0 ? -MOVED : MOVED)) * 20) / 20;
    more(likenessPins.formatFace(base, [...own, /** @type {Pin} */ ([name, value])], options));
  }

  /** @param {number} place */
  function remove(place) {
    if (faces.length < 2) return likeness.messages.toast("At least one face must stay.", "error");
    const ref = reference();
    const chosen = place < active || active === faces.length - 1 ? active - 1 : active;
    change(faces.filter((_, at) => at !== place), place === active ? Math.min(active, faces.length - 2) : chosen, place < ref ? ref - 1 : place === ref ? 0 : ref);
    likeness.messages.toast(`Face ${LETTERS[place]} removed. Undo brings it back (${likeness.keys.hint("undo")}).`, "good");
  }

  /** Move a face to another position; the selected face and the reference stay the same faces.
   * @param {number} from
   * @param {number} to */
  function move(from, to) {
    if (from === to || !faces[to]) return;
    const order = faces.map((_, at) => at);
    order.splice(to, 0, ...order.splice(from, 1));
    take(order);
  }

  /** @param {number} place */
  function swap(place) {
    const ref = reference();
    const order = faces.map((_, at) => (at === place ? ref : at === ref ? place : at));
    // The letter of the reference stays: the face that is swapped with it becomes the reference.
    faces = order.map((at) => faces[at]);
    active = order.indexOf(active);
    finish();
  }

  /** @param {number[]} order */
  function take(order) {
    const ref = order.indexOf(reference());
    faces = order.map((at) => faces[at]);
    active = order.indexOf(active);
    likeness.words.set({ ref: ref ? LETTERS[ref] : null });
    finish();
  }

  function finish() {
    write();
    likeness.state.settle();
    send();
  }

  /** @type {Actions} */
  const actions = {
    "compare-add": () => add(likeness.state.face()),
    "compare-new": () => more(likenessPins.formatFace(seed(), [], likeness.state.options)),
    "compare-attribute": attribute,
    "compare-person": () => {
      const { pins, options } = parse(faces[reference()]);
      more(likenessPins.formatFace(seed(), pins, options));
    },
    "compare-choose": (element) => choose(cardIndex(element)),
    "compare-duplicate": (element) => more(faces[cardIndex(element)]),
    "compare-remove": (element) => remove(cardIndex(element)),
    "compare-swap": (element) => swap(cardIndex(element)),
    "compare-reference": (element) => {
      const place = cardIndex(element);
      likeness.words.set({ ref: place ? LETTERS[place] : null });
      finish();
    },
    "compare-open": (element) => window.location.assign(likeness.to(`/?${likeness.state.query(faces[cardIndex(element)])}`)),
  };
  Object.assign(likeness.actions, actions);

  // The other scripts of this folder add their functions to it.
  likeness.compare = /** @type {Comparison} */ ({
    add, move, choose, nameOf, isOpen, apart, send, LETTERS,
    get faces() { return faces; },
    get active() { return active; },
    get reference() { return reference(); },
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.compare = { open, wipe: (/** @type {number[]} */ values) => likeness.compare.wipe(values) };
})();

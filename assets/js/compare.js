/* The compared faces: which they are, which of them is chosen, and which the others are measured against.

   The chosen face is the state's own (state.js), so that sliders, steps and address work as everywhere. The others stand
   in the word `faces`: face strings with "!" between them, and "*" where the chosen one stands. Further words of the page:
   ref, view, what, sliders and the sheet's; a word that says what a first visit has is left out.
   On `likeness.events` this script sends
     likeness:compared     the faces, or how they are shown, have changed                                              */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const events = likeness.events;

  const MOST = 6;
  const LETTERS = "ABCDEF";
  const KEPT = "likeness-compare"; // the tab remembers its comparison, and what other pages added to it
  const LONGEST = 3900; // a request line holds 4,094 bytes
  const MOVED = 2; // sigma, of "one attribute different"
  const KEPT_BASES = 200;
  const NUMBERS = ["from", "to", "steps"];
  const CONTROLS = ["view", "what", "sheet", "on", "by", "runs", "people", ...NUMBERS];

  let faces = [];
  let active = 0;
  let choosing = null; // the place that is about to be chosen
  let before = new Map(); // pins of the chosen face when last seen
  let origins = new Map();
  let asked = new Set();
  let unknown = new Map(); // sentences, by directions that nobody knows here

  const isHere = () => document.getElementById("compare") !== null;
  const isOpen = () => isHere() && faces.length > 0;
  const word = (name) => likeness.words.get(name) ?? plain(name);
  const apart = () => likeness.words.get("sliders") === "apart";
  const reference = () => Math.max(0, Math.min(faces.length - 1, LETTERS.indexOf(likeness.words.get("ref") || "A")));
  const send = () => events.dispatchEvent(new CustomEvent("likeness:compared"));
  const parse = (face) => likenessPins.parseFace(face);

  // Opening ----------------------------------------------------------------------------------------------------------

  async function open(data) {
    faces = [];
    origins = new Map();
    unknown = new Map();
    await window.dash_clientside.likeness.open(data);
    read();
    if (likeness.words.get("faces") === null) takeRemembered();
    before = new Map(likeness.state.pins);
    send();
    return "true";
  }

  /** An address without a comparison goes on with the one that this tab has. */
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

  function isFace(text) {
    try {
      return Boolean(parse(text));
    } catch (error) {
      likeness.messages.toast(`A face of this link is broken. ${error.message}`, "error");
      return false;
    }
  }

  function remembered() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
      return kept && kept.model === likeness.state.model.name ? kept.faces.slice(0, MOST) : [];
    } catch (error) {
      return []; // no storage, or not ours
    }
  }

  function remember(list) {
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ model: likeness.state.model.name, faces: list }));
    } catch (error) {
      // The address has it all the same.
    }
  }

  // Changes ----------------------------------------------------------------------------------------------------------

  function write() {
    const others = faces.map((face, place) => (place === active ? "*" : face));
    likeness.words.set({ faces: faces.length > 1 ? others.join("!") : null });
    remember(faces);
  }

  /** Take a list of faces, as one step. */
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

  async function goTo(face, place) {
    choosing = place;
    const sentence = await likeness.state.go(face);
    choosing = null;
    if (sentence) likeness.messages.toast(sentence, "error");
    return !sentence;
  }

  /** Choose the face that the sliders move. It is no step: nothing on the page has changed but where the hand is. */
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
    before = new Map(likeness.state.pins);
    if (choosing === null) write();
    send();
  });

  /** Sliders that move together: what the hand did to the chosen face's pins is done to all. */
  function moveOthers() {
    const now = likeness.state.pins;
    const moved = [...now].filter(([name, value]) => before.get(name) !== value);
    const released = [...before.keys()].filter((name) => !now.has(name));
    if (!moved.length && !released.length) return;
    faces = faces.map((face, place) => {
      if (place === active) return face;
      const { base, pins } = parse(face);
      const kept = new Map(pins);
      for (const name of released) kept.delete(name);
      for (const [name, value] of moved) kept.set(name, value);
      return likenessPins.formatFace(base, [...kept]);
    });
  }

  events.addEventListener("likeness:words", ({ detail }) => {
    if (!detail.restored || !isOpen()) return;
    choosing = null;
    read();
    remember(faces);
    for (const name of CONTROLS) showWord(name);
    window.dash_clientside.set_props({ type: "compare-switch", name: "together" }, { checked: !apart() });
    send();
  });

  // Where faces stand ------------------------------------------------------------------------------------------------

  /** {s, feasible, pins: names} of a face; null while its base is being asked for. */
  function stand(face) {
    const { base, pins } = parse(face);
    const { model } = likeness.state;
    const origin = base === likeness.state.base ? likeness.state.origin : origins.get(base);
    if (!origin) return ask(base), null;
    if (origin.sentence) return { s: null, feasible: false, sentence: origin.sentence };
    const places = pins.map(([name]) => model.attributes.findIndex((each) => each.name === name));
    const strange = pins.map(([name]) => name).filter((_, at) => places[at] < 0);
    if (strange.length) return learn(strange);
    const found = likenessPins.coordinates(model, origin, places, pins.map(([, value]) => value));
    if (found.feasible) return found;
    const names = found.pins.map((place) => likeness.display(model.attributes[place].name));
    return { ...found, sentence: `These pins cannot hold together: ${names.join(", ")}. Release one of them.` };
  }

  async function ask(base) {
    if (asked.has(base)) return;
    asked.add(base);
    const { model } = likeness.state;
    const beyond = model.attributes.filter(({ title }) => title).map(({ name }) => name);
    const { body, sentence } = await likeness.ask(`${model.address}${encodeURIComponent(`1:${base}`)}.json?with=${beyond.join(",")}`);
    asked.delete(base);
    if (model !== likeness.state.model) return;
    if (body?.base_coordinates && body.base_coordinates.length !== model.gram.length) return ask(base); // one more by now
    if (origins.size >= KEPT_BASES) origins.delete(origins.keys().next().value);
    origins.set(base, sentence ? { sentence } : { coordinates: body.base_coordinates, norm2: body.norm2 });
    send();
  }

  /** Get to know the directions beyond the model's own that a face pins; null until they are known. */
  function learn(names) {
    const wrong = names.find((name) => unknown.has(name));
    if (wrong) return { s: null, feasible: false, sentence: unknown.get(wrong) };
    for (const name of names.filter((each) => !asked.has(each))) {
      asked.add(name);
      likeness.state.know([name]).then((sentence) => {
        asked.delete(name);
        if (sentence) unknown.set(name, sentence);
        send();
      });
    }
    return null;
  }

  // What is known of the bases is one coordinate short now.
  events.addEventListener("likeness:directions", () => origins.clear());

  /** "Seed 4217", or the base as it is written. */
  function nameOf(face) {
    const { base } = parse(face);
    return /^[0-9.]+$/.test(base) ? `Seed ${base}` : base;
  }

  // What the buttons do ----------------------------------------------------------------------------------------------

  const placeOf = (element) => Number(element.closest(".lk-compare-card").dataset.place);
  const seed = () => String(Math.floor(Math.random() * 1_000_000));

  function more(face, told) {
    if (faces.length >= MOST) return likeness.messages.toast("Six faces are compared already. Remove one first.", "error");
    change([...faces, face], faces.length);
    if (told) likeness.messages.toast(told, "good");
  }

  /** Add a face from any page: to the comparison on the page, or to the one that this tab keeps until it is opened. */
  function add(face) {
    if (isOpen()) return more(face);
    const kept = remembered();
    if (kept.includes(face)) return likeness.messages.toast("This face is in the comparison already.", "good");
    if (kept.length >= MOST) return likeness.messages.toast("Six faces are compared already. Remove one on the Compare page.", "error");
    remember([...kept, face]);
    const count = kept.length + 1;
    likeness.messages.toast(`Added to compare: ${count} ${count === 1 ? "face" : "faces"}`, "good");
  }

  /** The reference again, with the first attribute that no face here differs in moved by 2 sigma, towards 0. */
  function attribute() {
    const from = faces[reference()];
    const { base, pins } = parse(from);
    const own = new Map(pins);
    const taken = new Set(faces.flatMap((face) => parse(face).pins.filter(([name, at]) => own.get(name) !== at).map(([name]) => name)));
    const place = likeness.state.model.attributes.findIndex(({ name }) => !taken.has(name) && !own.has(name));
    const found = stand(from);
    if (place < 0 || !found?.s) return likeness.messages.toast("No attribute is left to change. Release a pin first.", "error");
    const { name } = likeness.state.model.attributes[place];
    const value = Math.round((found.s[place] + (found.s[place] > 0 ? -MOVED : MOVED)) * 20) / 20;
    more(likenessPins.formatFace(base, [...own, [name, value]]));
  }

  function remove(place) {
    if (faces.length < 2) return likeness.messages.toast("One face has to stay.", "error");
    const ref = reference();
    const chosen = place < active || active === faces.length - 1 ? active - 1 : active;
    change(faces.filter((_, at) => at !== place), place === active ? Math.min(active, faces.length - 2) : chosen, place < ref ? ref - 1 : place === ref ? 0 : ref);
    likeness.messages.toast(`Face ${LETTERS[place]} removed. Undo brings it back (Ctrl Z).`, "good");
  }

  /** Move a face to another place; the chosen one and the reference stay the faces that they are. */
  function move(from, to) {
    if (from === to || !faces[to]) return;
    const order = faces.map((_, at) => at);
    order.splice(to, 0, ...order.splice(from, 1));
    take(order);
  }

  function swap(place) {
    const ref = reference();
    const order = faces.map((_, at) => (at === place ? ref : at === ref ? place : at));
    // The letter of the reference stays: whoever is swapped with it becomes it.
    faces = order.map((at) => faces[at]);
    active = order.indexOf(active);
    finish();
  }

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

  Object.assign(likeness.actions, {
    "compare-add": () => add(likeness.state.face()),
    "compare-new": () => more(likenessPins.formatFace(seed(), [])),
    "compare-attribute": attribute,
    "compare-person": () => more(likenessPins.formatFace(seed(), parse(faces[reference()]).pins)),
    "compare-choose": (element) => choose(placeOf(element)),
    "compare-duplicate": (element) => more(faces[placeOf(element)]),
    "compare-remove": (element) => remove(placeOf(element)),
    "compare-swap": (element) => swap(placeOf(element)),
    "compare-reference": (element) => {
      const place = placeOf(element);
      likeness.words.set({ ref: place ? LETTERS[place] : null });
      finish();
    },
    "compare-open": (element) => window.location.assign(`/?${likeness.state.query(faces[placeOf(element)])}`),
  });

  // What Dash's controls stand at ------------------------------------------------------------------------------------

  /** What an address without the word means. */
  function plain(name) {
    const names = likeness.state.model.attributes.map((each) => each.name);
    if (name === "steps") return word("sheet") === "grid" ? 5 : 9;
    return { view: "pictures", what: "coordinates", sheet: "sweep", on: names[0], by: names[1] ?? names[0], from: -4, to: 4, runs: "both", people: "" }[name];
  }

  function showWord(name) {
    const value = word(name);
    window.dash_clientside.set_props({ type: "compare-word", name }, { value: NUMBERS.includes(name) ? Number(value) : value });
  }

  /** Called by Dash with the controls' values: those that a hand has just set become words. */
  function takeWords() {
    if (!isOpen()) return "early"; // they stand at what the address says
    const changes = {};
    for (const { prop_id: id, value } of window.dash_clientside.callback_context.triggered) {
      const { name } = JSON.parse(id.slice(0, id.lastIndexOf(".")));
      if (value === null || (value === "" && NUMBERS.includes(name))) showWord(name); // an emptied field means what it was
      else if (String(value) !== String(word(name))) changes[name] = String(value) === String(plain(name)) ? null : value;
    }
    if ("sheet" in changes) changes.steps = null; // each kind has its own
    say(changes);
    if ("sheet" in changes) showWord("steps");
    return window.dash_clientside.no_update;
  }

  function say(changes) {
    const changed = likeness.words.set(changes);
    send(); // first of all: somebody waits for the sheet
    if (changed) likeness.state.settle();
  }

  // Enter in the field of people is taken here: Dash, which would say the same a little later, hears of it when the field is left.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !isOpen() || !event.target.closest?.(".lk-compare-people")) return;
    event.stopPropagation();
    say({ people: event.target.value });
  }, true);

  function together([checked]) {
    if (isOpen() && likeness.words.set({ sliders: checked ? null : "apart" })) likeness.state.settle();
    return String(checked);
  }

  function tab(value) {
    document.getElementById("compare-side")?.setAttribute("data-tab", value);
    return value;
  }

  function problem(sentence) {
    if (sentence) likeness.messages.toast(sentence, "error");
    return String(Boolean(sentence));
  }

  likeness.compare = {
    add, move, choose, stand, nameOf, word, isOpen, LETTERS,
    get faces() { return faces; },
    get active() { return active; },
    get reference() { return reference(); },
  };

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.compare = { open, word: takeWords, together, tab, problem, wipe: (values) => likeness.compare.wipe(values) };
})();

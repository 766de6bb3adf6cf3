/* Coordinates of the compared faces, computed here once their bases and directions are known. */
(function () {
  "use strict";
  const likeness = window.likeness;
  const { events } = likeness;

  const KEPT_BASES = 200;

  /** @type {Model} */
  let of; // the model that the cached values belong to
  /** A base, or the error message. @typedef {Base & {sentence?: undefined} | {sentence: string}} KnownOrigin */
  /** @type {Map<string, KnownOrigin>} */
  let origins = new Map();
  /** @type {Set<string>} */
  let asked = new Set();
  /** @type {Map<string, string>} */
  let unknown = new Map(); // error messages, by unknown direction

  /** @param {string} face */
  const parse = (face) => likenessPins.parseFace(face);

  /** Return the model of the page; clear the cache of another model. */
  function current() {
    if (of !== likeness.state.model) {
      of = likeness.state.model;
      origins = new Map();
      asked = new Set();
      unknown = new Map();
    }
    return of;
  }

  /** Return {s, feasible, pins: names} of a face; null while its base is requested.
   * @param {string} face
   * @returns {Standing | null} */
  function stand(face) {
    const { base, pins } = parse(face);
    const model = current();
    /** @type {KnownOrigin | undefined} */
    const origin = base === likeness.state.base ? likeness.state.origin : origins.get(base);
    if (!origin) return ask(base), null;
    if (origin.sentence !== undefined) return { s: null, feasible: false, sentence: origin.sentence };
    const places = pins.map(([name]) => model.attributes.findIndex((each) => each.name === name));
    const strange = pins.map(([name]) => name).filter((_, at) => places[at] < 0);
    if (strange.length) return learn(strange);
    const found = likenessPins.coordinates(model, origin, places, pins.map(([, value]) => value));
    if (found.feasible) return found;
    const names = found.pins.map((place) => likeness.display(model.attributes[place].name));
    return { ...found, sentence: `These pins contradict each other: ${names.join(", ")}. Release one of them.` };
  }

  /** @param {string} base @returns {Promise<void>} */
  async function ask(base) {
    if (asked.has(base)) return;
    asked.add(base);
    const model = current();
    const beyond = model.attributes.filter(({ title }) => title).map(({ name }) => name);
    /** @type {Reply<FaceAnswer>} */
    const { body, sentence } = await likeness.ask(`${model.address}${encodeURIComponent(`1:${base}`)}.json?with=${beyond.join(",")}`);
    asked.delete(base);
    if (model !== likeness.state.model) return;
    if (body?.base_coordinates && body.base_coordinates.length !== model.gram.length) return ask(base); // another one has been loaded in the meantime
    if (origins.size >= KEPT_BASES) origins.delete([...origins.keys()][0]);
    origins.set(base, sentence ? { sentence } : { coordinates: body.base_coordinates, norm2: body.norm2 });
    likeness.compare.send();
  }

  /** Load the extra directions that a face pins; null until they are loaded.
   * @param {string[]} names
   * @returns {Standing | null} */
  function learn(names) {
    const wrong = names.find((name) => unknown.has(name));
    if (wrong !== undefined) return { s: null, feasible: false, sentence: unknown.get(wrong) };
    for (const name of names.filter((each) => !asked.has(each))) {
      asked.add(name);
      likeness.state.know([name]).then((sentence) => {
        asked.delete(name);
        if (sentence) unknown.set(name, sentence);
        likeness.compare.send();
      });
    }
    return null;
  }

  // The cached bases lack the new coordinate.
  events.addEventListener("likeness:directions", () => origins.clear());

  likeness.compare.stand = stand;
})();

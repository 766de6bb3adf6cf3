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
    const { base, pins, options } = parse(face);
    const model = current();
    const key = likenessPins.originFace(base, options);
    const here = key === likenessPins.originFace(likeness.state.base ?? "", likeness.state.options);
    /** @type {KnownOrigin | undefined} */
    const origin = here ? likeness.state.origin : origins.get(key);
    if (!origin) return ask(key), null;
    if (origin.sentence !== undefined) return { s: null, feasible: false, sentence: origin.sentence };
    const places = pins.map(([name]) => model.attributes.findIndex((each) => each.name === name));
    const strange = pins.map(([name]) => name).filter((_, at) => places[at] < 0);
    if (strange.length) return learn(strange);
    const found = likenessPins.coordinates(likenessPins.layered(model, options), origin, places, pins.map(([, value]) => value));
    if (found.feasible) return found;
    const names = found.pins.map((place) => likeness.display(model.attributes[place].name));
    return { ...found, sentence: `These pins contradict each other: ${names.join(", ")}. Release one of them.` };
  }

  /** Load the coordinates of a base.
   * @param {string} key the face of the base alone, with its label
   * @returns {Promise<void>} */
  async function ask(key) {
    if (asked.has(key)) return;
    asked.add(key);
    const model = current();
    const beyond = model.attributes.filter(({ title }) => title).map(({ name }) => name);
    /** @type {Reply<FaceAnswer>} */
    const { body, sentence } = await likeness.ask(`${model.address}${encodeURIComponent(key)}.json?with=${beyond.join(",")}`);
    asked.delete(key);
    if (model !== likeness.state.model) return;
    if (body?.base_coordinates && body.base_coordinates.length !== model.gram.length) return ask(key); // another one has been loaded in the meantime
    if (origins.size >= KEPT_BASES) origins.delete([...origins.keys()][0]);
    origins.set(key, sentence ? { sentence } : { coordinates: body.base_coordinates, norm2: body.norm2 });
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

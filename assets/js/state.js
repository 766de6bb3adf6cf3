/* State of the face on the page: a base, pins, and the coordinate on every direction.

   Other scripts listen: sliders.js draws, picture_queue.js fetches the picture, history.js stores the steps. This script sends
     likeness:change     the face has changed; motion: "drag" follows the hand, "ease" is a jump, "step" another face
     likeness:settle     a gesture has ended
     likeness:open       a page has begun with a face
     likeness:directions another extra direction is known (added_directions.js)
     likeness:problem    something is wrong with the face; without a sentence, it is over

   The browser computes coordinates (pins.js) from the Gram matrix of the directions, the base's coordinates and its squared
   length, so that no slider waits for the server. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const KEPT_BASES = 200;
  const STEP = 0.05;
  const LIMIT = 4;
  const NONE = /** @type {Shown} */ (/** @type {unknown} */ (null)); // before a page has begun with a face

  /** @type {Model} */
  let model;
  /** @type {string} */
  let defaultModel; // name of the model that an address without one means
  /** @type {Map<string, number>} */
  let places = new Map();
  /** @type {Map<string, string>} */
  let titles = new Map(); // of directions beyond the model's own
  /** @type {Map<string, Origin>} */
  let origins = new Map();
  /** @type {Origin} */
  let origin;
  /** @type {Map<string, number>} */
  let pins = new Map();
  /** @type {Options} */
  let options = {}; // how the face is drawn
  /** @type {Shown} */
  let shown = NONE; // the last feasible state
  /** @type {Map<string, number> | null} */
  let held = null; // the pins, while the face is shown without them
  /** @type {string[]} */
  let blamed = []; // names of the pins that contradict each other
  let asking = 0;

  const { send } = likeness;

  /** Return the index of a direction among the coordinates; -1 for an unknown one.
   * @param {string} name */
  const columnOf = (name) => places.get(name) ?? -1;

  /** Return the key of a loaded base: the base, with its label where it has one.
   * @param {string} base @param {Options} drawn */
  const keyOf = (base, drawn) => likenessPins.originFace(base, drawn);

  /** Set the model and the face that the page opened with (dashboard/faces/initial_face.py).
   * @param {Opening} data */
  function open(data) {
    asking += 1; // a face that was requested before comes too late
    model = data.model;
    defaultModel = data.default_model;
    places = new Map(model.attributes.map((attribute, place) => [attribute.name, place]));
    titles = new Map(model.attributes.flatMap(({ name, title }) => (title ? [[name, title]] : [])));
    origins = new Map();
    shown = NONE;
    keep(data.start);
    const asked = likenessPins.parseFace(data.asked);
    options = asked.options;
    origin = /** @type {Origin} */ (origins.values().next().value);
    held = null;
    pins = new Map(asked.pins);
    if (!solve()) shown = { face: data.start.face, coordinates: Float64Array.from(data.start.coordinates) };
    send("likeness:change", { motion: "ease" });
    const problem = data.problem;
    send("likeness:problem", { kind: problem && problem.pins.length ? "pins" : "link", ...(problem || { sentence: null }) });
    send("likeness:open", null);
  }

  /** Load extra directions. Returns an error message or null.
   * @param {string[]} names
   * @returns {Promise<Sentence>} */
  async function know(names) {
    for (const name of names) {
      if (places.has(name)) continue;
      const asking = model;
      /** @param {string} [text] */
      const query = `?base=${encodeURIComponent(origin.base)}&label=${options.label ?? ""}&with=${extras().join(",")}`;
      /** @type {Reply<DirectionAnswer>} */
      const { sentence, body } = await likeness.ask(`${model.address}directions/${encodeURIComponent(name)}.json${query}`);
      if (sentence) return sentence;
      if (asking !== model || places.has(name)) continue; // another page has been opened, or it was requested twice
      if (body.gram.length !== model.gram.length + 1 || body.base !== origin.base) return know(names);
      extend(body);
    }
    return null;
  }

  /** Return the names of the extra directions, in the order of the Gram matrix. */
  const extras = () => model.attributes.filter(({ title }) => title).map(({ name }) => name);

  /** @param {DirectionAnswer} told */
  function extend({ attribute, gram, spare, coordinate }) {
    const place = model.gram.length;
    titles.set(attribute.name, attribute.title ?? attribute.name);
    places.set(attribute.name, place);
    model.attributes.push(attribute);
    model.gram.forEach((row, k) => row.push(gram[k]));
    model.gram.push(gram);
    model.spare.push(spare);
    origin.coordinates = Float64Array.from([...origin.coordinates, coordinate]);
    origins = new Map([[keyOf(origin.base, options), origin]]); // the cached bases lack the new coordinate
    if (!solve()) shown = { face: shown.face, coordinates: Float64Array.from([...shown.coordinates, coordinate]) };
    send("likeness:directions", { attribute, place });
  }

  /** Store the coordinates of a base, as `.json` addresses return them.
   * @param {FaceAnswer} told */
  function keep(told) {
    if (origins.size >= KEPT_BASES) origins.delete([...origins.keys()][0]);
    origins.set(keyOf(told.base, likenessPins.parseFace(told.face).options), {
      base: told.base,
      coordinates: Float64Array.from(told.base_coordinates),
      norm2: told.norm2,
    });
  }

  /** Return the input of pins.js: the model, the base, and the pins sorted by name as in a face.
   * @returns {Problem} */
  function problem() {
    const sorted = [...pins].sort(([a], [b]) => (a < b ? -1 : 1));
    return [likenessPins.layered(model, options), origin, sorted.map(([name]) => columnOf(name)), sorted.map(([, at]) => at)];
  }

  /** Compute the coordinates of the face; false if the pins contradict one another. */
  function solve() {
    const found = likenessPins.coordinates(...problem());
    blamed = found.pins.map((place) => model.attributes[place].name);
    if (found.feasible) shown = { face: face(), coordinates: found.s };
    return found.feasible;
  }

  /** @param {Motion} motion */
  function changed(motion) {
    if (solve()) send("likeness:problem", { kind: "pins", sentence: null });
    send("likeness:change", { motion });
  }

  /** Return the canonical string of the requested face. */
  function face() {
    return likenessPins.formatFace(origin.base, [...pins], options);
  }

  /** Return the query of an address: the face, and the model where it is not the default. */
  const query = (text = face()) => `face=${text}${model.name === defaultModel ? "" : `&model=${model.name}`}`;

  /** Return whether the query of an address means the model on the page.
   * @param {string} search */
  const isOurs = (search) => (new URLSearchParams(search).get("model") || defaultModel) === model.name;

  /** Return whether the pins are feasible. */
  const feasible = () => shown !== NONE && shown.face === face();

  /** Pin one attribute; values are clipped to -4 and 4, and rounded to four decimals.
   * @param {string} name
   * @param {number} value
   * @param {Motion} motion */
  function pin(name, value, motion) {
    const kept = Math.round(Math.min(LIMIT, Math.max(-LIMIT, value)) * 1e4) / 1e4;
    if (!places.has(name) || pins.get(name) === kept) return;
    pins.set(name, kept);
    changed(motion);
  }

  /** @param {string} name */
  function release(name) {
    if (pins.delete(name)) changed("ease");
  }

  function releaseAll() {
    if (!pins.size && !options.layers) return;
    pins.clear();
    options = { ...options };
    delete options.layers;
    changed("ease");
  }

  /** Show the face without its pins, or with them again. Not an undo step: nothing is settled.
   * @param {boolean} on */
  function withoutPins(on) {
    if (on === (held !== null)) return;
    const kept = held ?? pins;
    held = on ? pins : null;
    pins = on ? new Map() : kept;
    changed("ease");
  }

  /** Return the coordinate of an attribute, pinned or not.
   * @param {string} name
   * @returns {number} */
  function value(name) {
    return pins.get(name) ?? shown.coordinates[columnOf(name)];
  }

  /** @param {string} name */
  const seedValue = (name) => origin.coordinates[columnOf(name)];

  /** Return the next value on the slider's grid, `steps` of 0.05 away.
   * @param {string} name
   * @param {number} steps */
  function stepped(name, steps) {
    const now = value(name) / STEP;
    const onGrid = steps > 0 ? Math.floor(now + 1e-6) : Math.ceil(now - 1e-6);
    return (onGrid + steps) * STEP;
  }

  /** Return the interval in which each attribute could be pinned while the other pins hold; null where there is none. */
  const reaches = () => likenessPins.ranges(...problem());

  /** Return where every coordinate would go per +1 of one attribute while the other pins hold; null if that cannot be computed.
   * @param {string} name */
  const lean = (name) => (shown && feasible() ? likenessPins.lean(...problem(), columnOf(name)) : null);

  /** Explain the drift of an attribute: "Smiling +1.19, Eyeglasses +0.06"; empty where it has not drifted.
   * @param {string} name */
  function because(name) {
    if (!feasible() || pins.has(name)) return "";
    const { parts } = likenessPins.drift(...problem(), columnOf(name));
    return parts
      .filter(({ amount }) => Math.abs(amount) >= 0.005)
      .map(({ index, amount }) => `${likeness.display(model.attributes[index].name)} ${likeness.signed(amount)}`)
      .join(", ");
  }

  /** Change the base and keep the pins. Returns an error message or null.
   * @param {string} text */
  async function rebase(text) {
    return restore(text, pins, options, "base");
  }

  /** Show a face string. Returns an error message or null.
   * @param {string} text */
  async function go(text) {
    const read = likenessPins.parseFace(text);
    return restore(read.base, new Map(read.pins), read.options, "step");
  }

  /** Change how the face is drawn; base and pins stay. Returns an error message or null.
   * @param {Options} changes texts by option; one that changes nothing is dropped
   * @param {Motion} [motion] */
  async function draw(changes, motion = "ease") {
    /** @type {Options} */
    let asked;
    try {
      asked = likenessPins.canonicalOptions({ ...options, ...changes });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    if (asked.label !== options.label) return restore(origin.base, pins, asked, motion);
    options = asked;
    changed(motion);
    return null;
  }

  /** @param {string} base @param {Map<string, number>} kept @param {Options} drawn @param {Motion} motion @returns {Promise<Sentence>} */
  async function restore(base, kept, drawn, motion) {
    const turn = ++asking;
    const unknown = await know([...kept.keys()]);
    if (turn !== asking) return null;
    if (unknown) return unknown;
    if (!origins.has(keyOf(base, drawn))) {
      /** @type {Reply<FaceAnswer>} */
      const answer = await likeness.ask(model.address + encodeURIComponent(keyOf(base, drawn)) + `.json?with=${extras().join(",")}`);
      if (turn !== asking) return null; // a newer face has been requested
      if (answer.sentence) return answer.sentence;
      if (answer.body.base_coordinates.length !== model.gram.length) return restore(base, kept, drawn, motion); // another one has been loaded in the meantime
      keep(answer.body);
      base = answer.body.base;
    }
    origin = /** @type {Origin} */ (origins.get(keyOf(base, drawn)));
    pins = new Map(kept);
    options = drawn;
    held = null;
    changed(motion);
    return null;
  }

  /** End a gesture. For contradicting pins, show the server's error message. */
  async function settle() {
    const asked = face();
    send("likeness:settle", { face: asked });
    if (feasible()) return;
    const { sentence } = await likeness.ask(model.address + encodeURIComponent(asked) + ".json");
    if (sentence && asked === face()) send("likeness:problem", { kind: "pins", sentence, pins: blamed });
  }

  /** Describe the face in words, as dashboard/faces/describe.py does. */
  function inWords() {
    const base = /^[0-9.]+$/.test(origin.base) ? `seed ${origin.base}` : demo(origin.base) || origin.base;
    const told = [...pins].sort().map((pin) => pinWords(pin, options));
    return [told.length ? `Face of ${base} with ${told.join(", ")}` : `Face of ${base}`, ...optionWords(options)].join(", ");
  }

  /** Describe a pin in words: "Smiling +2.00 in coarse layers".
   * @param {Pin} pin @param {Options} drawn */
  function pinWords([name, at], drawn) {
    const layers = likenessPins.layersOf(drawn).get(name);
    const words = layers && (/^[a-z]/.test(layers) ? ` in ${layers} layers` : ` in layer${layers.includes("-") ? "s" : ""} ${layers.replace("-", " to ")}`);
    return `${likeness.display(name)} ${likeness.signed(at)}${words ?? ""}`;
  }

  /** Describe options in words, as dashboard/faces/option_grammar.py does.
   * @param {Options} drawn */
  function optionWords({ label, psi, cutoff, noise, translate, rotate }) {
    return [
      label && `label ${label}`,
      psi && `psi ${psi}${cutoff ? ` up to row ${cutoff}` : ""}`,
      noise && `noise ${noise}`,
      translate && `translated by ${translate.replace(",", ", ")}`,
      rotate && `rotated by ${rotate}\u00b0`,
    ].filter((words) => words !== undefined);
  }

  /** Describe a base of the demo in words; null for other bases.
   * @param {string} base */
  function demo(base) {
    const found = /^demo\(([^()]*)\)$/.exec(base);
    return found && (found[1] ? `the demo with ${likeness.display(found[1]).replaceAll("=", " ").replaceAll(",", ", ")}` : "the demo");
  }

  /** @param {string} name */
  const NO_BODY = /** @type {never} */ (/** @type {unknown} */ ({})); // with an error message there is no body

  likeness.display = (name) => titles.get(name) ?? name.replaceAll("_", " ");

  /** Format a coordinate for the screen: always a sign, true minus, two decimals unless told.
   * @param {number} number @param {number} [decimals] */
  likeness.signed = function (number, decimals = 2) {
    const text = Math.abs(number).toFixed(decimals);
    return (number < 0 && Number(text) !== 0 ? "\u2212" : "+") + text;
  };

  /** Request JSON from the server: {body} or {sentence, body}; without an answer, {sentence}. */
  likeness.ask = async function (address, options = {}) {
    try {
      const response = await fetch(address, options);
      const body = await response.json();
      return response.ok ? { body } : { body, sentence: body.error };
    } catch (error) {
      return { sentence: "The server does not answer. The face has not changed. Try again in a moment.", body: NO_BODY };
    }
  };

  likeness.state = {
    withoutPins, open, face, feasible, pin, release, releaseAll, value, seedValue, stepped, reaches, lean, because, rebase, go, know, settle, inWords,
    query, isOurs, draw, optionWords, pinWords,
    get model() { return model; },
    get base() { return origin && origin.base; },
    get origin() { return origin; },
    get pins() { return pins; },
    get options() { return options; },
    get heldPins() { return held; },
    get shown() { return shown; },
  };
})();

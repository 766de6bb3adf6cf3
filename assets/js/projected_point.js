/* Position of the face on the page in an analysis, while its sliders move and without requests.

   A page provides, for each of K numbers that are linear in the latent (y = offset + m . z):
     offset    K
     gram      K rows of F: m . d_k, the inner products with the directions
     spare     K: m . (the vector that replaces a base without a remainder)
     address   answers ?base=... with {base, values: m . z0} for another base, and ?direction=... with {values: m . d} for an
               extra direction
   The algebra of coordinates (pins.js) then gives y for any pins: the K numbers are rows below those of the directions, and
   pins.js computes all rows from the Gram matrix. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const KEPT = 100;

  /** Follow the position described by `given`; `changed` is called when the position of a new base has been loaded.
   * @param {Projection} given
   * @param {() => void} changed
   * @returns {Follower} */
  function follow(given, changed) {
    const known = new Map([[given.base, given.values]]);
    /** @type {Set<string>} */
    const asked = new Set();

    /** @type {Map<string, number[] | null>} */
    const columns = new Map(); // K numbers of each extra direction

    /** Return the Gram rows for all current directions of the model; null if one has not been loaded yet.
     * @param {Model} model */
    function gram(model) {
      const extras = model.attributes.slice(given.gram[0]?.length ?? 0).map(({ name }) => name);
      for (const { name, channel } of model.attributes) if (channel) columns.set(name, given.gram.map(() => 0)); // moves no latent
      extras.filter((name) => !columns.has(name)).forEach(askDirection);
      if (!extras.every((name) => columns.get(name))) return null;
      return given.gram.map((row, k) => [...row, ...extras.map((name) => /** @type {number[]} */ (columns.get(name))[k])]);
    }

    /** @param {string} name */
    async function askDirection(name) {
      columns.set(name, null);
      const { body } = await likeness.ask(`${given.address}&direction=${encodeURIComponent(name)}`);
      if (!body.values) return;
      columns.set(name, body.values);
      changed();
    }

    /** @param {string} base */
    function values(base) {
      if (known.has(base)) return known.get(base);
      if (!asked.has(base)) ask(base);
      return null;
    }

    /** @param {string} base */
    async function ask(base) {
      asked.add(base);
      const { body } = await likeness.ask(`${given.address}&base=${encodeURIComponent(base)}`);
      asked.delete(base);
      if (!body.values) return;
      if (known.size >= KEPT) known.delete([...known.keys()][0]);
      known.set(base, body.values);
      changed();
    }

    /** Return the K numbers of the base with these pins ([[name, value], ...]); null if they have not been loaded yet.
     * @param {Iterable<Pin>} pins */
    function at(pins) {
      const { model, origin } = likeness.state;
      const own = values(origin.base);
      const rows = gram(model);
      if (!own || !rows) return null;
      const places = new Map(model.attributes.map(({ name }, place) => [name, place]));
      const sorted = [...pins].sort(([a], [b]) => (a < b ? -1 : 1));
      const longer = { ...model, gram: [...model.gram, ...rows], spare: [...model.spare, ...given.spare] };
      const base = { coordinates: [...origin.coordinates, ...own], norm2: origin.norm2 };
      const found = likenessPins.coordinates(likenessPins.layered(longer, likeness.state.options), base, sorted.map(([name]) => places.get(name) ?? -1), sorted.map(([, value]) => value));
      return found.feasible ? Array.from(found.s.subarray(model.gram.length), (y, k) => y + given.offset[k]) : null;
    }

    /** Return points on the path from the base to the face, from the state alone.
     * @param {number} steps */
    function path(steps) {
      const pins = [...likeness.state.pins];
      /** @type {number[][]} */
      const way = [];
      for (let step = 0; step <= steps; step += 1) {
        const share = step / steps;
        const part = pins.map(([name, value]) => {
          const from = likeness.state.seedValue(name);
          return /** @type {Pin} */ ([name, from + share * (value - from)]);
        });
        const found = at(part);
        if (found) way.push(found);
      }
      return way;
    }

    return { at: () => at(likeness.state.pins), path };
  }

  likeness.projectedPoint = { follow };
})();

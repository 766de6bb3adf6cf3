/* Pins in the browser: computes the coordinates of the face while a slider moves, without requests.
 *
 * The same algebra as dashboard/analysis/pins.py and feasibility.py (the tests compare them), from
 *   model as in /model.json; it uses gram (G: F x F inner products of the directions), latent_size, normalised,
 *           and spare (F coordinates of the vector that stands in for a base without a remainder)
 *           and, of each of its attributes, channel: a style channel is read from the face, but its pin does not move it
 *   base    {coordinates, norm2}: the base's F coordinates and its squared length, as in a face's .json
 *   idx     indices of the pinned attributes, and values, their coordinates
 * No DOM, no dependencies, nothing is kept between calls. Formulae: docs/faces.md. Below, L is the squared length of
 * the sphere that latents lie on, the latent size; null for a model that does not normalise its latents.
 */
(function (root) {
  "use strict";

  const DEPENDENT = 1e-3; // singular value below which pinned directions count as dependent
  const CONSISTENT = 0.025; // how far dependent pins may miss their values: half a slider step
  const NO_DIRECTION = 1e-4; // share of a base's length below which its remainder is rounding
  const SHORTEST = 1e-6; // root mean square below which a latent counts as zero
  const PARTS = 10000; // numbers in a face are whole counts of 1/10,000
  const MAX_LENGTH = 1000;
  const MAX_VALUE = 4;
  const LEAN_STEP = 0.05; // a slider's step
  /** How a face is drawn, in the order of its string, and what changes nothing: dashboard/faces/option_grammar.py; then the
   * layers of attributes: attribute_layers.py. */
  const OPTIONS = { label: "", psi: "1", cutoff: "", noise: "const", translate: "0,0", rotate: "0", layers: "" };
  const LIMITS = { psi: 4, translate: 1, rotate: 360 };
  const MAX_COUNT = 8192;
  const MAX_NOISE_SEED = 2 ** 32 - 1;

  /** @param {Numbers} a @param {Numbers} b */
  const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
  /** @param {Matrix} matrix @param {Numbers} vector */
  const times = (matrix, vector) => matrix.map((row) => dot(row, vector));
  /** @param {Matrix} matrix @param {number[]} rows @param {number[]} columns */
  const part = (matrix, rows, columns) => rows.map((i) => columns.map((j) => matrix[i][j]));
  /** @param {Numbers} vector @param {number[]} idx */
  const pick = (vector, idx) => idx.map((i) => vector[i]);
  /** @param {Pick<Model, "normalised" | "latent_size">} model */
  const sphere = (model) => (model.normalised ? model.latent_size : null);

  /** Return whether direction k is a style channel: a pin sets its style, and leaves the latent as it is.
   * @param {{attributes?: Attribute[]}} model @param {number} k */
  const isChannel = ({ attributes }, k) => Boolean(attributes?.[k]?.channel);

  /** Return the pins that move the latent.
   * @param {{attributes?: Attribute[]}} model
   * @param {number[]} idx
   * @param {number[]} values
   * @returns {[idx: number[], values: number[]]} */
  function moving(model, idx, values) {
    const kept = idx.map((_, i) => i).filter((i) => !isChannel(model, idx[i]));
    return [pick(idx, kept), pick(values, kept)];
  }

  /** Return the styles that pins set, and the first two pins that set one to different values.
   * @param {{attributes?: Attribute[]}} model
   * @param {number[]} idx
   * @param {number[]} values */
  function pinnedStyles({ attributes }, idx, values) {
    /** @type {Map<string, number>} */
    const styles = new Map();
    for (const [i, k] of idx.entries()) {
      const channel = attributes?.[k]?.channel;
      if (!channel) continue;
      const other = styles.get(channel.style);
      if (other !== undefined && other !== channel.sign * values[i]) {
        return { styles, pins: [idx.find((j) => attributes?.[j]?.channel?.style === channel.style) ?? k, k] };
      }
      styles.set(channel.style, channel.sign * values[i]);
    }
    return { styles, pins: [] };
  }

  /** Compute eigenvalues and vectors of a small symmetric matrix by Jacobi rotations; vectors[i][k] is entry i of vector k.
   * @param {number[][]} symmetric
   * @returns {{values: number[], vectors: Float64Array[]}} */
  function eigen(symmetric) {
    const n = symmetric.length;
    const a = symmetric.map((row) => Float64Array.from(row));
    const vectors = a.map((_, i) => Float64Array.from(a, (_, j) => (i === j ? 1 : 0)));
    for (let sweep = 0; sweep < 50; sweep++) {
      let off = 0;
      for (let p = 0; p < n; p++) for (let q = 0; q < p; q++) off += a[p][q] * a[p][q];
      if (off < 1e-28) break;
      for (let p = 0; p < n - 1; p++) {
        for (let q = p + 1; q < n; q++) {
          if (a[p][q] === 0) continue;
          const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
          const tan = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
          const cos = 1 / Math.sqrt(tan * tan + 1);
          const sin = tan * cos;
          for (const rows of [a, vectors]) {
            for (const row of rows) {
              const x = row[p];
              row[p] = cos * x - sin * row[q];
              row[q] = sin * x + cos * row[q];
            }
          }
          for (let j = 0; j < n; j++) {
            const x = a[p][j];
            a[p][j] = cos * x - sin * a[q][j];
            a[q][j] = sin * x + cos * a[q][j];
          }
        }
      }
    }
    return { values: a.map((row, i) => row[i]), vectors };
  }

  /** Compute the pseudo-inverse of a Gram matrix, the projection onto what its pins cannot reach, and its rank.
   * @param {number[][]} gram
   * @returns {{inverse: number[][], lost: number[][], rank: number}} */
  function spanOf(gram) {
    const { values, vectors } = eigen(gram);
    const kept = values.map((value) => value >= DEPENDENT * DEPENDENT);
    /** @param {(k: number) => number} weight */
    const sum = (weight) =>
      vectors.map((u) => vectors.map((v) => values.reduce((total, _, k) => total + weight(k) * u[k] * v[k], 0)));
    return {
      inverse: sum((k) => (kept[k] ? 1 / values[k] : 0)),
      lost: sum((k) => (kept[k] ? 0 : 1)),
      rank: kept.filter(Boolean).length,
    };
  }

  /** @param {number[][]} gram @param {number[]} values @param {number | null} L */
  function isFeasible(gram, values, L) {
    const span = spanOf(gram);
    if (times(span.lost, values).some((miss) => Math.abs(miss) > CONSISTENT)) return false;
    if (L === null) return true;
    const p2 = dot(values, times(span.inverse, values));
    return p2 <= L * (1 + 1e-9) && (span.rank < L || p2 >= L * (1 - 1e-6));
  }

  /** Compute [lowest, highest] value of attribute k while the other pins hold, not clipped to the slider; null if there is none.
   * @param {Model} model
   * @param {Base} base
   * @param {number[]} idx
   * @param {number[]} values
   * @param {number} k
   * @returns {Interval | null} */
  function range(model, base, idx, values, k) {
    if (isChannel(model, k)) return [-Infinity, Infinity];
    [idx, values] = moving(model, idx, values);
    if (model.reach2 === null || model.reach2 === undefined) return rangeOn(model.gram, sphere(model), idx, values, k);
    const chosen = [...idx.filter((i) => i !== k), k];
    const s0 = pick(base.coordinates, chosen);
    const rest = base.norm2 - dot(s0, times(spanOf(part(model.gram, chosen, chosen)).inverse, s0)); // stays
    return rangeOn(model.gram, Math.max(model.reach2, base.norm2) - rest, idx, values, k, false);
  }

  /**
   * @param {number[][]} G
   * @param {number | null} L
   * @param {number[]} idx
   * @param {number[]} values
   * @param {number} k
   * @param {boolean} [onSphere] whether |p|^2 may not exceed L because latents lie on that sphere, not within it
   * @returns {Interval | null}
   */
  function rangeOn(G, L, idx, values, k, onSphere = true) {
    const others = idx.map((_, i) => i).filter((i) => idx[i] !== k);
    const chosen = [...pick(idx, others), k];
    const fixed = [...pick(values, others), 0];
    const { inverse, lost, rank } = spanOf(part(G, chosen, chosen));
    const last = others.length;
    let low = -Infinity;
    let high = Infinity;
    if (L !== null) {
      // |p|^2 = a x^2 + 2 b x + c is at most L between its roots.
      const a = inverse[last][last];
      const b = dot(inverse[last], fixed);
      const c = dot(fixed, times(inverse, fixed));
      const root2 = b * b - a * (c - L);
      if (root2 < 0 || (a === 0 && c > L) || (onSphere && rank >= L)) return null;
      if (a > 0) [low, high] = [(-b - Math.sqrt(root2)) / a, (-b + Math.sqrt(root2)) / a];
    }
    for (let i = 0; i <= last; i++) {
      const slope = lost[i][last];
      const offset = dot(lost[i], fixed);
      if (Math.abs(slope) > 1e-9) {
        const ends = [(-CONSISTENT - offset) / slope, (CONSISTENT - offset) / slope];
        low = Math.max(low, Math.min(...ends));
        high = Math.min(high, Math.max(...ends));
      } else if (Math.abs(offset) > CONSISTENT) {
        return null;
      }
    }
    return low <= high ? [low, high] : null;
  }

  /** Compute `range` of every attribute, F of them, from one decomposition where no directions are nearly dependent.
   * @param {Model} model
   * @param {Base} base
   * @param {number[]} idx
   * @param {number[]} values
   * @returns {(Interval | null)[]} */
  function ranges(model, base, idx, values) {
    [idx, values] = moving(model, idx, values);
    const G = model.gram;
    const L = sphere(model);
    const { inverse, rank } = spanOf(part(G, idx, idx));
    const trace = inverse.reduce((sum, row, i) => sum + row[i], 0);
    const alpha = times(inverse, values);
    const reach = model.reach2 === null || model.reach2 === undefined ? Infinity : Math.max(model.reach2, base.norm2);
    const held = pick(base.coordinates, idx);
    const rest = base.norm2 - dot(held, times(inverse, held)); // of the base outside the pins
    const used = dot(values, alpha);
    return G.map((row, k) => {
      if (isChannel(model, k)) return [-Infinity, Infinity];
      const place = idx.indexOf(k);
      const across = times(inverse, pick(row, idx));
      // The part of attribute k outside the span of the pins; from it, the trace of the inverse with k included.
      const own = place < 0 ? row[k] - dot(pick(row, idx), across) : 1 / inverse[place][place];
      const widened = place < 0 ? trace + (1 + dot(across, across)) / own : trace;
      const safe = rank === idx.length && own > 0 && widened * DEPENDENT * DEPENDENT < 0.5;
      if (!safe || (L !== null && rank + 1 >= L)) return range(model, base, idx, values, k);
      const outside = place < 0 ? rest - (base.coordinates[k] - dot(across, held)) ** 2 / own : rest;
      const room = (L === null ? reach - outside : L) - used;
      const centre = place < 0 ? dot(across, values) : values[place] - alpha[place] * own;
      const width2 = own * (place < 0 ? room : room + alpha[place] ** 2 * own);
      return width2 < 0 ? null : [centre - Math.sqrt(width2), centre + Math.sqrt(width2)];
    });
  }

  /** Find the pins that contradict each other, and the limit of the one that must move least.
   * @param {number[][]} G
   * @param {number | null} L
   * @param {number[]} idx
   * @param {number[]} values */
  function contradiction(G, L, idx, values) {
    let core = idx.map((_, i) => i);
    for (const pin of core.slice()) {
      const rest = core.filter((other) => other !== pin);
      const chosen = pick(idx, rest);
      if (!isFeasible(part(G, chosen, chosen), pick(values, rest), L)) core = rest;
    }
    /** @type {{pins: number[], limitOf: number | null, limit: number | null}} */
    const found = { pins: pick(idx, core), limitOf: null, limit: null };
    let least = Infinity;
    for (const held of [idx.map((_, i) => i), core]) {
      for (const pin of core) {
        const span = rangeOn(G, L, pick(idx, held), pick(values, held), idx[pin]);
        if (span === null) continue;
        const limit = (values[pin] > span[1] ? Math.floor(span[1] * PARTS) : Math.ceil(span[0] * PARTS)) / PARTS;
        if (Math.abs(values[pin] - limit) < least - 2e-4) {
          least = Math.abs(values[pin] - limit);
          found.limitOf = idx[pin];
          found.limit = limit;
        }
      }
      if (found.limitOf !== null) break;
    }
    return found;
  }

  /** Scale the base's coordinates as the generator sees them: to the sphere |z|^2 = L, if there is one.
   * @param {Base} base
   * @param {number | null} L */
  function onSphere({ coordinates, norm2 }, L) {
    const scale = L !== null && norm2 > L * SHORTEST * SHORTEST ? Math.sqrt(L / norm2) : 1;
    return { s: Array.from(coordinates, (x) => x * scale), norm2: norm2 * scale * scale };
  }

  /** Compute the part of a vector {s, norm2} outside the pinned directions, and beta, the removed amount of each.
   * @param {number[][]} G
   * @param {{s: number[], norm2: number}} vector
   * @param {number[]} idx
   * @param {number[][]} inverse */
  function remainder(G, vector, idx, inverse) {
    const chosen = pick(vector.s, idx);
    const beta = times(inverse, chosen);
    return { beta, s: vector.s.map((x, k) => x - dot(pick(G[k], idx), beta)), norm2: vector.norm2 - dot(chosen, beta) };
  }

  /** Solve for feasible pins: s, and alpha - beta, how far each pin has moved the face along its own direction.
   * @param {Pick<Model, "gram" | "spare" | "normalised" | "latent_size">} model
   * @param {{s: number[], norm2: number}} start
   * @param {number[]} idx
   * @param {number[]} values */
  function solve(model, start, idx, values) {
    const G = model.gram;
    const L = sphere(model);
    const { inverse } = spanOf(part(G, idx, idx));
    const alpha = times(inverse, values);
    const own = remainder(G, start, idx, inverse);
    let r = own;
    let scale = 1;
    if (L !== null) {
      if (r.norm2 <= NO_DIRECTION ** 2 * Math.max(start.norm2, SHORTEST ** 2)) {
        r = remainder(G, { s: model.spare, norm2: L }, idx, inverse);
      }
      scale = Math.sqrt(Math.max(L - dot(values, alpha), 0) / Math.max(r.norm2, SHORTEST ** 2));
    }
    return {
      s: Float64Array.from(G, (row, k) => dot(pick(row, idx), alpha) + scale * r.s[k]),
      moved: alpha.map((x, i) => x - own.beta[i]),
    };
  }

  /** Compute all coordinates of the face with these pins.
   * {s: Float64Array, feasible: true, limit: null, limitOf: null, pins: []}; or, if no latent has them, s null,
   * feasible false, pins the indices that contradict each other, limitOf the one that must move least and limit
   * its nearest feasible value. Give the pins sorted by name, as a face has them, to have the server's own answer.
   * @param {Pick<Model, "gram" | "spare" | "normalised" | "latent_size"> & {attributes?: Attribute[]}} model
   * @param {Base} base
   * @param {number[]} idx
   * @param {number[]} values
   * @returns {Solution} */
  function coordinates(model, base, idx, values) {
    const { styles, pins: apart } = pinnedStyles(model, idx, values);
    if (apart.length) return { s: null, feasible: false, limit: null, limitOf: null, pins: apart };
    [idx, values] = moving(model, idx, values);
    const G = model.gram;
    const L = sphere(model);
    const start = onSphere(base, L);
    /** @type {{feasible: true, limit: null, limitOf: null, pins: number[]}} */
    const good = { feasible: true, limit: null, limitOf: null, pins: [] };
    if (idx.length && !isFeasible(part(G, idx, idx), values, L)) return { s: null, feasible: false, ...contradiction(G, L, idx, values) };
    const s = idx.length ? solve(model, start, idx, values).s : Float64Array.from(start.s);
    model.attributes?.forEach(({ channel }, k) => {
      const style = channel ? styles.get(channel.style) : undefined;
      if (channel && style !== undefined) s[k] = channel.sign * style;
    });
    return { s, ...good };
  }

  /** Compute where the drift of attribute k comes from: {total, parts: [{index, amount}], rest}, largest parts first.
   * Part of pin j: G_kj times how far it moved the face along its own direction, given the other pins; rest: staying
   * on the sphere. They add up to the total. Pins have to be feasible.
   * @param {Model} model
   * @param {Base} base
   * @param {number[]} idx
   * @param {number[]} values
   * @param {number} k
   * @returns {Drift} */
  function drift(model, base, idx, values, k) {
    [idx, values] = moving(model, idx, values);
    if (idx.length === 0) return { total: 0, parts: [], rest: 0 };
    const start = onSphere(base, sphere(model));
    const { s, moved } = solve(model, start, idx, values);
    const total = s[k] - start.s[k];
    const parts = idx.map((index, i) => ({ index, amount: model.gram[k][index] * moved[i] }));
    parts.sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount));
    return { total, parts, rest: total - parts.reduce((sum, one) => sum + one.amount, 0) };
  }

  /** Compute where every coordinate would go per +1 of attribute k while the pins hold: F slopes, that of k itself 1; null where it
   * cannot move. From one slider step, upwards or else downwards. Pins have to be feasible.
   * @param {Model} model
   * @param {Base} base
   * @param {number[]} idx
   * @param {number[]} values
   * @param {number} k
   * @returns {number[] | null} */
  function lean(model, base, idx, values, k) {
    const now = coordinates(model, base, idx, values).s;
    if (!now) return null;
    const others = idx.map((_, i) => i).filter((i) => idx[i] !== k);
    const held = [...pick(idx, others), k];
    for (const step of [LEAN_STEP, -LEAN_STEP]) {
      const { s } = coordinates(model, base, held, [...pick(values, others), now[k] + step]);
      if (s) return Array.from(s, (x, j) => (x - now[j]) / step);
    }
    return null;
  }

  /** Round to four decimals, halves away from zero, no negative zero, as dashboard/faces/grammar.py.
   * @param {number} value */
  function quantise(value) {
    const parts = Math.floor(Math.abs(value) * PARTS + 0.5);
    return parts === 0 ? 0 : (Math.sign(value) * parts) / PARTS;
  }

  /** @param {number} value */
  function formatNumber(value) {
    const parts = Math.floor(Math.abs(value) * PARTS + 0.5);
    const decimals = String(parts % PARTS).padStart(4, "0").replace(/0+$/, "");
    return (value < 0 && parts > 0 ? "-" : "") + Math.floor(parts / PARTS) + (decimals && "." + decimals);
  }

  /** @param {string} base */
  function canonicalBase(base) {
    const seed = /^([0-9]{1,10})(?:\.([0-9]{1,10}))?$/.exec(base);
    if (!seed) return base; // mixes and averages: the server sorts them
    const row = Number(seed[2] || 0);
    return Number(seed[1]) + (row ? "." + row : "");
  }

  /** @param {Pin} a @param {Pin} b */
  const byName = ([a], [b]) => (a < b ? -1 : a > b ? 1 : 0);

  /** Write the face string of a base (a string), pins ([[name, value], ...] or {name: value}) and options.
   * @param {string} base
   * @param {Pin[] | Record<string, number>} pins
   * @param {Options} [options] */
  function formatFace(base, pins, options = {}) {
    const pairs = Array.isArray(pins) ? pins.slice() : Object.entries(pins);
    pairs.sort(byName);
    const head = "1:" + canonicalBase(String(base)) + pairs.map(([name, value]) => `;${name}=${formatNumber(value)}`).join("");
    return head + Object.entries(canonicalOptions(options)).map(([name, value]) => `;${name}:${value}`).join("");
  }

  /** @type {(what: string, received: string) => never} */
  const refuse = (what, received) => {
    throw new Error(`Expected ${what}. Received: ${String(received).slice(0, 60) || "nothing"}.`);
  };

  /** Return options with rounded numbers, in the order of a face string, without what changes nothing.
   * @param {Options} options
   * @returns {Options} */
  function canonicalOptions(options) {
    /** @type {Options} */
    const found = {};
    for (const [name, plain] of Object.entries(OPTIONS)) {
      const text = options[name];
      if (text === undefined || text === plain) continue;
      const value = canonicalOption(name, text);
      if (value !== plain) found[name] = value;
    }
    if (found.psi === undefined) delete found.cutoff; // truncates nothing
    return found;
  }

  /** Return the layers of attributes, sorted by name, without those of all layers.
   * @param {string} text such as Smiling=coarse,Young=4-7 */
  function canonicalLayers(text) {
    const parts = text.split(",").map((part) => {
      const found = /^([A-Za-z0-9][A-Za-z0-9._~-]*)=(?:(all|coarse|middle|fine)|([0-9]{1,2})(?:-([0-9]{1,2}))?)$/.exec(part);
      if (!found) return refuse("layers such as Smiling=coarse or Smiling=0-3", part);
      const [first, last] = [Number(found[3]), Number(found[4] ?? found[3])];
      if (first > last) refuse("layers such as Smiling=0-3", part);
      return [found[1], found[2] ?? (first === last ? String(first) : `${first}-${last}`)];
    });
    parts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    parts.forEach(([name], i) => i > 0 && name === parts[i - 1][0] && refuse("every attribute's layers once", `${name} twice`));
    return parts.filter(([, layers]) => layers !== "all").map((part) => part.join("=")).join(",");
  }

  /** Return the range of layers of each attribute that has one.
   * @param {Options} options
   * @returns {Map<string, string>} */
  const layersOf = ({ layers }) => new Map((layers ? layers.split(",") : []).map((part) => /** @type {[string, string]} */ (part.split("="))));

  /** Write ranges of layers as an option; undefined where all attributes act on all layers.
   * @param {Map<string, string>} ranges */
  const writtenLayers = (ranges) => (ranges.size ? canonicalLayers([...ranges].map((part) => part.join("=")).join(",")) : "") || undefined;

  /** Return a model whose Gram matrix is that of the attributes in their layers: inner products of rows of w are means over
   * the layers, so that the functions above compute the coordinates of a face with a row for each layer. An attribute is read
   * from its layers, a style channel from the row of its layer. As dashboard/faces/attribute_layers.py.
   * @template {Pick<Model, "gram" | "attributes" | "layers" | "layer_ranges">} M
   * @param {M} model
   * @param {Options} options
   * @returns {M} */
  function layered(model, options) {
    const { layers: count, layer_ranges: named } = model;
    if (!options.layers || !count) return model;
    const ranges = layersOf(options);
    /** @type {Interval[]} */
    const rows = model.gram.map((_, k) => {
      const channel = model.attributes[k]?.channel;
      if (channel) return [channel.row, channel.row];
      const text = ranges.get(model.attributes[k]?.name) ?? "all";
      const [first, last = first] = named[text] ?? text.split("-").map(Number);
      return last < count ? [first, last] : [0, count - 1]; // the server refuses other layers
    });
    /** @param {Interval} a @param {Interval} b */
    const weight = (a, b) => (count * Math.max(0, Math.min(a[1], b[1]) + 1 - Math.max(a[0], b[0]))) / ((a[1] + 1 - a[0]) * (b[1] + 1 - b[0]));
    return { ...model, gram: model.gram.map((row, i) => row.map((product, j) => product * weight(rows[i], rows[j]))) };
  }

  /** @param {string} name @param {string} text */
  function canonicalOption(name, text) {
    if (name === "layers") return canonicalLayers(text);
    if (name === "noise") {
      if (text === "const" || text === "none") return text;
      if (!/^[0-9]{1,10}$/.test(text) || Number(text) > MAX_NOISE_SEED) refuse("the noise const, none, or a seed", text);
      return String(Number(text));
    }
    if (name === "label" || name === "cutoff") {
      if (!/^[0-9]{1,4}$/.test(text) || Number(text) > MAX_COUNT) refuse(`a ${name} from 0 to ${MAX_COUNT}`, text);
      return String(Number(text));
    }
    const limit = LIMITS[/** @type {keyof typeof LIMITS} */ (name)];
    const numbers = text.split(",");
    const wrong = numbers.some((number) => !/^-?[0-9]{1,4}(?:\.[0-9]{1,20})?$/.test(number) || Math.abs(quantise(Number(number))) > limit);
    if (wrong || numbers.length !== (name === "translate" ? 2 : 1)) refuse(`${name} from -${limit} to ${limit}`, text);
    return numbers.map((number) => formatNumber(Number(number))).join(",");
  }

  /** Return the face whose coordinates are those of a base: of a base alone, or with its label.
   * @param {string} base
   * @param {Options} options */
  const originFace = (base, { label }) => formatFace(base, [], label === undefined ? {} : { label });

  /** Return the options at a share of the way from one face to another, as dashboard/faces/option_grammar.py.
   * @param {Options} first @param {Options} second @param {number} share */
  function mixOptions(first, second, share) {
    const mixed = { ...(share < 0.5 ? first : second) };
    for (const name of /** @type {const} */ (["psi", "translate", "rotate"])) {
      const [from, to] = [first, second].map((options) => (options[name] ?? OPTIONS[name]).split(",").map(Number));
      mixed[name] = from.map((number, i) => formatNumber(quantise((1 - share) * number + share * to[i]))).join(",");
    }
    const [nearer, other] = share < 0.5 ? [first, second] : [second, first];
    mixed.layers = writtenLayers(new Map([...layersOf(other), ...layersOf(nearer)]));
    return canonicalOptions(mixed);
  }

  /** Parse a face string to {base, pins: [[name, value], ...], options}, pins sorted by name; throws an Error with a message.
   * @param {string} text
   * @returns {{base: string, pins: Pin[], options: Options}} */
  function parseFace(text) {
    if (text.length > MAX_LENGTH) refuse(`a face of at most ${MAX_LENGTH} characters`, `${text.length} characters`);
    if (!text.startsWith("1:")) refuse("a face such as 1:4217;Smiling=2.2", text);
    const [base, ...rest] = text.slice(2).split(";");
    if (!/^(?:demo\([A-Za-z0-9_=,-]*\)|[0-9a-z.~(),])+$/.test(base)) refuse("a base such as 4217", base);
    /** @type {Options} */
    const options = {};
    for (const part of rest) {
      const [, name, value] = /^([a-z]{1,20}):([^]*)$/.exec(part) ?? [];
      if (name === undefined) continue;
      if (!(name in OPTIONS)) refuse(`an option of: ${Object.keys(OPTIONS).join(", ")}`, name);
      if (name in options) refuse("every option once", `${name} twice`);
      options[name] = canonicalOption(name, value);
    }
    const pins = rest.filter((part) => !/^[a-z]{1,20}:/.test(part)).map((pin) => {
      const match = /^([A-Za-z0-9][A-Za-z0-9._~-]*)=(-?[0-9]{1,4}(?:\.[0-9]{1,20})?)$/.exec(pin);
      if (!match) return refuse("a pin such as Smiling=2.2", pin);
      const value = quantise(Number(match[2]));
      if (Math.abs(value) > MAX_VALUE) refuse(`${match[1]} from -4 to 4`, match[2]);
      return /** @type {Pin} */ ([match[1], value]);
    });
    pins.sort(byName);
    pins.forEach(([name], i) => i > 0 && name === pins[i - 1][0] && refuse("every attribute once", `${name} twice`));
    return { base: canonicalBase(base), pins, options: canonicalOptions(options) };
  }

  const api = { coordinates, range, ranges, drift, lean, formatFace, parseFace, originFace, canonicalOptions, mixOptions, layersOf, writtenLayers, layered, quantise, formatNumber };
  if (typeof module !== "undefined" && module.exports) module.exports = api;
  else root.likenessPins = api;
})(globalThis);

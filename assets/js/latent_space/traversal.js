/* Traversal of a component on the Latent space page: the face on the page moved along it, as a row of tiles and as an
   animation there and back. The middle tile is the face itself; the others say how far it was moved.

   Steps are 0.25 sigma; each is shown when it is decoded, so that the first pass is limited by the engine, later ones by
   PACE. With prefers-reduced-motion the steps are 1 sigma, one a second, there and back once. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const REST = 250; // ms after which the tiles follow the face
  const UNKNOWN = NaN;
  const END = 4;
  const LIMIT = 4; // of a slider
  const STEP = 0.25;
  const PACE = 70; // ms a step
  const CALM = { step: 1, pace: 1000 };

  /** A component. @typedef {{name: string, component: number}} Traversed */
  /** @type {Traversed} */
  let along;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  /** @type {number} */
  let stands = UNKNOWN; // coordinate of the face on the component, in sigma; NaN until the server has answered
  let at = 0; // offset of the playing picture in sigma
  let way = 1;
  let turn = 0; // id of the current playback; others stop
  let playing = false;

  const player = () => document.getElementById("traverse-player");
  const button = () => document.getElementById("play-component");
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  /** @param {number} value */
  const signed = (value) => (value > 0 ? "+" : value < 0 ? "\u2212" : "") + Math.abs(value);
  const isReady = () => along && player() && likeness.state.shown;
  const canPlay = () => isReady() && !Number.isNaN(stands);

  /** Receive the component of the traversal from Dash.
   * @param {Traversed | null} data */
  function take(data) {
    along = /** @type {Traversed} */ (data); // `isReady` checks for null
    follow();
    return data ? data.name : "";
  }

  /** Return the face on the page moved along the component by some sigma; null past -4 or 4.
   * @param {number} steps */
  function faceAt(steps) {
    const { face } = likeness.state.shown;
    if (steps === 0) return face;
    const value = Math.round((stands + steps) * 1e4) / 1e4;
    if (Math.abs(value) > LIMIT) return null;
    const { base, pins, options } = likenessPins.parseFace(face);
    return likenessPins.formatFace(base, [...pins.filter(([other]) => other !== along.name), [along.name, value]], options);
  }

  /** @param {string} face */
  const addressOf = (face) => `${likeness.state.model.address}${face}.webp`;

  /** @param {number} value */
  const words = (value) => (value ? `This face, moved by ${signed(value)} sigma along component ${along.component}` : "The face on the page");

  /** Request the coordinate of the face on the component. */
  async function where() {
    const { face } = likeness.state.shown;
    const pinned = likenessPins.parseFace(face).pins.find(([name]) => name === along.name);
    if (pinned) return pinned[1];
    /** @type {Reply<FaceAnswer>} */
    const { body } = await likeness.ask(`${likeness.state.model.address}${encodeURIComponent(face)}.json?with=${encodeURIComponent(along.name)}`);
    return body.coordinates?.at(-1) ?? null;
  }

  /** Follow another face or component: stop playing, and update the tiles after a delay. */
  function follow() {
    stop();
    at = 0;
    way = 1;
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      if (!isReady()) return;
      const mine = turn;
      stands = UNKNOWN;
      const found = await where();
      if (mine !== turn || !isReady() || found === null) return;
      stands = found;
      for (const image of document.querySelectorAll("#traversal-frames img")) put(image, Number(image.dataset.step));
      tell();
      show(at);
    }, REST);
  }

  /** Show the face's coordinate on the component. */
  function tell() {
    const line = document.getElementById("traverse-stands");
    if (line) line.textContent = `This face is at ${likeness.signed(stands)} \u03c3.`;
  }

  /** @param {PageElement} image @param {number} step */
  function put(image, step) {
    const face = faceAt(step);
    const holder = image.closest("li");
    holder?.toggleAttribute("data-none", face === null);
    if (face === null) {
      image.removeAttribute("src");
      image.alt = `${signed(stands + step)} sigma is outside the slider's range`;
      if (holder) holder.title = image.alt;
      return;
    }
    holder?.removeAttribute("title");
    if (image.getAttribute("src") !== addressOf(face)) image.setAttribute("src", addressOf(face));
    image.alt = words(step);
  }

  /** @param {number} value */
  function show(value) {
    at = value;
    put(player(), value);
    document.getElementById("traverse-at").textContent = value ? `${signed(value)} \u03c3` : "this face";
    for (const image of document.querySelectorAll("#traversal-frames img")) {
      image.parentElement.toggleAttribute("data-now", Number(image.dataset.step) === value);
    }
  }

  /** Return the ends of the playable range, in whole tile steps. */
  const reach = () => [Math.max(-END, Math.ceil((-LIMIT - stands) / STEP) * STEP), Math.min(END, Math.floor((LIMIT - stands) / STEP) * STEP)];

  // Playing ----------------------------------------------------------------------------------------------------------

  /** @param {boolean} on */
  function draw(on) {
    playing = on;
    button()?.toggleAttribute("data-playing", on);
  }

  function stop() {
    turn += 1;
    draw(false);
  }

  async function play() {
    if (playing) return stop();
    if (!canPlay()) return;
    const mine = ++turn;
    const [low, high] = reach();
    draw(true);
    const { step, pace } = calm() ? CALM : { step: STEP, pace: PACE };
    const once = calm() ? (2 * 2 * END) / step : Infinity;
    if (step > STEP) at = Math.round(at);
    for (let count = 0; count < once; count += 1) {
      if (at + way * step > high || at + way * step < low) way = -way;
      const next = at + way * step;
      const picture = new Image();
      const face = faceAt(next);
      if (face === null) break;
      picture.src = addressOf(face);
      const [sentence] = await Promise.all([decoded(picture), new Promise((end) => setTimeout(end, pace))]);
      if (mine !== turn || !isReady() || document.hidden) break;
      if (sentence) {
        likeness.messages.toast(sentence, "error");
        break;
      }
      show(next);
    }
    if (mine === turn) draw(false);
  }

  /** @param {HTMLImageElement} picture @returns {Promise<Sentence>} */
  const decoded = (picture) =>
    picture.decode().then(() => null, () => "A face along this component could not be shown. The page is as it was. Play again in a moment.");

  /** Move by one step.
   * @param {number} by */
  function nudge(by) {
    stop();
    if (!canPlay()) return;
    const [low, high] = reach();
    show(Math.min(high, Math.max(low, at + by * (calm() ? CALM.step : STEP))));
  }

  document.addEventListener("keydown", (event) => {
    if (event.target !== button()) return;
    const act = event.key === "Escape" ? stop : [() => nudge(-1), () => nudge(1)][likeness.keys.which(event, "traverse")];
    if (!act) return;
    event.preventDefault();
    act();
  });

  events.addEventListener("likeness:change", follow);

  Object.assign(likeness.actions, {
    "play-component": play,
    /** Add a slider for the component; it stays on the other pages. */
    "add-slider": () => along && likeness.addDirection(along.name),
  });

  likeness.traverse = { take };
})();

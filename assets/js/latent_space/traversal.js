/* A component of the Latent space page: the face on the page along it, as a strip and as a picture that plays there and
   back.

   Played are steps of 0.25 sigma; each is shown once it has been decoded, so that the first time goes as fast as faces are
   made, and later ones at PACE. Where less motion is asked for (prefers-reduced-motion) the steps are whole ones, one a
   second, there and back once. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const events = (likeness.events = likeness.events || new EventTarget());

  const REST = 250; // ms after which the strip follows the face
  const END = 4;
  const STEP = 0.25;
  const PACE = 70; // ms a step
  const CALM = { step: 1, pace: 1000 };

  /** @type {any} */
  let along = null; // {name, component}
  /** @type {any} */
  let waiting = null;
  let at = 0; // sigma, of the picture that plays
  let way = 1;
  let turn = 0; // of the playing that goes on; any other one ends
  let playing = false;

  const player = () => document.getElementById("traverse-player");
  const button = () => document.getElementById("play-component");
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const signed = (value) => (value > 0 ? "+" : value < 0 ? "\u2212" : "") + Math.abs(value);
  const isReady = () => along && player() && likeness.state.shown;

  /** Called by Dash with the component that is traversed. */
  function take(data) {
    along = data;
    follow();
    return data ? data.name : "";
  }

  /** The address of the picture of the face on the page with one more pin, on the component. */
  function addressAt(value) {
    const { base, pins } = likenessPins.parseFace(likeness.state.shown.face);
    const face = likenessPins.formatFace(base, [...pins.filter(([other]) => other !== along.name), [along.name, value]]);
    return `${likeness.state.model.address}${face}.webp`;
  }

  const words = (value) => `This face at ${signed(value)} sigma on component ${along.component}`;

  /** Another face or component: the strip shows it in a moment, and what played has ended. */
  function follow() {
    stop();
    at = 0;
    way = 1;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (!isReady()) return;
      for (const image of document.querySelectorAll("#traversal-frames img")) {
        const step = Number(image.dataset.step);
        put(image, addressAt(step), words(step));
      }
      show(at);
    }, REST);
  }

  function put(image, address, alt) {
    if (image.getAttribute("src") !== address) image.setAttribute("src", address);
    image.alt = alt;
  }

  function show(value) {
    at = value;
    put(player(), addressAt(value), words(value));
    document.getElementById("traverse-at").textContent = value ? `${signed(value)} \u03c3` : "0";
    for (const image of document.querySelectorAll("#traversal-frames img")) {
      image.parentElement.toggleAttribute("data-now", Number(image.dataset.step) === value);
    }
  }

  // Playing ----------------------------------------------------------------------------------------------------------

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
    if (!isReady()) return;
    const mine = ++turn;
    draw(true);
    const { step, pace } = calm() ? CALM : { step: STEP, pace: PACE };
    const once = calm() ? (2 * 2 * END) / step : Infinity;
    if (step > STEP) at = Math.round(at);
    for (let count = 0; count < once; count += 1) {
      if (Math.abs(at + way * step) > END) way = -way;
      const next = at + way * step;
      const picture = new Image();
      picture.src = addressAt(next);
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

  const decoded = (picture) =>
    picture.decode().then(() => null, () => "A face along this component could not be shown. The page is as it was. Play again in a moment.");

  /** One step by hand. */
  function nudge(by) {
    stop();
    if (isReady()) show(Math.min(END, Math.max(-END, at + by * (calm() ? CALM.step : STEP))));
  }

  document.addEventListener("keydown", (event) => {
    if (event.target !== button()) return;
    const act = { ArrowLeft: () => nudge(-1), ArrowRight: () => nudge(1), Escape: stop }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  events.addEventListener("likeness:change", follow);

  Object.assign(likeness.actions, {
    "play-component": play,
    /** A slider for the component, beside the page and wherever the visitor goes on. */
    "add-slider": () => along && likeness.addDirection(along.name),
  });

  likeness.traverse = { take };
})();

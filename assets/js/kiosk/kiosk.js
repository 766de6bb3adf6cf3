/* Kiosk (pages/kiosk/page.py): returns to the first face after a period without input.

   The address has no face, and single-letter keys are off: a reload always shows the first face. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** @type {string} */
  let first; // the face to return to
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;

  const ALONE = 1200; // ms between two steps of the automatic motion
  const SWING = 1.6; // its amplitude in sigma
  const LAPS = 40; // steps of one cycle

  /** @type {ReturnType<typeof setInterval> | undefined} */
  let moving;

  const kiosk = () => document.getElementById("kiosk");

  /** Start: called by Dash with the data of components/initial_state.py.
   * @param {PageOpening} data */
  async function open(data) {
    while (!document.getElementById("stage")) await new Promise(requestAnimationFrame);
    first = data.default;
    likeness.singleKeys = () => false;
    likeness.decimals = 1;
    likeness.begin(data);
    likeness.history.pause();
    likeness.rows.show([...document.querySelectorAll("#panel .lk-row")].map((row) => row.dataset.name));
    likeness.rows.draw();
    touched();
    return "true";
  }

  function touched() {
    if (!kiosk()) return;
    if (moving) still();
    clearTimeout(resting);
    resting = setTimeout(rest, Number(kiosk().dataset.rest) * 1000);
  }

  async function rest() {
    likeness.gestures.endBurst();
    if (await likeness.state.go(first)) return touched(); // the server does not answer: try again later
    window.scrollTo(0, 0);
    alone();
  }

  /** Change the face slowly while there is no input: one slider after another, there and back. */
  function alone() {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const names = [...document.querySelectorAll("#panel .lk-row")].map((row) => row.dataset.name);
    let step = 0;
    kiosk()?.toggleAttribute("data-alone", true);
    clearInterval(moving);
    moving = setInterval(() => {
      if (!kiosk() || !names.length) return still();
      const name = names[Math.floor(step / LAPS) % names.length];
      const at = likeness.state.seedValue(name) + SWING * Math.sin((2 * Math.PI * (step % LAPS)) / LAPS);
      if (step % LAPS === 0) likeness.state.releaseAll();
      likeness.state.pin(name, Math.round(at * 20) / 20, "drag");
      step += 1;
    }, ALONE);
  }

  function still() {
    clearInterval(moving);
    moving = undefined;
    kiosk()?.removeAttribute("data-alone");
  }

  for (const kind of /** @type {const} */ (["pointerdown", "pointermove", "keydown", "wheel"])) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.likeness_kiosk = { open };
})();

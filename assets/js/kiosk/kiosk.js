/* The kiosk (pages/kiosk/page.py): the face that it opened with comes back when nobody has touched it for a while.

   The address says nothing there, and keys of one letter do nothing: a reload is always the first face. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** @type {any} */
  let first = null; // the face to come back to
  /** @type {any} */
  let resting = null;

  const kiosk = () => document.getElementById("kiosk");

  /** Begin: called by Dash with the data of components/initial_state.py. */
  async function open(data) {
    while (!document.getElementById("stage")) await new Promise(requestAnimationFrame);
    first = data.default;
    likeness.singleKeys = () => false;
    likeness.begin(data);
    likeness.history.pause();
    likeness.rows.show([...document.querySelectorAll("#panel .lk-row")].map((row) => row.dataset.name));
    likeness.rows.draw();
    touched();
    return "true";
  }

  function touched() {
    if (!kiosk()) return;
    clearTimeout(resting);
    resting = setTimeout(rest, Number(kiosk().dataset.rest) * 1000);
  }

  async function rest() {
    likeness.gestures.endBurst();
    if (await likeness.state.go(first)) return touched(); // the server does not answer: once more in a while
    window.scrollTo(0, 0);
  }

  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"]) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.likeness_kiosk = { open };
})();

/* A page with a face: its two client-side callbacks, and the face that shrinks on a phone. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  /** Wait until React has put the page into the document, with this number of rows.
   * @param {number} rows */
  async function laidOut(rows) {
    for (;;) {
      likeness.writeHtml("#react-entry-point");
      if (document.getElementById("stage") && document.querySelectorAll("#panel .lk-thumb").length >= rows) return;
      await new Promise(requestAnimationFrame);
    }
  }

  /** Open a face: called by Dash with the data of components/initial_state.py, once per layout.
   * @param {PageOpening} data */
  async function open(data) {
    await laidOut(data.model.attributes.length);
    likeness.few = data.few;
    begin(data);
    likeness.rows.draw();
    return "true";
  }

  /** Open a face on a page whose rows have been rendered.
   * @param {PageOpening} data */
  function begin(data) {
    likeness.path = likeness.here();
    likeness.canvas.open();
    likeness.messages.reset();
    likeness.pictureQueue.reset();
    likeness.rows.open();
    likeness.state.open(data);
    likeness.history.open(data);
  }

  /** Show the chosen attributes: called by Dash with the value of the multi-select.
   * @param {string[] | null} names */
  async function show(names) {
    await laidOut((names || []).length);
    likeness.rows.show(names || []);
    return String((names || []).length);
  }

  likeness.events.addEventListener("likeness:change", ({ detail }) => {
    likeness.canvas.name(likeness.state.inWords());
    if (detail.motion !== "drag") likeness.showBase();
  });

  // On a phone the face scrolls with the page until 200 px of it are left, which stay: see css/face.css.
  function shrink() {
    const frame = document.getElementById("frame");
    if (frame) frame.style.setProperty("--scrolled", `${Math.round(window.scrollY)}px`);
  }
  window.addEventListener("scroll", shrink, { passive: true });

  likeness.begin = begin;
  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.likeness = Object.assign({}, window.dash_clientside.likeness, { open, show });
})();

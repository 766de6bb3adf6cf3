/* What the scorer reads in the picture, as a tick below each rail, once the hand has rested.

   Nothing happens here per frame: a change starts a clock anew and hides the ticks that it made untrue. The reading has
   an address as the picture has (`FACE.scores.json`), so it is made once and then comes from the cache. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const events = (likeness.events = likeness.events || new EventTarget());

  const REST = 150; // ms without a change
  const APART = 0.5; // standard deviations between asked and measured that are worth a warning

  /** @type {any} */
  let resting = null;
  let flying = false;
  let marked = false;

  events.addEventListener("likeness:change", () => {
    if (marked) mark(false);
    clearTimeout(resting);
    if (likeness.state.model.measurable) resting = setTimeout(measure, REST);
  });

  events.addEventListener("likeness:open", () => panel()?.toggleAttribute("data-unmeasured", !likeness.state.model.measurable));

  const panel = () => document.getElementById("panel");

  function mark(on) {
    marked = on;
    panel()?.toggleAttribute("data-measured", on);
  }

  /** Ask for the newest face; one question at a time. */
  async function measure() {
    if (flying || !panel()) return;
    flying = true;
    const { model, shown } = likeness.state;
    const { face } = shown;
    await draw(face, model);
    flying = false;
    const now = likeness.state;
    clearTimeout(resting);
    if ((now.model !== model || now.shown.face !== face) && now.model.measurable) resting = setTimeout(measure, REST);
  }

  async function draw(face, asked) {
    try {
      const answer = await fetch(`${asked.address}${face}.scores.json`);
      if (!answer.ok) return; // the picture says what is wrong
      const { scores } = await answer.json();
      if (asked === likeness.state.model && likeness.state.shown.face === face) show(scores);
    } catch (error) {
      // No answer: the picture says so.
    }
  }

  function show(scores) {
    for (const row of document.querySelectorAll("#panel .lk-row")) drawRow(row, scores[row.dataset.name]);
    mark(true);
  }

  function drawRow(row, measured) {
    const { state, signed } = likeness;
    const { name, shownName } = row.dataset;
    const known = measured !== undefined;
    const value = state.value(name);
    const apart = known && state.pins.has(name) && Math.abs(measured - value) > APART;
    row.toggleAttribute("data-read", known);
    row.toggleAttribute("data-apart", apart);
    const doubt = row.querySelector(".lk-doubt");
    doubt.dataset.past ||= doubt.title;
    doubt.title = apart
      ? `${shownName} was asked at ${signed(value)}, and measured at ${signed(measured)} in the picture.`
      : doubt.dataset.past;
    if (!known) return;
    const at = Math.min(4, Math.max(-4, measured));
    row.querySelector(".lk-measured").style.setProperty("--at", at.toFixed(4));
    const line = row.querySelector(".lk-apart");
    line.style.setProperty("--lo", Math.min(at, value).toFixed(4));
    line.style.setProperty("--hi", Math.max(at, value).toFixed(4));
    const thumb = row.querySelector(".lk-thumb");
    const words = thumb.getAttribute("aria-valuetext").replace(/, measured .*$/, "");
    thumb.setAttribute("aria-valuetext", `${words}, measured ${signed(measured)}`);
  }
})();

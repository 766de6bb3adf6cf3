/* Drift preview: before a slider is moved, arrows on the other rails show where they would drift if it went up by 1 while
   the pins hold.

   Computed once from the Gram matrix, when a row is pointed at or focused. A change hides the arrows until the gesture ends:
   nothing runs per frame. Phones, which have no hover, show no arrows. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const LEAST = 0.1; // a shorter arrow would be hidden by its thumb

  /** @type {PageElement | null} */
  let pointed = null; // the row under the pointer
  /** @type {PageElement | null} */
  let focused = null;
  /** @type {PageElement | null} */
  let drawn = null;

  const panel = () => document.getElementById("panel");
  /** @param {PageElement} element */
  const rowOf = (element) => element?.closest?.("#panel .lk-row") || null;

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    pointed = rowOf(event.target);
    if (!event.buttons) follow();
  });
  document.documentElement.addEventListener("pointerleave", () => {
    pointed = null;
    follow();
  });
  document.addEventListener("focusin", (event) => {
    focused = event.target.classList?.contains("lk-thumb") && event.target.matches(":focus-visible") ? rowOf(event.target) : null;
    follow();
  });
  document.addEventListener("focusout", () => {
    focused = null;
    follow();
  });
  events.addEventListener("likeness:change", () => drawn && hide());
  events.addEventListener("likeness:settle", () => follow());

  /** Show the arrows of the hovered row, or else of the focused one. */
  function follow() {
    const row = pointed || focused;
    if (row === drawn || (row && !likeness.state.shown)) return;
    if (row?.isConnected) draw(row);
    else hide();
  }

  function hide() {
    drawn = null;
    panel()?.removeAttribute("data-leant");
  }

  /** @param {PageElement} pulled */
  function draw(pulled) {
    const slopes = likeness.state.lean(pulled.dataset.name);
    if (!slopes) return hide();
    for (const row of panel().querySelectorAll(".lk-row")) {
      const slope = row === pulled || likeness.state.pins.has(row.dataset.name) ? 0 : slopes[Number(row.dataset.index)];
      arrow(row, likeness.state.value(row.dataset.name), slope);
    }
    drawn = pulled;
    panel().setAttribute("data-leant", "");
  }

  /** @param {PageElement} row @param {number} from @param {number} slope */
  function arrow(row, from, slope) {
    /** @param {number} value */
    const clamp = (value) => Math.min(4, Math.max(-4, value));
    const ends = [clamp(from), clamp(from + slope)].sort((a, b) => a - b);
    const style = row.querySelector(".lk-lean").style;
    style.setProperty("--lo", ends[0].toFixed(4));
    style.setProperty("--hi", ends[1].toFixed(4));
    row.toggleAttribute("data-drift-shown", Math.abs(slope) >= LEAST);
    row.toggleAttribute("data-lean-down", slope < 0);
  }
})();

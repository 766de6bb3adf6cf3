/* Before and after: shows the face without its pins while B or the button is held. It is not an undo step, and writes nothing. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const button = () => document.getElementById("hold");
  /** @param {PageElement} element */
  const writes = (element) => element.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

  /** @param {boolean} on */
  function hold(on) {
    if (!button() || !likeness.state.shown) return;
    if (on) likeness.gestures.endBurst();
    likeness.state.withoutPins(on);
    button().setAttribute("aria-pressed", String(on));
    document.getElementById("panel")?.toggleAttribute("data-held", on);
  }

  const back = () => likeness.state.heldPins && hold(false);

  // Before other listeners: any other action applies to the face with its pins.
  window.addEventListener("pointerdown", (event) => {
    back();
    if (event.button === 0 && event.target.closest?.("#hold")) hold(true);
  }, true);
  for (const kind of ["pointerup", "pointercancel", "blur", "popstate"]) window.addEventListener(kind, back, true);

  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return back();
    const onButton = event.target.id === "hold" && (event.key === " " || event.key === "Enter");
    const single = likeness.keys.which(event, "hold") >= 0 && !writes(event.target) && likeness.singleKeys();
    if (!onButton && !single) return back();
    if (!button()) return;
    event.preventDefault();
    if (!event.repeat) hold(true);
  }, true);
  window.addEventListener("keyup", (event) => {
    if (event.key === " " || event.key === "Enter" || likeness.keys.which(event, "hold") >= 0) back();
  }, true);
})();

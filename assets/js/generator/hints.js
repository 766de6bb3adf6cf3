/* First visit: three short hints, one after the other, each with a ring around what it describes.

   Shown once per browser; without storage, once per page visit. They are in the corner, ignore the pointer
   except on their two buttons, take no focus, and are not shown on phones, where they would cover the face. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const KEY = "likeness-hints";
  const ROOM = "(min-width: 992px)";
  /** The words of each hint, and the element that it describes. */
  const HINTS = [
    ["Move a slider. The face follows, and grey marks show which other attributes drift.", "#panel .lk-row:not([hidden]) .lk-rail"],
    ["A lock keeps an attribute at its value while you move others.", "#panel .lk-row:not([hidden]) .lk-lock"],
    ["Every seed is a face. Type one, or choose a random one; pins stay.", ".lk-face-tools .lk-base"],
  ];

  let told = false;
  let place = 0;

  const box = () => document.getElementById("hints");

  function seen() {
    try {
      return told || localStorage.getItem(KEY) !== null;
    } catch (error) {
      return told;
    }
  }

  // On a cold load the rows are hidden until Dash reports which are shown: the later of the two events starts the hints.
  for (const name of /** @type {const} */ (["likeness:open", "likeness:rows"])) events.addEventListener(name, begin);

  function begin() {
    if (!box() || box().firstChild || seen() || !likeness.state.shown) return;
    if (!window.matchMedia(ROOM).matches || !document.querySelector(HINTS[0][1])) return;
    place = 0;
    show();
  }

  document.addEventListener("keydown", (event) => event.key === "Escape" && box()?.firstChild && skip());

  function next() {
    place += 1;
    place < HINTS.length ? show() : skip();
  }

  function skip() {
    told = true;
    try {
      localStorage.setItem(KEY, "told");
    } catch (error) {
      // Without storage: shown once per page visit.
    }
    ring(null);
    box().replaceChildren();
  }

  function show() {
    const [words, target] = HINTS[place];
    const text = document.createElement("p");
    text.textContent = words;
    const count = document.createElement("span");
    count.className = "lk-hint-count";
    count.textContent = `${place + 1} of ${HINTS.length}`;
    const last = place === HINTS.length - 1;
    const foot = document.createElement("div");
    foot.className = "lk-hint-foot";
    foot.append(count, button("Skip", "skip-hints"), button(last ? "Done" : "Next", "next-hint"));
    box().replaceChildren(text, foot);
    ring(document.querySelector(target));
  }

  /** @param {string} words @param {string} action */
  function button(words, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "lk-link";
    made.textContent = words;
    made.dataset.action = action;
    made.setAttribute("aria-label", action === "skip-hints" ? "Skip the hints" : words === "Done" ? "Done with the hints" : "Next hint");
    return made;
  }

  /** @param {PageElement | null} element */
  function ring(element) {
    for (const each of document.querySelectorAll("[data-hinted]")) each.removeAttribute("data-hinted");
    element?.setAttribute("data-hinted", "");
  }

  likeness.hints = { next, skip };
})();

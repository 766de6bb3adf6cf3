/* The dock: collapses and expands it, remembers the state, and sends figures the colour scheme. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const KEY = "likeness-dock-folded";

  const NARROW = "(max-width: 1440px)"; // initially collapsed where an analysis needs the room

  function remembered() {
    const narrow = window.matchMedia(NARROW).matches;
    if (window.matchMedia(PHONE).matches) return true; // on small screens it is a sheet over the content, closed initially
    try {
      const kept = window.localStorage.getItem(KEY);
      return kept === null ? narrow : kept === "true";
    } catch (error) {
      return narrow; // no storage, as in a private window
    }
  }

  const PHONE = "(max-width: 991px)";
  const mini = () => document.getElementById("dock-face");

  /** Draw a collapsed dock: the small face, its base, and the number of pins. */
  function tell() {
    if (!mini() || !likeness.state.shown) return;
    const { base, pins } = likeness.state;
    document.getElementById("dock-base").textContent = base && /^[0-9.]+$/.test(base) ? base : "stored";
    document.getElementById("dock-base").title = likeness.state.inWords();
    document.getElementById("dock-pins").textContent = pins.size ? String(pins.size) : "";
    document.getElementById("dock-sliders").setAttribute("aria-label", `Sliders, ${pins.size} pinned`);
  }

  likeness.events.addEventListener("likeness:change", tell);
  likeness.events.addEventListener("likeness:face", () => {
    const face = document.getElementById("face-canvas");
    if (!mini() || !(face instanceof HTMLCanvasElement) || !face.width) return;
    const context = mini().getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(face, 0, 0, mini().width, mini().height);
  });

  /** @param {boolean} folded */
  function draw(folded) {
    const dock = document.getElementById("dock");
    if (!dock) return;
    dock.parentElement.toggleAttribute("data-folded", folded);
    const button = document.getElementById("dock-fold");
    button.setAttribute("aria-expanded", String(!folded));
    button.setAttribute("aria-controls", "dock-body");
    button.setAttribute("aria-label", folded ? "Bring the face back" : "Fold the face away");
  }

  // On a phone the sliders are a sheet: a press beside it, or Escape, closes it.
  document.addEventListener("pointerdown", (event) => {
    const open = document.querySelector(".lk-docked:not([data-folded])");
    if (open && window.matchMedia(PHONE).matches && !event.target.closest("#dock, .lk-navbar, .lk-header, [role=dialog], [role=menu]")) draw(true);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && window.matchMedia(PHONE).matches && document.querySelector(".lk-docked:not([data-folded])")) draw(true);
  });

  likeness.fold = function () {
    const folded = !document.querySelector(".lk-docked").hasAttribute("data-folded");
    try {
      if (!window.matchMedia(PHONE).matches) window.localStorage.setItem(KEY, String(folded));
    } catch (error) {
      // It is still collapsed, until the user leaves the page.
    }
    draw(folded);
    window.dispatchEvent(new Event("resize")); // resize figures to the new width
  };

  const now = () => document.documentElement.getAttribute("data-mantine-color-scheme") || "light";

  const watcher = new MutationObserver(() => {
    if (document.getElementById("dock")) likeness.setProps("scheme-now", { data: now() });
  });
  watcher.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });

  /** Start when Dash has rendered the dock. */
  function scheme() {
    draw(remembered());
    likeness.setProps("scheme-now", { data: now() });
    return now();
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.likeness = Object.assign({}, window.dash_clientside.likeness, { scheme });
})();

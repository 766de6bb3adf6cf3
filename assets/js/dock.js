/* The dock folds away, and stays so; and figures learn in which scheme they are to be drawn. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const KEY = "likeness-dock-folded";

  function remembered() {
    try {
      return window.localStorage.getItem(KEY) === "true";
    } catch (error) {
      return false; // no storage (a private window): open it is
    }
  }

  function draw(folded) {
    const dock = document.getElementById("dock");
    if (!dock) return;
    dock.parentElement.toggleAttribute("data-folded", folded);
    const button = document.getElementById("dock-fold");
    button.setAttribute("aria-expanded", String(!folded));
    button.setAttribute("aria-controls", "dock-body");
    button.setAttribute("aria-label", folded ? "Bring the face back" : "Fold the face away");
  }

  likeness.fold = function () {
    const folded = !document.querySelector(".lk-docked").hasAttribute("data-folded");
    try {
      window.localStorage.setItem(KEY, String(folded));
    } catch (error) {
      // It is folded all the same, until the page is left.
    }
    draw(folded);
    window.dispatchEvent(new Event("resize")); // figures fill what has become free
  };

  const now = () => document.documentElement.getAttribute("data-mantine-color-scheme") || "light";

  const watcher = new MutationObserver(() => {
    if (document.getElementById("dock")) window.dash_clientside.set_props("scheme-now", { data: now() });
  });
  watcher.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });

  /** Called by Dash once the dock is laid out. */
  function scheme() {
    draw(remembered());
    window.dash_clientside.set_props("scheme-now", { data: now() });
    return now();
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.likeness = Object.assign({}, window.dash_clientside.likeness, { scheme });
})();

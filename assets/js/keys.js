/* Keys that act anywhere on the page; those of a slider stand in slider_gestures.js, the list in components/shortcuts.py. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const SINGLE = {
    r: "random", f: "favourite", "/": "find", s: "save", k: "copy-link", d: "download", "?": "shortcuts",
  };

  /** Whether single letters and digits act; the list of shortcuts has the switch. */
  likeness.singleKeys = () => document.getElementById("single-keys")?.checked !== false;

  const writes = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      const key = event.key.toLowerCase();
      const action = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
      if (action && !writes(event.target) && document.getElementById("stage")) act(event, action);
      return;
    }
    if (writes(event.target) || !likeness.singleKeys()) return;
    const key = event.key.toLowerCase();
    if (key === "t") return press(event, document.getElementById("scheme"));
    if (/^[1-9]$/.test(event.key)) return press(event, document.querySelectorAll(".lk-nav:not(.lk-nav-below) a")[event.key - 1]);
    const action = SINGLE[key];
    if (action === "save" && !document.querySelector('[data-action="save"]')) return;
    const own = action === "favourite" ? "recent-list" : action === "find" ? "find" : "stage"; // what it acts on
    if (action === "shortcuts" || action === "save" || (action && document.getElementById(own))) act(event, action);
  });

  function act(event, action) {
    event.preventDefault();
    likeness.actions[action]();
  }

  function press(event, element) {
    if (!element || element.dataset.active) return; // the page that is open already
    event.preventDefault();
    element.click();
  }
})();

/* The colour scheme before the first paint: what was chosen last, else what the system prefers.

   Mantine sets the same attribute once it runs (components/shell.py, ColorSchemeToggle) and remembers the choice under
   the same key; this script only spares a dark room the white flash. It stands in the head, so that it runs first. */
(function () {
  "use strict";
  /** @type {string | null} */
  let chosen = null;
  try {
    chosen = window.localStorage.getItem("mantine-color-scheme-value");
  } catch (error) {
    // No storage (a private window, a sandbox): the system's preference it is.
  }
  try {
    document.documentElement.toggleAttribute("data-introduced", window.localStorage.getItem("likeness-introduced") !== null);
  } catch (error) {
    // Every visit is a first one there.
  }
  const dark = chosen === "dark" || (chosen !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();

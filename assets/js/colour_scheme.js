/* Sets the colour scheme before the first paint: the last choice, otherwise the system's preference.

   Mantine sets the same attribute when it starts (components/shell.py, ColorSchemeToggle) and stores the choice under the
   same key. This script avoids a white flash in a dark room. It is in the head of the page, so that it runs first. */
(function () {
  "use strict";
  /** @type {string | null} */
  let chosen = null;
  try {
    chosen = window.localStorage.getItem("mantine-color-scheme-value");
  } catch (error) {
    // No storage (a private window, a sandbox): use the system's preference.
  }
  try {
    document.documentElement.toggleAttribute("data-introduced", window.localStorage.getItem("likeness-introduced") !== null);
  } catch (error) {
    // Without storage, every visit counts as the first.
  }
  const dark = chosen === "dark" || (chosen !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();

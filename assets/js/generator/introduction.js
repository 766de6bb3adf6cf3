/* The introduction card: hidden permanently by Hide, or by the first visit to a page that it links to.

   colour_scheme.js sets its attribute before the first paint, so that nothing moves if it is hidden. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const KEY = "likeness-introduced";
  const ANSWERS = ["/latent-space", "/directions"];

  /** @param {boolean} away */
  function put(away) {
    document.documentElement.toggleAttribute("data-introduced", away);
    try {
      away ? window.localStorage.setItem(KEY, "true") : window.localStorage.removeItem(KEY);
    } catch (error) {
      // Hidden until the user leaves the page.
    }
  }

  likeness.events.addEventListener("likeness:open", () => {
    if (ANSWERS.some((path) => likeness.here() === path || likeness.here().startsWith(`${path}/`))) put(true);
  });

  Object.assign((likeness.actions = likeness.actions || {}), {
    "hide-introduction": () => put(true),
    "show-introduction": () => {
      put(false);
      likeness.messages.toast("The generator shows its introduction again", "good");
    },
  });
})();

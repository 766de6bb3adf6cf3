/* The card of a first visit: hidden for good by Hide, or by the first visit to a page that it asks about.

   colour_scheme.js tells the style sheet before the first paint, so that nothing moves where it is hidden. */
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
      // Away until the page is left.
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

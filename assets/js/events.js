/* The events that the scripts send one another. Their names and details are in one table, LikenessEvents in assets/types.d.ts:
   `make lint` refuses a name or a detail that is not in it. This script is in the head of the page, before all others. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  likeness.events = likeness.events || new EventTarget();

  /** Send an event to the listeners on `likeness.events`. */
  likeness.send = (name, detail) => { likeness.events.dispatchEvent(new CustomEvent(name, { detail })); };
})();

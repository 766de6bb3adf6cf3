/* Tabs of the Directions page: on narrow screens they scroll sideways, and the open one is in sight. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  likeness.events.addEventListener("likeness:open", () => {
    const open = document.querySelector('.lk-tabs [aria-current="page"]');
    const tabs = open?.parentElement;
    if (!open || !tabs) return;
    const [outer, inner] = [tabs.getBoundingClientRect(), open.getBoundingClientRect()];
    tabs.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2); // only the tabs, not the page
  });
})();

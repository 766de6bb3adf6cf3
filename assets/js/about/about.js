/* About page: scroll to the section that an address names (/about#glossary), once Dash has rendered the page. */
(function () {
  "use strict";
  const name = window.location.hash.slice(1);
  if (!name) return;
  const show = () => document.getElementById(name)?.scrollIntoView();
  const laidOut = new MutationObserver(() => {
    if (!document.querySelector(".lk-about")) return;
    laidOut.disconnect();
    show();
  });
  laidOut.observe(document, { childList: true, subtree: true });
})();

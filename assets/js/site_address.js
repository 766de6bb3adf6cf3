/* Addresses below the prefix of the site (LIKENESS_PREFIX): only this script knows the prefix. It is in the head of the page, so
   that every other script can use it. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const prefix = document.documentElement.dataset.prefix || "";

  /** Return the address at which the browser finds a path of the dashboard. */
  likeness.to = (path) => prefix + path;

  /** Return the path of the open page, as the dashboard knows it. */
  likeness.here = () => {
    const { pathname } = window.location;
    return prefix && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
  };

  /** Open another page of ours, as a Dash link does. */
  likeness.visit = (address) => {
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate")); // the name that Dash listens for
  };
})();

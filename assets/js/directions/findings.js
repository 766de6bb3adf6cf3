/* Findings: the card of the finding chosen by a click or the arrow keys; Enter opens it in the matrix.
   Where there is no room beside the list, the card is a drawer over it: a click or Enter opens it, Escape closes it. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const panel = () => document.getElementById("found-panel");
  const isDrawer = () => !!panel() && getComputedStyle(panel()).position === "fixed";
  const rows = () => [...document.querySelectorAll(".lk-found[data-found]")].filter((row) => row.offsetParent);
  const rowOf = (/** @type {string} */ names) => rows().find((row) => row.dataset.found === names);
  let shown = ""; // the open pair

  /** @param {string} names */
  function mark(names) {
    for (const row of rows()) {
      if (row.dataset.found === names) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    const link = document.getElementById("found-matrix");
    const address = rowOf(names)?.getAttribute("href");
    if (!link) return;
    link.hidden = !address;
    if (address) link.setAttribute("href", address);
  }

  /** @param {PageElement} row @param {boolean} [entered] by the keyboard */
  function open(row, entered = false) {
    likeness.words.set({ found: row.dataset.found });
    likeness.setProps("found-cell", { data: row.dataset.found.split(",") });
    shown = row.dataset.found;
    mark(shown);
    likeness.state.settle();
    if (!isDrawer()) return;
    panel().dataset.open = "";
    if (entered) panel().focus({ preventScroll: true });
  }

  function close() {
    if (!panel() || !("open" in panel().dataset)) return;
    delete panel().dataset.open;
    likeness.words.set({ found: null });
    likeness.state.settle();
    rowOf(shown)?.focus({ preventScroll: true });
  }

  /** Receive the open pair from Dash, also when the list is rendered again.
   * @param {string[] | null} names */
  function takeCell(names) {
    const now = (names || []).join(",");
    // An address with a finding opens the drawer, too.
    if (now && now !== shown && isDrawer()) panel().dataset.open = "";
    shown = now;
    mark(now);
    return now;
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#found-close")) return close();
    const row = event.target.closest?.(".lk-found[data-found]");
    if (!row) {
      if (isDrawer() && document.contains(event.target) && !panel().contains(event.target)) close();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey || (event.detail === 0 && !isDrawer())) return;
    event.preventDefault();
    open(row, event.detail === 0);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && isDrawer()) close();
    const row = event.target.closest?.(".lk-found[data-found]");
    const step = [-1, 1][likeness.keys.which(event, "findings-move")];
    if (!row || !step || event.altKey) return;
    const all = rows();
    const next = all[all.indexOf(row) + step];
    event.preventDefault();
    event.stopPropagation();
    if (!next) return;
    next.focus();
    if (!isDrawer()) open(next);
  });

  events.addEventListener("likeness:words", ({ detail }) => {
    if (!detail.restored || detail.opened || !panel()) return;
    const found = likeness.words.get("found");
    if (!found) delete panel().dataset.open;
    else if (isDrawer()) panel().dataset.open = "";
    likeness.setProps("found-cell", { data: found?.split(",") ?? null });
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.findings = { cell: takeCell };
})();

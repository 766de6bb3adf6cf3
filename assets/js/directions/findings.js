/* Findings: the card beside the list shows the finding chosen by a click or the arrow keys; Enter opens it in the matrix.
   Where there is no room beside the list, a click opens it in the matrix. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const beside = () => document.getElementById("found-panel")?.offsetParent != null; // visible
  const rows = () => [...document.querySelectorAll(".lk-found[data-found]")].filter((row) => row.offsetParent);

  /** @param {string} names */
  function mark(names) {
    for (const row of rows()) {
      if (row.dataset.found === names) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  /** @param {PageElement} row */
  function open(row) {
    likeness.words.set({ found: row.dataset.found });
    likeness.setProps("found-cell", { data: row.dataset.found.split(",") });
    mark(row.dataset.found);
    likeness.state.settle();
  }

  /** Receive the open pair from Dash, also when the list is rendered again.
   * @param {string[] | null} names */
  function takeCell(names) {
    mark((names || []).join(","));
    return (names || []).join(",");
  }

  document.addEventListener("click", (event) => {
    const row = event.target.closest?.(".lk-found[data-found]");
    if (!row || !beside() || event.ctrlKey || event.metaKey || event.shiftKey || event.detail === 0) return;
    event.preventDefault();
    open(row);
  });

  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.(".lk-found[data-found]");
    const step = [-1, 1][likeness.keys.which(event, "findings-move")];
    if (!row || !step || event.altKey) return;
    const all = rows();
    const next = all[all.indexOf(row) + step];
    event.preventDefault();
    event.stopPropagation();
    if (!next) return;
    next.focus();
    if (beside()) open(next);
  });

  events.addEventListener("likeness:words", ({ detail }) => {
    if (!detail.restored || detail.opened || !document.getElementById("found-panel")) return;
    likeness.setProps("found-cell", { data: likeness.words.get("found")?.split(",") ?? null });
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside);
  window.dash_clientside.findings = { cell: takeCell };
})();

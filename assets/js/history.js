/* History: undo, redo and the address bar.

   A step is a whole gesture: from press to release, one burst of keys, one click. It holds the face and the words of the
   page (query_parameters.js). Only this script writes the query, once per step and with pushState, so that Back undoes it
   too. A callback that wrote it would lay the page out again.

   Undo has its own list: browsers keep 50 entries, this script keeps 100. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const DEEP = 100;
  const BURST = 150; // ms; browsers limit how often a page may write the address, as with a held Ctrl Z

  /** @typedef {{face: string, words: string, id: number}} Step */
  /** @type {Step[]} */
  let steps = [];
  let at = -1;
  let paused = false; // a page shows faces that must not be written to the address
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let writing;
  /** @type {string | null} */
  let opening = null; // the face of an address without one
  let numbered = Date.now(); // numbers in history.state survive a reload, so they must not start at 0 again

  const isOpen = () => document.getElementById("stage") !== null;
  /** @param {Pick<Step, "face" | "words">} step */
  const isNow = ({ face, words }) => face === likeness.state.face() && words === likeness.words.text();
  /** @param {string} [face] @param {string} [words] @returns {Step} */
  const step = (face = likeness.state.face(), words = likeness.words.text()) => ({ face, words, id: ++numbered });

  /** Start with the face that the page opened with.
   * @param {{default: string}} data */
  function open(data) {
    paused = false;
    opening = data.default;
    likeness.words.open();
    if (at < 0 || !isNow(steps[at])) {
      steps = [step()];
      at = 0;
    }
    window.history.replaceState({ likeness: steps[at].id }, "");
    showSteps();
  }

  events.addEventListener("likeness:settle", () => {
    if (paused || at < 0 || isNow(steps[at])) return;
    steps.splice(at + 1);
    steps.push(step());
    if (steps.length > DEEP + 1) steps.shift();
    at = steps.length - 1;
    write();
  });

  function write() {
    clearTimeout(writing);
    window.history.pushState({ likeness: steps[at].id }, "", `${window.location.pathname}?${query(steps[at])}`);
    showSteps();
  }

  /** Add address changes made while a page opens to its first step. */
  function amend() {
    steps[at] = step();
    window.history.replaceState({ likeness: steps[at].id }, "", `${window.location.pathname}?${query(steps[at])}`);
    showSteps();
  }

  /** @param {Pick<Step, "face" | "words">} step */
  const query = ({ face, words }) => [likeness.state.query(face), words].filter(Boolean).join("&");

  /** @param {number} by */
  async function move(by) {
    const from = at;
    if (!steps[at + by]) return;
    at += by;
    const sentence = await likeness.state.go(steps[at].face);
    if (sentence) {
      at = from;
      likeness.messages.toast(sentence, "error");
      return;
    }
    likeness.words.restore(steps[at].words);
    showSteps();
    clearTimeout(writing);
    writing = setTimeout(write, BURST);
  }

  /** Update the buttons, the title, the navigation and Dash's callbacks. */
  function showSteps() {
    for (const [action, possible] of /** @type {const} */ ([["undo", at > 0], ["redo", at < steps.length - 1]])) {
      for (const button of document.querySelectorAll(`[data-action="${action}"]`)) {
        button.setAttribute("aria-disabled", String(!possible));
      }
    }
    const { face } = steps[at];
    document.title = title();
    likeness.setProps("face", { data: face });
    // Links to pages with a face carry the face and the selection.
    for (const link of document.querySelectorAll("a[data-face][id]")) {
      likeness.setProps(link.id, { href: likeness.to(link.dataset.face) + `?${pageQuery(face)}` });
    }
  }

  /** Return the title of the browser tab: the page, and its open item. */
  function title() {
    const page = document.querySelector("h1")?.textContent;
    const part = document.querySelector('main [aria-current="page"]')?.textContent || likeness.state.inWords();
    return [part, page, "Likeness"].filter(Boolean).join(" · ");
  }

  /** Return the query for the address of another page: the face and the selection.
   * @param {string} face */
  const pageQuery = (face) => [likeness.state.query(face), likeness.words.travelling()].filter(Boolean).join("&");

  /** Return whether Dash is loading another page: going back must reach it, or that page would appear under this address. */
  function pageIsComing() {
    const dash = /** @type {{ props?: { pathname?: string } } | undefined} */ (window.dash_component_api.getLayout("_pages_location"));
    const pathname = dash?.props?.pathname;
    return likeness.pagesAsked > 0 || (pathname !== undefined && pathname !== window.location.pathname);
  }

  // Captured before Dash receives it: Dash would render the whole page again, and interrupt the drag.
  window.addEventListener("popstate", (event) => {
    if (!isOpen() || likeness.here() !== likeness.path || pageIsComing()) return;
    if (!likeness.state.isOurs(window.location.search)) return; // another model: Dash renders its page
    event.stopImmediatePropagation();
    clearTimeout(writing);
    const named = new URLSearchParams(window.location.search).get("face") || opening;
    const known = steps.findIndex(({ id, face }) => id === event.state?.likeness && face === named);
    if (known >= 0) {
      at = known;
    } else {
      steps.splice(at + 1);
      steps.push(step(named ?? undefined, likeness.words.textOf(window.location.search)));
      at = steps.length - 1;
    }
    likeness.words.restore(steps[at].words);
    likeness.state.go(steps[at].face).then(showSteps);
  }, true);

  likeness.history = {
    open, amend, pageQuery, pause: () => { paused = true; }, undo: () => move(-1), redo: () => move(1),
    /** Return the query of the address, including a pending write. */
    query: () => query(step()),
  };
})();

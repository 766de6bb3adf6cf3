/* Reports that the server does not answer a change of page, when Dash changes the address without an error. Says which page is
   still shown, and tries again. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});

  const UPDATE = "_dash-update-component";
  const FIRST_WAIT = 4; // seconds; doubles up to LAST_WAIT
  const LAST_WAIT = 30;

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let wait = FIRST_WAIT;

  /** @param {string} address @param {RequestInit | undefined} options */
  const isPage = (address, options) => address.includes(UPDATE) && String(options?.body || "").includes("_pages_content.children");

  likeness.pagesAsked = 0;

  const asked = window.fetch.bind(window);
  window.fetch = async function (address, options) {
    if (!isPage(address instanceof Request ? address.url : String(address), options)) return asked(address, options);
    likeness.pagesAsked += 1;
    try {
      const answer = await asked(address, options);
      if (answer.status === 502 || answer.status === 503 || answer.status === 504) throw new Error(`${answer.status}`);
      done();
      return answer;
    } catch (error) {
      away(wait);
      wait = Math.min(LAST_WAIT, wait * 2);
      throw error;
    } finally {
      likeness.pagesAsked -= 1;
    }
  };

  function done() {
    clearTimeout(waiting);
    wait = FIRST_WAIT;
    document.getElementById("page-away")?.remove();
  }

  /** @param {number} seconds */
  function away(seconds) {
    clearTimeout(waiting);
    const box = document.getElementById("page-away") || document.body.appendChild(document.createElement("div"));
    Object.assign(box, { id: "page-away", className: "lk-problem lk-problem-doubt lk-page-away" });
    box.setAttribute("role", "alert");
    if (!box.firstChild) {
      const title = document.createElement("p");
      title.className = "lk-problem-title";
      title.textContent = "The server does not answer";
      const text = document.createElement("p");
      text.className = "lk-problem-text";
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "lk-button", textContent: "Try now" });
      button.addEventListener("click", again);
      box.append(title, text, button);
    }
    box.querySelector(".lk-problem-text").textContent = `The previous page is still shown; the page in the address bar could not be loaded. Trying again in ${seconds} s.`;
    waiting = setTimeout(() => (seconds > 1 ? away(seconds - 1) : again()), 1000);
  }

  /** Check whether the server answers; reload the page only then, so that the shown content stays. */
  async function again() {
    clearTimeout(waiting);
    try {
      if ((await asked(likeness.to("/healthz"), { cache: "no-store" })).ok) return window.location.reload();
    } catch (error) {
      // Still no answer.
    }
    away(wait);
    wait = Math.min(LAST_WAIT, wait * 2);
  }
})();

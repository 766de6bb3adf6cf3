/* Two synchronised windows: the stage for the audience, and the presenter's window (pages/present/presenter.py), opened with P.

   They communicate over a BroadcastChannel of this browser, named after the collection: the slide, the face, a black screen,
   and a signal every second. Nothing passes through the server. */
(function () {
  "use strict";
  const likeness = (window.likeness = window.likeness || {});
  const { events } = likeness;

  const BEAT = 1000; // ms
  const GONE = 3500; // ms of silence after which the other screen counts as gone
  const PLAN = "likeness-talk-minutes";
  const SIZES = [16, 18, 20, 24, 28, 32];

  /** @type {BroadcastChannel | null} */
  let channel = null;
  let named = "";
  let heard = 0; // time of the last message from the other window
  let told = ""; // the face sent or received last
  let begun = 0;
  let paused = 0; // when the timer was stopped, 0 while it runs
  let size = 2;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let beating;

  const mine = () => document.getElementById("presenter") !== null;
  /** @param {string} id */
  const element = (id) => document.getElementById(id);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel of this origin alone
  /** @param {PresenterMessage} message */
  const say = (message) => channel?.postMessage({ from: mine() ? "presenter" : "stage", ...message });

  /** Start on a stage or in the presenter's window: present.js sends this with every slide. */
  events.addEventListener("likeness:slide", ({ detail }) => {
    listen(detail.slug);
    told = likeness.state.shown?.face ?? "";
    if (!detail.taken) say({ at: detail.at });
    if (mine()) draw(detail);
  });

  /** @param {string} slug */
  function listen(slug) {
    if (named === slug) return;
    channel?.close();
    named = slug;
    channel = new BroadcastChannel(`likeness-present-${slug}`);
    channel.onmessage = ({ data }) => hear(data);
    if (mine()) begin();
    clearInterval(beating);
    beating = setInterval(beat, BEAT);
    say({ hello: true });
  }

  /** @param {PresenterMessage} message */
  function hear(message) {
    if (!document.getElementById("present")) return;
    heard = Date.now();
    if (message.hello && !mine()) say({ at: likeness.present.at, face: likeness.state.shown?.face });
    if (message.at !== undefined && message.at !== likeness.present.at) likeness.present.show(message.at, true);
    if (message.face && likeness.state.shown && message.face !== likeness.state.shown.face) {
      told = message.face;
      likeness.state.go(message.face);
    }
    if (message.black !== undefined) document.getElementById("present")?.toggleAttribute("data-black", message.black);
    if (message.end && !mine()) likeness.present.leave();
  }

  events.addEventListener("likeness:change", () => {
    const face = likeness.state.shown?.face;
    if (!channel || !document.getElementById("present") || !face || face === told) return;
    told = face;
    say({ face });
  });

  function beat() {
    if (!document.getElementById("present")) return;
    say({});
    if (mine()) tick();
  }

  // The stage ---------------------------------------------------------------------------------------------------------

  /** Open the presenter's window, or bring it to the front. */
  function open() {
    const { slug, at } = likeness.present;
    const opened = window.open(likeness.to(`/present/${slug}?presenter=1&slide=${at + 1}`), "likeness-presenter", "width=1440,height=900");
    if (!opened) likeness.messages.toast("The browser did not open a second window. Allow windows for this page, then press P again.", "error");
  }

  function black() {
    const on = !element("present").hasAttribute("data-black");
    element("present").toggleAttribute("data-black", on);
    say({ black: on });
  }

  // The presenter's window --------------------------------------------------------------------------------------------

  function begin() {
    begun = Date.now();
    const plan = document.createElement("input");
    Object.assign(plan, { type: "number", min: "1", max: "240", id: "presenter-plan", value: remembered() });
    element("presenter-plan-holder").replaceChildren(plan);
    plan.addEventListener("change", () => {
      try {
        window.localStorage.setItem(PLAN, plan.value);
      } catch (error) {
        // Scheduled until the window is closed.
      }
      tick();
    });
    element("presenter-pause").addEventListener("click", pause);
    element("presenter-smaller").addEventListener("click", () => resize(-1));
    element("presenter-larger").addEventListener("click", () => resize(1));
    element("presenter-again").addEventListener("click", () => window.open(likeness.to(`/present/${named}?slide=${likeness.present.at + 1}`), "likeness-stage"));
    resize(0);
    tick();
  }

  function remembered() {
    try {
      return window.localStorage.getItem(PLAN) || "20";
    } catch (error) {
      return "20";
    }
  }

  function pause() {
    if (paused) begun += Date.now() - paused;
    paused = paused ? 0 : Date.now();
    element("presenter-pause").textContent = paused ? "Go on" : "Pause";
    tick();
  }

  /** @param {number} by */
  function resize(by) {
    size = Math.min(SIZES.length - 1, Math.max(0, size + by));
    element("presenter-notes").style.fontSize = `${SIZES[size]}px`;
  }

  /** @param {number} seconds */
  const clock = (seconds) => `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  function tick() {
    const passed = ((paused || Date.now()) - begun) / 1000;
    const planned = 60 * Math.max(1, Number(element("presenter-plan")?.value) || 20);
    element("presenter-time").textContent = clock(passed);
    element("presenter-clock").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    element("presenter-gone").style.width = `${Math.min(100, (100 * passed) / planned)}%`;
    element("presenter-left").textContent = passed <= planned ? `${clock(planned - passed)} left` : `${clock(passed - planned)} over`;
    const there = Date.now() - heard < GONE;
    element("presenter-screen").textContent = there ? "Showing on the other screen" : "The other screen is gone";
    element("presenter-screen").toggleAttribute("data-gone", !there);
    element("presenter-again").hidden = there;
  }

  /** @param {LikenessEvents["likeness:slide"]} detail */
  function draw({ at, slides }) {
    const next = slides[at + 1];
    element("presenter-next-count").textContent = next ? `${at + 2} of ${slides.length}` : "";
    element("presenter-next-title").textContent = next ? next.title : "The end";
    const first = next?.pictures[0];
    const picture = element("presenter-next-picture");
    picture.hidden = !first;
    picture.classList.toggle("lk-saved-figure", Boolean(first?.figure));
    if (first) picture.src = first.address;
    element("presenter-notes").textContent = slides[at].speaker || "No notes. In a collection, the part of a note below a line --- appears only here.";
    element("presenter-mark").style.left = `${(100 * at) / Math.max(1, slides.length - 1)}%`;
    for (const thumb of document.querySelectorAll(".lk-presenter-slides button")) {
      const now = Number(thumb.dataset.slide) === at;
      thumb.toggleAttribute("data-now", now);
      now ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current");
    }
  }

  document.addEventListener("click", (event) => {
    const thumb = event.target.closest?.(".lk-presenter-slides button");
    if (thumb) return likeness.present.show(Number(thumb.dataset.slide));
    const way = event.target.closest?.("[data-presenter]")?.dataset.presenter;
    if (way) ways[way]();
  });

  /** @type {Record<string, () => void>} */
  const ways = {
    back: () => likeness.present.step(-1),
    next: () => likeness.present.step(1),
    black,
    saved: () => likeness.present.show(likeness.present.at),
    end: () => {
      say({ end: true });
      window.close();
    },
  };

  likeness.presenter = { open, black, isOpen: mine, end: () => ways.end(), saved: () => ways.saved() };
})();
